#include "adamw.h"
#include "simd.h"

double reduce_gradients(const parameter_chunk *chunk, float *gradients, int slots, int slot_size) {
    const int length = chunk->rows * chunk->columns;
    float *total = gradients + chunk->offset;
    f32x4 squares = splat(0.0f);
    int i = 0;
    for (; i + LANES <= length; i += LANES) {
        f32x4 sum = load(total + i);
        for (int slot = 1; slot < slots; slot++) sum += load(total + i + slot * slot_size);
        store(total + i, sum);
        squares = multiply_add(sum, sum, squares);
    }
    double norm_squared = (double)sum_of_lanes(squares);
    for (; i < length; i++) {
        float sum = total[i];
        for (int slot = 1; slot < slots; slot++) sum += total[i + slot * slot_size];
        total[i] = sum;
        norm_squared += (double)sum * (double)sum;
    }
    return norm_squared;
}

void adamw_update(const parameter_chunk *chunk, const training_step *step, float gradient_scale,
                  const float *gradients, float *parameters, float *first_moments,
                  float *second_moments) {
    const float rate = step->learning_rate;
    const float beta1 = step->beta1, beta2 = step->beta2;
    const float decay = chunk->is_matrix ? step->weight_decay : 0.0f;
    const int end = chunk->offset + chunk->rows * chunk->columns;
    for (int i = chunk->offset; i < end; i++) {
        const float gradient = gradients[i] * gradient_scale;
        const float first = beta1 * first_moments[i] + (1.0f - beta1) * gradient;
        const float second = beta2 * second_moments[i] + (1.0f - beta2) * gradient * gradient;
        first_moments[i] = first;
        second_moments[i] = second;
        const float direction = first * step->first_correction /
                                (__builtin_sqrtf(second * step->second_correction) + ADAMW_EPSILON);
        parameters[i] -= rate * (direction + decay * parameters[i]);
    }
}
