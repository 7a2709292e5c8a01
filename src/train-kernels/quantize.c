#include "quantize.h"

#include "simd.h"

/** Bits of the mantissa of a stored scale. */
#define MANTISSA_BITS 16

/** Vectors whose largest magnitude is below this count as zero; keeps every scale normal. */
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
        f32x4 scale = largest / splat((float)INT8_PEAK);
        if (kind == SCALE_POWER_OF_TWO) scale = round_up_to_power_of_two(scale);
        for (int i = 0; i < rows; i++) {
            float *place = data + i * stride + column;
            store(place, round_half_up(load(place) / scale) * scale);
        }
    }
}

/** 2^exponent, for exponents of normal doubles. */
static double power_of_two(int exponent) {
    const uint64_t bits = (uint64_t)(exponent + 1023) << 52;
    double power;
    __builtin_memcpy(&power, &bits, sizeof power);
    return power;
}

/** Greatest exponent with 2^exponent <= value, for normal doubles. */
static int binary_exponent(double value) {
    uint64_t bits;
    __builtin_memcpy(&bits, &value, sizeof bits);
    return (int)(bits >> 52 & 0x7ff) - 1023;
}

static double rounded(double value) { return __builtin_floor(value + 0.5); }

static float row_peak(int length, const float *row) {
    float largest = 0.0f;
    for (int i = 0; i < length; i++) {
        const float magnitude = __builtin_fabsf(row[i]);
        if (magnitude > largest) largest = magnitude;
    }
    return largest;
}

float parameter_peak(const parameter_chunk *chunk, const float *source) {
    return row_peak(chunk->rows * chunk->columns, source + chunk->offset);
}

int scale_exponent(int format_peak, float peak) {
    if (peak == 0.0f) return 0;
    const double scale = (double)peak / format_peak;
    const int exponent = binary_exponent(scale) - (MANTISSA_BITS - 1);
    const double mantissa = rounded(scale / power_of_two(exponent));
    return mantissa < (1 << MANTISSA_BITS) ? exponent : exponent + 1;
}

static void fake_quantize_row(int format_peak, int exponent, int length, const float *source,
                              float *target) {
    const double unit = power_of_two(exponent);
    const double scale = (double)row_peak(length, source) / format_peak;
    const double stored = rounded(scale / unit) * unit;
    for (int i = 0; i < length; i++) {
        double value = stored == 0.0 ? 0.0 : rounded((double)source[i] / stored);
        if (value > format_peak) value = format_peak;
        if (value < -format_peak) value = -format_peak;
        target[i] = (float)(value * stored);
    }
}

void fake_quantize_parameters(int format_peak, int exponent, const parameter_chunk *chunk,
                              const float *source, float *target) {
    for (int row = 0; row < chunk->rows; row++) {
        const int offset = chunk->offset + row * chunk->columns;
        if (chunk->is_matrix) {
            fake_quantize_row(format_peak, exponent, chunk->columns, source + offset,
                              target + offset);
        } else {
            __builtin_memcpy(target + offset, source + offset,
                             (unsigned long)chunk->columns * sizeof(float));
        }
    }
}
