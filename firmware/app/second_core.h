/* The second core, where the firmware computes on both. */
#ifndef STARMIND_APP_SECOND_CORE_H
#define STARMIND_APP_SECOND_CORE_H

#include <stdint.h>

#include "chip.h"
#include "model_config.h"

/** Bytes of the second core's stack: a scratch bank where it computes too. */
#define SECOND_STACK_BYTES (STARMIND_CORES > 1 ? CHIP_SCRATCH_BANK_BYTES : 0u)

/** Starts the second core where there is work for it; once, after the clock is set. */
void second_core_start(void);

/** Bytes of its stack used at most since the start; 0 where it does not compute. */
uint32_t second_core_peak_stack(void);

#endif
