/* Work on rows that do not depend on each other, for as many cores as the port has to give. */
#ifndef STARMIND_PARALLEL_H
#define STARMIND_PARALLEL_H

#include <stdint.h>

/** Works on the rows from `begin` up to `end`; called on any core, on that core's stack. */
typedef void sm_rows_function(const void *context, uint32_t begin, uint32_t end);

/**
 * Has `work` done on all rows from 0 up to `rows`, each once, and returns when it is. Ranges begin
 * at multiples of SM_KERNEL_ROWS. What `work` writes for one row is no matter to another's: the
 * result is the same however rows are split.
 *
 * engine/portable/parallel_rows.c does it all on the core that calls; a port with a file of that
 * name in port/NAME/engine replaces it.
 */
void sm_parallel_rows(sm_rows_function *work, const void *context, uint32_t rows);

#endif
