#include "trainer.h"

#include <stddef.h>

#include "model.h"
#include "muon.h"
#include "ngram.h"
#include "quantize.h"

#define EXPORT(name) __attribute__((export_name(#name)))

/** Bytes of stack of a worker. */
#define STACK_BYTES 65536

/** The parts of a step. Each has a queue, which is reset once every thread is past it. */
enum {
    PHASE_SCALES,
    PHASE_QUANTIZE,
    PHASE_GRADIENTS,
    PHASE_REDUCE,
    PHASE_UPDATE,
    PHASE_EVALUATE,
    PHASES
};

struct trainer {
    shared_regions regions; /* first: JavaScript reads it at the trainer's address */
    trainer_geometry geometry;
    parameter_layout layout;
    parameter_layout teacher_layout;
    double *slot_losses; /* [slots] */
    parameter_chunk *chunks;
    int chunk_count;
    double *chunk_squares; /* [chunk_count] squared gradient norms */
    double *chunk_scales;  /* [chunk_count] largest scales of their rows */
    work_queue queues[PHASES];
    barrier barrier;
    uintptr_t stacks;
    uintptr_t workspaces;
    uint64_t workspace_bytes; /* of a thread's activations, Muon's matrices and the teacher's */
};

static trainer_geometry requested;

/** JavaScript writes the geometry here before it asks for its size. */
EXPORT(trainer_geometry_address) trainer_geometry *trainer_geometry_address(void) {
    return &requested;
}

/** First byte that the trainer may use. */
EXPORT(trainer_heap_base) uintptr_t trainer_heap_base(void) {
    extern unsigned char __heap_base;
    return ((uintptr_t)&__heap_base + 63) & ~(uintptr_t)63;
}

/** Positions a pass must have room for: evaluation windows may be longer than training ones. */
static int longest_window(const trainer_geometry *geometry) {
    const int context = geometry->context, limit = geometry->shape.max_seq_len;
    return padded_length(context > limit ? context : limit);
}

static workspace thread_workspace(arena *from, const trainer_geometry *geometry) {
    const int longest = longest_window(geometry);
    const int pass_columns = padded_length(geometry->context) * geometry->pass_sequences;
    return workspace_take(from, &geometry->shape, pass_columns > longest ? pass_columns : longest,
                          longest);
}

static bool has_teacher(const trainer_geometry *geometry) {
    return geometry->teacher.vocab_size > 0;
}

/** Activations of the teacher, which sees sequences of training alone. */
static workspace teacher_workspace(arena *from, const trainer_geometry *geometry) {
    const int longest = padded_length(geometry->context);
    return workspace_take(from, &geometry->teacher, longest * geometry->pass_sequences, longest);
}

static bool has_tables(const trainer_geometry *geometry) {
    return ngram_tables(&geometry->shape) > 0;
}

static ngram_lists table_lists(arena *from, const trainer_geometry *geometry) {
    return ngram_lists_take(from, &geometry->shape, geometry->batch * geometry->context);
}

static void take_tables(arena *from, trainer *trainer) {
    const trainer_geometry *geometry = &trainer->geometry;
    const architecture *shape = &geometry->shape;
    shared_regions *regions = &trainer->regions;
    const int64_t elements = ngram_elements(shape);
    const int64_t tokens = (int64_t)geometry->batch * geometry->context;
    regions->tables = arena_take_floats(from, 1, elements);
    regions->table_first_moments = arena_take_floats(from, 1, elements);
    regions->table_second_moments = arena_take_floats(from, 1, elements);
    regions->ngram_gradients =
        arena_take_floats(from, ngram_layers(shape) * tokens, shape->ngram.width);
    regions->teacher_tables = arena_take_floats(from, 1, ngram_elements(&geometry->teacher));
}

static void take_regions(arena *from, trainer *trainer) {
    const trainer_geometry *geometry = &trainer->geometry;
    shared_regions *regions = &trainer->regions;
    const int parameters = trainer->layout.total;
    const int pairs = geometry->shape.head_dim / 2;
    regions->parameter_count = parameters;
    regions->rope_stride = longest_window(geometry);
    regions->parameters = arena_take_floats(from, 1, parameters);
    regions->gradients = arena_take_floats(from, geometry->slots, parameters);
    regions->first_moments = arena_take_floats(from, 1, parameters);
    regions->second_moments = arena_take_floats(from, 1, parameters);
    regions->rope_cosine = arena_take_floats(from, pairs, regions->rope_stride);
    regions->rope_sine = arena_take_floats(from, pairs, regions->rope_stride);
    regions->tokens =
        arena_take(from, (uint64_t)geometry->token_capacity * sizeof(*regions->tokens));
    regions->steps = arena_take(from, (uint64_t)geometry->step_capacity * sizeof(training_step));
    regions->results = arena_take(from, (uint64_t)geometry->step_capacity * sizeof(step_result));
    regions->windows =
        arena_take(from, (uint64_t)geometry->window_capacity * sizeof(evaluation_window));
    regions->nats = arena_take(from, (uint64_t)geometry->window_capacity * sizeof(double));
    take_tables(from, trainer);
    if (!has_teacher(geometry)) return;
    const int teacher_pairs = geometry->teacher.head_dim / 2;
    regions->teacher_parameters = arena_take_floats(from, 1, trainer->teacher_layout.total);
    regions->teacher_cosine = arena_take_floats(from, teacher_pairs, regions->rope_stride);
    regions->teacher_sine = arena_take_floats(from, teacher_pairs, regions->rope_stride);
}

/** Lays everything out behind the trainer itself; with an arena at 0 it only measures. */
static void lay_out(arena *from, trainer *trainer) {
    const trainer_geometry *geometry = &trainer->geometry;
    trainer->layout = parameter_layout_of(&geometry->shape);
    trainer->teacher_layout = parameter_layout_of(&geometry->teacher);
    trainer->chunk_count = parameter_chunks(&geometry->shape, NULL);
    take_regions(from, trainer);
    trainer->regions.quantized = arena_take_floats(from, 1, trainer->layout.total);
    trainer->slot_losses = arena_take(from, (uint64_t)geometry->slots * sizeof(double));
    trainer->chunks = arena_take(from, (uint64_t)trainer->chunk_count * sizeof(parameter_chunk));
    trainer->chunk_squares = arena_take(from, (uint64_t)trainer->chunk_count * sizeof(double));
    trainer->chunk_scales = arena_take(from, (uint64_t)trainer->chunk_count * sizeof(double));
    trainer->stacks = (uintptr_t)arena_take(from, (uint64_t)geometry->threads * STACK_BYTES);

    arena one_workspace = {0, 0};
    thread_workspace(&one_workspace, geometry);
    if (geometry->optimizer == OPTIMIZER_MUON) {
        muon_workspace_take(&one_workspace, &geometry->shape);
    }
    if (has_teacher(geometry)) teacher_workspace(&one_workspace, geometry);
    if (has_tables(geometry)) table_lists(&one_workspace, geometry);
    trainer->workspace_bytes = one_workspace.used;
    trainer->workspaces =
        (uintptr_t)arena_take(from, trainer->workspace_bytes * (uint64_t)geometry->threads);
}

/** Bytes that the requested geometry needs from trainer_heap_base on; may exceed 32 bits. */
EXPORT(trainer_bytes) double trainer_bytes(void) {
    trainer measured = {.geometry = requested};
    arena measure = {0, 0};
    arena_take(&measure, sizeof(trainer));
    lay_out(&measure, &measured);
    return (double)measure.used;
}

/** Lays the requested geometry out. The memory beyond trainer_heap_base must be zero. */
EXPORT(trainer_create) trainer *trainer_create(void) {
    arena memory = {trainer_heap_base(), 0};
    trainer *created = arena_take(&memory, sizeof(trainer));
    created->geometry = requested;
    lay_out(&memory, created);
    parameter_chunks(&created->geometry.shape, created->chunks);
    return created;
}

/** Initial stack pointer of a worker. */
EXPORT(trainer_stack_top) uintptr_t trainer_stack_top(const trainer *trainer, int thread) {
    return trainer->stacks + (uintptr_t)(thread + 1) * STACK_BYTES;
}

static arena thread_memory(const trainer *trainer, int thread) {
    const uint64_t offset = trainer->workspace_bytes * (uint64_t)thread;
    return (arena){trainer->workspaces + (uintptr_t)offset, 0};
}

static workspace workspace_of(const trainer *trainer, int thread) {
    arena memory = thread_memory(trainer, thread);
    return thread_workspace(&memory, &trainer->geometry);
}

/** Lies behind the activations. */
static muon_workspace muon_workspace_of(const trainer *trainer, int thread) {
    arena memory = thread_memory(trainer, thread);
    thread_workspace(&memory, &trainer->geometry);
    return muon_workspace_take(&memory, &trainer->geometry.shape);
}

/** Lies behind Muon's matrices. */
static workspace teacher_workspace_of(const trainer *trainer, int thread) {
    const trainer_geometry *geometry = &trainer->geometry;
    arena memory = thread_memory(trainer, thread);
    thread_workspace(&memory, geometry);
    if (geometry->optimizer == OPTIMIZER_MUON) muon_workspace_take(&memory, &geometry->shape);
    return teacher_workspace(&memory, geometry);
}

/** Lie behind all else. */
static ngram_lists table_lists_of(const trainer *trainer, int thread) {
    const trainer_geometry *geometry = &trainer->geometry;
    arena memory = thread_memory(trainer, thread);
    thread_workspace(&memory, geometry);
    if (geometry->optimizer == OPTIMIZER_MUON) muon_workspace_take(&memory, &geometry->shape);
    if (has_teacher(geometry)) teacher_workspace(&memory, geometry);
    return table_lists(&memory, geometry);
}

/** The teacher, which computes in floats. */
static model teacher_model(const trainer *trainer) {
    return (model){
        .shape = trainer->geometry.teacher,
        .layout = trainer->teacher_layout,
        .weights = trainer->regions.teacher_parameters,
        .tables = trainer->regions.teacher_tables,
        .quantized = false,
        .rope_cosine = trainer->regions.teacher_cosine,
        .rope_sine = trainer->regions.teacher_sine,
        .rope_stride = trainer->regions.rope_stride,
    };
}

static model model_of(const trainer *trainer, arithmetic arithmetic) {
    const bool quantized = arithmetic != ARITHMETIC_FLOAT;
    model model;
    model.shape = trainer->geometry.shape;
    model.layout = trainer->layout;
    model.weights = quantized ? trainer->regions.quantized : trainer->regions.parameters;
    model.quantized = quantized;
    model.limits = head_limits_of(trainer->geometry.shape.head_dim, trainer->geometry.cached_peak);
    model.rope_cosine = trainer->regions.rope_cosine;
    model.rope_sine = trainer->regions.rope_sine;
    model.rope_stride = trainer->regions.rope_stride;
    model.tables = trainer->regions.tables;
    model.ngram_gradients = trainer->regions.ngram_gradients;
    model.step_sequences = trainer->geometry.batch;
    return model;
}

/** Waits for every thread, then resets the phase's queue for its next use. */
static void end_phase(trainer *trainer, int phase, int thread) {
    barrier_wait(&trainer->barrier, trainer->geometry.threads);
    if (thread == 0) work_queue_reset(&trainer->queues[phase]);
}

/** The next task of a phase, or -1 when none is left. */
static int take_task(trainer *trainer, int phase, int tasks) {
    const int task = work_queue_take(&trainer->queues[phase]);
    return task < tasks ? task : -1;
}

static weight_format format_of(const trainer *trainer, const parameter_chunk *chunk) {
    return (weight_format)trainer->geometry.formats[chunk->kind];
}

/** Exponent of the scales of the tensor that a chunk is part of, once all scales are known. */
static int exponent_of(const trainer *trainer, const parameter_chunk *chunk) {
    double largest = 0.0;
    for (int i = 0; i < chunk->chunk_count; i++) {
        const double scale = trainer->chunk_scales[chunk->first_chunk + i];
        if (scale > largest) largest = scale;
    }
    return scale_exponent(largest);
}

/** Rounds the parameters to the values of the device; does nothing for floats. */
static void quantize_parameters(trainer *trainer, arithmetic arithmetic, int thread) {
    if (arithmetic == ARITHMETIC_FLOAT) return;
    const float *parameters = trainer->regions.parameters;
    int task;
    while ((task = take_task(trainer, PHASE_SCALES, trainer->chunk_count)) >= 0) {
        const parameter_chunk *chunk = &trainer->chunks[task];
        trainer->chunk_scales[task] =
            largest_row_scale(format_of(trainer, chunk), chunk, parameters);
    }
    end_phase(trainer, PHASE_SCALES, thread);
    while ((task = take_task(trainer, PHASE_QUANTIZE, trainer->chunk_count)) >= 0) {
        const parameter_chunk *chunk = &trainer->chunks[task];
        fake_quantize_parameters(format_of(trainer, chunk), exponent_of(trainer, chunk), chunk,
                                 parameters, trainer->regions.quantized);
    }
    end_phase(trainer, PHASE_QUANTIZE, thread);
}

/** The teacher as a thread runs it. */
typedef struct {
    model model;
    workspace space;
    float weight; /* 0 without a teacher */
} teaching;

static teaching teaching_of(const trainer *trainer, const training_step *step, int thread) {
    if (!has_teacher(&trainer->geometry) || step->teacher_weight == 0.0f) {
        return (teaching){.weight = 0.0f};
    }
    return (teaching){teacher_model(trainer), teacher_workspace_of(trainer, thread),
                      step->teacher_weight};
}

static double taught_loss(const model *student, workspace *space, teaching *teaching,
                          token_batch batch, float scale, float *gradients) {
    if (teaching->weight == 0.0f) {
        return model_loss_backward(student, space, batch, scale, NULL, gradients);
    }
    const pass pass = pass_over(&teaching->model, &teaching->space, batch);
    model_forward(&pass);
    const teacher teacher = {&pass, teaching->weight};
    return model_loss_backward(student, space, batch, scale, &teacher, gradients);
}

/** Loss and gradients of the sequences of one slot. */
static void run_slot(trainer *trainer, const model *student, workspace *space, teaching *teaching,
                     const uint16_t *tokens, int slot) {
    const trainer_geometry *geometry = &trainer->geometry;
    const int parameters = trainer->layout.total;
    const float scale = 1.0f / ((float)geometry->batch * (float)geometry->context);
    float *gradients = trainer->regions.gradients + slot * parameters;
    __builtin_memset(gradients, 0, (unsigned long)parameters * sizeof(float));
    const int end = (slot + 1) * geometry->batch / geometry->slots;
    double loss = 0.0;
    int sequence = slot * geometry->batch / geometry->slots;
    while (sequence < end) {
        const int left = end - sequence;
        const int count = left < geometry->pass_sequences ? left : geometry->pass_sequences;
        const token_batch batch = {tokens + sequence * (geometry->context + 1), count,
                                   geometry->context, 0, sequence};
        loss += taught_loss(student, space, teaching, batch, scale, gradients);
        sequence += count;
    }
    trainer->slot_losses[slot] = loss;
}

/** Sum in index order, the same on every thread. */
static double sum(const double *values, int count) {
    double total = 0.0;
    for (int i = 0; i < count; i++) total += values[i];
    return total;
}

/** Updates the whole tensor of which `task` is the first chunk. */
static void update_by_muon(trainer *trainer, const training_step *step, float gradient_scale,
                           int thread, int task) {
    const shared_regions *regions = &trainer->regions;
    const parameter_chunk *first = &trainer->chunks[task];
    const muon_workspace space = muon_workspace_of(trainer, thread);
    int rows = 0;
    for (int i = 0; i < first->chunk_count; i++) rows += trainer->chunks[task + i].rows;
    muon_update(first->offset, rows, first->columns, step, gradient_scale, regions->gradients,
                regions->parameters, regions->first_moments, &space);
}

/** Updates a table of n-grams. */
static void update_table(trainer *trainer, const training_step *step, const uint16_t *tokens,
                         float gradient_scale, int thread, int table) {
    const shared_regions *regions = &trainer->regions;
    const trainer_geometry *geometry = &trainer->geometry;
    const ngram_step read = {tokens, geometry->batch, geometry->context, regions->ngram_gradients};
    const ngram_lists lists = table_lists_of(trainer, thread);
    ngram_update(&geometry->shape, table, &read, step, gradient_scale, &lists, regions->tables,
                 regions->table_first_moments, regions->table_second_moments);
}

static void update_parameters(trainer *trainer, const training_step *step, const uint16_t *tokens,
                              float gradient_scale, int thread) {
    const shared_regions *regions = &trainer->regions;
    const int tables = ngram_tables(&trainer->geometry.shape);
    int next;
    while ((next = take_task(trainer, PHASE_UPDATE, tables + trainer->chunk_count)) >= 0) {
        if (next < tables) {
            update_table(trainer, step, tokens, gradient_scale, thread, next);
            continue;
        }
        const int task = next - tables;
        const parameter_chunk *chunk = &trainer->chunks[task];
        if (trainer->geometry.optimizer == OPTIMIZER_MUON && muon_updates(chunk)) {
            if (chunk->first_chunk == task) {
                update_by_muon(trainer, step, gradient_scale, thread, task);
            }
        } else {
            adamw_update(chunk, step, gradient_scale, regions->gradients, regions->parameters,
                         regions->first_moments, regions->second_moments);
        }
    }
    end_phase(trainer, PHASE_UPDATE, thread);
}

static void run_step(trainer *trainer, workspace *space, int thread, int index) {
    const trainer_geometry *geometry = &trainer->geometry;
    const shared_regions *regions = &trainer->regions;
    const training_step *step = &regions->steps[index];
    const uint16_t *tokens = regions->tokens + index * geometry->batch * (geometry->context + 1);
    int task;

    quantize_parameters(trainer, step->arithmetic, thread);
    const model model = model_of(trainer, step->arithmetic);
    teaching teaching = teaching_of(trainer, step, thread);
    while ((task = take_task(trainer, PHASE_GRADIENTS, geometry->slots)) >= 0) {
        run_slot(trainer, &model, space, &teaching, tokens, task);
    }
    end_phase(trainer, PHASE_GRADIENTS, thread);

    while ((task = take_task(trainer, PHASE_REDUCE, trainer->chunk_count)) >= 0) {
        trainer->chunk_squares[task] = reduce_gradients(&trainer->chunks[task], regions->gradients,
                                                        geometry->slots, trainer->layout.total);
    }
    end_phase(trainer, PHASE_REDUCE, thread);

    const double norm = __builtin_sqrt(sum(trainer->chunk_squares, trainer->chunk_count));
    const bool clipped = step->gradient_clip > 0.0f && norm > (double)step->gradient_clip;
    const float gradient_scale = clipped ? (float)((double)step->gradient_clip / norm) : 1.0f;
    if (thread == 0) {
        regions->results[index] = (step_result){sum(trainer->slot_losses, geometry->slots), norm};
    }
    update_parameters(trainer, step, tokens, gradient_scale, thread);
}

/** Runs the first `count` of the steps; every worker calls it with its own thread number. */
EXPORT(trainer_run_steps) void trainer_run_steps(trainer *trainer, int thread, int count) {
    workspace space = workspace_of(trainer, thread);
    for (int index = 0; index < count; index++) run_step(trainer, &space, thread, index);
}

/** Fills `nats` for the first `count` windows; every worker calls it. */
EXPORT(trainer_evaluate)
void trainer_evaluate(trainer *trainer, int thread, int count, arithmetic arithmetic) {
    workspace space = workspace_of(trainer, thread);
    quantize_parameters(trainer, arithmetic, thread);
    const model model = model_of(trainer, arithmetic);
    int task;
    while ((task = take_task(trainer, PHASE_EVALUATE, count)) >= 0) {
        const evaluation_window *window = &trainer->regions.windows[task];
        const token_batch batch = {trainer->regions.tokens + window->first_token, 1, window->length,
                                   window->score_from, 0};
        trainer->regions.nats[task] = model_loss(&model, &space, batch);
    }
    end_phase(trainer, PHASE_EVALUATE, thread);
}
