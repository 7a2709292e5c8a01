#include "norm.h"
#include "simd.h"

/** normEpsilon of src/core/model/tensors.ts. */
#define NORM_EPSILON 1e-5f

void norm_forward(norm_kind kind, int dim, int columns, int stride, const float *source,
                  const float *gain, float *target, norm_statistics statistics) {
    const f32x4 per_feature = splat(1.0f / (float)dim);
    for (int column = 0; column < columns; column += LANES) {
        const float *x = source + column;
        f32x4 mean = splat(0.0f);
        if (kind == NORM_LAYERNORM) {
            for (int i = 0; i < dim; i++) mean += load(x + i * stride);
            mean *= per_feature;
        }
        f32x4 squares = splat(0.0f);
        for (int i = 0; i < dim; i++) {
            f32x4 centred = load(x + i * stride) - mean;
            squares = multiply_add(centred, centred, squares);
        }
        f32x4 inverse = splat(1.0f) / square_root(squares * per_feature + splat(NORM_EPSILON));
        for (int i = 0; i < dim; i++) {
            store(target + i * stride + column,
                  (load(x + i * stride) - mean) * inverse * splat(gain[i]));
        }
        store(statistics.mean + column, mean);
        store(statistics.inverse + column, inverse);
    }
}

void norm_backward(norm_kind kind, int dim, int columns, int stride, const float *source,
                   const float *gain, norm_statistics statistics, const float *target_gradient,
                   float *source_gradient, float *gain_gradient) {
    const f32x4 per_feature = splat(1.0f / (float)dim);
    /*
     * With n = (x - mean) * inverse and g = gain * dy:
     * dx = inverse * (g - n * average(g n) [- average(g), layer norm only]).
     */
    for (int column = 0; column < columns; column += LANES) {
        const f32x4 mean = load(statistics.mean + column);
        const f32x4 inverse = load(statistics.inverse + column);
        f32x4 product = splat(0.0f), total = splat(0.0f);
        for (int i = 0; i < dim; i++) {
            f32x4 g = load(target_gradient + i * stride + column) * splat(gain[i]);
            f32x4 centred = load(source + i * stride + column) - mean;
            product = multiply_add(g, centred, product);
            total += g;
        }
        /* average(g n) * inverse, to be multiplied by (x - mean). */
        const f32x4 slope = product * inverse * inverse * per_feature;
        const f32x4 shift = kind == NORM_LAYERNORM ? total * per_feature : splat(0.0f);
        for (int i = 0; i < dim; i++) {
            f32x4 g = load(target_gradient + i * stride + column) * splat(gain[i]);
            f32x4 centred = load(source + i * stride + column) - mean;
            float *place = source_gradient + i * stride + column;
            store(place, load(place) + inverse * (g - centred * slope - shift));
        }
    }
    for (int i = 0; i < dim; i++) {
        f32x4 sum = splat(0.0f);
        for (int column = 0; column < columns; column += LANES) {
            f32x4 centred = load(source + i * stride + column) - load(statistics.mean + column);
            sum = multiply_add(load(target_gradient + i * stride + column),
                               centred * load(statistics.inverse + column), sum);
        }
        gain_gradient[i] += sum_of_lanes(sum);
    }
}
