#include "rope.h"
#include "simd.h"

void rope_rotate(const pass *pass, rotation direction, int heads, float *data) {
    const model *model = pass->model;
    const int head_dim = model->shape.head_dim, stride = pass->space->stride;
    const int pairs = head_dim / 2;
    const f32x4 sign = splat(direction == ROTATE_FORWARD ? 1.0f : -1.0f);
    for (int head = 0; head < heads; head++) {
        for (int pair = 0; pair < pairs; pair++) {
            const float *cosines = model->rope_cosine + pair * model->rope_stride;
            const float *sines = model->rope_sine + pair * model->rope_stride;
            float *first = data + (head * head_dim + pair) * stride;
            float *second = first + pairs * stride;
            for (int sequence = 0; sequence < pass->batch.sequences; sequence++) {
                for (int t = 0; t < pass->sequence_columns; t += LANES) {
                    const f32x4 cosine = load(cosines + t), sine = load(sines + t) * sign;
                    const f32x4 a = load(first + t), b = load(second + t);
                    store(first + t, a * cosine - b * sine);
                    store(second + t, b * cosine + a * sine);
                }
                first += pass->sequence_columns;
                second += pass->sequence_columns;
            }
        }
    }
}
