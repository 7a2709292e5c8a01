/*
 * A head of queries, keys or values before it meets the cache. engine/portable/head.c has it in
 * plain C; a port replaces it like a kernel (kernel.h), bit for bit.
 */
#ifndef STARMIND_HEAD_H
#define STARMIND_HEAD_H

#include <stdint.h>

/** Angles by which the pairs (i, i + pairs) of a head are rotated. */
typedef struct {
    const int16_t *angles; /* [pairs][2]: cosine and sine */
    uint32_t pairs;        /* at most half of the head's elements */
    uint32_t fraction;     /* bits of the angles' fraction, at most 15 */
} sm_rotation;

/** How large a head is, once its peak had SM_BLOCK_BITS before it was rotated. */
typedef struct {
    int32_t exponent; /* old = new * 2^exponent */
    uint32_t peak;
    uint32_t squares; /* their sum in units of 2^14, each rounded up */
} sm_head_size;

/**
 * Brings a head of Q16 values to SM_BLOCK_BITS, rounded half up as sm_in_block does, and rotates
 * its pairs. Values are below 2^14 then and stay below 2^15; there are at most 2^15. Elements
 * without a partner stay as they are.
 */
sm_head_size sm_prepare_head(int32_t *head, uint32_t count, const sm_rotation *rotation);

#endif
