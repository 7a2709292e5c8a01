/* Operations on whole vectors between the matrices. */
#ifndef STARMIND_VECTOR_H
#define STARMIND_VECTOR_H

#include "fixed_point.h"

/** Magnitude bits of a vector after sm_block_normalize. */
#define SM_BLOCK_BITS 14

/** Largest magnitude of a vector. */
uint32_t sm_peak(const int32_t *values, uint32_t count);

/**
 * Rescales a vector by a power of two so that its peak has SM_BLOCK_BITS bits (rounding may reach
 * 2^SM_BLOCK_BITS). Returns the exponent to add: old = new * 2^returned. Zeros stay, with 0.
 */
int32_t sm_block_normalize(int32_t *values, uint32_t count);

/**
 * Quantises count values * 2^exponent to int8 with the scale peak / 127. |values| < 2^15.
 * Returns the scale; a zero vector has the zero scale.
 */
sm_scale sm_quantize(const int32_t *values, uint32_t count, int32_t exponent, int8_t *quantized);

/**
 * As above for the input of a matrix: pads it with zeros up to a multiple of
 * SM_KERNEL_VECTOR_PADDING elements, for which `quantized` must have room.
 */
sm_scale sm_quantize_input(const int32_t *values, uint32_t count, int32_t exponent,
                           int8_t *quantized);

/**
 * Quantises count values * 2^exponent to int8 with the smallest sufficient power of two as the
 * scale. |values| < 2^15. Returns the power: value = int8 * 2^returned.
 */
int8_t sm_quantize_power(const int32_t *values, uint32_t count, int32_t exponent,
                         int8_t *quantized);

/** The model's norm of the residual stream (Q16), with gains, quantised. Works in `scratch`. */
sm_scale sm_norm_quantize(const sm_model *model, const sm_tensor *gains, const int32_t *residual,
                          int32_t *scratch, int8_t *quantized);

#endif
