#include <stdio.h>

#include "hardware/structs/systick.h"
#include "kernels.h"
#include "pico.h"

/** SysTick counts down 24 bits: longer than any product here. */
#define TICK_MASK ((UINT32_C(1) << 24) - 1u)

typedef struct {
    const kernel_format *format;
    workplace *place;
    sm_kernel_matrix matrix;
    uint32_t rows;
} product;

typedef void work(const void *);

static void __no_inline_not_in_flash_func(nothing)(const void *p) { (void)p; }

static void __no_inline_not_in_flash_func(prepare)(const void *argument) {
    const product *p = argument;
    p->format->prepare(p->place->vector, p->matrix.columns, 0, p->matrix.columns,
                       p->place->scratch);
}

static void __no_inline_not_in_flash_func(multiply)(const void *argument) {
    const product *p = argument;
    p->format->multiply(&p->matrix, p->place->scratch, 0, p->rows, p->place->sums);
}

/** In SRAM, as those of a model. */
static uint16_t scales[64];

static inline void scale(const product *p, uint32_t limit, bool add) {
    sm_scale_rows(scales, p->place->sums, p->rows, p->place->sums, 40000, -17, limit, add);
}

static void __no_inline_not_in_flash_func(set)(const void *p) { scale(p, 1u << 20, false); }
static void __no_inline_not_in_flash_func(add)(const void *p) { scale(p, 1u << 20, true); }
static void __no_inline_not_in_flash_func(set_narrow)(const void *p) { scale(p, 999, false); }
static void __no_inline_not_in_flash_func(add_narrow)(const void *p) { scale(p, 999, true); }

/** The second time; its call included. */
static uint32_t __no_inline_not_in_flash_func(called)(work function, const void *argument) {
    uint32_t cycles = 0;
    for (int times = 0; times < 2; times++) {
        const uint32_t start = systick_hw->cvr;
        function(argument);
        cycles = (start - systick_hw->cvr) & TICK_MASK;
    }
    return cycles;
}

uint32_t cycles_of(work function, const void *argument) {
    return called(function, argument) - called(nothing, argument);
}

void measure_kernels(workplace *place) {
    static const uint16_t shapes[][2] = {{64, 64},   {172, 64}, {64, 172}, {512, 64}, {128, 128},
                                         {256, 128}, {128, 64}, {64, 384}, {344, 64}, {24, 8},
                                         {8, 8},     {256, 8},  {8, 256},  {192, 8},  {8, 192},
                                         {256, 16},  {16, 256}, {40, 36},  {33, 33}};
    systick_hw->rvr = TICK_MASK;
    systick_hw->cvr = 0;
    systick_hw->csr = M0PLUS_SYST_CSR_ENABLE_BITS | M0PLUS_SYST_CSR_CLKSOURCE_BITS;
    for (uint32_t format = 0; format < KERNEL_FORMATS; format++) {
        const kernel_format *own = &kernel_formats[format];
        for (uint32_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++) {
            const uint32_t rows = shapes[i][0], columns = shapes[i][1];
            if (rows * columns > TILES_BYTES && format == 0) continue;
            product p = {own, place, fill(place, own, rows, columns, false), rows};
            printf("{\"kernel\":\"%s\",\"rows\":%lu,\"columns\":%lu,\"prepare\":%lu,"
                   "\"multiply\":%lu}\n",
                   own->name, (unsigned long)rows, (unsigned long)columns,
                   (unsigned long)cycles_of(prepare, &p),
                   (unsigned long)cycles_of(multiply, &p));
        }
    }
    for (uint32_t rows = 8; rows <= 64; rows *= 2) {
        const product p = {.place = place, .rows = rows};
        printf("{\"scaled_rows\":%lu,\"set\":%lu,\"add\":%lu,\"set_narrow\":%lu,"
               "\"add_narrow\":%lu}\n",
               (unsigned long)rows, (unsigned long)cycles_of(set, &p),
               (unsigned long)cycles_of(add, &p),
               (unsigned long)cycles_of(set_narrow, &p),
               (unsigned long)cycles_of(add_narrow, &p));
    }
}
