#include "attention.h"
#include "gemm.h"
#include "simd.h"

/** One query head over one block of queries of one sequence. Arrays start at the sequence. */
typedef struct {
    int first_query; /* position of the first query of the block */
    int queries;     /* of the block; a multiple of 4 */
    int keys;        /* positions that any query of the block may see */
    const float *query, *key, *value;
    float scale;
} attention_block;

static int block_queries(const pass *pass, int first_query) {
    const int left = pass->sequence_columns - first_query;
    return left < QUERY_BLOCK ? left : QUERY_BLOCK;
}

/** Features before those of a head, in arrays shaped like qkv. */
typedef struct {
    int query, key, value;
} head_features;

static head_features features_of(const architecture *shape, int head) {
    const int group = head / (shape->n_heads / shape->n_kv_heads);
    head_features features;
    features.query = head * shape->head_dim;
    features.key = query_dim(shape) + group * shape->head_dim;
    features.value = features.key + kv_dim(shape);
    return features;
}

static attention_block block_at(const pass *pass, const layer_activations *layer, int head,
                                int sequence, int first_query) {
    const head_features features = features_of(&pass->model->shape, head);
    const int stride = pass->space->stride;
    const float *start = layer->qkv + sequence * pass->sequence_columns;
    attention_block block;
    block.first_query = first_query;
    block.queries = block_queries(pass, first_query);
    block.keys = first_query + block.queries;
    block.query = start + features.query * stride;
    block.key = start + features.key * stride;
    block.value = start + features.value * stride;
    block.scale = 1.0f / __builtin_sqrtf((float)pass->model->shape.head_dim);
    return block;
}

/** scores[queries][keys] = left^T right over the features of a head. */
static void products(const pass *pass, const attention_block *block, const float *left,
                     const float *right, float *scores) {
    const workspace *space = pass->space;
    gemm_nn(block->queries, block->keys, pass->model->shape.head_dim,
            transposed(left + block->first_query, space->stride), right, space->stride, scores,
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

void attention_forward(const pass *pass, const layer_activations *layer) {
    const workspace *space = pass->space;
    const int head_dim = pass->model->shape.head_dim, stride = space->stride;
    for (int sequence = 0; sequence < pass->batch.sequences; sequence++) {
        for (int head = 0; head < pass->model->shape.n_heads; head++) {
            for (int first = 0; first < pass->sequence_columns; first += QUERY_BLOCK) {
                const attention_block block = block_at(pass, layer, head, sequence, first);
                const int column = sequence * pass->sequence_columns + first;
                products(pass, &block, block.query, block.key, space->scores);
                for (int query = 0; query < block.queries; query++) {
                    layer->log_sum_exp[head * stride + column + query] =
                        softmax_row(&block, query, space->scores + query * space->score_stride);
                }
                gemm_nt(head_dim, block.queries, block.keys, block.value, stride, space->scores,
                        space->score_stride, layer->attended + head * head_dim * stride + column,
                        stride, 1, OVERWRITE);
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
 * As softmax_row_backward, for all queries of a block; the results stay in the space's score
 * arrays.
 */
static void block_scores_backward(const pass *pass, const layer_activations *layer,
                                  const attention_block *block, int head, int column,
                                  const float *attended_gradient) {
    const workspace *space = pass->space;
    const int head_dim = pass->model->shape.head_dim, stride = space->stride;
    products(pass, block, block->query, block->key, space->scores);
    products(pass, block, attended_gradient - block->first_query, block->value,
             space->score_gradients);
    const float *attended = layer->attended + head * head_dim * stride + column;
    for (int query = 0; query < block->queries; query++) {
        float mean_gradient = 0.0f;
        for (int i = 0; i < head_dim; i++) {
            mean_gradient += attended[i * stride + query] * attended_gradient[i * stride + query];
        }
        softmax_row_backward(block, query, layer->log_sum_exp[head * stride + column + query],
                             mean_gradient, space->scores + query * space->score_stride,
                             space->score_gradients + query * space->score_stride);
    }
}

void attention_backward(const pass *pass, const layer_activations *layer,
                        const float *attended_gradient) {
    const workspace *space = pass->space;
    const architecture *shape = &pass->model->shape;
    const int head_dim = shape->head_dim, stride = space->stride;
    /* Key and value gradients add up over the queries of a group; query gradients are written. */
    __builtin_memset(space->qkv_gradient + query_dim(shape) * stride, 0,
                     2 * (unsigned long)(kv_dim(shape) * stride) * sizeof(float));
    for (int sequence = 0; sequence < pass->batch.sequences; sequence++) {
        float *gradients = space->qkv_gradient + sequence * pass->sequence_columns;
        for (int head = 0; head < shape->n_heads; head++) {
            const head_features features = features_of(shape, head);
            for (int first = 0; first < pass->sequence_columns; first += QUERY_BLOCK) {
                const attention_block block = block_at(pass, layer, head, sequence, first);
                const int column = sequence * pass->sequence_columns + first;
                const float *block_gradient = attended_gradient + head * head_dim * stride + column;
                block_scores_backward(pass, layer, &block, head, column, block_gradient);
                gemm_nt(head_dim, block.queries, block.keys, block.key, stride,
                        space->score_gradients, space->score_stride,
                        gradients + features.query * stride + first, stride, 1, OVERWRITE);
                gemm_nn(head_dim, block.keys, block.queries, plain(block.query + first, stride),
                        space->score_gradients, space->score_stride,
                        gradients + features.key * stride, stride, ACCUMULATE, space->panel);
                gemm_nn(head_dim, block.keys, block.queries, plain(block_gradient, stride),
                        space->scores, space->score_stride, gradients + features.value * stride,
                        stride, ACCUMULATE, space->panel);
            }
        }
    }
}
