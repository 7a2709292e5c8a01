#include "attention.h"

#include <stddef.h>

#include "attention_kernel.h"
#include "head.h"
#include "matrix.h"
#include "ngram.h"
#include "parallel.h"
#include "placement.h"
#include "sections.h"
#include "vector.h"

/** One layer's attention: the data that every core needs to work on its heads. */
typedef struct {
    const sm_engine *engine;
    uint32_t layer;
    uint32_t position;
    sm_rotation rotation; /* of queries and keys there */
    int32_t *query;       /* projections, Q16; the query's place receives the output */
    int32_t *key;
    int32_t *value;
    uint32_t peaks[SM_PARALLEL_RANGES]; /* of the outputs */
} work;

/** The angles of a position; none where the model has no rotary positions. */
static sm_rotation rotation_of(const sm_engine *engine, uint32_t position) {
    const sm_model *model = engine->model;
    const sm_tensor *rotary = &model->tensors[SM_SLOT_ROTARY];
    if (rotary->rows == 0) return (sm_rotation){NULL, 0, 0};
    const int16_t *angles =
        engine->rotation ? engine->rotation : sm_int16_row(model, rotary, position);
    /* A fraction has at most 15 bits: the image was checked. */
    return (sm_rotation){angles, rotary->columns / 2u, (uint32_t)-rotary->exponent};
}

/** The smallest shift by which a peak is not above a limit. */
static int32_t shift_to_peak(uint32_t peak, uint32_t limit) {
    int32_t shift = 0;
    if (peak > limit << 4) {
        limit <<= 4;
        shift = 4;
    }
    for (; peak > limit; limit <<= 1) shift++;
    return shift;
}

/**
 * The smallest shift by which no magnitude of a head is above a limit, nor its Euclidean norm above
 * one, at most 255.
 */
SM_HOT static int32_t shift_to_norm(sm_head_size size, uint32_t peak_limit, uint32_t norm_limit) {
    int32_t shift = shift_to_peak(size.peak, peak_limit);
    const uint32_t limit = norm_limit * norm_limit;
    while (size.squares > (shift < 7 ? limit >> (14 - 2 * shift) : limit << (2 * shift - 14)))
        shift++;
    return shift;
}

SM_HOT static void store_heads(void *context, uint32_t begin, uint32_t end) {
    const work *w = context;
    const sm_engine *engine = w->engine;
    const sm_image_header *header = engine->model->header;
    const uint32_t first = w->layer * header->n_kv_heads;
    const sm_rotation unrotated = {NULL, 0, 0};
    for (uint32_t head = begin; head < end; head++) {
        int32_t *key = w->key + head * header->head_dim;
        sm_head_size size = sm_prepare_head(key, header->head_dim, &w->rotation);
        const int32_t key_shift = shift_to_norm(size, engine->cached_peak, engine->key_norm_limit);
        const sm_cached_vector rotated = {key, size.exponent - SM_FRACTION_BITS, key_shift};
        sm_cache_key(header, &engine->keys, first + head, w->position, rotated);

        int32_t *value = w->value + head * header->head_dim;
        size = sm_prepare_head(value, header->head_dim, &unrotated);
        const int32_t shift = shift_to_peak(size.peak, engine->cached_peak);
        const sm_cached_vector plain = {value, size.exponent - SM_FRACTION_BITS, shift};
        sm_cache_value(header, &engine->values, first + head, w->position, plain);
    }
}

/** Softmax numerators are Q15, less as many bits as keep the sum of numerator * 128 below 2^30. */
static uint32_t dropped_bits(uint32_t count) {
    const int32_t bits = (int32_t)sm_bit_length(count) - 8;
    return bits > 0 ? (uint32_t)bits : 0u;
}

/**
 * Attends with one query head, whose place receives the output in Q16; weights drop so many bits.
 * Returns the peak of the output.
 */
SM_HOT static uint32_t attend(const work *w, uint32_t head, uint32_t kv_head, uint32_t dropped,
                              uint16_t *scores) {
    const sm_engine *engine = w->engine;
    const sm_image_header *header = engine->model->header;
    const uint32_t head_dim = header->head_dim;
    const uint32_t count = w->position + 1;
    int32_t *values = w->query + head * head_dim;
    const uint32_t cached = w->layer * header->n_kv_heads + kv_head;

    const sm_head_size size = sm_prepare_head(values, head_dim, &w->rotation);
    const int32_t shift = shift_to_norm(size, 127, engine->query_norm_limit);
    if (shift > 0) {
        const int32_t half = INT32_C(1) << (shift - 1);
#pragma GCC unroll 4
        for (int32_t *value = values; value < values + head_dim; value++) {
            *value = (*value + half) >> shift;
        }
    }
    int32_t exponent = size.exponent - SM_FRACTION_BITS + shift + engine->keys.exponents[cached];
    const uint8_t *keys = engine->keys.bytes + cached * engine->keys.head_bytes;
    const bool narrow = header->kv_cache == SM_FORMAT_INT4;
    if (narrow) {
        sm_attention_int4_scores(keys, head_dim, values, count, scores);
    } else {
        sm_attention_int8_scores(keys, head_dim, values, count, scores);
    }

    /*
     * log2 of the weights with 8 fractional bits. Beyond 31 bits, scores do not differ; from 2 bits
     * down, only the highest has a weight.
     */
    const sm_scale factor = header->attention_factor;
    int32_t down = -(factor.exponent + exponent + 8);
    down = down < 2 ? 2 : down > 31 ? 31 : down;
    uint32_t sum = sm_attention_softmax(scores, count, factor.mantissa, (uint32_t)down, dropped);

    const uint8_t *bytes = engine->values.bytes + cached * engine->values.head_bytes;
    const uint32_t positions = sm_value_positions(header);
    if (narrow) {
        sum = sm_attention_share(scores, count, ((uint32_t)SM_SHARES << 16) / sum);
        sm_attention_int4_values(bytes, positions, head_dim, scores, count, sum, values);
    } else {
        sm_attention_int8_values(bytes, positions, head_dim, scores, count, sum, values);
    }
    /* In SRAM: flash cannot be read while matrices are streamed. */
    SM_HOT_DATA static const sm_scale one = {0x8000, -15};
    const sm_scale inverse = sm_scale_divide(one, sm_scale_from(sum, 0));
    exponent = inverse.exponent + engine->values.exponents[cached] + SM_FRACTION_BITS;
    return sm_scale_vector(values, head_dim, (sm_scale){inverse.mantissa, exponent});
}

SM_HOT static void attend_heads(void *context, uint32_t begin, uint32_t end) {
    work *w = context;
    const sm_image_header *header = w->engine->model->header;
    /* Ranges may be worked on at the same time: each has scores of its own. */
    uint16_t *scores = w->engine->scores + sm_range_number(begin) * w->engine->scores_stride;
    const uint32_t sharing = (uint32_t)header->n_heads / header->n_kv_heads;
    uint32_t kv_head = begin / sharing;
    uint32_t next_kv = (kv_head + 1u) * sharing;
    const uint32_t dropped = dropped_bits(w->position + 1u);
    uint32_t peak = 0;
    for (uint32_t head = begin; head < end; head++) {
        if (head == next_kv) {
            kv_head++;
            next_kv += sharing;
        }
        const uint32_t found = attend(w, head, kv_head, dropped, scores);
        if (found > peak) peak = found;
    }
    w->peaks[sm_range_number(begin)] = peak;
}

/**
 * Key/value heads, each with the query heads that share it: where cores have as many of them, they
 * need not wait for each other in between.
 */
SM_HOT static void store_and_attend(void *context, uint32_t begin, uint32_t end) {
    const work *w = context;
    const sm_image_header *header = w->engine->model->header;
    const uint32_t sharing = (uint32_t)header->n_heads / header->n_kv_heads;
    store_heads(context, begin, end);
    attend_heads(context, begin * sharing, end * sharing);
}

SM_HOT void sm_attention(sm_engine *engine, uint32_t layer, uint32_t position,
                         const sm_rounding *normed) {
    const sm_model *model = engine->model;
    const sm_image_header *header = model->header;
    const uint32_t query_width = sm_query_width(header);
    int32_t *query = engine->scratch;
    int32_t *key = query + query_width;
    int32_t *value = key + sm_kv_width(header);

    const sm_product projections[] = {
        {sm_layer_tensor(model, layer, SM_LAYER_QUERY), query, NULL},
        {sm_layer_tensor(model, layer, SM_LAYER_KEY), key, NULL},
        {sm_layer_tensor(model, layer, SM_LAYER_VALUE), value, NULL},
    };
    sm_matrix_multiply(engine, projections, 3, normed);
    sm_ngram_add(engine, value);
    work heads = {engine, layer, position, rotation_of(engine, position),
                  query,  key,   value,    {0, 0}};
    if (header->n_kv_heads % SM_PARALLEL_RANGES == 0) {
        sm_parallel(store_and_attend, &heads, header->n_kv_heads, 1);
    } else {
        sm_parallel(store_heads, &heads, header->n_kv_heads, 1);
        sm_parallel(attend_heads, &heads, header->n_heads, 1);
    }

    const sm_rounding attended =
        sm_rounding_of(query, -SM_FRACTION_BITS, sm_largest_found(heads.peaks));
    sm_add_to_residual(engine, sm_layer_tensor(model, layer, SM_LAYER_OUTPUT), &attended);
}
