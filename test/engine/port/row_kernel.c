/*
 * Stands in for the kernel of a port: it reads whole words, sums from the last one to the first, and
 * works on a copy of the vector in scratch memory. The contract of row_kernel.h allows all of it.
 */
#include "row_kernel.h"

#include <stdlib.h>
#include <string.h>

static uint32_t words(uint32_t columns) { return (columns + 3u) / 4u; }

uint32_t sm_row_kernel_scratch_bytes(uint32_t columns) { return 4u * words(columns); }

const void *sm_row_kernel_prepare(const int8_t *vector, uint32_t columns, void *scratch) {
    return memcpy(scratch, vector, 4u * words(columns));
}

/** Element `byte` of a word that was loaded as the processor of a port loads it. */
static int32_t element(uint32_t word, uint32_t byte) { return (int8_t)(word >> 8u * byte); }

void sm_row_kernel_multiply(const sm_row_kernel_matrix *matrix, const void *prepared, uint32_t begin,
                             uint32_t end, int32_t *sums) {
    if ((uintptr_t)matrix->values % SM_ROW_KERNEL_ALIGNMENT != 0) abort();
    if ((uintptr_t)prepared % SM_ROW_KERNEL_ALIGNMENT != 0) abort();
    if (matrix->stride % SM_ROW_KERNEL_ALIGNMENT != 0 || begin % SM_ROW_KERNEL_ROWS != 0) abort();
    const uint32_t *vector = prepared;
    for (uint32_t row = begin; row < end; row++) {
        const uint32_t *values =
            (const uint32_t *)(const void *)(matrix->values + row * matrix->stride);
        int32_t sum = 0;
        for (uint32_t i = words(matrix->columns); i-- > 0;) {
            for (uint32_t byte = 0; byte < 4; byte++) {
                sum += element(values[i], byte) * element(vector[i], byte);
            }
        }
        sums[row - begin] = sum;
    }
}
