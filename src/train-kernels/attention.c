#include "attention.h"
#include "cache.h"
#include "gemm.h"
#include "simd.h"

/** Some queries of one sequence, and what they may see of a key/value head. */
typedef struct {
    int first_query; /* position of the first query of the block */
    int queries;     /* of the block */
    int keys;        /* positions that any query of the block may see; a multiple of 4 */
    int key_stride;  /* of keys and values */
    const float *key, *value;
    float scale;
} attention_block;

/** One key/value head of one sequence. Arrays start at the sequence. */
typedef struct {
    int column;               /* of the sequence */
    int first_head, end_head; /* the query heads that share it */
    const float *key, *value;
} attention_group;

static attention_group group_at(const pass *pass, const layer_activations *layer, int sequence,
                                int group) {
    const architecture *shape = &pass->model->shape;
    const int sharing = shape->n_heads / shape->n_kv_heads, stride = pass->space->stride;
    attention_group found;
    found.column = sequence * pass->sequence_columns;
    found.first_head = group * sharing;
    found.end_head = found.first_head + sharing;
    found.key = layer->qkv + found.column + (query_dim(shape) + group * shape->head_dim) * stride;
    found.value = found.key + kv_dim(shape) * stride;
    if (pass->model->quantized) {
        const head_limits *limits = &pass->model->limits;
        find_cache_steps(limits->key, shape->head_dim, pass->sequence_columns, stride, found.key,
                         pass->space->key_steps);
        find_cache_steps(limits->value, shape->head_dim, pass->sequence_columns, stride,
                         found.value, pass->space->value_steps);
    }
    return found;
}

/** Queries from `first` on that make a block: all of them see their cache with the same steps. */
static int block_queries(const pass *pass, int first) {
    const workspace *space = pass->space;
    const int left = pass->sequence_columns - first;
    const int most = left < QUERY_BLOCK ? left : QUERY_BLOCK;
    if (!pass->model->quantized) return most;
    int count = 1;
    while (count < most && space->key_steps[first + count] == space->key_steps[first] &&
           space->value_steps[first + count] == space->value_steps[first]) {
        count++;
    }
    return count;
}

/** The next block of a group; the blocks before it have been made, in their order. */
static attention_block block_at(const pass *pass, const attention_group *group, int first_query) {
    const workspace *space = pass->space;
    const int head_dim = pass->model->shape.head_dim;
    attention_block block;
    block.first_query = first_query;
    block.queries = block_queries(pass, first_query);
    const int end = first_query + block.queries;
    block.keys = padded_length(end);
    block.key_stride = space->stride;
    block.key = group->key;
    block.value = group->value;
    block.scale = 1.0f / __builtin_sqrtf((float)head_dim);
    if (pass->model->quantized) {
        extend_cache(head_dim, first_query, end, space->stride, group->key, space->key_steps,
                     space->score_stride, space->cached_keys);
        extend_cache(head_dim, first_query, end, space->stride, group->value, space->value_steps,
                     space->score_stride, space->cached_values);
        block.key_stride = space->score_stride;
        block.key = space->cached_keys;
        block.value = space->cached_values;
    }
    return block;
}

/** scores[queries][keys] = queries^T right over the features of a head. */
static void products(const pass *pass, const attention_block *block, const float *queries,
                     const float *right, float *scores) {
    const workspace *space = pass->space;
    gemm_nn(block->queries, block->keys, pass->model->shape.head_dim,
            transposed(queries, space->stride), right, block->key_stride, scores,
            space->score_stride, OVERWRITE, space->panel);
}

/** Keys of whole vectors that hold everything a query may see; the last may hold some future. */
static int visible_keys(const attention_block *block, int query) {
    return padded_length(block->first_query + query + 1);
}

/** Sets the entries of a row that lie in the query's future, up to `end`. */
static void fill_future(const attention_block *block, int query, int end, float *row, float value) {
    for (int key = block->first_query + query + 1; key < end; key++) row[key] = value;
}

/** Turns a row of products into attention weights; returns their log-sum-exp. */
static float softmax_row(const attention_block *block, int query, float *row) {
    const int visible = visible_keys(block, query);
    fill_future(block, query, visible, row, -1e30f);
    f32x4 largest = splat(-1e30f);
    for (int key = 0; key < visible; key += LANES) largest = maximum(largest, load(row + key));
    const float peak = largest_lane(largest) * block->scale;
    const f32x4 scale = splat(block->scale), shift = splat(-peak);
    f32x4 sums = splat(0.0f);
    for (int key = 0; key < visible; key += LANES) {
        const f32x4 weight = exponential(multiply_add(load(row + key), scale, shift));
        store(row + key, weight);
        sums += weight;
    }
    const float sum = sum_of_lanes(sums);
    const f32x4 inverse = splat(1.0f / sum);
    for (int key = 0; key < visible; key += LANES) store(row + key, load(row + key) * inverse);
    fill_future(block, query, block->keys, row, 0.0f);
    return peak + natural_logarithm(sum);
}

/** Attends with one query head; `column` is that of the first query. */
static void attend(const pass *pass, const layer_activations *layer, const attention_block *block,
                   int head, int column) {
    const workspace *space = pass->space;
    const int head_dim = pass->model->shape.head_dim, stride = space->stride;
    const int place = head * head_dim * stride + column;
    products(pass, block, layer->qkv + place, block->key, space->scores);
    for (int query = 0; query < block->queries; query++) {
        layer->log_sum_exp[head * stride + column + query] =
            softmax_row(block, query, space->scores + query * space->score_stride);
    }
    gemm_nt(head_dim, block->queries, block->keys, block->value, block->key_stride, space->scores,
            space->score_stride, layer->attended + place, stride, 1, OVERWRITE);
}

void attention_forward(const pass *pass, const layer_activations *layer) {
    const model *model = pass->model;
    const architecture *shape = &model->shape;
    for (int head = 0; model->quantized && head < shape->n_heads; head++) {
        const int stride = pass->space->stride;
        quantize_queries(model->limits.query, shape->head_dim, pass->columns, stride,
                         layer->qkv + head * shape->head_dim * stride);
    }
    for (int sequence = 0; sequence < pass->batch.sequences; sequence++) {
        for (int index = 0; index < shape->n_kv_heads; index++) {
            const attention_group group = group_at(pass, layer, sequence, index);
            for (int first = 0; first < pass->sequence_columns;) {
                const attention_block block = block_at(pass, &group, first);
                for (int head = group.first_head; head < group.end_head; head++) {
                    attend(pass, layer, &block, head, group.column + first);
                }
                first += block.queries;
            }
        }
    }
}

/**
 * For one query: products become attention weights, and the gradients of the weights become those
 * of the products. `mean_gradient` is the weighted mean of the gradients of the weights.
 */
static void softmax_row_backward(const attention_block *block, int query, float log_sum_exp,
                                 float mean_gradient, float *row, float *gradient_row) {
    const f32x4 scale = splat(block->scale), shift = splat(-log_sum_exp);
    const f32x4 mean = splat(mean_gradient);
    const int visible = visible_keys(block, query);
    for (int key = 0; key < visible; key += LANES) {
        const f32x4 weight = exponential(multiply_add(load(row + key), scale, shift));
        store(row + key, weight);
        store(gradient_row + key, weight * (load(gradient_row + key) - mean) * scale);
    }
    fill_future(block, query, block->keys, row, 0.0f);
    fill_future(block, query, block->keys, gradient_row, 0.0f);
}

/**
 * As softmax_row_backward, for one query head of a block; the results stay in the space's score
 * arrays. Activations start at the block's first query.
 */
static void scores_backward(const pass *pass, const attention_block *block, const float *query,
                            const float *attended, const float *attended_gradient,
                            const float *log_sum_exp) {
    const workspace *space = pass->space;
    const int head_dim = pass->model->shape.head_dim, stride = space->stride;
    products(pass, block, query, block->key, space->scores);
    products(pass, block, attended_gradient, block->value, space->score_gradients);
    for (int row = 0; row < block->queries; row++) {
        float mean_gradient = 0.0f;
        for (int i = 0; i < head_dim; i++) {
            mean_gradient += attended[i * stride + row] * attended_gradient[i * stride + row];
        }
        softmax_row_backward(block, row, log_sum_exp[row], mean_gradient,
                             space->scores + row * space->score_stride,
                             space->score_gradients + row * space->score_stride);
    }
}

/** Backward of `attend`: writes the gradient of the queries, adds to those of keys and values. */
static void attend_backward(const pass *pass, const layer_activations *layer,
                            const attention_group *group, const attention_block *block, int head,
                            const float *attended_gradient) {
    const workspace *space = pass->space;
    const architecture *shape = &pass->model->shape;
    const int head_dim = shape->head_dim, stride = space->stride;
    const int column = group->column + block->first_query;
    const int place = head * head_dim * stride + column;
    const float *query = layer->qkv + place, *gradient = attended_gradient + place;
    scores_backward(pass, block, query, layer->attended + place, gradient,
                    layer->log_sum_exp + head * stride + column);
    gemm_nt(head_dim, block->queries, block->keys, block->key, block->key_stride,
            space->score_gradients, space->score_stride, space->qkv_gradient + place, stride, 1,
            OVERWRITE);
    float *key_gradient = space->qkv_gradient + (group->key - layer->qkv);
    gemm_nn(head_dim, block->keys, block->queries, plain(query, stride), space->score_gradients,
            space->score_stride, key_gradient, stride, ACCUMULATE, space->panel);
    gemm_nn(head_dim, block->keys, block->queries, plain(gradient, stride), space->scores,
            space->score_stride, key_gradient + kv_dim(shape) * stride, stride, ACCUMULATE,
            space->panel);
}

void attention_backward(const pass *pass, const layer_activations *layer,
                        const float *attended_gradient) {
    const workspace *space = pass->space;
    const architecture *shape = &pass->model->shape;
    /* Key and value gradients add up over the queries of a group; query gradients are written. */
    __builtin_memset(space->qkv_gradient + query_dim(shape) * space->stride, 0,
                     2 * (unsigned long)(kv_dim(shape) * space->stride) * sizeof(float));
    for (int sequence = 0; sequence < pass->batch.sequences; sequence++) {
        for (int index = 0; index < shape->n_kv_heads; index++) {
            const attention_group group = group_at(pass, layer, sequence, index);
            for (int first = 0; first < pass->sequence_columns;) {
                const attention_block block = block_at(pass, &group, first);
                for (int head = group.first_head; head < group.end_head; head++) {
                    attend_backward(pass, layer, &group, &block, head, attended_gradient);
                }
                first += block.queries;
            }
        }
    }
}
