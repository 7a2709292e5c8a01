#include "memory_map.h"

#include "chip.h"
#include "record.h"
#include "second_core.h"
#include "stack_paint.h"

/* Symbols of the pico-sdk's linker script. */
extern uint32_t __StackBottom, __StackTop;
extern uint8_t __data_start__, __bss_end__, ram_vector_table;

/** Words above the frame of memory_map_paint_stack that stack_paint needs for its own. */
#define PAINTER_WORDS 16

void memory_map_paint_stack(void) {
    const uint32_t *here = __builtin_frame_address(0);
    stack_paint(&__StackBottom, here - PAINTER_WORDS);
}

void memory_map_record_peaks(void) {
    record_number("peak_stack", stack_peak(&__StackBottom, &__StackTop));
    if (SECOND_STACK_BYTES) record_number("peak_second_stack", second_core_peak_stack());
}

void memory_map_record(uint32_t weights_bytes, uint32_t arena_bytes) {
    const uint32_t vectors = (uint32_t)(&__data_start__ - &ram_vector_table);
    const uint32_t linked = vectors + (uint32_t)(&__bss_end__ - &__data_start__);
    const uint32_t stack = (uint32_t)((uint8_t *)&__StackTop - (uint8_t *)&__StackBottom);
    record_number("weights", weights_bytes);
    record_number("arena", arena_bytes);
    record_number("program", linked - weights_bytes - arena_bytes);
    record_number("stack", stack);
    record_number("second_stack", SECOND_STACK_BYTES);
    record_number("free", CHIP_SRAM_BYTES - linked - stack - SECOND_STACK_BYTES);
}
