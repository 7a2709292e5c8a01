#include "memory_map.h"

#include "chip.h"
#include "record.h"

#define STACK_PATTERN 0x5afe57acu

/* Symbols of the pico-sdk's linker script. */
extern uint32_t __StackBottom, __StackTop;
extern uint8_t __data_start__, __bss_end__, ram_vector_table;

void memory_map_paint_stack(void) {
    const uint32_t *here = __builtin_frame_address(0);
    /* The words below this frame are free; leave room for the frame of this function itself. */
    for (uint32_t *word = &__StackBottom; word < here - 16; word++) *word = STACK_PATTERN;
}

uint32_t memory_map_peak_stack(void) {
    const uint32_t *word = &__StackBottom;
    while (word < &__StackTop && *word == STACK_PATTERN) word++;
    return (uint32_t)((const uint8_t *)&__StackTop - (const uint8_t *)word);
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
