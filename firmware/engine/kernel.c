/* What is the same for the kernels of every port: sizes, and the unpacking of a row. */
#include "kernel.h"

#include "kernel_layout.h"
#include "placement.h"

static uint32_t blocks(uint32_t columns) {
    return (columns + SM_KERNEL_COLUMNS - 1) / SM_KERNEL_COLUMNS;
}

static uint32_t round_up(uint32_t columns, uint32_t multiple) {
    return (columns + multiple - 1) / multiple * multiple;
}

uint32_t sm_kernel_int8_tile_bytes(uint32_t columns) {
    return INT8_COLUMN_BYTES * round_up(columns, INT8_PADDING);
}

uint32_t sm_kernel_int4_tile_bytes(uint32_t columns) {
    return INT4_COLUMN_BYTES * round_up(columns, INT4_PADDING);
}

uint32_t sm_kernel_ternary_tile_bytes(uint32_t columns) {
    return TERNARY_BLOCK_BYTES * (round_up(columns, TERNARY_COLUMNS) / TERNARY_COLUMNS);
}

uint32_t sm_kernel_int8_scratch_bytes(uint32_t columns) {
    return 4 * round_up(columns, INT8_PADDING) + INT8_BLOCK_HEADER_BYTES * blocks(columns);
}

uint32_t sm_kernel_int4_scratch_bytes(uint32_t columns) {
    return 4 * round_up(columns, INT4_PADDING) + INT4_BLOCK_HEADER_BYTES * blocks(columns);
}

uint32_t sm_kernel_ternary_scratch_bytes(uint32_t columns) {
    return TERNARY_TABLE_BYTES * (round_up(columns, TERNARY_COLUMNS) / TERNARY_COLUMNS);
}

static const uint8_t *tile_of(const sm_kernel_matrix *matrix, uint32_t row) {
    return matrix->tiles + row / SM_KERNEL_ROWS * matrix->tile_bytes;
}

SM_HOT void sm_kernel_int8_row(const sm_kernel_matrix *matrix, uint32_t row, int8_t *values) {
    const uint8_t *byte = tile_of(matrix, row) + row % SM_KERNEL_ROWS;
    int8_t *const end = values + matrix->columns;
    for (; values < end; byte += INT8_COLUMN_BYTES) *values++ = (int8_t)(*byte - 128);
}

SM_HOT void sm_kernel_int4_row(const sm_kernel_matrix *matrix, uint32_t row, int8_t *values) {
    const uint8_t *byte = tile_of(matrix, row) + row % SM_KERNEL_ROWS / 2;
    const uint32_t shift = row % 2 * 4;
    int8_t *const end = values + matrix->columns;
    for (; values < end; byte += INT4_COLUMN_BYTES) *values++ = (int8_t)((*byte >> shift & 15) - 8);
}

/* One loop, which compilers leave as small as it is: hot code takes SRAM. */
SM_HOT void sm_kernel_ternary_row(const sm_kernel_matrix *matrix, uint32_t row, int8_t *values) {
    const uint32_t *word =
        (const uint32_t *)(const void *)tile_of(matrix, row) + row % SM_KERNEL_ROWS;
    const uint32_t columns = matrix->columns;
    uint32_t indexes = 0;
    uint32_t index = 0;
    for (uint32_t i = 0; i < columns; i++) {
        if (i % TERNARY_COLUMNS == 0) {
            indexes = *word >> TERNARY_FIRST_INDEX_BIT;
            word += SM_KERNEL_ROWS;
        }
        if (i % TERNARY_GROUP_COLUMNS == 0) {
            index = indexes & TERNARY_INDEX_MASK;
            indexes >>= TERNARY_INDEX_BITS;
        }
        const uint32_t third = index * 86 >> 8; /* index / 3, as index < 128 */
        *values++ = (int8_t)((int32_t)(index - 3 * third) - 1);
        index = third;
    }
}
