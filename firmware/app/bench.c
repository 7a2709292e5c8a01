#include "bench.h"

#include <stddef.h>

#include "attention.h"
#include "feed_forward.h"
#include "matrix.h"
#include "memory_map.h"
#include "model_config.h"
#include "parallel.h"
#include "pico.h"
#include "record.h"
#include "sampler.h"
#include "sections.h"
#include "stopwatch.h"
#include "vector.h"

/**
 * Times that something is measured, of which the least counts: in the first, code may not be in the
 * cache of the flash, and once a millisecond the timer of USB interrupts.
 */
#define TURNS 3u

/** Keeps the least of several measurements. */
static void keep_least(uint32_t *least, const stopwatch *watch) {
    const uint64_t cycles = stopwatch_cycles(watch);
    if (cycles < *least) *least = (uint32_t)cycles;
}

/* In SRAM where matrices are streamed: flash cannot be read meanwhile. */
#if SM_STREAMS
#define BESIDE_STREAMS __attribute__((noinline, section(".time_critical.bench")))
#else
#define BESIDE_STREAMS
#endif

/** Products with matrices in the order of the model, or one that is added to the residual. */
BESIDE_STREAMS static void multiply(sm_engine *engine, const sm_product *products, uint32_t count,
                                    bool add, const sm_rounding *vector) {
    const sm_tensor *first = products[0].matrix;
    const sm_tensor *last = products[count - 1].matrix;
    sm_begin_streaming(engine, first, (uint32_t)(last - first) + 1u);
    if (add) {
        sm_add_to_residual(engine, first, vector);
    } else {
        sm_matrix_multiply(engine, products, count, vector);
    }
    sm_end_streaming(engine);
}

BESIDE_STREAMS static void attend(sm_engine *engine, const sm_tensor *layer, uint32_t position,
                                  const sm_rounding *normed) {
    sm_begin_streaming(engine, layer, SM_LAYER_SLOTS);
    sm_attention(engine, 0, position, normed);
    sm_end_streaming(engine);
}

BESIDE_STREAMS static void feed_forward_layer(sm_engine *engine, const sm_rounding *normed) {
    const sm_tensor *gains = sm_layer_tensor(engine->model, 0, SM_LAYER_FFN_NORM);
    sm_begin_streaming(engine, gains, SM_LAYER_SLOTS - SM_LAYER_FFN_NORM);
    sm_feed_forward(engine, 0, normed);
    sm_end_streaming(engine);
}

static void bench_matrix(sm_engine *engine, const char *name, const sm_tensor *matrix) {
    if (matrix->rows == 0) return;
    const sm_rounding vector = {.scale = {0x8000, -20}};
    const sm_product product = {matrix, engine->scratch, NULL};
    uint32_t cycles = UINT32_MAX;
    for (uint32_t turn = 0; turn < TURNS; turn++) {
        stopwatch watch;
        stopwatch_start(&watch);
        multiply(engine, &product, 1, false, &vector);
        keep_least(&cycles, &watch);
    }
    record_begin("bench");
    record_string("kernel", name);
    record_number("rows", matrix->rows);
    record_number("columns", matrix->columns);
    record_number("cycles", cycles);
    record_end();
}

static void bench_token(sm_engine *engine, uint32_t position) {
    uint32_t cycles = UINT32_MAX;
    for (uint32_t turn = 0; turn < TURNS; turn++) {
        stopwatch watch;
        stopwatch_start(&watch);
        (void)sm_engine_forward(engine, 0, position);
        keep_least(&cycles, &watch);
    }
    record_begin("bench");
    record_number("context", position + 1);
    record_number("cycles", cycles);
    record_end();
}

/** Cycles of products with matrices that share a vector, or that are added to the residual. */
static uint32_t product_cycles(sm_engine *engine, const sm_product *products, uint32_t count,
                               bool add) {
    const sm_rounding vector = {.scale = {0x8000, -20}};
    uint32_t cycles = UINT32_MAX;
    for (uint32_t turn = 0; turn < TURNS; turn++) {
        stopwatch watch;
        stopwatch_start(&watch);
        multiply(engine, products, count, add, &vector);
        keep_least(&cycles, &watch);
    }
    return cycles;
}

/** Cycles of the matrices that are part of the attention, and of the feed-forward layer. */
typedef struct {
    uint32_t attention;
    uint32_t feed_forward;
    uint32_t classifier;
} matrix_cycles;

static matrix_cycles measure_matrices(sm_engine *engine) {
    const sm_model *model = engine->model;
    const sm_image_header *header = model->header;
    int32_t *room = engine->scratch;
    int32_t *up = header->gated ? room + header->hidden_dim : room;
    const uint32_t query_width = sm_query_width(header);
    const sm_product projections[] = {
        {sm_layer_tensor(model, 0, SM_LAYER_QUERY), room, NULL},
        {sm_layer_tensor(model, 0, SM_LAYER_KEY), room + query_width, NULL},
        {sm_layer_tensor(model, 0, SM_LAYER_VALUE), room + query_width + sm_kv_width(header), NULL},
    };
    const sm_product output = {sm_layer_tensor(model, 0, SM_LAYER_OUTPUT), engine->residual, NULL};
    const sm_product inputs[] = {{sm_layer_tensor(model, 0, SM_LAYER_GATE), room, NULL},
                                 {sm_layer_tensor(model, 0, SM_LAYER_UP), up, NULL}};
    const sm_product down = {sm_layer_tensor(model, 0, SM_LAYER_DOWN), engine->residual, NULL};
    const sm_product classifier = {
        &model->tensors[header->tied ? SM_SLOT_EMBEDDING : SM_SLOT_CLASSIFIER], engine->logits,
        NULL};
    return (matrix_cycles){
        .attention = product_cycles(engine, projections, 3, false) +
                     product_cycles(engine, &output, 1, true),
        .feed_forward = product_cycles(engine, header->gated ? inputs : inputs + 1,
                                       header->gated ? 2 : 1, false) +
                        product_cycles(engine, &down, 1, true),
        .classifier = product_cycles(engine, &classifier, 1, false),
    };
}

static void record_part(const char *name, uint32_t context, uint32_t cycles) {
    record_begin("bench");
    record_string("part", name);
    record_number("context", context);
    record_number("cycles", cycles);
    record_end();
}

/** What is left of cycles without a part of them, which alone may take as long. */
static uint32_t without(uint32_t whole, uint32_t part) { return whole > part ? whole - part : 0; }

/**
 * The parts of a token at `position`; what is left of its cycles is the look-up of embeddings and
 * of rows of n-grams. Of streamed matrices each piece of work waits for its first piece here, where
 * a token waits once a layer.
 */
static void bench_parts(sm_engine *engine, uint32_t position) {
    const sm_model *model = engine->model;
    const uint32_t layers = model->header->n_layers;
    const uint32_t context = position + 1;
    const sm_tensor *gains = sm_layer_tensor(model, 0, SM_LAYER_ATTENTION_NORM);
    const matrix_cycles matrices = measure_matrices(engine);
    uint32_t norm = UINT32_MAX, attention = UINT32_MAX, feed_forward = UINT32_MAX;
    /* In the first turn a larger key than any shifts the cache; in others the key is the same. */
    for (uint32_t turn = 0; turn < TURNS; turn++) {
        (void)sm_engine_forward(engine, 0, position);
        stopwatch watch;
        stopwatch_start(&watch);
        const uint32_t bits = engine->residual_bits[0] | engine->residual_bits[1];
        const sm_rounding normed = sm_norm(model, gains, engine->residual, bits, engine->scratch);
        keep_least(&norm, &watch);
        stopwatch_start(&watch);
        attend(engine, gains, position, &normed);
        keep_least(&attention, &watch);
        const sm_rounding again =
            sm_norm(model, gains, engine->residual,
                    engine->residual_bits[0] | engine->residual_bits[1], engine->scratch);
        stopwatch_start(&watch);
        feed_forward_layer(engine, &again);
        keep_least(&feed_forward, &watch);
    }
    record_part("matrices", context,
                layers * (matrices.attention + matrices.feed_forward) + matrices.classifier);
    record_part("attention", context, layers * without(attention, matrices.attention));
    record_part("activations", context, layers * without(feed_forward, matrices.feed_forward));
    record_part("norms", context, (2 * layers + 1) * norm);
}

/** Draws from the logits of the last token, which it replaces, with the model's own options. */
static void bench_sampler(sm_engine *engine) {
    const uint32_t count = engine->model->header->vocab_size;
    const sm_sampling options = sm_default_sampling(engine->model->header);
    uint32_t cycles = UINT32_MAX;
    for (uint32_t turn = 0; turn < TURNS; turn++) {
        (void)sm_engine_forward(engine, 0, engine->model->header->max_seq_len - 1u);
        sm_sampler sampler;
        sm_sampler_init(&sampler, &options);
        stopwatch watch;
        stopwatch_start(&watch);
        (void)sm_sampler_pick(&sampler, engine->logits, count);
        keep_least(&cycles, &watch);
    }
    record_begin("bench");
    record_number("logits", count);
    record_number("cycles", cycles);
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
    uint32_t alone = UINT32_MAX, divided = UINT32_MAX;
    /* The first turn finds the cache of the flash empty. */
    for (uint32_t turn = 0; turn < TURNS; turn++) {
        const uint32_t one = dividing_cycles(1);
        const uint32_t two = dividing_cycles(2);
        if (one < alone) alone = one;
        if (two < divided) divided = two;
    }
    record_begin("bench");
    record_number("cores", STARMIND_CORES);
    record_number("cycles", divided > alone ? divided - alone : 0u);
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
    bench_parts(engine, last / 2);
    bench_parts(engine, last);
    bench_barrier();
    bench_stacks();
}
