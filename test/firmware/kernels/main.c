/*
 * Compares the chip's kernels with their references in C, on both cores at the same time, and
 * counts the cycles of the kernels on one core. Ends with PASS, or with FAIL and what differs.
 */
#include <stdio.h>

#include "kernels.h"
#include "pico/multicore.h"
#include "pico/stdlib.h"

static workplace places[2];

/** Which part core 1 is in: products of its own, then shares of core 0's. */
static void second_core(void) {
    multicore_fifo_push_blocking(compare_kernels(&places[1], 1));
    help_shared();
    for (;;) __wfe();
}

static bool passed(const char *name, uint32_t products) {
    printf("%s %lu products\n", name, (unsigned long)products);
    return products > 0;
}

int main(void) {
    stdio_init_all();
    places[1].random = 1;
    multicore_launch_core1(second_core);
    const uint32_t first = compare_kernels(&places[0], 0);
    const uint32_t second = multicore_fifo_pop_blocking();
    bool all = passed("core 0", first) & passed("core 1", second);
    all &= passed("shared", compare_shared(&places[0]));
    all &= passed("scaling", compare_scaling(&places[0]));
    all &= passed("attention", compare_attention(&places[0]));
    all &= passed("vectors", compare_vectors(&places[0]));
    measure_kernels(&places[0]);
    measure_attention(&places[0]);
    measure_vectors();
    puts(all ? "PASS" : "FAIL");
    for (;;) __wfe();
}
