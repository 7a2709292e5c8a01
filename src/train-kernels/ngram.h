/*
 * Tables of n-grams: the last tokens pick a row of each by a hash, and the rows of a layer are
 * added to its values, or to the residual stream before it. Most rows are untouched in a step, so
 * nothing here walks through a table: a pass keeps the gradients of the sums by token, of which
 * each row gathers those of its tokens, and the optimiser updates the rows that have any.
 */
#ifndef NGRAM_H
#define NGRAM_H

#include "adamw.h"
#include "pass.h"

/** Number of layers that have tables. */
int ngram_layers(const architecture *shape);

/** Number of tables: one for each order in each of these layers. */
int ngram_tables(const architecture *shape);

/** Elements of all tables, which lie one after another: layer by layer, in each by order. */
int64_t ngram_elements(const architecture *shape);

/** target[width][columns] += the rows of a layer, for each token of the pass. */
void ngram_forward(const pass *pass, int layer, float *target);

/** Keeps target_gradient[width][columns] of a layer by token, in model->ngram_gradients. */
void ngram_backward(const pass *pass, int layer, const float *target_gradient);

/** The tokens of a step, and where the gradients of the sums lie. */
typedef struct {
    const uint16_t *tokens; /* [sequences][length + 1] */
    int sequences;
    int length;
    const float *gradients; /* [layers with tables][sequences][length][width] */
} ngram_step;

/** Lists by which the tokens of a row are found; the caller's memory, zero at first. */
typedef struct {
    int32_t *first; /* [rows] 1 + the first token of each row, or 0; left as it was */
    int32_t *next;  /* [tokens] 1 + the next token of the same row, or 0 */
    int32_t *hit;   /* [tokens] the rows that have tokens */
    float *sum;     /* [width] */
} ngram_lists;

ngram_lists ngram_lists_take(arena *from, const architecture *shape, int tokens);

/**
 * Updates the rows of one table that were read in a step: AdamW's rule without decay, with
 * moments that rest between a row's steps. The tables and their moments are all of the model's.
 */
void ngram_update(const architecture *shape, int table, const ngram_step *read,
                  const training_step *step, float gradient_scale, const ngram_lists *lists,
                  float *tables, float *first_moments, float *second_moments);

#endif
