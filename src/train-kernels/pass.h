/* Data of one pass over some sequences, which every layer function receives. */
#ifndef PASS_H
#define PASS_H

#include "cache.h"
#include "parameters.h"
#include "workspace.h"

typedef struct {
    architecture shape;
    parameter_layout layout;
    const float *weights; /* the parameters, or their fake-quantised copies */
    const float *tables;  /* of n-grams; rounded row by row where the arithmetic is quantised */
    bool quantized;       /* activations are fake-quantised too */
    head_limits limits;   /* of quantised queries, keys and values */
    /** Rotations, [head_dim / 2][rope_stride]: column t belongs to position t. */
    const float *rope_cosine;
    const float *rope_sine;
    int rope_stride;
    /** Gradients of the sums of rows: [layers with tables][step_sequences][length][width]. */
    float *ngram_gradients;
    int step_sequences; /* of all passes of a step */
} model;

/** Sequences of equal length, [sequences][length + 1]: token t + 1 is the target of token t. */
typedef struct {
    const uint16_t *tokens;
    int sequences;
    int length;
    int score_from;     /* targets before this position do not count */
    int first_sequence; /* its number in the step */
} token_batch;

typedef struct {
    const model *model;
    workspace *space;
    token_batch batch;
    /**
     * Columns of a sequence: its length rounded up to whole vectors. The columns beyond the length
     * hold zeros at first and results of them later; they come after every real token, so causal
     * attention never sees them, and their loss gradient is zero.
     */
    int sequence_columns;
    int columns; /* of all sequences */
} pass;

static inline int padded_length(int length) { return (length + 3) & ~3; }

static inline pass pass_over(const model *model, workspace *space, token_batch batch) {
    const int sequence_columns = padded_length(batch.length);
    return (pass){model, space, batch, sequence_columns, sequence_columns * batch.sequences};
}

#endif
