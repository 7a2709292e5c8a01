#include <string.h>

#include "arithmetic.h"
#include "pico.h"

static const float *taken;

static void __not_in_flash_func(take)(const float *vector, uint32_t count) {
    (void)count;
    taken = vector;
}

static void __not_in_flash_func(multiply)(const matrix *m, float *output) {
    const float *values = m->values;
    for (uint32_t row = 0; row < m->rows; row++) {
        float sum = 0;
        for (uint32_t i = 0; i < m->columns; i++) sum += values[i] * taken[i];
        output[row] = sum;
        values += m->columns;
    }
}

static void read_row(const matrix *m, uint32_t index, float *output) {
    memcpy(output, (const float *)m->values + index * m->columns, m->columns * sizeof(float));
}

const arithmetic float_arithmetic = {take, multiply, read_row};
