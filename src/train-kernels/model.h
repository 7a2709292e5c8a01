/* Forward and backward pass of the whole model over some sequences. */
#ifndef MODEL_H
#define MODEL_H

#include "head.h"

/** Everything up to the classifier's input, space->final_output. */
void model_forward(const pass *pass);

/** Sum of the losses of the scored targets, nats. */
double model_loss(const model *model, workspace *space, token_batch batch);

/**
 * As model_loss; adds the gradients of `scale` times that sum to gradients[layout.total]. With a
 * teacher they are those of the loss on its targets; see head.h.
 */
double model_loss_backward(const model *model, workspace *space, token_batch batch, float scale,
                           const teacher *teacher, float *gradients);

#endif
