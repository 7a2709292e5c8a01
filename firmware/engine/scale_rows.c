#include "scale_rows.h"

#include "fixed_point.h"
#include "placement.h"

/** Any exponent; apart, so that the usual case has few registers to save. */
SM_HOT static void scale_by_any(const uint16_t *row_scales, const int32_t *sums, uint32_t count,
                                int32_t *output, uint32_t mantissa, int32_t exponent, bool add) {
    for (uint32_t i = 0; i < count; i++) {
        const uint32_t row_mantissa = (row_scales[i] * mantissa + 0x8000u) >> 16;
        const int32_t value = sm_multiply(sums[i], row_mantissa, exponent);
        output[i] = add ? sm_clamp(output[i] + value) : value;
    }
}

/** Multiplies sums by as large a power of two as they have room for. Returns its exponent. */
static int32_t widen(int32_t *sums, uint32_t count, uint32_t limit, int32_t wanted) {
    const int32_t spare = 30 - (int32_t)sm_bit_length(limit);
    const int32_t shift = spare < 0 ? 0 : wanted < spare ? wanted : spare;
    for (uint32_t i = 0; i < count; i++) sums[i] = (int32_t)((uint32_t)sums[i] << shift);
    return shift;
}

SM_HOT void sm_scale_rows(const uint16_t *row_scales, int32_t *sums, uint32_t count,
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
    if (exponent > -17) exponent -= widen(sums, count, limit, exponent + 17);
    const uint32_t shift = (uint32_t)(-16 - exponent);
    if (shift - 1u >= 30u) {
        scale_by_any(row_scales, sums, count, output, mantissa, exponent, add);
    } else if (add) {
        sm_scale_rows_right_add(row_scales, sums, count, output, mantissa, shift);
    } else {
        sm_scale_rows_right_set(row_scales, sums, count, output, mantissa, shift);
    }
}
