/* The element-wise middle of the feed-forward part: activation and gate. */
#ifndef FEED_FORWARD_H
#define FEED_FORWARD_H

#include "architecture.h"

/**
 * hidden = activation(gate) * up when gated, activation(up) when not.
 * ffn_in[ffn_rows][columns] is gate then up, or up alone; hidden is [hidden_dim][columns].
 */
void feed_forward(const architecture *shape, int columns, int stride, const float *ffn_in,
                  float *hidden);

/**
 * Reads the gradient of hidden from the last hidden_dim rows of `gradient` and replaces it by the
 * gradient of ffn_in, [ffn_rows][columns].
 */
void feed_forward_backward(const architecture *shape, int columns, int stride, const float *ffn_in,
                           float *gradient);

#endif
