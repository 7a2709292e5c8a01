/*
 * The stack of the second core, in a scratch bank of its own. The pico-sdk's linker script keeps a
 * place for stacks there; under this name the linked size can be compared with the estimate.
 */
#include <stdint.h>

#include "memory_map.h"

#if SECOND_STACK_BYTES > 0
__attribute__((section(".stack1"),
               used)) static uint32_t starmind_second_stack[SECOND_STACK_BYTES / sizeof(uint32_t)];
#endif
