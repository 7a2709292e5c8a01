/* A transformer as one writes it first: float32 between the matrices, a float32 KV cache. */
#ifndef STARMIND_TEST_BASELINES_FORWARD_H
#define STARMIND_TEST_BASELINES_FORWARD_H

#include "model.h"

/** Gives the engine its memory, behind the weights. */
void forward_open(const model *m);

/** Runs a token at a position; returns the logits, [vocab_size]. */
const float *forward(uint32_t token, uint32_t position);

/** Counts the cycles of matrices from now on, which makes the whole a little slower. */
void forward_time_matrices(void);

/** Ends that, and returns the cycles. */
uint64_t forward_matrix_cycles(void);

/** Fills the cache up to `positions` with copies of the first `run` positions, which were run. */
void forward_fill(uint32_t run, uint32_t positions);

#endif
