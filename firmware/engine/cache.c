#include "cache.h"

#include "attention_kernel.h"
#include "fixed_point.h"
#include "placement.h"

static uint32_t round_up(uint32_t value, uint32_t multiple) {
    return (value + multiple - 1u) / multiple * multiple;
}

static bool is_narrow(const sm_image_header *header) { return header->kv_cache == SM_FORMAT_INT4; }

uint32_t sm_key_cache_bytes(const sm_image_header *header) {
    const uint32_t numbers = round_up(header->max_seq_len, SM_KEY_TILE) * header->head_dim;
    return is_narrow(header) ? numbers / 2u : numbers;
}

uint32_t sm_value_positions(const sm_image_header *header) {
    return round_up(header->max_seq_len, 4u);
}

uint32_t sm_value_cache_bytes(const sm_image_header *header) {
    const uint32_t bytes = is_narrow(header) ? round_up(header->head_dim, SM_VALUE_TILE) / 2u
                                             : sm_value_bytes(header->head_dim);
    return sm_value_positions(header) * bytes;
}

/** Shifts the `bits` bits of `byte` from `place` on, which hold a number and half their range. */
static uint32_t raised(uint32_t byte, uint32_t place, uint32_t bits, int32_t shift) {
    const int32_t zero = INT32_C(1) << (bits - 1u);
    const int32_t number = (int32_t)(byte >> place & ((1u << bits) - 1u)) - zero;
    return (uint32_t)(sm_shift_right(number, shift) + zero) << place;
}

/** Shifts what is cached to a larger exponent. */
static void raise(const sm_image_header *header, uint8_t *bytes, uint32_t count, int32_t shift) {
    for (uint32_t i = 0; i < count; i++) {
        bytes[i] = (uint8_t)(is_narrow(header)
                                 ? raised(bytes[i], 0, 4, shift) | raised(bytes[i], 4, 4, shift)
                                 : raised(bytes[i], 0, 8, shift));
    }
}

/** A head's part of a cache, and what a vector is shifted by to share its exponent. */
typedef struct {
    uint8_t *bytes;
    int32_t shift;
} place;

SM_HOT static place make_room(const sm_image_header *header, const sm_cache *cache, uint32_t size,
                              uint32_t head, uint32_t position, const sm_cached_vector *vector) {
    uint8_t *bytes = cache->bytes + head * size;
    int8_t *exponent = &cache->exponents[head];
    const int32_t least = vector->exponent + vector->shift;
    if (position == 0) {
        *exponent = (int8_t)least;
    } else if (least > *exponent) {
        raise(header, bytes, size, least - *exponent);
        *exponent = (int8_t)least;
    }
    return (place){bytes, *exponent - vector->exponent};
}

/** Replaces a nibble, counted from the lowest of a word. */
SM_HOT static void set_nibble(uint8_t *word, uint32_t nibble, int32_t number) {
    const uint32_t shift = nibble % 2u * 4u;
    uint8_t *byte = word + nibble / 2u;
    *byte = (uint8_t)((*byte & ~(15u << shift)) | (uint32_t)(number + 8) << shift);
}

SM_HOT void sm_cache_key(const sm_image_header *header, const sm_cache *keys, uint32_t head,
                         uint32_t position, sm_cached_vector vector) {
    const place found =
        make_room(header, keys, sm_key_cache_bytes(header), head, position, &vector);
    const uint32_t first = position / SM_KEY_TILE * SM_KEY_TILE * header->head_dim;
    if (is_narrow(header)) {
        uint8_t *word = found.bytes + first / 2u;
        for (uint32_t j = 0; j < header->head_dim; j++) {
            set_nibble(word, sm_key_nibble(position),
                       sm_shift_right(vector.numbers[j], found.shift));
            word += SM_KEY_TILE / 2u;
        }
        return;
    }
    const uint32_t half = position % SM_KEY_TILE / 4u * 4u;
    uint8_t *byte = found.bytes + first + half + sm_key_byte(position);
    for (uint32_t j = 0; j < header->head_dim; j++) {
        *byte = (uint8_t)(sm_shift_right(vector.numbers[j], found.shift) + 128);
        byte += SM_KEY_TILE;
    }
}

SM_HOT void sm_cache_value(const sm_image_header *header, const sm_cache *values, uint32_t head,
                           uint32_t position, sm_cached_vector vector) {
    const place found =
        make_room(header, values, sm_value_cache_bytes(header), head, position, &vector);
    const uint32_t positions = sm_value_positions(header);
    const bool narrow = is_narrow(header);
    uint8_t *tile = found.bytes;
    for (uint32_t first = 0; first < header->head_dim; first += SM_VALUE_TILE) {
        const uint32_t left = header->head_dim - first;
        const uint32_t width = narrow ? SM_VALUE_TILE : sm_value_tile_width(left);
        const uint32_t width_bytes = narrow ? width / 2u : width;
        const uint32_t used = left < width ? left : width;
        uint8_t *word = tile + position * width_bytes;
        for (uint32_t j = 0; j < used; j++) {
            const int32_t number = sm_shift_right(vector.numbers[first + j], found.shift);
            if (narrow) {
                set_nibble(word, j, number);
            } else {
                word[j] = (uint8_t)(number + 128);
            }
        }
        tile += positions * width_bytes;
    }
}
