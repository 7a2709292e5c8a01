#include "second_core.h"

#if STARMIND_CORES > 1

#include "pico/multicore.h"
#include "second_core_code.h"
#include "sm_second_core.h"
#include "stack_paint.h"

#define STACK_WORDS (SECOND_STACK_BYTES / sizeof(uint32_t))

/*
 * In a scratch bank of its own: the pico-sdk's linker script keeps a place for stacks there. Under
 * this name the linked size can be compared with the estimate. Copies of the hottest code come
 * first.
 */
__attribute__((section(".stack1"))) static uint32_t starmind_second_stack[STACK_WORDS];
static uint32_t *bottom = starmind_second_stack; /* of the stack itself */

void second_core_start(void) {
    bottom = second_core_copy_code(starmind_second_stack);
    stack_paint(bottom, starmind_second_stack + STACK_WORDS);
    /* A debugger may have restarted the first core alone. */
    multicore_reset_core1();
    multicore_launch_core1_with_stack(sm_second_core_run, starmind_second_stack,
                                      sizeof starmind_second_stack);
    sm_second_core_use();
}

uint32_t second_core_peak_stack(void) {
    return stack_peak(bottom, starmind_second_stack + STACK_WORDS);
}

#else

void second_core_start(void) {}

uint32_t second_core_peak_stack(void) { return 0; }

#endif
