#include "vector.h"

#include "kernel.h"
#include "placement.h"
#include "sections.h"

/** 1e-5, added to the mean square, with 32 fractional bits. */
#define NORM_EPSILON_Q32 UINT64_C(42950)

SM_HOT uint32_t sm_peak(const int32_t *values, uint32_t count) {
    uint32_t peak = 0;
    for (uint32_t i = 0; i < count; i++) {
        const uint32_t magnitude = sm_magnitude(values[i]);
        if (magnitude > peak) peak = magnitude;
    }
    return peak;
}

SM_HOT int32_t sm_block_normalize(int32_t *values, uint32_t count) {
    const uint32_t peak = sm_peak(values, count);
    if (peak == 0) return 0;
    const int32_t shift = (int32_t)sm_bit_length(peak) - SM_BLOCK_BITS;
    for (uint32_t i = 0; i < count; i++) values[i] = sm_shift_right(values[i], shift);
    return shift;
}

SM_HOT sm_scale sm_quantize(const int32_t *values, uint32_t count, int32_t exponent,
                            int8_t *quantized) {
    const uint32_t peak = sm_peak(values, count);
    if (peak == 0) {
        for (uint32_t i = 0; i < count; i++) quantized[i] = 0;
        return (sm_scale){0, 0};
    }
    const int32_t inverse = (int32_t)((UINT32_C(127) << 22) / peak);
    for (uint32_t i = 0; i < count; i++) {
        quantized[i] = (int8_t)((values[i] * inverse + (INT32_C(1) << 21)) >> 22);
    }
    const sm_scale one_127th = {33026, -22};
    return sm_scale_multiply(sm_scale_from(peak, exponent), one_127th);
}

SM_HOT sm_scale sm_quantize_input(const int32_t *values, uint32_t count, int32_t exponent,
                                  int8_t *quantized) {
    for (uint32_t i = count; i % SM_KERNEL_VECTOR_PADDING != 0; i++) quantized[i] = 0;
    return sm_quantize(values, count, exponent, quantized);
}

SM_HOT int8_t sm_quantize_power(const int32_t *values, uint32_t count, int32_t exponent,
                                int8_t *quantized) {
    const uint32_t peak = sm_peak(values, count);
    int32_t shift = 0;
    while (peak > (UINT32_C(127) << shift)) shift++;
    for (uint32_t i = 0; i < count; i++) quantized[i] = (int8_t)sm_shift_right(values[i], shift);
    return (int8_t)(exponent + shift);
}

SM_HOT sm_scale sm_norm_quantize(const sm_model *model, const sm_tensor *gains,
                                 const int32_t *residual, int32_t *scratch, int8_t *quantized) {
    const uint32_t dim = model->header->dim;
    const int16_t *gain = sm_int16_row(model, gains, 0);
    for (uint32_t i = 0; i < dim; i++) scratch[i] = residual[i];
    const int32_t shift = sm_block_normalize(scratch, dim);

    if (model->header->norm == SM_NORM_LAYERNORM) {
        int32_t sum = 0;
        for (uint32_t i = 0; i < dim; i++) sum += scratch[i];
        const int32_t mean = sum / (int32_t)dim;
        for (uint32_t i = 0; i < dim; i++) scratch[i] -= mean;
    }

    /* Sum of squares in units of 2^(2 shift - 32), with the epsilon scaled to the same units. */
    uint64_t squares = 0;
    for (uint32_t i = 0; i < dim; i++) {
        const int32_t value = scratch[i];
        squares += (uint32_t)(value * value);
        /* Gains reach 2^15, values 2^15: the product keeps 15 bits. */
        scratch[i] = (value * gain[i]) >> 15;
    }
    const uint64_t epsilon = dim * NORM_EPSILON_Q32;
    squares += shift >= 0 ? epsilon >> (2 * shift) : epsilon << (-2 * shift);

    /* value * gain / sqrt(squares / dim): sqrt(dim) comes with the image. */
    const sm_scale unit = sm_quantize_input(scratch, dim, 15 + gains->exponent, quantized);
    if (unit.mantissa == 0) return unit;
    const sm_scale root = sm_scale_square_root(squares, 0);
    const sm_scale scaled = sm_scale_multiply(unit, model->header->norm_factor);
    return sm_scale_divide(scaled, root);
}
