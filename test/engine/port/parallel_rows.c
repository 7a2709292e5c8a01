/* Stands in for two cores: halves the rows, and works on the second half first. */
#include "parallel.h"

#include "kernel.h"

void sm_parallel_rows(sm_rows_function *work, const void *context, uint32_t rows) {
    const uint32_t half = rows / 2 / SM_KERNEL_ROWS * SM_KERNEL_ROWS;
    work(context, half, rows);
    work(context, 0, half);
}
