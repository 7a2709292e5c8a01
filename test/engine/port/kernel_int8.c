/*
 * Stands in for the kernel of a port: it reads whole words, sums biased bytes from the last column to
 * the first, and corrects the sums by those of the elements, which it has in scratch memory for each
 * SM_KERNEL_COLUMNS columns. The contract of kernel.h allows all of it.
 */
#include "kernel.h"

#include <stdlib.h>

static uint32_t words(uint32_t columns) { return (columns + 3u) / 4u * 4u; }

void sm_kernel_int8_prepare(const int8_t *vector, uint32_t columns, uint32_t begin, uint32_t end,
                            void *scratch) {
    if ((uintptr_t)vector % SM_KERNEL_ALIGNMENT != 0) abort();
    if ((uintptr_t)scratch % SM_KERNEL_ALIGNMENT != 0) abort();
    if (begin % SM_KERNEL_COLUMNS != 0) abort();
    if (end % SM_KERNEL_COLUMNS != 0 && end != columns) abort();
    int32_t *elements = scratch;
    int32_t *block_sums = elements + words(columns);
    for (uint32_t i = begin; i < words(end); i++) {
        if (i % SM_KERNEL_COLUMNS == 0) block_sums[i / SM_KERNEL_COLUMNS] = 0;
        block_sums[i / SM_KERNEL_COLUMNS] += vector[i];
        elements[i] = vector[i];
    }
}

void sm_kernel_int8_multiply(const sm_kernel_matrix *matrix, const void *prepared, uint32_t begin,
                             uint32_t end, int32_t *sums) {
    if ((uintptr_t)matrix->tiles % SM_KERNEL_ALIGNMENT != 0) abort();
    if (matrix->tile_bytes % SM_KERNEL_ALIGNMENT != 0 || begin % SM_KERNEL_ROWS != 0) abort();
    const int32_t *elements = prepared;
    const uint32_t columns = words(matrix->columns);
    const int32_t *block_sums = elements + columns;
    int32_t correction = 0;
    for (uint32_t i = 0; i < columns; i += SM_KERNEL_COLUMNS) correction += *block_sums++ * 128;
    for (uint32_t row = begin; row < end || row % SM_KERNEL_ROWS != 0; row++) {
        const uint32_t *tile = (const uint32_t *)(const void *)(matrix->tiles +
                                                                row / 8 * matrix->tile_bytes);
        int32_t sum = 0;
        for (uint32_t i = columns; i-- > 0;) {
            const uint32_t word = tile[2 * i + row % 8 / 4];
            sum += (int32_t)(word >> 8 * (row % 4) & 255u) * elements[i];
        }
        *sums++ = sum - correction;
    }
}
