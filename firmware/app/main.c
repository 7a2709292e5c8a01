/* The program of the board: one model, served over USB and UART. */
#include "clock.h"
#include "flash_chip.h"
#include "memory_map.h"
#include "pico/stdlib.h"
#include "second_core.h"
#include "service.h"
#include "stopwatch.h"

int main(void) {
    memory_map_paint_stack();
    clock_start();
    flash_chip_ask();
    second_core_start();
    stdio_init_all();
    stopwatch_init();
    static model_store store;
    model_store_open(&store);
    service_run(&store);
}
