/*
 * The part of sampling that takes every logit: the highest, and from logits to distances below it.
 * engine/portable/distances.c has it in plain C; a port replaces it like a kernel (kernel.h), bit
 * for bit.
 */
#ifndef STARMIND_DISTANCES_H
#define STARMIND_DISTANCES_H

#include <stdint.h>

/**
 * The distance of a token is -log2 of its probability over that of the likeliest, at the
 * temperature, in Q8. 2^-16 and less never win a draw, so that farther ones need no place.
 */
#define SM_FARTHEST ((16u << 8) - 1u)

/** Distances are 12 bits; the high six of them are a bin of the histogram. */
#define SM_BIN_BITS 6u
#define SM_BINS (1u << SM_BIN_BITS)

/** Tokens within some distance: their number, and their summed probability numerators (Q15). */
typedef struct {
    uint32_t count;
    uint32_t weight;
} sm_reach;

/**
 * The distance of a logit is ((top - logit) >> before) * mantissa >> after, beyond SM_FARTHEST
 * where top - logit is not below the limit. No logit is above the top; the limit is at most 2^31,
 * and 2^31 below the top there is no logit; mantissa < 2^16, and (limit - 1) >> before as well.
 */
typedef struct {
    uint32_t top;
    uint32_t limit;
    uint32_t before;
    uint32_t after;
    uint32_t mantissa;
} sm_distance_scale;

/** A token up to SM_FARTHEST away: its number in the upper 16 bits, its distance in the lower. */
typedef uint32_t sm_near_token;

static inline uint32_t sm_distance_of(sm_near_token near) { return near & 0xffffu; }
static inline uint32_t sm_token_of(sm_near_token near) { return near >> 16; }

/** Makes SM_BINS bins empty. */
void sm_clear_bins(sm_reach *bins);

/** The highest of `count` values; -2^31 without any. */
int32_t sm_highest(const int32_t *values, uint32_t count);

/**
 * Overwrites the first of `count` logits with the near tokens among them, in the order of their
 * numbers, which begin at `first`; adds those to SM_BINS bins. Returns their number and weight.
 */
sm_reach sm_distances(int32_t *logits, uint32_t count, uint32_t first,
                      const sm_distance_scale *scale, sm_reach *bins);

#endif
