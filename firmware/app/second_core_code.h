/* The second core's own copies of hot code. */
#ifndef STARMIND_APP_SECOND_CORE_CODE_H
#define STARMIND_APP_SECOND_CORE_CODE_H

#include <stdint.h>

/**
 * Copies the code that the second core executes most to `place`, in the bank of its stack, before
 * it runs. Returns the end of the copies.
 */
uint32_t *second_core_copy_code(uint32_t *place);

#endif
