/*
 * Launches functions on the second core that return, and returns from main while the second core
 * works. On the chip the boot ROM waits for the next launch after a function has returned, and the
 * end of main stops the first core alone. Each result is a line.
 */
#include <stdint.h>
#include <stdio.h>

#include "hardware/sync.h"
#include "pico/multicore.h"
#include "pico/stdlib.h"

static volatile uint32_t calls;

static void return_at_once(void) { calls += 1; }

/** Ends with a link register that points into itself, where the core must not go on. */
static void return_after_call(void) {
    busy_wait_us(10);
    calls += 10;
}

static void launch(const char *name, void (*function)(void)) {
    multicore_launch_core1(function);
    sleep_ms(2);
    for (int event = 0; event < 3; event++) {
        __sev();
        sleep_ms(1);
    }
    printf("%s %lu\n", name, (unsigned long)calls);
}

static void count_for_ever(void) {
    for (uint32_t count = 0;; count++) {
        printf("count %lu\n", (unsigned long)count);
        busy_wait_ms(5);
    }
}

int main(void) {
    stdio_init_all();
    launch("first", return_after_call);
    launch("second", return_at_once);
    launch("third", return_after_call);
    multicore_launch_core1(count_for_ever);
    sleep_ms(12);
    printf("main returns\n");
    return 0;
}
