/* Forward and backward pass of the whole model over some sequences. */
#ifndef MODEL_H
#define MODEL_H

#include "pass.h"

/** Sum of the losses of the scored targets, nats. */
double model_loss(const model *model, workspace *space, token_batch batch);

/** As model_loss; adds the gradients of `scale` times that sum to gradients[layout.total]. */
double model_loss_backward(const model *model, workspace *space, token_batch batch, float scale,
                           float *gradients);

#endif
