/*
 * Generates with the model on one core, then on both at once, each for itself; the same with mixed
 * work; then checks what cores share. Ends by generating on both for ever. Each result is a line.
 */
#include <stdio.h>

#include "generate.h"
#include "hardware/flash.h"
#include "mixed_work.h"
#include "model_config.h"
#include "pico/flash.h"
#include "pico/multicore.h"
#include "pico/mutex.h"
#include "pico/stdlib.h"
#include "pico/util/queue.h"

#define TOKENS 8
#define ROUNDS 40
#define TURNS 2000
#define FOR_EVER 0

extern const uint8_t starmind_model_image[];

static sm_model model;
static uint32_t weights[STARMIND_WEIGHTS_BYTES / 4];
static uint32_t arenas[2][STARMIND_ARENA_BYTES / 4];
static mixed_work works[2];
static uint32_t sums[2];

/** Generates `tokens` tokens, starting again where a generation ends. */
static void generate(uint32_t core, uint32_t tokens) {
    const sm_sampling sampling = sm_default_sampling(model.header);
    sm_engine engine;
    sm_engine_init(&engine, &model, arenas[core]);
    sm_generation generation;
    generation.finish = SM_FINISH_CONTEXT;
    sums[core] = 0;
    for (uint32_t count = 0; tokens == FOR_EVER || count < tokens; count++) {
        if (generation.finish != SM_FINISH_NONE) {
            (void)sm_generation_start(&generation, &engine, &sampling, NULL, 0, UINT32_MAX);
        }
        uint32_t token;
        if (sm_generation_step(&generation, &token)) {
            sums[core] = sums[core] * 31 + token;
        }
    }
}

static void work(uint32_t core, uint32_t rounds) {
    sums[core] = mixed_work_run(&works[core], rounds);
}

typedef void (*task)(uint32_t core, uint32_t amount);

static task second_task;
static uint32_t second_amount;

static void second_core(void) {
    for (;;) {
        (void)multicore_fifo_pop_blocking();
        second_task(1, second_amount);
        multicore_fifo_push_blocking(1);
    }
}

/** Microseconds of a task on the first core alone, and on both at once. */
static void measure(const char *name, task what, uint32_t amount) {
    const uint64_t start = time_us_64();
    what(0, amount);
    const uint32_t alone = (uint32_t)(time_us_64() - start);
    second_task = what;
    second_amount = amount;
    const uint64_t again = time_us_64();
    multicore_fifo_push_blocking(1);
    what(0, amount);
    (void)multicore_fifo_pop_blocking();
    const uint32_t both = (uint32_t)(time_us_64() - again);
    printf("%s %lu %lu %s\n", name, (unsigned long)alone, (unsigned long)both,
           sums[0] == sums[1] ? "same" : "different");
}

static mutex_t mutex;
static queue_t queue;
static volatile uint32_t shared;

static void take_turns(void) {
    for (int i = 0; i < TURNS; i++) {
        mutex_enter_blocking(&mutex);
        shared++;
        mutex_exit(&mutex);
    }
}

static void sharing_core(void) {
    flash_safe_execute_core_init();
    take_turns();
    uint32_t value;
    do {
        queue_remove_blocking(&queue, &value);
        multicore_fifo_push_blocking(value * value);
    } while (value != 0);
    for (;;) __wfe();
}

static void rewrite_flash(void *page) {
    flash_range_erase(PICO_FLASH_SIZE_BYTES - FLASH_SECTOR_SIZE, FLASH_SECTOR_SIZE);
    flash_range_program(PICO_FLASH_SIZE_BYTES - FLASH_SECTOR_SIZE, page, FLASH_PAGE_SIZE);
}

static void check_sharing(void) {
    mutex_init(&mutex);
    queue_init(&queue, sizeof(uint32_t), 2);
    multicore_reset_core1();
    multicore_launch_core1(sharing_core);
    take_turns();
    uint32_t squares = 0;
    for (uint32_t count = 0, value = 3; count < 4; count++, value--) {
        queue_add_blocking(&queue, &value);
        squares += multicore_fifo_pop_blocking();
    }
    static uint8_t page[FLASH_PAGE_SIZE];
    for (uint32_t i = 0; i < sizeof page; i++) page[i] = (uint8_t)(i ^ 0x5a);
    const int status = flash_safe_execute(rewrite_flash, page, 1000);
    const uint8_t *written = (const uint8_t *)(XIP_BASE + PICO_FLASH_SIZE_BYTES - FLASH_SECTOR_SIZE);
    printf("sharing %lu %lu %d %02x %02x %02x\n", (unsigned long)shared, (unsigned long)squares,
           status, written[0], written[255], written[256]);
}

int main(void) {
    stdio_init_all();
    if (sm_model_open(&model, starmind_model_image, 1u << 20) != SM_OK) panic("no model");
    const uint32_t *source = (const uint32_t *)(const void *)model.weights;
    for (uint32_t i = 0; i < sizeof weights / 4; i++) weights[i] = source[i];
    sm_model_use_weights(&model, weights);
    multicore_launch_core1(second_core);
    measure("generate", generate, TOKENS);
    measure("mixed", work, ROUNDS);
    check_sharing();
    multicore_reset_core1();
    multicore_launch_core1(second_core);
    second_task = generate;
    second_amount = FOR_EVER;
    printf("both\n");
    multicore_fifo_push_blocking(1);
    generate(0, FOR_EVER);
}
