/* The cached keys and values of all layers, in the layouts of attention_kernel.h. */
#ifndef STARMIND_CACHE_H
#define STARMIND_CACHE_H

#include "image.h"

/**
 * Keys, or values, of all heads. All numbers of a head have one exponent, so that its scores
 * compare without rescaling: a vector that is larger than any before raises it, and those that are
 * cached are shifted.
 */
typedef struct {
    uint8_t *bytes; /* heads of all layers one after another */
    uint32_t head_bytes;
    int8_t *exponents; /* [n_layers * n_kv_heads] */
} sm_cache;

/** A vector of whole numbers * 2^exponent, which fit the cache once shifted right by `shift`. */
typedef struct {
    const int32_t *numbers; /* [head_dim], below 2^15 */
    int32_t exponent;
    int32_t shift;
} sm_cached_vector;

/** Bytes of the keys, or of the values, of one head. */
uint32_t sm_key_cache_bytes(const sm_image_header *header);
uint32_t sm_value_cache_bytes(const sm_image_header *header);

/** Positions that a head's values have room for. */
static inline uint32_t sm_value_positions(const sm_image_header *header) {
    return ((uint32_t)header->max_seq_len + 3u) / 4u * 4u;
}

/**
 * Stores the key, or the value, of a head at `position`; `head` counts those of all layers.
 * Position 0 begins anew.
 */
void sm_cache_key(const sm_image_header *header, const sm_cache *keys, uint32_t head,
                  uint32_t position, sm_cached_vector vector);
void sm_cache_value(const sm_image_header *header, const sm_cache *values, uint32_t head,
                    uint32_t position, sm_cached_vector vector);

#endif
