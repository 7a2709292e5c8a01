/* The greatest depth of a stack, seen by the pattern that it has not overwritten. */
#ifndef STARMIND_APP_STACK_PAINT_H
#define STARMIND_APP_STACK_PAINT_H

#include <stdint.h>

/** Fills the words from `bottom` up to `end`, none of which is in use. */
void stack_paint(uint32_t *bottom, const uint32_t *end);

/** Bytes from the lowest overwritten word to `top`. */
uint32_t stack_peak(const uint32_t *bottom, const uint32_t *top);

#endif
