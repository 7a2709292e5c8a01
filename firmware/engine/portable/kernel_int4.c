#include "kernel.h"

#include "kernel_layout.h"
#include "placement.h"

/* Prepared: the elements as words, padded with zeros to a multiple of INT4_PADDING columns. */

SM_HOT void sm_kernel_int4_prepare(const int8_t *vector, uint32_t columns, uint32_t begin,
                                   uint32_t end, void *scratch) {
    (void)columns;
    int32_t *elements = scratch;
    const uint32_t padded = (end + INT4_PADDING - 1) / INT4_PADDING * INT4_PADDING;
    for (uint32_t i = begin; i < padded; i++) elements[i] = vector[i];
}

SM_HOT void sm_kernel_int4_multiply(const sm_kernel_matrix *matrix, const void *prepared,
                                    uint32_t begin, uint32_t end, int32_t *sums) {
    const uint32_t columns = matrix->columns;
    const int32_t *elements = prepared;
    const uint8_t *tile = matrix->tiles + begin / SM_KERNEL_ROWS * matrix->tile_bytes;
    for (uint32_t row = begin; row < end; row += SM_KERNEL_ROWS) {
        int32_t tile_sums[SM_KERNEL_ROWS] = {0};
        const uint8_t *byte = tile;
        for (uint32_t i = 0; i < columns; i++) {
            for (uint32_t r = 0; r < SM_KERNEL_ROWS; r += 2) {
                tile_sums[r] += ((*byte & 15) - 8) * elements[i];
                tile_sums[r + 1] += ((*byte >> 4) - 8) * elements[i];
                byte++;
            }
        }
        for (uint32_t r = 0; r < SM_KERNEL_ROWS; r++) *sums++ = tile_sums[r];
        tile += matrix->tile_bytes;
    }
}
