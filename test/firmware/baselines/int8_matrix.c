#include <math.h>

#include "arithmetic.h"
#include "pico.h"

static int8_t taken[MOST_COLUMNS];
static float taken_scale;

static void __not_in_flash_func(take)(const float *vector, uint32_t count) {
    float peak = 0;
    for (uint32_t i = 0; i < count; i++) {
        const float size = fabsf(vector[i]);
        if (size > peak) peak = size;
    }
    taken_scale = peak / 127.0f;
    const float inverse = peak > 0 ? 127.0f / peak : 0;
    for (uint32_t i = 0; i < count; i++) {
        const float value = vector[i] * inverse;
        taken[i] = (int8_t)(int32_t)(value < 0 ? value - 0.5f : value + 0.5f);
    }
}

static void __not_in_flash_func(multiply)(const matrix *m, float *output) {
    const int8_t *values = m->values;
    for (uint32_t row = 0; row < m->rows; row++) {
        int32_t sum = 0;
        for (uint32_t i = 0; i < m->columns; i++) sum += values[i] * taken[i];
        output[row] = (float)sum * (m->scales[row] * taken_scale);
        values += m->columns;
    }
}

static void read_row(const matrix *m, uint32_t index, float *output) {
    const int8_t *values = (const int8_t *)m->values + index * m->columns;
    for (uint32_t i = 0; i < m->columns; i++) output[i] = (float)values[i] * m->scales[index];
}

const arithmetic int8_arithmetic = {take, multiply, read_row};
