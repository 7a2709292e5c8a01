#include "engine.h"

#include <stddef.h>

#include "attention.h"
#include "attention_kernel.h"
#include "feed_forward.h"
#include "kernel.h"
#include "matrix.h"
#include "ngram.h"
#include "placement.h"
#include "sections.h"
#include "vector_loops.h"

static uint32_t larger(uint32_t a, uint32_t b) { return a > b ? a : b; }

static uint32_t align4(uint32_t bytes) { return (bytes + 3u) & ~UINT32_C(3); }

/** Elements of the widest vector that enters a matrix, with the zeros that follow it. */
static uint32_t quantized_width(const sm_image_header *header) {
    const uint32_t widest = larger(header->dim, larger(sm_query_width(header), header->hidden_dim));
    return (widest + SM_KERNEL_VECTOR_PADDING - 1u) / SM_KERNEL_VECTOR_PADDING *
           SM_KERNEL_VECTOR_PADDING;
}

/** Elements of the projections of one layer; the norms work there too. */
static uint32_t projection_width(const sm_image_header *header) {
    const uint32_t attention = sm_query_width(header) + 2u * sm_kv_width(header);
    const uint32_t feed_forward = (header->gated ? 2u : 1u) * header->hidden_dim;
    return larger(header->dim, larger(attention, feed_forward));
}

/** Words of the scores of one core, which become weights in the same place: two in a word. */
static uint32_t scores_width(const sm_image_header *header) {
    return (header->max_seq_len + SM_KEY_TILE - 1u) / SM_KEY_TILE * (SM_KEY_TILE / 2u);
}

/** Elements of scratch: projections and scores while in the layers, logits after them. */
static uint32_t scratch_width(const sm_image_header *header) {
    const uint32_t layers = projection_width(header) + 2u * scores_width(header);
    return larger(layers, header->vocab_size);
}

/** Key/value heads of all layers. */
static uint32_t cached_heads(const sm_image_header *header) {
    return (uint32_t)header->n_layers * header->n_kv_heads;
}

/**
 * The norms of a query and a key may multiply to SM_SCORE_LIMIT, with half a step for every element
 * that rounding adds: both have its root, 181. The norm of an int4 key is at most 7 times the root
 * of head_dim: where that is less than 181, it needs no limit, and the query has more.
 */
static void set_limits(sm_engine *engine) {
    const sm_image_header *header = engine->model->header;
    uint32_t root = 1;
    while (root * root < header->head_dim) root++;
    const uint32_t rounding = (root + 1u) / 2u;
    engine->cached_peak = header->kv_cache == SM_FORMAT_INT4 ? 7u : 127u;
    engine->key_norm_limit = engine->query_norm_limit = 181u - rounding;
    if (header->kv_cache == SM_FORMAT_INT4 && 7u * root < 181u) {
        const uint32_t query = SM_SCORE_LIMIT / (7u * root) - rounding;
        engine->key_norm_limit = 255u;
        engine->query_norm_limit = query < 255u ? query : 255u;
    }
}

/** Bytes of the tokens in the cache, where they are kept. */
static uint32_t history_bytes(const sm_image_header *header) {
    return header->when_full == SM_WHEN_FULL_SLIDE ? align4(2u * header->max_seq_len) : 0u;
}

static uint32_t rotation_bytes(const sm_model *model) {
    const sm_tensor *rotary = &model->tensors[SM_SLOT_ROTARY];
    return rotary->rows == 0 ? 0u : align4(2u * rotary->columns);
}

static uint32_t descriptor_bytes(const sm_image_header *header) {
    return header->tensor_count * (uint32_t)sizeof(sm_tensor);
}

/** Bytes for streaming: buffers, header, descriptors, and a row of the rotary table. */
static uint32_t streaming_bytes(const sm_model *model) {
    const uint32_t piece = sm_piece_bytes(model);
    if (piece == 0) return 0;
    const sm_image_header *header = model->header;
    return 2u * piece + (uint32_t)sizeof *header + descriptor_bytes(header) + rotation_bytes(model);
}

static void copy_words(void *to, const void *from, uint32_t bytes) {
    uint32_t *target = to;
    const uint32_t *source = from;
    for (uint32_t i = 0; i < bytes / 4u; i++) target[i] = source[i];
}

/** Prepares for streaming in streaming_bytes of the arena: the image cannot be read meanwhile. */
static void init_streaming(sm_engine *engine, const sm_model *model, uint8_t *memory) {
    engine->piece_bytes = sm_piece_bytes(model);
    engine->rotation = NULL;
    if (engine->piece_bytes == 0) return;
    const uint32_t descriptors = descriptor_bytes(model->header);
    engine->pieces = memory;
    memory += 2u * engine->piece_bytes;
    engine->resident = *model;
    copy_words(memory, model->header, sizeof *model->header);
    engine->resident.header = (const sm_image_header *)(void *)memory;
    memory += sizeof *model->header;
    copy_words(memory, model->tensors, descriptors);
    engine->resident.tensors = (const sm_tensor *)(void *)memory;
    memory += descriptors;
    if (rotation_bytes(model)) engine->rotation = (int16_t *)(void *)memory;
    engine->model = &engine->resident;
}

uint32_t sm_arena_bytes(const sm_model *model) {
    const sm_image_header *header = model->header;
    const uint32_t heads = cached_heads(header);
    return 4u * header->dim + quantized_width(header) + align4(sm_matrix_scratch_bytes(model)) +
           4u * scratch_width(header) + heads * sm_key_cache_bytes(header) +
           heads * sm_value_cache_bytes(header) + 2u * align4(heads) + history_bytes(header) +
           sm_ngram_bytes(header) + streaming_bytes(model);
}

void sm_engine_init(sm_engine *engine, const sm_model *model, void *arena) {
    const sm_image_header *header = model->header;
    const uint32_t heads = cached_heads(header);
    uint8_t *next = arena;
    engine->model = model;
    engine->residual = (int32_t *)(void *)next;
    next += 4u * header->dim;
    engine->scratch = (int32_t *)(void *)next;
    engine->scores = (uint16_t *)(void *)(engine->scratch + projection_width(header));
    engine->scores_stride = 2u * scores_width(header);
    engine->logits = engine->scratch;
    next += 4u * scratch_width(header);
    engine->quantized = (int8_t *)next;
    next += quantized_width(header);
    engine->prepared = next;
    next += align4(sm_matrix_scratch_bytes(model));
    engine->keys.bytes = next;
    engine->keys.head_bytes = sm_key_cache_bytes(header);
    next += heads * engine->keys.head_bytes;
    engine->values.bytes = next;
    engine->values.head_bytes = sm_value_cache_bytes(header);
    next += heads * engine->values.head_bytes;
    engine->keys.exponents = (int8_t *)next;
    next += align4(heads);
    engine->values.exponents = (int8_t *)next;
    next += align4(heads);
    engine->history = history_bytes(header) ? (uint16_t *)(void *)next : NULL;
    next += history_bytes(header);
    sm_ngram_init(engine, next);
    next += sm_ngram_bytes(header);
    init_streaming(engine, model, next);
    set_limits(engine);
}

/** The norm of the residual stream, in scratch. */
SM_HOT static sm_rounding norm(const sm_engine *engine, const sm_tensor *gains) {
    return sm_norm(engine->model, gains, engine->residual,
                   engine->residual_bits[0] | engine->residual_bits[1], engine->scratch);
}

SM_HOT void sm_begin_streaming(const sm_engine *engine, const sm_tensor *tensors, uint32_t count) {
#if SM_STREAMS
    if (engine->piece_bytes == 0) return;
    const sm_piece first = sm_first_piece(engine, tensors, count);
    sm_stream_begin(engine->pieces, engine->piece_bytes, first);
#else
    (void)engine, (void)tensors, (void)count;
#endif
}

SM_HOT void sm_end_streaming(const sm_engine *engine) {
    if (SM_STREAMS && engine->piece_bytes != 0) sm_stream_end();
}

/** Copies the angles of a position, which cannot be read while matrices are streamed. */
SM_HOT static void copy_rotation(const sm_engine *engine, uint32_t position) {
    if (!engine->rotation) return;
    const sm_tensor *rotary = &engine->model->tensors[SM_SLOT_ROTARY];
    const int16_t *angles = sm_int16_row(engine->model, rotary, position);
    for (uint32_t i = 0; i < rotary->columns; i++) engine->rotation[i] = angles[i];
}

SM_HOT sm_status sm_engine_read(sm_engine *engine, uint32_t token, uint32_t position) {
    const sm_model *model = engine->model;
    const sm_image_header *header = model->header;
    if (token >= header->vocab_size) return SM_ERROR_TOKEN;
    if (position >= header->max_seq_len) return SM_ERROR_CONTEXT;

    /* 1. Embedding, and the learned position. */
    const sm_tensor *embedding = &model->tensors[SM_SLOT_EMBEDDING];
    sm_matrix_row(engine, embedding, token, false, engine->residual);
    if (header->position == SM_POSITION_LEARNED) {
        const sm_tensor *positions = &model->tensors[SM_SLOT_POSITION];
        sm_matrix_row(engine, positions, position, true, engine->residual);
    }
    engine->residual_bits[0] = sm_all_bits(engine->residual, header->dim);
    engine->residual_bits[1] = 0;

    copy_rotation(engine, position);
    if (engine->row_sum) sm_ngram_note(engine, token, position);

    /* 2. Layers: x += attention(norm(x)); x += feed_forward(norm(x)). */
    for (uint32_t layer = 0; layer < header->n_layers; layer++) {
        const sm_tensor *gains = sm_layer_tensor(model, layer, SM_LAYER_ATTENTION_NORM);
        if (engine->row_sum) sm_ngram_read(engine, layer);
        sm_begin_streaming(engine, gains, SM_LAYER_SLOTS);
        sm_rounding normed = norm(engine, gains);
        sm_attention(engine, layer, position, &normed);
        gains = sm_layer_tensor(model, layer, SM_LAYER_FFN_NORM);
        normed = norm(engine, gains);
        sm_feed_forward(engine, layer, &normed);
        sm_end_streaming(engine);
    }
    return SM_OK;
}

SM_HOT sm_status sm_engine_forward(sm_engine *engine, uint32_t token, uint32_t position) {
    const sm_status status = sm_engine_read(engine, token, position);
    if (status != SM_OK) return status;
    const sm_model *model = engine->model;
    const enum sm_tensor_slot slot = model->header->tied ? SM_SLOT_EMBEDDING : SM_SLOT_CLASSIFIER;

    /* 3. Final norm and classifier. */
    const sm_tensor *gains = &model->tensors[SM_SLOT_FINAL_NORM];
    sm_begin_streaming(engine, &model->tensors[slot], 1);
    const sm_rounding normed = norm(engine, gains);
    const sm_product product = {&model->tensors[slot], engine->logits, NULL};
    sm_matrix_multiply(engine, &product, 1, &normed);
    sm_end_streaming(engine);
    return SM_OK;
}
