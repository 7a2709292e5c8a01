/*
 * Four float lanes. Activations lie feature-major, [feature][token], so the lanes run over tokens
 * and even a model of width 2 fills them.
 */
#ifndef SIMD_H
#define SIMD_H

#include <stdint.h>

#define ALWAYS_INLINE static inline __attribute__((always_inline))

/** Lanes of a vector. */
#define LANES 4

typedef float f32x4 __attribute__((vector_size(16)));
typedef int32_t i32x4 __attribute__((vector_size(16)));
typedef float unaligned_f32x4 __attribute__((vector_size(16), aligned(4), may_alias));

ALWAYS_INLINE f32x4 load(const float *source) { return *(const unaligned_f32x4 *)source; }

ALWAYS_INLINE void store(float *target, f32x4 value) { *(unaligned_f32x4 *)target = value; }

ALWAYS_INLINE f32x4 splat(float value) { return (f32x4){value, value, value, value}; }

/** a * b + c, fused where the processor fuses it (relaxed SIMD), else rounded twice. */
ALWAYS_INLINE f32x4 multiply_add(f32x4 a, f32x4 b, f32x4 c) {
#ifdef __wasm_relaxed_simd__
    return __builtin_wasm_relaxed_madd_f32x4(a, b, c);
#else
    return a * b + c;
#endif
}

ALWAYS_INLINE f32x4 minimum(f32x4 a, f32x4 b) { return __builtin_wasm_pmin_f32x4(a, b); }

ALWAYS_INLINE f32x4 maximum(f32x4 a, f32x4 b) { return __builtin_wasm_pmax_f32x4(a, b); }

ALWAYS_INLINE f32x4 absolute(f32x4 x) { return __builtin_wasm_abs_f32x4(x); }

ALWAYS_INLINE f32x4 square_root(f32x4 x) { return __builtin_wasm_sqrt_f32x4(x); }

/** Nearest integer, halves upwards. */
ALWAYS_INLINE f32x4 round_half_up(f32x4 x) { return __builtin_wasm_floor_f32x4(x + splat(0.5f)); }

/** Rounds positive normal floats up to a power of two: the mantissa carries into the exponent. */
ALWAYS_INLINE f32x4 round_up_to_power_of_two(f32x4 x) {
    const i32x4 mantissa = {0x7fffff, 0x7fffff, 0x7fffff, 0x7fffff};
    return (f32x4)(((i32x4)x + mantissa) & ~mantissa);
}

ALWAYS_INLINE float sum_of_lanes(f32x4 x) { return (x[0] + x[2]) + (x[1] + x[3]); }

ALWAYS_INLINE float largest_lane(f32x4 x) {
    f32x4 pairs = maximum(x, __builtin_shufflevector(x, x, 2, 3, 0, 1));
    return pairs[0] > pairs[1] ? pairs[0] : pairs[1];
}

/**
 * e^x with a relative error near 1e-7. The argument is clamped to [-87, 88], the range in which
 * the result is a normal float.
 */
ALWAYS_INLINE f32x4 exponential(f32x4 x) {
    x = minimum(maximum(x, splat(-87.0f)), splat(88.0f));
    /* x = n ln 2 + r. Adding 1.5 * 2^23 leaves n in the low bits of the mantissa. */
    const f32x4 magic = splat(12582912.0f);
    f32x4 shifted = multiply_add(x, splat(1.44269504f), magic);
    f32x4 n = shifted - magic;
    f32x4 r = multiply_add(n, splat(-0.693359375f), x);
    r = multiply_add(n, splat(2.12194440e-4f), r);
    /* Cephes' polynomial for e^r on [-ln 2 / 2, ln 2 / 2]. */
    f32x4 p = splat(1.9875691500e-4f);
    p = multiply_add(p, r, splat(1.3981999507e-3f));
    p = multiply_add(p, r, splat(8.3334519073e-3f));
    p = multiply_add(p, r, splat(4.1665795894e-2f));
    p = multiply_add(p, r, splat(1.6666665459e-1f));
    p = multiply_add(p, r, splat(5.0000001201e-1f));
    p = multiply_add(p, r * r, r) + splat(1.0f);
    /* Times 2^n, by adding n to the exponent field. */
    return (f32x4)((i32x4)p + ((i32x4)shifted << 23));
}

ALWAYS_INLINE f32x4 sigmoid(f32x4 x) { return splat(1.0f) / (splat(1.0f) + exponential(-x)); }

/** Natural logarithm of a positive normal float, relative error near 1e-7. */
ALWAYS_INLINE float natural_logarithm(float x) {
    union {
        float value;
        uint32_t bits;
    } parts = {x};
    int exponent = (int)(parts.bits >> 23) - 127;
    parts.bits = (parts.bits & 0x7fffffu) | 0x3f800000u;
    if (parts.value > 1.41421356f) {
        parts.value *= 0.5f;
        exponent++;
    }
    /* ln m = 2 artanh((m - 1) / (m + 1)), as its odd series. */
    float z = (parts.value - 1.0f) / (parts.value + 1.0f);
    float w = z * z;
    float series = 1.0f + w * (1.0f / 3 + w * (1.0f / 5 + w * (1.0f / 7 + w * (1.0f / 9))));
    return 2.0f * z * series + (float)exponent * 0.69314718f;
}

#endif
