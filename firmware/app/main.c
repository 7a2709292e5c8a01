/* The program of the board: one model, served over USB and UART. */
#include "hardware/clocks.h"
#include "hardware/vreg.h"
#include "memory_map.h"
#include "model_config.h"
#include "pico/stdlib.h"
#include "second_core.h"
#include "service.h"
#include "stopwatch.h"

/** The core needs more than its standard 1.10 V from here on, and more again beyond. */
#define HIGH_CLOCK_KHZ 200000
#define HIGHEST_CLOCK_KHZ 225000

int main(void) {
    memory_map_paint_stack();
#if STARMIND_CLOCK_KHZ >= HIGH_CLOCK_KHZ
    vreg_set_voltage(STARMIND_CLOCK_KHZ >= HIGHEST_CLOCK_KHZ ? VREG_VOLTAGE_1_25
                                                             : VREG_VOLTAGE_1_15);
    sleep_ms(1);
#endif
    /* If the PLL cannot make this clock, the SDK's own stays; the hello reports which it is. */
    (void)set_sys_clock_khz(STARMIND_CLOCK_KHZ, false);
    second_core_start();
    stdio_init_all();
    stopwatch_init();
    static model_store store;
    model_store_open(&store);
    service_run(&store);
}
