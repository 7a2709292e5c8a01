#include "stack_paint.h"

#define PATTERN 0x5afe57acu

void stack_paint(uint32_t *bottom, const uint32_t *end) {
    for (uint32_t *word = bottom; word < end; word++) *word = PATTERN;
}

uint32_t stack_peak(const uint32_t *bottom, const uint32_t *top) {
    const uint32_t *word = bottom;
    while (word < top && *word == PATTERN) word++;
    return (uint32_t)((const uint8_t *)top - (const uint8_t *)word);
}
