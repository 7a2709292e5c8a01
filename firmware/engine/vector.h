/* Operations on whole vectors between the matrices. */
#ifndef STARMIND_VECTOR_H
#define STARMIND_VECTOR_H

#include "fixed_point.h"

/** Magnitude bits of a vector after sm_block_normalize. */
#define SM_BLOCK_BITS 14

/** Elements for which a second core is worth its call, a power of two. */
#define SM_VECTOR_GRANULE 8u

/** Largest magnitude of a vector. */
uint32_t sm_peak(const int32_t *values, uint32_t count);

/** values[i] = sm_multiply of it and a scale, for |value| <= 2^30. Returns the largest magnitude.
 */
uint32_t sm_scale_vector(int32_t *values, uint32_t count, sm_scale scale);

/** A change of the power of two in which numbers are written: one of the shifts is 0. */
typedef struct {
    uint32_t left;
    uint32_t right;
    int32_t half;     /* of the last place that a shift to the right leaves */
    int32_t exponent; /* old = new * 2^exponent */
} sm_block;

/** The change that leaves SM_BLOCK_BITS of numbers with so many; none for zeros. */
static inline sm_block sm_block_of(uint32_t bits) {
    const int32_t exponent = bits == 0 ? 0 : (int32_t)bits - SM_BLOCK_BITS;
    sm_block block = {0, 0, 0, exponent};
    if (exponent < 0) block.left = (uint32_t)-exponent;
    if (exponent > 0) {
        block.right = (uint32_t)exponent;
        block.half = INT32_C(1) << (exponent - 1);
    }
    return block;
}

/** A number after the change, rounded half up: at most 2^SM_BLOCK_BITS. */
static inline int32_t sm_in_block(const sm_block *block, int32_t value) {
    return ((int32_t)((uint32_t)value << block->left) + block->half) >> block->right;
}

/** How a vector becomes int8: values * scale of the vector is what is rounded. */
typedef struct {
    const int32_t *values;
    uint32_t shift;  /* that leaves at most 15 bits of magnitude */
    int32_t inverse; /* of the step, in units of 2^-22 */
    sm_scale scale;
} sm_rounding;

/**
 * How values * 2^exponent become int8 with the scale peak / 127, where `peak` is the largest
 * magnitude, at most 2^30. A zero vector has the zero scale.
 */
sm_rounding sm_rounding_of(const int32_t *values, int32_t exponent, uint32_t peak);

/**
 * The model's norm of the residual stream (Q16), with gains, in `scratch`, to be rounded. `bits`
 * are those of sm_all_bits of the residual.
 */
sm_rounding sm_norm(const sm_model *model, const sm_tensor *gains, const int32_t *residual,
                    uint32_t bits, int32_t *scratch);

#endif
