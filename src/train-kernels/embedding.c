#include "embedding.h"

void embedding_forward(const pass *pass, float *target) {
    const model *model = pass->model;
    const int dim = model->shape.dim, stride = pass->space->stride;
    const bool learned = model->shape.position == POSITION_LEARNED;
    for (int sequence = 0; sequence < pass->batch.sequences; sequence++) {
        const uint16_t *tokens = pass->batch.tokens + sequence * (pass->batch.length + 1);
        float *column = target + sequence * pass->sequence_columns;
        for (int t = 0; t < pass->sequence_columns; t++, column++) {
            if (t >= pass->batch.length) {
                for (int i = 0; i < dim; i++) column[i * stride] = 0.0f;
                continue;
            }
            const float *row = model->weights + model->layout.embedding + tokens[t] * dim;
            for (int i = 0; i < dim; i++) column[i * stride] = row[i];
            if (!learned) continue;
            const float *position = model->weights + model->layout.position + t * dim;
            for (int i = 0; i < dim; i++) column[i * stride] += position[i];
        }
    }
}

void embedding_backward(const pass *pass, const float *target_gradient, float *gradients) {
    const model *model = pass->model;
    const int dim = model->shape.dim, stride = pass->space->stride;
    const bool learned = model->shape.position == POSITION_LEARNED;
    for (int sequence = 0; sequence < pass->batch.sequences; sequence++) {
        const uint16_t *tokens = pass->batch.tokens + sequence * (pass->batch.length + 1);
        const float *column = target_gradient + sequence * pass->sequence_columns;
        for (int t = 0; t < pass->batch.length; t++, column++) {
            float *row = gradients + model->layout.embedding + tokens[t] * dim;
            for (int i = 0; i < dim; i++) row[i] += column[i * stride];
            if (!learned) continue;
            float *position = gradients + model->layout.position + t * dim;
            for (int i = 0; i < dim; i++) position[i] += column[i * stride];
        }
    }
}
