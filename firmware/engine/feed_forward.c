#include "feed_forward.h"

#include <stddef.h>

#include "matrix.h"
#include "parallel.h"
#include "placement.h"
#include "sections.h"
#include "tables.h"
#include "vector.h"
#include "vector_loops.h"

/** The hidden layer of a token: the data that every core needs to work on its elements. */
typedef struct {
    const sm_image_header *header;
    int32_t *hidden; /* Q16; then activated, and multiplied by `up` */
    int32_t *up;     /* Q16, or NULL */
    sm_block hidden_block;
    sm_block up_block;
    uint32_t peaks[SM_PARALLEL_RANGES]; /* what is found in each range */
} layer_work;

/** ReLU, or its square less SM_BLOCK_BITS. */
SM_HOT static void rectify(bool squared, sm_block block, int32_t *values, uint32_t count) {
    for (const int32_t *const end = values + count; values < end; values++) {
        const int32_t value = *values < 0 ? 0 : sm_in_block(&block, *values);
        *values = squared ? (value * value) >> SM_BLOCK_BITS : value;
    }
}

/**
 * Both SiLU and GELU are x * gate(x). Elements are up to 2^SM_BLOCK_BITS once activated; where they
 * are multiplied, up to its square.
 */
SM_HOT static void activate_some(void *context, uint32_t begin, uint32_t end) {
    layer_work *w = context;
    int32_t *hidden = w->hidden + begin;
    const int32_t *up = w->up ? w->up + begin : NULL;
    const uint32_t count = end - begin;
    const uint32_t core = sm_range_number(begin);
    const uint8_t activation = w->header->activation;
    if (activation == SM_ACTIVATION_SILU || activation == SM_ACTIVATION_GELU) {
        const bool silu = activation == SM_ACTIVATION_SILU;
        const sm_gate gate = {
            .table = silu ? sm_silu_gate : sm_gelu_gate,
            .fraction_bits = SM_FRACTION_BITS - (silu ? SM_SILU_STEP_BITS : SM_GELU_STEP_BITS),
            .hidden = w->hidden_block,
            .up = w->up_block,
        };
        w->peaks[core] = sm_multiply_by_gate(hidden, count, up, &gate);
        return;
    }
    rectify(activation == SM_ACTIVATION_RELU2, w->hidden_block, hidden, count);
    for (uint32_t i = 0; up && i < count; i++) hidden[i] *= sm_in_block(&w->up_block, up[i]);
    w->peaks[core] = sm_peak(hidden, count);
}

SM_HOT void sm_feed_forward(sm_engine *engine, uint32_t layer, const sm_rounding *normed) {
    const sm_model *model = engine->model;
    const sm_image_header *header = model->header;
    const uint32_t count = header->hidden_dim;
    int32_t *hidden = engine->scratch;
    int32_t *up = header->gated ? hidden + count : NULL;
    uint32_t up_bits[SM_PARALLEL_RANGES] = {0};
    uint32_t hidden_bits[SM_PARALLEL_RANGES] = {0};
    const sm_product inputs[] = {
        {sm_layer_tensor(model, layer, SM_LAYER_GATE), hidden, hidden_bits},
        {sm_layer_tensor(model, layer, SM_LAYER_UP), up ? up : hidden, up ? up_bits : hidden_bits},
    };
    /* In the order in which the image has them, so that a stream finds the next one. */
    sm_matrix_multiply(engine, up ? inputs : inputs + 1, up ? 2 : 1, normed);

    layer_work w = {.header = header, .hidden = hidden, .up = up};
    w.hidden_block = sm_block_of(sm_bit_length(hidden_bits[0] | hidden_bits[1]));
    w.up_block = sm_block_of(sm_bit_length(up_bits[0] | up_bits[1]));
    sm_parallel(activate_some, &w, count, SM_VECTOR_GRANULE);

    int32_t exponent = w.hidden_block.exponent - SM_FRACTION_BITS;
    if (header->activation == SM_ACTIVATION_RELU2) exponent = 2 * exponent + SM_BLOCK_BITS;
    if (up) exponent += w.up_block.exponent - SM_FRACTION_BITS;
    const sm_rounding activated = sm_rounding_of(hidden, exponent, sm_largest_found(w.peaks));
    sm_add_to_residual(engine, sm_layer_tensor(model, layer, SM_LAYER_DOWN), &activated);
}
