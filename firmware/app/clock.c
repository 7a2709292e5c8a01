#include "clock.h"

#include <stdbool.h>
#include <stddef.h>

#include "chip.h"
#include "hardware/clocks.h"
#include "hardware/structs/vreg_and_chip_reset.h"
#include "hardware/vreg.h"
#include "model_config.h"
#include "pico/time.h"

#ifndef PICO_FLASH_SPI_CLKDIV
#define PICO_FLASH_SPI_CLKDIV 4 /* as boot2_generic_03h has it */
#endif

/* The boot stage has set this divider before the program starts. */
_Static_assert(STARMIND_CLOCK_KHZ <= CHIP_FLASH_MAX_KHZ * PICO_FLASH_SPI_CLKDIV,
               "the flash cannot follow this clock with the divider of this board");

#define TEXT_OF(number) #number
#define TEXT(number) TEXT_OF(number)
#define CLOCK_TEXT TEXT(STARMIND_CLOCK_KHZ) " kHz"

/** The regulator's setting for 0.85 V; each step is 50 mV more (RP2040 datasheet, 2.10.6). */
#define LOWEST_SETTING 6u
#define LOWEST_MILLIVOLTS 850u
#define STEP_MILLIVOLTS 50u

/** Time for the regulator to reach a new voltage. */
#define SETTLE_MILLISECONDS 1

/** A measured clock may be off by a thousandth: the counter looks for a millisecond. */
#define TOLERANCE 1000u

static const struct {
    uint32_t up_to_khz;
    uint32_t millivolts;
} steps[] = {
#define STEP(up_to_khz, millivolts) {up_to_khz, millivolts},
    CHIP_CLOCK_STEPS(STEP)
#undef STEP
};

#define STEP_COUNT (sizeof steps / sizeof steps[0])

static const char *problem;

const char *clock_problem(void) { return problem; }

uint32_t clock_core_millivolts(void) {
    return LOWEST_MILLIVOLTS + STEP_MILLIVOLTS * ((uint32_t)vreg_get_voltage() - LOWEST_SETTING);
}

/** Whether the regulator delivers the voltage that this clock needs. */
static bool raise_voltage(void) {
    size_t step = 0;
    while (step < STEP_COUNT - 1 && steps[step].up_to_khz < STARMIND_CLOCK_KHZ) step++;
    const uint32_t millivolts = steps[step].millivolts;
    if (millivolts != clock_core_millivolts()) {
        const uint32_t above = (millivolts - LOWEST_MILLIVOLTS) / STEP_MILLIVOLTS;
        vreg_set_voltage((enum vreg_voltage)(LOWEST_SETTING + above));
        sleep_ms(SETTLE_MILLISECONDS);
    }
    return clock_core_millivolts() == millivolts &&
           (vreg_and_chip_reset_hw->vreg & VREG_AND_CHIP_RESET_VREG_ROK_BITS);
}

static bool runs_as_set(void) {
    const uint32_t measured = frequency_count_khz(CLOCKS_FC0_SRC_VALUE_CLK_SYS);
    const uint32_t allowance = STARMIND_CLOCK_KHZ / TOLERANCE;
    return measured + allowance >= STARMIND_CLOCK_KHZ && measured <= STARMIND_CLOCK_KHZ + allowance;
}

void clock_start(void) {
    if (!raise_voltage()) {
        problem = "the regulator does not reach the core voltage for " CLOCK_TEXT;
    } else if (!set_sys_clock_khz(STARMIND_CLOCK_KHZ, false)) {
        problem = "the PLL cannot make " CLOCK_TEXT;
    } else if (!runs_as_set()) {
        problem = "the clock was set to " CLOCK_TEXT ", but measures otherwise";
    }
}
