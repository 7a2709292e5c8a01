/* The contents of SRAM, from the linker's symbols, and the greatest depth of the stack. */
#ifndef STARMIND_APP_MEMORY_MAP_H
#define STARMIND_APP_MEMORY_MAP_H

#include <stdint.h>

#include "chip.h"
#include "model_config.h"

/** Bytes of the second core's stack: a scratch bank where it computes too. */
#define SECOND_STACK_BYTES (STARMIND_CORES > 1 ? CHIP_SCRATCH_BANK_BYTES : 0u)

/** Fills the unused stack with a pattern; first thing in main. */
void memory_map_paint_stack(void);

/** Bytes of stack used at most since then. */
uint32_t memory_map_peak_stack(void);

/** Adds the fields of the memory map to the open record. */
void memory_map_record(uint32_t weights_bytes, uint32_t arena_bytes);

#endif
