#include "model.h"

#include "attention.h"
#include "embedding.h"
#include "feed_forward.h"
#include "gemm.h"
#include "head.h"
#include "ngram.h"
#include "quantize.h"
#include "rope.h"

static unsigned long array_bytes(const pass *pass, int features) {
    return (unsigned long)features * (unsigned long)pass->space->stride * sizeof(float);
}

/** Quantises a matrix input, one scale per token. */
static void quantize_input(const pass *pass, int features, float *data) {
    if (!pass->model->quantized) return;
    fake_quantize_columns(features, pass->columns, pass->space->stride, data);
}

/** target = matrix[rows][inner] input[inner][columns], or added to it. */
static void project(const pass *pass, const float *matrix, int rows, int inner, const float *input,
                    float *target, store_mode mode) {
    gemm_nn(rows, pass->columns, inner, plain(matrix, inner), input, pass->space->stride, target,
            pass->space->stride, mode, pass->space->panel);
}

/**
 * Backward of `project`: adds the matrix's gradient to `matrix_gradient` and writes the input's to
 * `input_gradient`.
 */
static void project_backward(const pass *pass, const float *matrix, int rows, int inner,
                             const float *input, const float *target_gradient,
                             float *input_gradient, float *matrix_gradient) {
    const int stride = pass->space->stride;
    gemm_nt(rows, inner, pass->columns, target_gradient, stride, input, stride, matrix_gradient,
            inner, 1, ACCUMULATE);
    gemm_nn(inner, pass->columns, rows, transposed(matrix, inner), target_gradient, stride,
            input_gradient, stride, OVERWRITE, pass->space->panel);
}

/** Input of the output projection; the backward pass needs the unquantised form. */
static float *output_projection_input(const pass *pass, const layer_activations *layer) {
    return pass->model->quantized ? layer->attended_quantized : layer->attended;
}

/** Residual stream after a layer: the input of the next, or of the final norm. */
static float *layer_target(const pass *pass, int layer) {
    if (layer + 1 == pass->model->shape.n_layers) return pass->space->final_input;
    return workspace_layer(pass->space, layer + 1).input;
}

/** The values in an array of queries, keys and values. */
static float *values_of(const pass *pass, float *qkv) {
    const architecture *shape = &pass->model->shape;
    return qkv + (query_dim(shape) + kv_dim(shape)) * pass->space->stride;
}

static void layer_forward(const pass *pass, int index) {
    const model *model = pass->model;
    const architecture *shape = &model->shape;
    const parameter_layout *layout = &model->layout;
    const float *weights = model->weights + layout->layers + index * layout->layer_size;
    const int dim = shape->dim, stride = pass->space->stride;
    const layer_activations layer = workspace_layer(pass->space, index);
    float *target = layer_target(pass, index);

    /* 1. Rows of n-grams on the residual stream; norm, query, key, value, rows on the values. */
    if (shape->ngram.into == NGRAM_RESIDUAL) ngram_forward(pass, index, layer.input);
    norm_forward(shape->norm, dim, pass->columns, stride, layer.input,
                 weights + layout->attention_norm, layer.attention_input,
                 layer.attention_statistics);
    quantize_input(pass, dim, layer.attention_input);
    project(pass, weights + layout->qkv, qkv_dim(shape), dim, layer.attention_input, layer.qkv,
            OVERWRITE);
    if (shape->ngram.into == NGRAM_VALUES) {
        ngram_forward(pass, index, values_of(pass, layer.qkv));
    }
    /* 2. Positions. */
    if (shape->position == POSITION_ROPE) {
        rope_rotate(pass, ROTATE_FORWARD, shape->n_heads + shape->n_kv_heads, layer.qkv);
    }
    /* 3. Attention, back onto the residual stream. */
    attention_forward(pass, &layer);
    float *attended = output_projection_input(pass, &layer);
    if (attended != layer.attended) {
        __builtin_memcpy(attended, layer.attended, array_bytes(pass, query_dim(shape)));
    }
    quantize_input(pass, query_dim(shape), attended);
    __builtin_memcpy(layer.middle, layer.input, array_bytes(pass, dim));
    project(pass, weights + layout->output, dim, query_dim(shape), attended, layer.middle,
            ACCUMULATE);
    /* 4. Norm, feed-forward, back onto the residual stream. */
    norm_forward(shape->norm, dim, pass->columns, stride, layer.middle, weights + layout->ffn_norm,
                 layer.ffn_input, layer.ffn_statistics);
    quantize_input(pass, dim, layer.ffn_input);
    project(pass, weights + layout->ffn_in, ffn_rows(shape), dim, layer.ffn_input, layer.ffn_in,
            OVERWRITE);
    feed_forward(shape, pass->columns, stride, layer.ffn_in, layer.hidden);
    quantize_input(pass, shape->hidden_dim, layer.hidden);
    __builtin_memcpy(target, layer.middle, array_bytes(pass, dim));
    project(pass, weights + layout->down, dim, shape->hidden_dim, layer.hidden, target, ACCUMULATE);
}

/** Turns space->residual_gradient from the gradient after the layer into that before it. */
static void layer_backward(const pass *pass, int index, float *gradients) {
    const model *model = pass->model;
    const architecture *shape = &model->shape;
    const parameter_layout *layout = &model->layout;
    const int offset = layout->layers + index * layout->layer_size;
    const float *weights = model->weights + offset;
    float *weight_gradients = gradients + offset;
    const workspace *space = pass->space;
    const int dim = shape->dim, stride = space->stride;
    const layer_activations layer = workspace_layer(pass->space, index);

    /* 4. The gradient of `hidden` goes where that of `up` will be; see feed_forward_backward. */
    float *hidden_gradient = space->ffn_gradient + (ffn_rows(shape) - shape->hidden_dim) * stride;
    project_backward(pass, weights + layout->down, dim, shape->hidden_dim, layer.hidden,
                     space->residual_gradient, hidden_gradient, weight_gradients + layout->down);
    feed_forward_backward(shape, pass->columns, stride, layer.ffn_in, space->ffn_gradient);
    project_backward(pass, weights + layout->ffn_in, ffn_rows(shape), dim, layer.ffn_input,
                     space->ffn_gradient, space->input_gradient, weight_gradients + layout->ffn_in);
    norm_backward(shape->norm, dim, pass->columns, stride, layer.middle, weights + layout->ffn_norm,
                  layer.ffn_statistics, space->input_gradient, space->residual_gradient,
                  weight_gradients + layout->ffn_norm);
    /* 3. */
    project_backward(pass, weights + layout->output, dim, query_dim(shape),
                     output_projection_input(pass, &layer), space->residual_gradient,
                     space->input_gradient, weight_gradients + layout->output);
    attention_backward(pass, &layer, space->input_gradient);
    /* 2. */
    if (shape->position == POSITION_ROPE) {
        rope_rotate(pass, ROTATE_BACK, shape->n_heads + shape->n_kv_heads, space->qkv_gradient);
    }
    /* 1. */
    if (shape->ngram.into == NGRAM_VALUES) {
        ngram_backward(pass, index, values_of(pass, space->qkv_gradient));
    }
    project_backward(pass, weights + layout->qkv, qkv_dim(shape), dim, layer.attention_input,
                     space->qkv_gradient, space->input_gradient, weight_gradients + layout->qkv);
    norm_backward(shape->norm, dim, pass->columns, stride, layer.input,
                  weights + layout->attention_norm, layer.attention_statistics,
                  space->input_gradient, space->residual_gradient,
                  weight_gradients + layout->attention_norm);
    if (shape->ngram.into == NGRAM_RESIDUAL) {
        ngram_backward(pass, index, space->residual_gradient);
    }
}

void model_forward(const pass *pass) {
    const model *model = pass->model;
    const workspace *space = pass->space;
    embedding_forward(pass, layer_target(pass, -1));
    for (int layer = 0; layer < model->shape.n_layers; layer++) layer_forward(pass, layer);
    norm_forward(model->shape.norm, model->shape.dim, pass->columns, space->stride,
                 space->final_input, model->weights + model->layout.final_norm, space->final_output,
                 space->final_statistics);
    quantize_input(pass, model->shape.dim, space->final_output);
}

double model_loss(const model *model, workspace *space, token_batch batch) {
    const pass pass = pass_over(model, space, batch);
    model_forward(&pass);
    return head_loss(&pass);
}

double model_loss_backward(const model *model, workspace *space, token_batch batch, float scale,
                           const teacher *teacher, float *gradients) {
    const pass pass = pass_over(model, space, batch);
    model_forward(&pass);
    const double loss = head_loss_backward(&pass, scale, teacher, gradients);
    const int dim = model->shape.dim;
    __builtin_memset(space->residual_gradient, 0, array_bytes(&pass, dim));
    norm_backward(model->shape.norm, dim, pass.columns, space->stride, space->final_input,
                  model->weights + model->layout.final_norm, space->final_statistics,
                  space->input_gradient, space->residual_gradient,
                  gradients + model->layout.final_norm);
    for (int layer = model->shape.n_layers - 1; layer >= 0; layer--) {
        layer_backward(&pass, layer, gradients);
    }
    embedding_backward(&pass, space->residual_gradient, gradients);
    return loss;
}
