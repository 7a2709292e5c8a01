#include "head.h"

#include <stddef.h>

#include "gemm.h"
#include "simd.h"

#define LOGIT_STRIDE (HEAD_BLOCK + STRIDE_PADDING)

/** Marks a column whose target does not count. */
#define NOT_SCORED (-1)

/** Token id that the model should predict at a column, or NOT_SCORED. */
static int target_of(const pass *pass, int column) {
    const token_batch *batch = &pass->batch;
    const int sequence = column / pass->sequence_columns;
    const int position = column - sequence * pass->sequence_columns;
    if (position >= batch->length || position < batch->score_from) return NOT_SCORED;
    return batch->tokens[sequence * (batch->length + 1) + position + 1];
}

/** Turns four columns of logits[vocab_size][LOGIT_STRIDE] into powers, and returns their sums. */
static f32x4 powers(int vocab_size, float *logits, f32x4 *largest) {
    *largest = load(logits);
    for (int id = 1; id < vocab_size; id++) {
        *largest = maximum(*largest, load(logits + id * LOGIT_STRIDE));
    }
    f32x4 sums = splat(0.0f);
    for (int id = 0; id < vocab_size; id++) {
        float *place = logits + id * LOGIT_STRIDE;
        const f32x4 weight = exponential(load(place) - *largest);
        sums += weight;
        store(place, weight);
    }
    return sums;
}

/** Replaces the part of the gradients that draws to the targets by the teacher's distribution. */
static void draw_to_teacher(int vocab_size, float *gradients, const int targets[LANES],
                            float *teacher_logits, float scale) {
    f32x4 largest;
    const f32x4 sums = powers(vocab_size, teacher_logits, &largest);
    f32x4 factors = splat(0.0f);
    for (int lane = 0; lane < LANES; lane++) {
        if (targets[lane] == NOT_SCORED) continue;
        factors[lane] = scale / sums[lane];
        gradients[targets[lane] * LOGIT_STRIDE + lane] += scale;
    }
    for (int id = 0; id < vocab_size; id++) {
        float *place = gradients + id * LOGIT_STRIDE;
        store(place, load(place) - load(teacher_logits + id * LOGIT_STRIDE) * factors);
    }
}

/**
 * Cross-entropy of four columns of logits[vocab_size][LOGIT_STRIDE]. With `scale` not zero the
 * logits become the gradients of scale * loss.
 */
static double cross_entropy(int vocab_size, float *logits, const int targets[LANES], float scale) {
    float target_logits[LANES];
    for (int lane = 0; lane < LANES; lane++) {
        target_logits[lane] =
            targets[lane] == NOT_SCORED ? 0.0f : logits[targets[lane] * LOGIT_STRIDE + lane];
    }
    f32x4 largest;
    const f32x4 sums = powers(vocab_size, logits, &largest);

    double loss = 0.0;
    f32x4 factors = splat(0.0f);
    for (int lane = 0; lane < LANES; lane++) {
        if (targets[lane] == NOT_SCORED) continue;
        loss += (double)(natural_logarithm(sums[lane]) + (largest[lane] - target_logits[lane]));
        factors[lane] = scale / sums[lane];
    }
    if (scale == 0.0f) return loss;
    for (int id = 0; id < vocab_size; id++) {
        float *place = logits + id * LOGIT_STRIDE;
        store(place, load(place) * factors);
    }
    for (int lane = 0; lane < LANES; lane++) {
        if (targets[lane] != NOT_SCORED) logits[targets[lane] * LOGIT_STRIDE + lane] -= scale;
    }
    return loss;
}

/** Logits of the columns [first, first + count), into space->logits. */
static void block_logits(const pass *pass, int first, int count) {
    const model *model = pass->model;
    const workspace *space = pass->space;
    const int dim = model->shape.dim;
    gemm_nn(model->shape.vocab_size, count, dim,
            plain(model->weights + model->layout.classifier, dim), space->final_output + first,
            space->stride, space->logits, LOGIT_STRIDE, OVERWRITE, space->panel);
}

/** Logits and loss of the columns [first, first + count). */
static double block_loss(const pass *pass, int first, int count, float scale,
                         const teacher *teacher) {
    const int vocab_size = pass->model->shape.vocab_size;
    float *logits = pass->space->logits;
    block_logits(pass, first, count);
    if (teacher) block_logits(teacher->pass, first, count);
    double loss = 0.0;
    for (int column = 0; column < count; column += LANES) {
        int targets[LANES];
        for (int lane = 0; lane < LANES; lane++) {
            targets[lane] = target_of(pass, first + column + lane);
        }
        loss += cross_entropy(vocab_size, logits + column, targets, scale);
        if (!teacher) continue;
        draw_to_teacher(vocab_size, logits + column, targets, teacher->pass->space->logits + column,
                        scale * teacher->weight);
    }
    return loss;
}

static int block_columns(const pass *pass, int first) {
    return pass->columns - first < HEAD_BLOCK ? pass->columns - first : HEAD_BLOCK;
}

double head_loss(const pass *pass) {
    double loss = 0.0;
    for (int first = 0; first < pass->columns; first += HEAD_BLOCK) {
        loss += block_loss(pass, first, block_columns(pass, first), 0.0f, NULL);
    }
    return loss;
}

double head_loss_backward(const pass *pass, float scale, const teacher *teacher, float *gradients) {
    const model *model = pass->model;
    const workspace *space = pass->space;
    const int dim = model->shape.dim, vocab_size = model->shape.vocab_size;
    double loss = 0.0;
    for (int first = 0; first < pass->columns; first += HEAD_BLOCK) {
        const int count = block_columns(pass, first);
        loss += block_loss(pass, first, count, scale, teacher);
        gemm_nn(dim, count, vocab_size, transposed(model->weights + model->layout.classifier, dim),
                space->logits, LOGIT_STRIDE, space->input_gradient + first, space->stride,
                OVERWRITE, space->panel);
        gemm_nt(vocab_size, dim, count, space->logits, LOGIT_STRIDE, space->final_output + first,
                space->stride, gradients + model->layout.classifier, dim, 1, ACCUMULATE);
    }
    return loss;
}
