#include "matrix.h"

#include "engine.h"
#include "placement.h"
#include "sections.h"

/**
 * Products of four rows with one vector: each element of the vector is loaded once for the four.
 * 127 * 127 * SM_MAX_WIDTH < 2^30, so that a sum never overflows and sm_multiply takes it.
 */
SM_HOT static void multiply_four_rows(const int8_t *rows, uint32_t columns, const int8_t *vector,
                                      int32_t sums[4]) {
    const int8_t *row1 = rows + columns;
    const int8_t *row2 = row1 + columns;
    const int8_t *row3 = row2 + columns;
    int32_t sum0 = 0, sum1 = 0, sum2 = 0, sum3 = 0;
    for (uint32_t i = 0; i < columns; i++) {
        const int32_t element = vector[i];
        sum0 += rows[i] * element;
        sum1 += row1[i] * element;
        sum2 += row2[i] * element;
        sum3 += row3[i] * element;
    }
    sums[0] = sum0;
    sums[1] = sum1;
    sums[2] = sum2;
    sums[3] = sum3;
}

SM_HOT static int32_t multiply_row(const int8_t *row, uint32_t columns, const int8_t *vector) {
    int32_t sum = 0;
    for (uint32_t i = 0; i < columns; i++) sum += row[i] * vector[i];
    return sum;
}

SM_HOT static void multiply(const sm_model *model, const sm_tensor *matrix, const int8_t *vector,
                            sm_scale scale, bool add, int32_t *output) {
    const int8_t *values = sm_int8_values(model, matrix);
    const uint16_t *row_scales = sm_row_scales(model, matrix);
    const uint32_t columns = matrix->columns;
    /* Row scale and vector scale meet in 16 bits; 2^16 of their product is dropped. */
    const int32_t exponent = matrix->exponent + scale.exponent + 16 + SM_FRACTION_BITS;
    int32_t sums[4];
    for (uint32_t row = 0; row < matrix->rows; row += 4) {
        const uint32_t count = matrix->rows - row < 4 ? matrix->rows - row : 4;
        const int8_t *first = values + row * columns;
        if (count == 4) {
            multiply_four_rows(first, columns, vector, sums);
        } else {
            for (uint32_t i = 0; i < count; i++) {
                sums[i] = multiply_row(first + i * columns, columns, vector);
            }
        }
        for (uint32_t i = 0; i < count; i++) {
            const uint32_t mantissa = (row_scales[row + i] * scale.mantissa + 0x8000u) >> 16;
            const int32_t value = sm_multiply(sums[i], mantissa, exponent);
            output[row + i] = add ? sm_clamp(output[row + i] + value) : value;
        }
    }
}

SM_HOT void sm_matrix_multiply(const sm_model *model, const sm_tensor *matrix, const int8_t *vector,
                               sm_scale scale, int32_t *output) {
    multiply(model, matrix, vector, scale, false, output);
}

SM_HOT void sm_matrix_accumulate(const sm_model *model, const sm_tensor *matrix,
                                 const int8_t *vector, sm_scale scale, int32_t *output) {
    multiply(model, matrix, vector, scale, true, output);
}

SM_HOT void sm_matrix_row(const sm_model *model, const sm_tensor *matrix, uint32_t row, bool add,
                          int32_t *output) {
    const int8_t *values = sm_int8_values(model, matrix) + row * matrix->columns;
    const uint32_t mantissa = sm_row_scales(model, matrix)[row];
    for (uint32_t i = 0; i < matrix->columns; i++) {
        /* Moved up 16 bits, the element loses nothing to the low half that sm_multiply drops. */
        const int32_t value = sm_multiply((int32_t)values[i] * 65536, mantissa,
                                          matrix->exponent + SM_FRACTION_BITS - 16);
        output[i] = add ? sm_clamp(output[i] + value) : value;
    }
}
