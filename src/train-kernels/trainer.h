/*
 * The trainer's interface to JavaScript: one block of shared memory, laid out once, on which every
 * worker runs the same functions with its own thread number.
 *
 * Results do not depend on the number of threads. The sequences of a step are divided among a fixed
 * number of gradient slots; whichever thread takes a slot computes its sums in the same order, and
 * the slots are added in the same order.
 */
#ifndef TRAINER_H
#define TRAINER_H

#include "adamw.h"
#include "architecture.h"
#include "sync.h"

/** The codes of training.optimizer, in the order of optimizers in options.ts. */
typedef enum { OPTIMIZER_ADAMW, OPTIMIZER_MUON } optimizer;

/** Written by shared-memory.ts as int32 in this order. */
typedef struct {
    architecture shape;
    int32_t formats[PARAMETER_KINDS]; /* weight_format of each kind of matrix; else unused */
    int32_t optimizer;      /* of the matrices of the layers: an optimizer; AdamW for the rest */
    int32_t cached_peak;    /* largest magnitude of an element of a quantised key or value */
    int32_t batch;          /* sequences of a step */
    int32_t context;        /* tokens of a training sequence */
    int32_t slots;          /* gradient slots, at most `batch` */
    int32_t pass_sequences; /* most sequences of one pass */
    int32_t threads;
    int32_t step_capacity;   /* steps of one trainer_run_steps at most */
    int32_t window_capacity; /* windows of one trainer_evaluate at most */
    int32_t token_capacity;  /* token ids for either */
    architecture teacher;    /* its vocab_size is 0 without one, else that of the shape */
} trainer_geometry;

_Static_assert(sizeof(trainer_geometry) == (64 + PARAMETER_KINDS) * 4,
               "shared-memory.ts writes these words");

typedef struct {
    double loss;          /* sum over the targets of the step, nats */
    double gradient_norm; /* before clipping */
} step_result;

_Static_assert(sizeof(step_result) == 2 * 8, "hand-over.ts reads two doubles");

typedef struct {
    int32_t first_token; /* index into the tokens */
    int32_t length;      /* targets; the window has one token more */
    int32_t score_from;
} evaluation_window;

_Static_assert(sizeof(evaluation_window) == 3 * 4, "hand-over.ts writes three words");

/**
 * Regions that JavaScript reads and writes; shared-memory.ts reads this as uint32 in this order.
 */
typedef struct {
    int32_t parameter_count;
    int32_t rope_stride;   /* positions per row of the rotation tables */
    float *parameters;     /* [parameter_count] */
    float *gradients;      /* [slots][parameter_count]; after a step the first slot has the sum */
    float *first_moments;  /* [parameter_count] */
    float *second_moments; /* [parameter_count] */
    float *rope_cosine;    /* [head_dim / 2][rope_stride] */
    float *rope_sine;      /* [head_dim / 2][rope_stride] */
    uint16_t *tokens;      /* [token_capacity]; of steps: [steps][batch][context + 1] */
    training_step *steps;  /* [step_capacity] */
    step_result *results;  /* [step_capacity] */
    evaluation_window *windows;  /* [window_capacity] */
    double *nats;                /* [window_capacity] */
    float *quantized;            /* [parameter_count] the parameters as a format last held them */
    float *teacher_parameters;   /* [parameters of the teacher] */
    float *teacher_cosine;       /* [head_dim / 2 of the teacher][rope_stride] */
    float *teacher_sine;         /* [head_dim / 2 of the teacher][rope_stride] */
    float *tables;               /* [ngram_elements] */
    float *table_first_moments;  /* [ngram_elements] */
    float *table_second_moments; /* [ngram_elements] */
    float *ngram_gradients;      /* [layers with tables][batch][context][width] */
    float *teacher_tables;       /* [ngram_elements of the teacher] */
} shared_regions;

_Static_assert(sizeof(shared_regions) == 22 * 4, "shared-memory.ts reads these words");

typedef struct trainer trainer;

#endif
