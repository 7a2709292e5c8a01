#include "stopwatch.h"

#include "hardware/clocks.h"
#include "hardware/structs/systick.h"
#include "pico/time.h"

/** SysTick counts down 24 bits. */
#define TICK_BITS 24
#define TICK_MASK ((UINT32_C(1) << TICK_BITS) - 1u)

void stopwatch_init(void) {
    systick_hw->rvr = TICK_MASK;
    systick_hw->cvr = 0;
    systick_hw->csr = M0PLUS_SYST_CSR_ENABLE_BITS | M0PLUS_SYST_CSR_CLKSOURCE_BITS;
}

void stopwatch_start(stopwatch *watch) {
    watch->microseconds = time_us_64();
    watch->ticks = systick_hw->cvr;
}

uint64_t stopwatch_cycles(const stopwatch *watch) {
    const uint32_t fine = (watch->ticks - systick_hw->cvr) & TICK_MASK;
    const uint64_t elapsed = time_us_64() - watch->microseconds;
    /* The timer shows how often SysTick went round; its error is far below half a round. */
    const uint64_t coarse = elapsed * (clock_get_hz(clk_sys) / 1000000u);
    const uint64_t rounds = (coarse + (UINT64_C(1) << (TICK_BITS - 1)) - fine) >> TICK_BITS;
    return (rounds << TICK_BITS) + fine;
}
