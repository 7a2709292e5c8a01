#include "fixed_point.h"
#include "placement.h"
#include "scale_rows.h"

/** The value of a row, for shift from 1 to 30. */
static inline int32_t scaled(int32_t sum, uint32_t row_scale, uint32_t mantissa, uint32_t shift) {
    const uint32_t row_mantissa = (row_scale * mantissa + 0x8000u) >> 16;
    return sm_multiply(sum, row_mantissa, -16 - (int32_t)shift);
}

/** The value of a row with |sum| < 2^15, for shift from 1 to SM_NARROW_SHIFT. */
static inline int32_t scaled_narrow(int32_t sum, uint32_t row_scale, uint32_t mantissa,
                                    uint32_t shift) {
    const uint32_t row_mantissa = (row_scale * mantissa + 0x8000u) >> 16;
    return sm_shift_right(sum * (int32_t)row_mantissa, (int32_t)shift);
}

/** The value of a row with |sum| < 2^(14 + shift), for shift from 1 to SM_WHOLE_SHIFT. */
static inline int32_t scaled_whole(int32_t sum, uint32_t row_scale, uint32_t mantissa,
                                   uint32_t shift) {
    const uint32_t row_mantissa = (row_scale * mantissa + 0x8000u) >> 16;
    const uint32_t low = ((uint32_t)sum & 0xffffu) * row_mantissa + (1u << shift >> 1);
    const uint32_t high = (uint32_t)((sum >> 16) * (int32_t)row_mantissa) << (16u - shift);
    return (int32_t)(high + (low >> shift));
}

SM_HOT void sm_scale_rows_whole_set(const uint16_t *row_scales, const int32_t *sums, uint32_t count,
                                    int32_t *output, uint32_t mantissa, uint32_t shift) {
    for (uint32_t i = 0; i < count; i++) {
        output[i] = scaled_whole(sums[i], row_scales[i], mantissa, shift);
    }
}

SM_HOT void sm_scale_rows_narrow_set(const uint16_t *row_scales, const int32_t *sums,
                                     uint32_t count, int32_t *output, uint32_t mantissa,
                                     uint32_t shift) {
    for (uint32_t i = 0; i < count; i++) {
        output[i] = scaled_narrow(sums[i], row_scales[i], mantissa, shift);
    }
}

SM_HOT void sm_scale_rows_narrow_add(const uint16_t *row_scales, const int32_t *sums,
                                     uint32_t count, int32_t *output, uint32_t mantissa,
                                     uint32_t shift) {
    for (uint32_t i = 0; i < count; i++) {
        output[i] = sm_clamp(output[i] + scaled_narrow(sums[i], row_scales[i], mantissa, shift));
    }
}

SM_HOT void sm_scale_rows_right_set(const uint16_t *row_scales, const int32_t *sums, uint32_t count,
                                    int32_t *output, uint32_t mantissa, uint32_t shift) {
    for (uint32_t i = 0; i < count; i++) {
        output[i] = scaled(sums[i], row_scales[i], mantissa, shift);
    }
}

SM_HOT void sm_scale_rows_right_add(const uint16_t *row_scales, const int32_t *sums, uint32_t count,
                                    int32_t *output, uint32_t mantissa, uint32_t shift) {
    for (uint32_t i = 0; i < count; i++) {
        output[i] = sm_clamp(output[i] + scaled(sums[i], row_scales[i], mantissa, shift));
    }
}

SM_HOT void sm_scale_rows_whole_add(const uint16_t *row_scales, const int32_t *sums, uint32_t count,
                                    int32_t *output, uint32_t mantissa, uint32_t shift) {
    for (uint32_t i = 0; i < count; i++) {
        output[i] = sm_clamp(output[i] + scaled_whole(sums[i], row_scales[i], mantissa, shift));
    }
}
