/*
 * From logits to distances below the highest, the part of sampling that takes every token.
 * engine/portable/distances.c has it in plain C; a port replaces it like a kernel (kernel.h), bit
 * for bit.
 */
#ifndef STARMIND_DISTANCES_H
#define STARMIND_DISTANCES_H

#include <stdint.h>

/**
 * The distance of a token is -log2 of its probability over that of the likeliest, at the
 * temperature, in Q8. 2^-16 and less never win a draw, so that farther ones need no order.
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
 * A logit becomes ((top - logit) >> before) * mantissa >> after, at most SM_FARTHEST, which it
 * becomes at once where top - logit is not below the limit. That is unsigned; mantissa < 2^16, and
 * (limit - 1) >> before as well.
 */
typedef struct {
    uint32_t top;
    uint32_t limit;
    uint32_t before;
    uint32_t after;
    uint32_t mantissa;
} sm_distance_scale;

/**
 * Replaces `count` logits by distances and adds them to SM_BINS bins, but for those that were
 * farther than SM_FARTHEST: they have no weight. Returns their weight.
 */
uint32_t sm_distances(int32_t *logits, uint32_t count, const sm_distance_scale *scale,
                      sm_reach *bins);

#endif
