#include "kernel.h"

#include "kernel_layout.h"
#include "placement.h"

/*
 * Prepared: for each block of TERNARY_COLUMNS columns the sums of the elements of each group, plus
 * TERNARY_BIAS, for every index: uint16_t [TERNARY_ENTRIES][TERNARY_GROUPS].
 */
#define BLOCK_ENTRIES (TERNARY_ENTRIES * TERNARY_GROUPS)
_Static_assert(BLOCK_ENTRIES * sizeof(uint16_t) == TERNARY_TABLE_BYTES, "table size");

/** The table of one group: each further column makes it three times as long. */
static void build_table(const int8_t *elements, uint16_t *table) {
    int32_t first = TERNARY_BIAS;
    for (uint32_t i = 0; i < TERNARY_GROUP_COLUMNS; i++) first -= elements[i];
    table[0] = (uint16_t)first;
    uint32_t count = 1;
    for (uint32_t i = 0; i < TERNARY_GROUP_COLUMNS; i++) {
        for (uint32_t entry = count; entry < 3 * count; entry++) {
            table[entry * TERNARY_GROUPS] =
                (uint16_t)(table[(entry - count) * TERNARY_GROUPS] + elements[i]);
        }
        count *= 3;
    }
}

SM_HOT void sm_kernel_ternary_prepare(const int8_t *vector, uint32_t columns, uint32_t begin,
                                      uint32_t end, void *scratch) {
    (void)columns;
    uint16_t *table = (uint16_t *)scratch + begin / TERNARY_COLUMNS * BLOCK_ENTRIES;
    for (uint32_t i = begin; i < end; i += TERNARY_COLUMNS) {
        for (uint32_t group = 0; group < TERNARY_GROUPS; group++) {
            build_table(vector + i + group * TERNARY_GROUP_COLUMNS, table + group);
        }
        table += BLOCK_ENTRIES;
    }
}

SM_HOT static int32_t multiply_row(const uint32_t *word, const uint16_t *table,
                                   const uint16_t *tables_end) {
    int32_t sum = 0;
    for (; table < tables_end; table += BLOCK_ENTRIES) {
        uint32_t indexes = *word >> TERNARY_FIRST_INDEX_BIT;
        for (uint32_t group = 0; group < TERNARY_GROUPS; group++) {
            uint32_t index = indexes & TERNARY_INDEX_MASK;
            /* Read nothing beyond the table, whatever a damaged matrix holds. */
            if (index >= TERNARY_ENTRIES) index = TERNARY_ENTRIES - 1;
            sum += table[index * TERNARY_GROUPS + group] - TERNARY_BIAS;
            indexes >>= TERNARY_INDEX_BITS;
        }
        word += SM_KERNEL_ROWS;
    }
    return sum;
}

SM_HOT void sm_kernel_ternary_multiply(const sm_kernel_matrix *matrix, const void *prepared,
                                       uint32_t begin, uint32_t end, int32_t *sums) {
    const uint16_t *tables = prepared;
    const uint32_t blocks = (matrix->columns + TERNARY_COLUMNS - 1) / TERNARY_COLUMNS;
    const uint8_t *tile = matrix->tiles + begin / SM_KERNEL_ROWS * matrix->tile_bytes;
    for (uint32_t row = begin; row < end; row += SM_KERNEL_ROWS) {
        const uint32_t *word = (const uint32_t *)(const void *)tile;
        for (uint32_t r = 0; r < SM_KERNEL_ROWS; r++) {
            *sums++ = multiply_row(word + r, tables, tables + blocks * BLOCK_ENTRIES);
        }
        tile += matrix->tile_bytes;
    }
}
