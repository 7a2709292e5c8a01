#include "row_kernel.h"

#include "placement.h"

uint32_t sm_row_kernel_scratch_bytes(uint32_t columns) {
    (void)columns;
    return 0;
}

const void *sm_row_kernel_prepare(const int8_t *vector, uint32_t columns, void *scratch) {
    (void)columns;
    (void)scratch;
    return vector;
}

/** Products of four rows with one vector: each element of the vector is loaded once for the four.
 */
SM_HOT static void multiply_four_rows(const int8_t *row0, uint32_t stride, uint32_t columns,
                                      const int8_t *vector, int32_t sums[4]) {
    const int8_t *row1 = row0 + stride;
    const int8_t *row2 = row1 + stride;
    const int8_t *row3 = row2 + stride;
    int32_t sum0 = 0, sum1 = 0, sum2 = 0, sum3 = 0;
    for (uint32_t i = 0; i < columns; i++) {
        const int32_t element = vector[i];
        sum0 += row0[i] * element;
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

SM_HOT void sm_row_kernel_multiply(const sm_row_kernel_matrix *matrix, const void *prepared,
                                   uint32_t begin, uint32_t end, int32_t *sums) {
    const uint32_t stride = matrix->stride;
    const uint32_t columns = matrix->columns;
    const int8_t *vector = prepared;
    const int8_t *row = (const int8_t *)matrix->values + begin * stride;
    uint32_t left = end - begin;
    for (; left >= 4; left -= 4) {
        multiply_four_rows(row, stride, columns, vector, sums);
        row += 4 * stride;
        sums += 4;
    }
    for (; left > 0; left--) {
        *sums++ = multiply_row(row, columns, vector);
        row += stride;
    }
}
