/*
 * Loops over the elements of vectors between the matrices. engine/portable/vector_loops.c has them
 * in plain C; a port replaces it like a kernel (kernel.h), bit for bit.
 */
#ifndef STARMIND_VECTOR_LOOPS_H
#define STARMIND_VECTOR_LOOPS_H

#include <stdint.h>

#include "vector.h"

/** All bits that magnitudes have, where that of a negative number is one less. */
uint32_t sm_all_bits(const int32_t *values, uint32_t count);

/** quantized[i] = values[i] >> shift times inverse, in units of 2^22, rounded half up. */
void sm_round(const int32_t *values, uint32_t count, uint32_t shift, int32_t inverse,
              int8_t *quantized);

/** What sm_scale_by_gains finds. */
typedef struct {
    uint64_t squares; /* sum of the squares of the values in the block */
    uint32_t peak;    /* largest magnitude that is scaled */
} sm_scaled;

/** scaled[i] = values[i] in the block, times gain i in Q15. Values in the block are below 2^15. */
sm_scaled sm_scale_by_gains(const int32_t *values, uint32_t count, const sm_block *block,
                            const int16_t *gains, int32_t *scaled);

/**
 * An activation x * gate(x), and what it is multiplied by. The table holds gate for x >= 0 in Q15
 * at multiples of 2^fraction_bits, 1 to 22 bits: SM_GATE_STEPS intervals, in which it is
 * interpolated; beyond them it is 1, and gate(-x) = 1 - gate(x).
 */
typedef struct {
    const uint16_t *table;
    uint32_t fraction_bits;
    sm_block hidden;
    sm_block up;
} sm_gate;

/** Overwrites `hidden` with its activation, times `up` unless that is NULL. Returns the peak. */
uint32_t sm_multiply_by_gate(int32_t *hidden, uint32_t count, const int32_t *up,
                             const sm_gate *gate);

#endif
