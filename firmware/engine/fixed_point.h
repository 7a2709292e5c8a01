/*
 * Fixed-point primitives for a processor whose widest multiplication is 32 x 32 -> 32 bits.
 *
 * Right shifts of negative numbers are arithmetic on every compiler this engine supports; left
 * shifts go through unsigned so that no signed overflow occurs.
 */
#ifndef STARMIND_FIXED_POINT_H
#define STARMIND_FIXED_POINT_H

#include "image.h"

/** Magnitude limit of Q16 values: two of them add without overflow. */
#define SM_LIMIT ((INT32_C(1) << 30) - 1)

static inline int32_t sm_clamp(int32_t value) {
    if (value > SM_LIMIT) return SM_LIMIT;
    if (value < -SM_LIMIT) return -SM_LIMIT;
    return value;
}

static inline uint32_t sm_magnitude(int32_t value) {
    return value < 0 ? 0u - (uint32_t)value : (uint32_t)value;
}

/** value * 2^-shift, rounded half up; a negative shift multiplies and must not overflow. */
static inline int32_t sm_shift_right(int32_t value, int32_t shift) {
    if (shift > 30) return 0;
    if (shift > 0) return (value + (INT32_C(1) << (shift - 1))) >> shift;
    return (int32_t)((uint32_t)value << -shift);
}

/**
 * value * mantissa * 2^exponent, rounded and held within SM_LIMIT, for |value| <= 2^30 and
 * mantissa < 2^16. The product's low 16 bits are dropped before the shift.
 */
static inline int32_t sm_multiply(int32_t value, uint32_t mantissa, int32_t exponent) {
    const uint32_t low = ((uint32_t)value & 0xffffu) * mantissa + 0x8000u;
    const int32_t product = (value >> 16) * (int32_t)mantissa + (int32_t)(low >> 16);
    const int32_t shift = -(exponent + 16);
    if (shift >= 0) return sm_clamp(sm_shift_right(sm_clamp(product), shift));
    if (-shift > 30 || sm_magnitude(product) > (uint32_t)SM_LIMIT >> -shift) {
        return product == 0 ? 0 : product > 0 ? SM_LIMIT : -SM_LIMIT;
    }
    return sm_shift_right(product, shift);
}

/** Bits needed to write `value`: 0 for 0, 32 for the largest. */
uint32_t sm_bit_length(uint32_t value);

/** value * 2^exponent with a mantissa of exactly 16 bits (0 stays 0). */
sm_scale sm_scale_from(uint32_t value, int32_t exponent);

/** a * b; their mantissas have 16 bits, or are 0. */
sm_scale sm_scale_multiply(sm_scale a, sm_scale b);

/** a / b; their mantissas have 16 bits, or that of a is 0. */
sm_scale sm_scale_divide(sm_scale a, sm_scale b);

/** Square root of value * 2^exponent. */
sm_scale sm_scale_square_root(uint64_t value, int32_t exponent);

/** 2^(-fraction / 256) in Q15, for fraction 0 to 255; 32768 is 1.0. */
extern const uint16_t sm_exp2_table[256];

/** 2^(-z / 256) in Q15; 0 from 2^-16 on. */
static inline uint32_t sm_exp2_negative(uint32_t z) {
    return z >= (16u << 8) ? 0u : (uint32_t)sm_exp2_table[z & 255u] >> (z >> 8);
}

#endif
