#include "cache.h"

#include "attention_kernel.h"
#include "fixed_point.h"
#include "placement.h"

/** What a byte of the cache has for 0. */
#define ZERO 128

static uint32_t round_up(uint32_t value, uint32_t multiple) {
    return (value + multiple - 1u) / multiple * multiple;
}

uint32_t sm_key_cache_bytes(const sm_image_header *header) {
    return round_up(header->max_seq_len, SM_KEY_TILE) * header->head_dim;
}

uint32_t sm_value_positions(const sm_image_header *header) {
    return round_up(header->max_seq_len, 4u);
}

uint32_t sm_value_cache_bytes(const sm_image_header *header) {
    return sm_value_positions(header) * sm_value_bytes(header->head_dim);
}

/** Shifts what is cached to a larger exponent. */
static void raise(uint8_t *bytes, uint32_t count, int32_t shift) {
    for (uint32_t i = 0; i < count; i++) {
        bytes[i] = (uint8_t)(sm_shift_right(bytes[i] - ZERO, shift) + ZERO);
    }
}

/**
 * Finds the exponent that a vector shares with what is cached, and returns the shift that gives the
 * vector that exponent.
 */
SM_HOT static int32_t common_shift(uint8_t *bytes, uint32_t count, int8_t *exponent,
                                   uint32_t position, sm_cached_vector vector) {
    const int32_t least = vector.exponent + vector.shift;
    if (position == 0) {
        *exponent = (int8_t)least;
    } else if (least > *exponent) {
        raise(bytes, count, least - *exponent);
        *exponent = (int8_t)least;
    }
    return *exponent - vector.exponent;
}

SM_HOT void sm_cache_key(const sm_image_header *header, const sm_cache *keys, uint32_t head,
                         uint32_t position, sm_cached_vector vector) {
    const uint32_t size = sm_key_cache_bytes(header);
    uint8_t *bytes = keys->bytes + head * size;
    const int32_t shift = common_shift(bytes, size, &keys->exponents[head], position, vector);
    const uint32_t half = position % SM_KEY_TILE / 4u * 4u;
    uint8_t *place = bytes + position / SM_KEY_TILE * SM_KEY_TILE * header->head_dim + half +
                     sm_key_byte(position);
    for (uint32_t j = 0; j < header->head_dim; j++) {
        *place = (uint8_t)(sm_shift_right(vector.numbers[j], shift) + ZERO);
        place += SM_KEY_TILE;
    }
}

SM_HOT void sm_cache_value(const sm_image_header *header, const sm_cache *values, uint32_t head,
                           uint32_t position, sm_cached_vector vector) {
    const uint32_t size = sm_value_cache_bytes(header);
    const uint32_t positions = sm_value_positions(header);
    uint8_t *bytes = values->bytes + head * size;
    const int32_t shift = common_shift(bytes, size, &values->exponents[head], position, vector);
    for (uint32_t first = 0; first < header->head_dim; first += SM_VALUE_TILE) {
        const uint32_t left = header->head_dim - first;
        const uint32_t width = sm_value_tile_width(left);
        const uint32_t used = left < width ? left : width;
        uint8_t *place = bytes + position * width;
        for (uint32_t j = 0; j < used; j++) {
            place[j] = (uint8_t)(sm_shift_right(vector.numbers[first + j], shift) + ZERO);
        }
        bytes += positions * width;
    }
}
