/* Stands in for two cores: halves the items, and works on the second half first. */
#include "parallel.h"

void sm_parallel(sm_range_function *work, void *context, uint32_t count, uint32_t granule) {
    const uint32_t half = count / 2 / granule * granule;
    if (half == 0) {
        work(context, 0, count);
        return;
    }
    work(context, half, count);
    work(context, 0, half);
}
