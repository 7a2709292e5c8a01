/* The second core of the RP2040 as a helper of the first. */
#ifndef STARMIND_SM_SECOND_CORE_H
#define STARMIND_SM_SECOND_CORE_H

/**
 * Program of the second core: waits for a share of sm_parallel's work, does it, answers. Lies in
 * SRAM and sleeps between shares, so that it disturbs neither writes to flash nor a board at rest.
 */
_Noreturn void sm_second_core_run(void);

/** Tells sm_parallel that the second core runs that program. Without it, one core does all. */
void sm_second_core_use(void);

#endif
