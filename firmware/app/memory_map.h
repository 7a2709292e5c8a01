/* The contents of SRAM, from the linker's symbols, and the greatest depth of the stacks. */
#ifndef STARMIND_APP_MEMORY_MAP_H
#define STARMIND_APP_MEMORY_MAP_H

#include <stdint.h>

/** Fills the unused stack of the first core with a pattern; first thing in main. */
void memory_map_paint_stack(void);

/** Adds to the open record the bytes that each core's stack has used at most since the start. */
void memory_map_record_peaks(void);

/** Adds the fields of the memory map to the open record. */
void memory_map_record(uint32_t weights_bytes, uint32_t arena_bytes);

#endif
