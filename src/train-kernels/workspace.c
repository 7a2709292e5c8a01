#include "workspace.h"

static norm_statistics take_statistics(arena *from, int stride) {
    norm_statistics statistics;
    statistics.mean = arena_take_floats(from, 1, stride);
    statistics.inverse = arena_take_floats(from, 1, stride);
    return statistics;
}

static layer_activations take_layer(arena *from, const architecture *shape, int stride) {
    layer_activations layer;
    layer.input = arena_take_floats(from, shape->dim, stride);
    layer.attention_statistics = take_statistics(from, stride);
    layer.attention_input = arena_take_floats(from, shape->dim, stride);
    layer.qkv = arena_take_floats(from, qkv_dim(shape), stride);
    layer.log_sum_exp = arena_take_floats(from, shape->n_heads, stride);
    layer.attended = arena_take_floats(from, query_dim(shape), stride);
    layer.attended_quantized = arena_take_floats(from, query_dim(shape), stride);
    layer.middle = arena_take_floats(from, shape->dim, stride);
    layer.ffn_statistics = take_statistics(from, stride);
    layer.ffn_input = arena_take_floats(from, shape->dim, stride);
    layer.ffn_in = arena_take_floats(from, ffn_rows(shape), stride);
    layer.hidden = arena_take_floats(from, shape->hidden_dim, stride);
    return layer;
}

static int64_t larger(int64_t a, int64_t b) { return a > b ? a : b; }

/** Floats of the largest left operand that gemm_nn packs. */
static int64_t panel_floats(const architecture *shape) {
    const int64_t dim = shape->dim;
    int64_t most = dim * shape->vocab_size;
    most = larger(most, dim * qkv_dim(shape));
    most = larger(most, dim * ffn_rows(shape));
    return larger(most, (int64_t)QUERY_BLOCK * shape->head_dim);
}

workspace workspace_take(arena *from, const architecture *shape, int columns, int longest) {
    workspace space;
    const int stride = columns + STRIDE_PADDING;
    space.shape = shape;
    space.stride = stride;

    arena one_layer = {0, 0};
    take_layer(&one_layer, shape, stride);
    space.layer_bytes = one_layer.used;
    space.layers = (uintptr_t)arena_take(from, one_layer.used * (uint64_t)shape->n_layers);

    space.final_input = arena_take_floats(from, shape->dim, stride);
    space.final_statistics = take_statistics(from, stride);
    space.final_output = arena_take_floats(from, shape->dim, stride);

    space.residual_gradient = arena_take_floats(from, shape->dim, stride);
    space.input_gradient = arena_take_floats(from, larger(shape->dim, query_dim(shape)), stride);
    space.ffn_gradient = arena_take_floats(from, ffn_rows(shape), stride);
    space.qkv_gradient = arena_take_floats(from, qkv_dim(shape), stride);

    space.logits = arena_take_floats(from, shape->vocab_size, HEAD_BLOCK + STRIDE_PADDING);
    space.score_stride = longest + STRIDE_PADDING;
    space.scores = arena_take_floats(from, QUERY_BLOCK, space.score_stride);
    space.score_gradients = arena_take_floats(from, QUERY_BLOCK, space.score_stride);
    space.panel = arena_take_floats(from, 1, panel_floats(shape));

    space.cached_keys = arena_take_floats(from, shape->head_dim, space.score_stride);
    space.cached_values = arena_take_floats(from, shape->head_dim, space.score_stride);
    space.key_steps = arena_take_floats(from, 1, space.score_stride);
    space.value_steps = arena_take_floats(from, 1, space.score_stride);
    return space;
}

layer_activations workspace_layer(const workspace *space, int layer) {
    arena place = {space->layers + (uintptr_t)(space->layer_bytes * (uint64_t)layer), 0};
    return take_layer(&place, space->shape, space->stride);
}
