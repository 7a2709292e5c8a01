#include "feed_forward.h"

#include "matrix.h"
#include "placement.h"
#include "sections.h"
#include "tables.h"
#include "vector.h"

/**
 * Both SiLU and GELU are x * gate(x) with gate(-x) = 1 - gate(x). The tables hold gate for
 * x >= 0 in Q15 at multiples of 2^-step_bits; between them it is interpolated, beyond them 1.
 */
SM_HOT static int32_t gate(const uint16_t *table, uint32_t step_bits, int32_t x) {
    const uint32_t magnitude = sm_magnitude(x);
    const uint32_t fraction_bits = SM_FRACTION_BITS - step_bits;
    const uint32_t index = magnitude >> fraction_bits;
    int32_t value = 1 << 15;
    if (index < SM_GATE_STEPS) {
        const int32_t below = table[index];
        const int32_t rise = table[index + 1] - below;
        const uint32_t fraction = magnitude & ((UINT32_C(1) << fraction_bits) - 1u);
        value = below + ((rise * (int32_t)fraction) >> fraction_bits);
    }
    return x < 0 ? (1 << 15) - value : value;
}

SM_HOT static void multiply_by_gate(const uint16_t *table, uint32_t step_bits, int32_t *values,
                                    uint32_t count) {
    for (uint32_t i = 0; i < count; i++) {
        values[i] = sm_multiply(values[i], (uint32_t)gate(table, step_bits, values[i]), -15);
    }
}

/**
 * Applies the activation to Q16 values in place. Afterwards |values| <= 2^SM_BLOCK_BITS, in units
 * of 2^(the returned exponent).
 */
SM_HOT static int32_t activate(uint8_t activation, int32_t *values, uint32_t count) {
    switch (activation) {
    case SM_ACTIVATION_SILU:
        multiply_by_gate(sm_silu_gate, SM_SILU_STEP_BITS, values, count);
        break;
    case SM_ACTIVATION_GELU:
        multiply_by_gate(sm_gelu_gate, SM_GELU_STEP_BITS, values, count);
        break;
    default:
        for (uint32_t i = 0; i < count; i++) {
            if (values[i] < 0) values[i] = 0;
        }
        break;
    }
    const int32_t exponent = sm_block_normalize(values, count) - SM_FRACTION_BITS;
    if (activation != SM_ACTIVATION_RELU2) return exponent;
    for (uint32_t i = 0; i < count; i++) {
        values[i] = sm_shift_right(values[i] * values[i], SM_BLOCK_BITS);
    }
    return 2 * exponent + SM_BLOCK_BITS;
}

SM_HOT void sm_feed_forward(sm_engine *engine, uint32_t layer, sm_scale scale) {
    const sm_model *model = engine->model;
    const sm_image_header *header = model->header;
    const uint32_t count = header->hidden_dim;
    int32_t *hidden = engine->scratch;
    int32_t *up = header->gated ? hidden + count : hidden;
    const sm_product inputs[] = {
        {sm_layer_tensor(model, layer, SM_LAYER_UP), up},
        {sm_layer_tensor(model, layer, SM_LAYER_GATE), hidden},
    };

    sm_matrix_multiply(engine, inputs, header->gated ? 2 : 1, scale);
    int32_t exponent = activate(header->activation, hidden, count);
    if (header->gated) {
        exponent += sm_block_normalize(up, count) - SM_FRACTION_BITS;
        /* 14 + 14 bits: the normalisation below scales the product back to 14. */
        for (uint32_t i = 0; i < count; i++) hidden[i] *= up[i];
    }
    exponent += sm_block_normalize(hidden, count);
    const sm_scale hidden_scale = sm_quantize_input(hidden, count, exponent, engine->quantized);
    sm_matrix_accumulate(engine, sm_layer_tensor(model, layer, SM_LAYER_DOWN), hidden_scale,
                         engine->residual);
}
