#include "quantize.h"

#include "simd.h"

/** Bits of the mantissa of a stored scale. */
#define MANTISSA_BITS 16

void fake_quantize_columns(int rows, int columns, int stride, float *data) {
    for (int column = 0; column < columns; column += LANES) {
        f32x4 largest = splat(SMALLEST_MAGNITUDE);
        for (int i = 0; i < rows; i++) {
            largest = maximum(largest, absolute(load(data + i * stride + column)));
        }
        const f32x4 scale = largest / splat((float)VECTOR_PEAK);
        const f32x4 inverse = splat((float)VECTOR_PEAK) / largest;
        for (int i = 0; i < rows; i++) {
            float *place = data + i * stride + column;
            store(place, round_half_up(load(place) * inverse) * scale);
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

static double row_mean(int length, const float *row) {
    double sum = 0.0;
    for (int i = 0; i < length; i++) sum += (double)__builtin_fabsf(row[i]);
    return sum / length;
}

static const struct {
    int peak;
    bool of_mean;
    double divisor;
} formats[] = {
#define FORMAT(format, peak, of_mean, divisor) [format] = {peak, of_mean, divisor},
    WEIGHT_FORMATS(FORMAT)
#undef FORMAT
};

/** Scale of a row before it is stored. */
static double row_scale(weight_format format, int length, const float *row) {
    const double magnitude =
        formats[format].of_mean ? row_mean(length, row) : (double)row_peak(length, row);
    return magnitude / formats[format].divisor;
}

double largest_row_scale(weight_format format, const parameter_chunk *chunk, const float *source) {
    double largest = 0.0;
    if (!chunk->is_matrix) return largest;
    for (int row = 0; row < chunk->rows; row++) {
        const float *values = source + chunk->offset + row * chunk->columns;
        const double scale = row_scale(format, chunk->columns, values);
        if (scale > largest) largest = scale;
    }
    return largest;
}

int scale_exponent(double scale) {
    if (scale == 0.0) return 0;
    const int exponent = binary_exponent(scale) - (MANTISSA_BITS - 1);
    const double mantissa = rounded(scale / power_of_two(exponent));
    return mantissa < (1 << MANTISSA_BITS) ? exponent : exponent + 1;
}

static void fake_quantize_row(weight_format format, int exponent, int length, const float *source,
                              float *target) {
    const double unit = power_of_two(exponent);
    const double stored = rounded(row_scale(format, length, source) / unit) * unit;
    const double format_peak = formats[format].peak;
    for (int i = 0; i < length; i++) {
        double value = stored == 0.0 ? 0.0 : rounded((double)source[i] / stored);
        if (value > format_peak) value = format_peak;
        if (value < -format_peak) value = -format_peak;
        target[i] = (float)(value * stored);
    }
}

void fake_quantize_parameters(weight_format format, int exponent, const parameter_chunk *chunk,
                              const float *source, float *target) {
    for (int row = 0; row < chunk->rows; row++) {
        const int offset = chunk->offset + row * chunk->columns;
        if (chunk->is_matrix) {
            fake_quantize_row(format, exponent, chunk->columns, source + offset, target + offset);
        } else {
            __builtin_memcpy(target + offset, source + offset,
                             (unsigned long)chunk->columns * sizeof(float));
        }
    }
}

/** Scales of rows that are stored alone: 16 to 31, shifted by up to 15, in steps of 2^-16. */
#define LEAST_MANTISSA 16.0
#define MOST_MANTISSA 31.0
#define MOST_SHIFT 15
#define SCALE_STEP 0x1p-16

double lone_row_scale(double divisor, int length, const float *row) {
    const double wanted = (double)row_peak(length, row) / divisor / SCALE_STEP;
    int shift = 0;
    while (shift < MOST_SHIFT && wanted >= (MOST_MANTISSA + 0.5) * (double)(1 << shift)) shift++;
    const double unit = (double)(1 << shift);
    double mantissa = rounded(wanted / unit);
    if (mantissa < LEAST_MANTISSA) mantissa = LEAST_MANTISSA;
    if (mantissa > MOST_MANTISSA) mantissa = MOST_MANTISSA;
    return mantissa * unit * SCALE_STEP;
}

float round_to_scale(float value, double scale, int peak) {
    double number = rounded((double)value / scale);
    if (number > peak) number = peak;
    if (number < -peak) number = -peak;
    return (float)(number * scale);
}
