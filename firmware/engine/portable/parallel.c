#include "parallel.h"

#include "placement.h"

SM_HOT void sm_parallel(sm_range_function *work, void *context, uint32_t count, uint32_t granule) {
    (void)granule;
    work(context, 0, count);
}
