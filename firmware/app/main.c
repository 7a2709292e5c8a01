/* The program of the board: one model, served over USB and UART. */
#include "hardware/clocks.h"
#include "hardware/vreg.h"
#include "memory_map.h"
#include "model_config.h"
#include "pico/stdlib.h"
#include "service.h"
#include "stopwatch.h"

/** The core needs more than its standard 1.10 V from here on. */
#define HIGH_CLOCK_KHZ 200000

int main(void) {
    memory_map_paint_stack();
#if STARMIND_CLOCK_KHZ >= HIGH_CLOCK_KHZ
    vreg_set_voltage(VREG_VOLTAGE_1_15);
    sleep_ms(1);
#endif
    set_sys_clock_khz(STARMIND_CLOCK_KHZ, true);
    stdio_init_all();
    stopwatch_init();
    static model_store store;
    model_store_open(&store);
    service_run(&store);
}
