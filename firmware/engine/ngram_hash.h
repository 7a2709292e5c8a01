/*
 * Which row of an n-gram table the last tokens pick. Engine and trainer share this file;
 * src/core/model/ngram-hash.ts and src/pytorch/ngram.py have the same function, and a test holds
 * all of them to one list of vectors (test/golden/ngram-rows.txt).
 *
 * The product of two words of 32 bits takes the chip one cycle. A product moves differences upwards
 * only, so that each is followed by a shift back down, and the row is taken from the highest bits.
 */
#ifndef STARMIND_NGRAM_HASH_H
#define STARMIND_NGRAM_HASH_H

#include <stdint.h>

/** Most tokens that pick a row. */
#define SM_NGRAM_LONGEST 4u

/**
 * Row in [0, 2^row_bits) of the table of a layer and an order for the last tokens, `recent[0]` the
 * current one and `recent[i]` the one i places before it. Each table has a hash of its own: n-grams
 * that share a row of one differ in another. row_bits is in [1, 31].
 */
static inline uint32_t sm_ngram_row(uint32_t layer, uint32_t order, const uint16_t *recent,
                                    uint32_t row_bits) {
    uint32_t hash = (8u * layer + order) * UINT32_C(0x9e3779b1);
    for (uint32_t i = 0; i < order; i++) {
        hash = (hash ^ recent[i]) * UINT32_C(0x85ebca6b);
        hash ^= hash >> 15;
    }
    return hash * UINT32_C(0xc2b2ae35) >> (32u - row_bits);
}

#endif
