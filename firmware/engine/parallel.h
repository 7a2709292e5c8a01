/* Work on independent rows, for as many cores as the port provides. */
#ifndef STARMIND_PARALLEL_H
#define STARMIND_PARALLEL_H

#include <stdint.h>

/** Works on the rows from `begin` up to `end`; called on any core, on that core's stack. */
typedef void sm_rows_function(const void *context, uint32_t begin, uint32_t end);

/**
 * Calls `work` for all rows from 0 up to `rows`, each once, and returns when it is done. Ranges
 * begin at multiples of SM_KERNEL_ROWS. Rows are independent: the result is the same however they
 * are divided.
 *
 * engine/portable/parallel_rows.c does all the work on the calling core; a port with a file of that
 * name in port/NAME/engine replaces it.
 */
void sm_parallel_rows(sm_rows_function *work, const void *context, uint32_t rows);

#endif
