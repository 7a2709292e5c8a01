/* Causal self-attention with grouped queries, in blocks of queries. */
#ifndef ATTENTION_H
#define ATTENTION_H

#include "pass.h"

/** Reads layer->qkv; writes layer->attended and layer->log_sum_exp. */
void attention_forward(const pass *pass, const layer_activations *layer);

/**
 * Writes space->qkv_gradient from attended_gradient[query_dim][columns]. The attention weights are
 * computed again from the saved log-sum-exp, which costs less than keeping them.
 */
void attention_backward(const pass *pass, const layer_activations *layer,
                        const float *attended_gradient);

#endif
