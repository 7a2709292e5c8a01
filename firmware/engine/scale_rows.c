#include "scale_rows.h"

#include "fixed_point.h"
#include "placement.h"

/** sum * mantissa * 2^exponent for exponents from -16 on: rounded once, held within SM_LIMIT. */
static int32_t multiply_left(int32_t sum, uint32_t mantissa, int32_t exponent) {
    int64_t value = (int64_t)sum * mantissa;
    if (exponent < 0) {
        value = (value + (INT64_C(1) << -exponent >> 1)) >> -exponent;
    } else {
        /* Any product but zero leaves the range with 31 bits more. */
        const int64_t most = (int64_t)SM_LIMIT + 1;
        value = value > most ? most : value < -most ? -most : value;
        value *= INT64_C(1) << (exponent < 31 ? exponent : 31);
    }
    return (int32_t)(value > SM_LIMIT ? SM_LIMIT : value < -SM_LIMIT ? -SM_LIMIT : value);
}

/** Any exponent; apart, so that the usual case has few registers to save. */
SM_HOT static void scale_by_any(const uint16_t *row_scales, const int32_t *sums, uint32_t count,
                                int32_t *output, uint32_t mantissa, int32_t exponent, bool add) {
    for (uint32_t i = 0; i < count; i++) {
        const uint32_t row_mantissa = (row_scales[i] * mantissa + 0x8000u) >> 16;
        const int32_t value = exponent < -16 ? sm_multiply(sums[i], row_mantissa, exponent)
                                             : multiply_left(sums[i], row_mantissa, exponent);
        output[i] = add ? sm_clamp(output[i] + value) : value;
    }
}

SM_HOT void sm_scale_rows(const uint16_t *row_scales, const int32_t *sums, uint32_t count,
                          int32_t *output, uint32_t mantissa, int32_t exponent, uint32_t limit,
                          bool add) {
    if (limit < 0x8000u << SM_NARROW_EXCESS && exponent < 0) {
        uint32_t factor = mantissa;
        uint32_t shift = (uint32_t)-exponent;
        if (limit >= 0x8000u) {
            uint32_t excess = 1;
            while (limit >= 0x8000u << excess) excess++;
            const uint32_t most = 0xffffu >> excess;
            factor = (mantissa + (1u << excess >> 1)) >> excess;
            if (factor > most) factor = most;
            shift -= excess;
        }
        if (shift - 1u < SM_NARROW_SHIFT) {
            (add ? sm_scale_rows_narrow_add : sm_scale_rows_narrow_set)(row_scales, sums, count,
                                                                        output, factor, shift);
            return;
        }
    }
    const uint32_t shift = (uint32_t)(-16 - exponent);
    /* Where less than 16 bits of a product are dropped, the shift of the whole product. */
    const uint32_t whole = (uint32_t)-exponent;
    if (whole - 1u < SM_WHOLE_SHIFT && sm_bit_length(limit) <= 14u + whole) {
        (add ? sm_scale_rows_whole_add : sm_scale_rows_whole_set)(row_scales, sums, count, output,
                                                                  mantissa, whole);
    } else if (shift - 1u >= 30u) {
        scale_by_any(row_scales, sums, count, output, mantissa, exponent, add);
    } else if (add) {
        sm_scale_rows_right_add(row_scales, sums, count, output, mantissa, shift);
    } else {
        sm_scale_rows_right_set(row_scales, sums, count, output, mantissa, shift);
    }
}
