#include "quantize.h"
#include "simd.h"

#define INT8_LIMIT 127.0f

/** Vectors whose largest magnitude is below this are taken as zero; keeps every scale normal. */
#define SMALLEST_MAGNITUDE 1e-30f

/** Rounds positive normal floats up to a power of two: the mantissa carries into the exponent. */
ALWAYS_INLINE f32x4 round_up_to_power_of_two(f32x4 x) {
    const i32x4 mantissa = {0x7fffff, 0x7fffff, 0x7fffff, 0x7fffff};
    return (f32x4)(((i32x4)x + mantissa) & ~mantissa);
}

void fake_quantize_columns(scale_kind kind, int rows, int columns, int stride, float *data) {
    for (int column = 0; column < columns; column += LANES) {
        f32x4 largest = splat(SMALLEST_MAGNITUDE);
        for (int i = 0; i < rows; i++) {
            largest = maximum(largest, absolute(load(data + i * stride + column)));
        }
        f32x4 scale = largest / splat(INT8_LIMIT);
        if (kind == SCALE_POWER_OF_TWO) scale = round_up_to_power_of_two(scale);
        for (int i = 0; i < rows; i++) {
            float *place = data + i * stride + column;
            store(place, nearest(load(place) / scale) * scale);
        }
    }
}

static void fake_quantize_row(int length, const float *source, float *target) {
    float largest = SMALLEST_MAGNITUDE;
    for (int i = 0; i < length; i++) {
        const float magnitude = __builtin_fabsf(source[i]);
        if (magnitude > largest) largest = magnitude;
    }
    const float scale = largest / INT8_LIMIT;
    for (int i = 0; i < length; i++) target[i] = __builtin_rintf(source[i] / scale) * scale;
}

void fake_quantize_parameters(const parameter_chunk *chunk, const float *source, float *target) {
    for (int row = 0; row < chunk->rows; row++) {
        const int offset = chunk->offset + row * chunk->columns;
        if (chunk->is_matrix) {
            fake_quantize_row(chunk->columns, source + offset, target + offset);
        } else {
            __builtin_memcpy(target + offset, source + offset,
                             (unsigned long)chunk->columns * sizeof(float));
        }
    }
}
