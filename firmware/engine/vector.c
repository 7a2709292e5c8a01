#include "vector.h"

#include "placement.h"
#include "vector_loops.h"

SM_HOT uint32_t sm_peak(const int32_t *values, uint32_t count) {
    uint32_t peak = 0;
    for (const int32_t *const end = values + count; values < end; values++) {
        const uint32_t magnitude = sm_magnitude(*values);
        if (magnitude > peak) peak = magnitude;
    }
    return peak;
}

SM_HOT uint32_t sm_scale_vector(int32_t *values, uint32_t count, sm_scale scale) {
    int32_t *const end = values + count;
    const uint32_t mantissa = scale.mantissa;
    const int32_t shift = -16 - scale.exponent;
    if (shift < 1 || shift > 30) {
        for (int32_t *value = values; value < end; value++) {
            *value = sm_multiply(*value, mantissa, scale.exponent);
        }
        return sm_peak(values, count);
    }
    /* As sm_multiply. The product needs no clamp: its magnitude is at most 2^30 - 2^14. */
    const int32_t half = INT32_C(1) << (shift - 1);
    uint32_t peak = 0;
    for (; values < end; values++) {
        const uint32_t low = ((uint32_t)*values & 0xffffu) * mantissa + 0x8000u;
        const int32_t product = (*values >> 16) * (int32_t)mantissa + (int32_t)(low >> 16);
        const int32_t value = (product + half) >> shift;
        *values = value;
        if (sm_magnitude(value) > peak) peak = sm_magnitude(value);
    }
    return peak;
}

SM_HOT sm_rounding sm_rounding_of(const int32_t *values, int32_t exponent, uint32_t peak) {
    if (peak == 0) return (sm_rounding){values, 0, 0, {0, 0}};
    const uint32_t bits = sm_bit_length(peak);
    const uint32_t shift = bits > 15 ? bits - 15 : 0;
    /*
     * Shifting rounds down, by less than the peak's 2^-14: the most negative value gives -127 too.
     */
    peak >>= shift;
    const int32_t inverse = (int32_t)((UINT32_C(127) << 22) / peak);
    const uint32_t left = 16u + shift - bits;
    const sm_scale scale = {peak << left, exponent + (int32_t)shift - (int32_t)left};
    /* In SRAM: flash cannot be read while matrices are streamed. */
    SM_HOT_DATA static const sm_scale one_127th = {33026, -22};
    return (sm_rounding){values, shift, inverse, sm_scale_multiply(scale, one_127th)};
}
