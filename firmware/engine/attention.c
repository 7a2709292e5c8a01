#include "attention.h"

#include "matrix.h"
#include "placement.h"
#include "sections.h"
#include "vector.h"

/**
 * Rotates the pairs (i, i + head_dim / 2) of one head by the angles of `position`. Values are
 * below 2^14 and stay below 2^15. An odd last element stays as it is.
 */
SM_HOT static void rotate(const sm_model *model, uint32_t position, int32_t *head) {
    const sm_tensor *rotary = &model->tensors[SM_SLOT_ROTARY];
    if (rotary->rows == 0) return;
    const uint32_t pairs = rotary->columns / 2u;
    const int16_t *angles = sm_int16_row(model, rotary, position);
    const int32_t fraction = -rotary->exponent;
    for (uint32_t i = 0; i < pairs; i++) {
        const int32_t cosine = angles[2 * i];
        const int32_t sine = angles[2 * i + 1];
        const int32_t first = head[i];
        const int32_t second = head[i + pairs];
        head[i] = sm_shift_right(first * cosine - second * sine, fraction);
        head[i + pairs] = sm_shift_right(first * sine + second * cosine, fraction);
    }
}

/** Scales one head of Q16 values to 15 bits, rotated. Returns the exponent of the result. */
SM_HOT static int32_t prepare_head(const sm_model *model, bool rotated, uint32_t position,
                                   int32_t *head) {
    const int32_t exponent = sm_block_normalize(head, model->header->head_dim) - SM_FRACTION_BITS;
    if (rotated) rotate(model, position, head);
    return exponent;
}

/** First cached position of a layer's key/value head, in positions. */
static inline uint32_t cache_start(const sm_image_header *header, uint32_t layer, uint32_t head) {
    return (layer * header->n_kv_heads + head) * header->max_seq_len;
}

/** Quantises the heads of one projection (Q16) into a cache at `position`. */
SM_HOT static void store(const sm_engine *engine, uint32_t layer, uint32_t position, bool rotated,
                         int32_t *projection, int8_t *cache, int8_t *exponents) {
    const sm_image_header *header = engine->model->header;
    const uint32_t head_dim = header->head_dim;
    for (uint32_t head = 0; head < header->n_kv_heads; head++) {
        int32_t *values = projection + head * head_dim;
        const uint32_t slot = cache_start(header, layer, head) + position;
        const int32_t exponent = prepare_head(engine->model, rotated, position, values);
        exponents[slot] = sm_quantize_power(values, head_dim, exponent, cache + slot * head_dim);
    }
}

/**
 * Scores of one query head against the cached keys, as log2 of the weights with 8 fractional
 * bits. Returns the highest.
 */
SM_HOT static int32_t score(const sm_engine *engine, const int8_t *query, sm_scale scale,
                            uint32_t slot, uint32_t count) {
    const sm_image_header *header = engine->model->header;
    const uint32_t head_dim = header->head_dim;
    const sm_scale factor = sm_scale_multiply(scale, header->attention_factor);
    const int8_t *key = engine->keys + slot * head_dim;
    int32_t highest = INT32_MIN;
    for (uint32_t i = 0; i < count; i++) {
        int32_t dot = 0;
        for (uint32_t j = 0; j < head_dim; j++) dot += query[j] * key[j];
        key += head_dim;
        const int32_t exponent = factor.exponent + engine->key_exponents[slot + i] + 8;
        const int32_t value = sm_multiply(dot, factor.mantissa, exponent);
        engine->scores[i] = value;
        if (value > highest) highest = value;
    }
    return highest;
}

/**
 * Turns scores into softmax numerators in place. They are Q15, less as many bits as keep the sum
 * of numerator * int8 value below 2^30. Returns their sum, at least 1.
 */
SM_HOT static uint32_t softmax(int32_t *scores, uint32_t count, int32_t highest) {
    const int32_t headroom = (int32_t)sm_bit_length(count) - 8;
    const uint32_t dropped = headroom > 0 ? (uint32_t)headroom : 0u;
    uint32_t sum = 0;
    for (uint32_t i = 0; i < count; i++) {
        const uint32_t numerator = sm_exp2_negative((uint32_t)(highest - scores[i])) >> dropped;
        scores[i] = (int32_t)numerator;
        sum += numerator;
    }
    return sum;
}

/** output[head_dim] = sum of value * numerator / sum, in Q16. */
SM_HOT static void weigh_values(const sm_engine *engine, uint32_t slot, uint32_t count,
                                uint32_t sum, int32_t *output) {
    const uint32_t head_dim = engine->model->header->head_dim;
    const int8_t *exponents = engine->value_exponents + slot;
    const int8_t *value = engine->values + slot * head_dim;
    int32_t highest = exponents[0];
    for (uint32_t i = 1; i < count; i++) {
        if (exponents[i] > highest) highest = exponents[i];
    }
    for (uint32_t j = 0; j < head_dim; j++) output[j] = 0;
    for (uint32_t i = 0; i < count; i++) {
        const int32_t drop = highest - exponents[i];
        const int32_t numerator = drop > 15 ? 0 : engine->scores[i] >> drop;
        for (uint32_t j = 0; j < head_dim; j++) output[j] += numerator * value[j];
        value += head_dim;
    }
    const sm_scale one = {0x8000, -15};
    const sm_scale inverse = sm_scale_divide(one, sm_scale_from(sum, 0));
    const int32_t exponent = inverse.exponent + highest + SM_FRACTION_BITS;
    for (uint32_t j = 0; j < head_dim; j++) {
        output[j] = sm_multiply(output[j], inverse.mantissa, exponent);
    }
}

SM_HOT void sm_attention(sm_engine *engine, uint32_t layer, uint32_t position, sm_scale scale) {
    const sm_model *model = engine->model;
    const sm_image_header *header = model->header;
    const uint32_t head_dim = header->head_dim;
    const uint32_t query_width = sm_query_width(header);
    int32_t *query = engine->scratch;
    int32_t *key = query + query_width;
    int32_t *value = key + sm_kv_width(header);

    const sm_product projections[] = {
        {sm_layer_tensor(model, layer, SM_LAYER_QUERY), query},
        {sm_layer_tensor(model, layer, SM_LAYER_KEY), key},
        {sm_layer_tensor(model, layer, SM_LAYER_VALUE), value},
    };
    sm_matrix_multiply(engine, projections, 3, scale);
    store(engine, layer, position, true, key, engine->keys, engine->key_exponents);
    store(engine, layer, position, false, value, engine->values, engine->value_exponents);

    const uint32_t count = position + 1;
    const uint32_t heads_per_kv = (uint32_t)header->n_heads / header->n_kv_heads;
    for (uint32_t head = 0; head < header->n_heads; head++) {
        int32_t *values = query + head * head_dim;
        int8_t *quantized = engine->quantized + head * head_dim;
        const int32_t exponent = prepare_head(model, true, position, values);
        const sm_scale query_scale = sm_quantize(values, head_dim, exponent, quantized);
        const uint32_t slot = cache_start(header, layer, head / heads_per_kv);
        const int32_t highest = score(engine, quantized, query_scale, slot, count);
        const uint32_t sum = softmax(engine->scores, count, highest);
        /* The head's query is not needed any more: its place receives the head's output. */
        weigh_values(engine, slot, count, sum, values);
    }

    const int32_t exponent = sm_block_normalize(query, query_width) - SM_FRACTION_BITS;
    const sm_scale output_scale =
        sm_quantize_input(query, query_width, exponent, engine->quantized);
    sm_matrix_accumulate(engine, sm_layer_tensor(model, layer, SM_LAYER_OUTPUT), output_scale,
                         engine->residual);
}
