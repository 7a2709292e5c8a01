#include "bench.h"

#include <stddef.h>

#include "matrix.h"
#include "memory_map.h"
#include "model_config.h"
#include "parallel.h"
#include "pico.h"
#include "record.h"
#include "sampler.h"
#include "sections.h"
#include "stopwatch.h"

static void bench_matrix(sm_engine *engine, const char *name, const sm_tensor *matrix) {
    if (matrix->rows == 0) return;
    const sm_scale scale = {0x8000, -20};
    const sm_product product = {matrix, engine->scratch};
    stopwatch watch;
    stopwatch_start(&watch);
    sm_matrix_multiply(engine, &product, 1, scale);
    const uint64_t cycles = stopwatch_cycles(&watch);
    record_begin("bench");
    record_string("kernel", name);
    record_number("rows", matrix->rows);
    record_number("columns", matrix->columns);
    record_number("cycles", (uint32_t)cycles);
    record_end();
}

static void bench_token(sm_engine *engine, uint32_t position) {
    stopwatch watch;
    stopwatch_start(&watch);
    (void)sm_engine_forward(engine, 0, position);
    const uint64_t cycles = stopwatch_cycles(&watch);
    record_begin("bench");
    record_number("context", position + 1);
    record_number("cycles", (uint32_t)cycles);
    record_end();
}

/** Draws from the logits that the last token left, with the model's own options. */
static void bench_sampler(sm_engine *engine) {
    const uint32_t count = engine->model->header->vocab_size;
    const sm_sampling options = sm_default_sampling(engine->model->header);
    sm_sampler sampler;
    sm_sampler_init(&sampler, &options);
    stopwatch watch;
    stopwatch_start(&watch);
    (void)sm_sampler_pick(&sampler, engine->logits, count);
    const uint64_t cycles = stopwatch_cycles(&watch);
    record_begin("bench");
    record_number("logits", count);
    record_number("cycles", (uint32_t)cycles);
    record_end();
}

/** Times that the cost of dividing work is measured. */
#define BARRIERS 64u

static void __not_in_flash_func(do_nothing)(void *context, uint32_t begin, uint32_t end) {
    (void)context;
    (void)begin;
    (void)end;
}

/** Cycles of dividing `count` items on which there is nothing to do. */
static uint32_t dividing_cycles(uint32_t count) {
    stopwatch watch;
    stopwatch_start(&watch);
    for (uint32_t i = 0; i < BARRIERS; i++) sm_parallel(do_nothing, NULL, count, 1);
    return (uint32_t)stopwatch_cycles(&watch) / BARRIERS;
}

/** Both cores against one: one item stays on the first core. */
static void bench_barrier(void) {
    record_begin("bench");
    record_number("cores", STARMIND_CORES);
    record_number("cycles", dividing_cycles(2) - dividing_cycles(1));
    record_end();
}

/** The greatest depth of each stack, all measurements included. */
static void bench_stacks(void) {
    record_begin("bench");
    memory_map_record_peaks();
    record_end();
}

void bench_run(sm_engine *engine) {
    static const struct {
        const char *name;
        enum sm_layer_slot slot;
    } kernels[] = {
        {"query", SM_LAYER_QUERY},   {"key", SM_LAYER_KEY},   {"value", SM_LAYER_VALUE},
        {"output", SM_LAYER_OUTPUT}, {"gate", SM_LAYER_GATE}, {"up", SM_LAYER_UP},
        {"down", SM_LAYER_DOWN},
    };
    const sm_model *model = engine->model;
    for (uint32_t i = 0; i < sizeof kernels / sizeof kernels[0]; i++) {
        bench_matrix(engine, kernels[i].name, sm_layer_tensor(model, 0, kernels[i].slot));
    }
    const enum sm_tensor_slot classifier =
        model->header->tied ? SM_SLOT_EMBEDDING : SM_SLOT_CLASSIFIER;
    bench_matrix(engine, "classifier", &model->tensors[classifier]);

    const uint32_t last = model->header->max_seq_len - 1u;
    for (uint32_t position = 0; position < last; position = 2 * position + 1) {
        bench_token(engine, position);
    }
    bench_token(engine, last);
    bench_sampler(engine);
    bench_barrier();
    bench_stacks();
}
