/* The clock of the cores, with the voltage that it needs. */
#ifndef STARMIND_APP_CLOCK_H
#define STARMIND_APP_CLOCK_H

#include <stdint.h>

/** Sets the core voltage and the clock of model_config.h, and measures the clock; once, at boot. */
void clock_start(void);

/** NULL when the chip runs as model_config.h says, else why not: it then runs as after a reset. */
const char *clock_problem(void);

/** Core voltage, in millivolts. */
uint32_t clock_core_millivolts(void);

#endif
