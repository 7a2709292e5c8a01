/* From token ids to the residual stream. */
#ifndef EMBEDDING_H
#define EMBEDDING_H

#include "pass.h"

/** target[dim][columns] = embedding row of the token, plus the row of its learned position. */
void embedding_forward(const pass *pass, float *target);

/** Adds the gradient of the residual stream to the rows that were read. */
void embedding_backward(const pass *pass, const float *target_gradient, float *gradients);

#endif
