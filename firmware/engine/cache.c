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

uint32_t sm_value_cache_bytes(const sm_image_header *header) {
    const uint32_t bytes = is_narrow(header) ? round_up(header->head_dim, SM_VALUE_TILE) / 2u
                                             : sm_value_bytes(header->head_dim);
    return sm_value_positions(header) * bytes;
}

/** The same number with so many bits, to which half their range is added, shifted. */
static inline uint32_t raised(uint32_t stored, uint32_t bits, int32_t shift) {
    const int32_t zero = INT32_C(1) << (bits - 1u);
    return (uint32_t)(sm_shift_right((int32_t)stored - zero, shift) + zero);
}

/** Shifts what is cached to a larger exponent. */
SM_HOT static void raise(bool narrow, uint8_t *bytes, uint32_t count, int32_t shift) {
    for (uint8_t *const end = bytes + count; bytes < end; bytes++) {
        const uint32_t stored = *bytes;
        *bytes =
            (uint8_t)(narrow ? raised(stored & 15u, 4, shift) | raised(stored >> 4, 4, shift) << 4
                             : raised(stored, 8, shift));
    }
}

/** A head's part of a cache, and what a vector is shifted by to share its exponent. */
typedef struct {
    uint8_t *bytes;
    int32_t shift;
    int32_t raised; /* what is cached before must be shifted by so many bits */
} place;

SM_HOT static place find_place(const sm_cache *cache, uint32_t head, uint32_t position,
                               const sm_cached_vector *vector) {
    int8_t *exponent = &cache->exponents[head];
    const int32_t least = vector->exponent + vector->shift;
    int32_t raised_by = 0;
    if (position == 0) {
        *exponent = (int8_t)least;
    } else if (least > *exponent) {
        raised_by = least - *exponent;
        *exponent = (int8_t)least;
    }
    return (place){cache->bytes + head * cache->head_bytes, *exponent - vector->exponent,
                   raised_by};
}

/** Replaces a nibble, counted from the lowest of a word. */
SM_HOT static void set_nibble(uint8_t *word, uint32_t nibble, int32_t number) {
    const uint32_t shift = nibble % 2u * 4u;
    uint8_t *byte = word + nibble / 2u;
    *byte = (uint8_t)((*byte & ~(15u << shift)) | (uint32_t)(number + 8) << shift);
}

SM_HOT void sm_cache_key(const sm_image_header *header, const sm_cache *keys, uint32_t head,
                         uint32_t position, sm_cached_vector vector) {
    const bool narrow = is_narrow(header);
    const uint32_t head_dim = header->head_dim;
    const place found = find_place(keys, head, position, &vector);
    if (found.raised > 0) {
        const uint32_t numbers = round_up(position, SM_KEY_TILE) * head_dim;
        raise(narrow, found.bytes, narrow ? numbers / 2u : numbers, found.raised);
    }
    const uint32_t first = position / SM_KEY_TILE * SM_KEY_TILE * head_dim;
    const int32_t *const end = vector.numbers + head_dim;
    if (narrow) {
        uint8_t *word = found.bytes + first / 2u;
        for (const int32_t *number = vector.numbers; number < end; number++) {
            set_nibble(word, sm_key_nibble(position), sm_shift_right(*number, found.shift));
            word += SM_KEY_TILE / 2u;
        }
        return;
    }
    const uint32_t half = position % SM_KEY_TILE / 4u * 4u;
    uint8_t *byte = found.bytes + first + half + sm_key_byte(position);
    for (const int32_t *number = vector.numbers; number < end; number++) {
        *byte = (uint8_t)(sm_shift_right(*number, found.shift) + 128);
        byte += SM_KEY_TILE;
    }
}

SM_HOT void sm_cache_value(const sm_image_header *header, const sm_cache *values, uint32_t head,
                           uint32_t position, sm_cached_vector vector) {
    const bool narrow = is_narrow(header);
    const place found = find_place(values, head, position, &vector);
    const uint32_t positions = sm_value_positions(header);
    uint8_t *tile = found.bytes;
    for (uint32_t first = 0; first < header->head_dim; first += SM_VALUE_TILE) {
        const uint32_t left = header->head_dim - first;
        const uint32_t width = narrow ? SM_VALUE_TILE : sm_value_tile_width(left);
        const uint32_t width_bytes = narrow ? width / 2u : width;
        const uint32_t used = left < width ? left : width;
        if (found.raised > 0) raise(narrow, tile, position * width_bytes, found.raised);
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
