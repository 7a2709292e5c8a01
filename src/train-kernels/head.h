/* Classifier, softmax and cross-entropy, a block of tokens at a time. */
#ifndef HEAD_H
#define HEAD_H

#include "pass.h"

/** Sum over the scored targets of -ln p(target), nats. Reads space->final_output. */
double head_loss(const pass *pass);

/** A model whose distribution over the next token is part of the targets. */
typedef struct {
    const pass *pass; /* over the same tokens; its space->final_output is there */
    float weight;     /* share of its distribution in the targets; the rest is the token itself */
} teacher;

/**
 * As head_loss, and the gradients of `scale` times that sum: of final_output into
 * space->input_gradient, of the classifier added to `gradients`. With a teacher, which may be NULL,
 * they are the gradients of the cross-entropy with the mixed targets instead.
 */
double head_loss_backward(const pass *pass, float scale, const teacher *teacher, float *gradients);

#endif
