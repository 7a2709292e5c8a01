/* Classifier, softmax and cross-entropy, a block of tokens at a time. */
#ifndef HEAD_H
#define HEAD_H

#include "pass.h"

/** Sum over the scored targets of -ln p(target), nats. Reads space->final_output. */
double head_loss(const pass *pass);

/**
 * As head_loss, and the gradients of `scale` times that sum: of final_output into
 * space->input_gradient, of the classifier added to `gradients`.
 */
double head_loss_backward(const pass *pass, float scale, float *gradients);

#endif
