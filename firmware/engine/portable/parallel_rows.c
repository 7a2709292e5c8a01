#include "parallel.h"

#include "placement.h"

SM_HOT void sm_parallel_rows(sm_rows_function *work, const void *context, uint32_t rows) {
    work(context, 0, rows);
}
