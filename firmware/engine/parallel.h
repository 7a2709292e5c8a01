/* Work on independent items, for as many cores as the port provides. */
#ifndef STARMIND_PARALLEL_H
#define STARMIND_PARALLEL_H

#include <stdint.h>

/** Ranges into which work is divided at most: work that adds something up keeps so many results. */
#define SM_PARALLEL_RANGES 2u

/** The number of a range: the first one begins at 0. */
static inline uint32_t sm_range_number(uint32_t begin) { return begin > 0 ? 1u : 0u; }

/** The largest of what the ranges found; those without items leave 0. */
static inline uint32_t sm_largest_found(const uint32_t found[SM_PARALLEL_RANGES]) {
    return found[found[1] > found[0]];
}

/** Works on the items from `begin` up to `end`; called on any core, on that core's stack. */
typedef void sm_range_function(void *context, uint32_t begin, uint32_t end);

/**
 * Calls `work` for all items from 0 up to `count`, each once, and returns when all are done. Items
 * are independent: the result is the same however they are divided.
 *
 * There are at most SM_PARALLEL_RANGES ranges, none of them empty. They begin at multiples of
 * `granule`, a power of two; up to `granule` items stay on one core. A second core costs the RP2040
 * about 50 cycles (the `barrier` of `starmind bench`), so let a granule be worth more than that.
 * `work` must not call this function.
 *
 * engine/portable/parallel.c does all the work on the calling core; a port with a file of that name
 * in port/NAME/engine replaces it.
 */
void sm_parallel(sm_range_function *work, void *context, uint32_t count, uint32_t granule);

#endif
