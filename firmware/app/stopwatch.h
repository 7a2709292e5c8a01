/* Counts processor cycles over spans of any length. */
#ifndef STARMIND_APP_STOPWATCH_H
#define STARMIND_APP_STOPWATCH_H

#include <stdint.h>

typedef struct {
    uint64_t microseconds;
    uint32_t ticks;
} stopwatch;

/** Starts SysTick; once, after the clock is set. */
void stopwatch_init(void);

void stopwatch_start(stopwatch *watch);

/** Cycles since the start. */
uint64_t stopwatch_cycles(const stopwatch *watch);

#endif
