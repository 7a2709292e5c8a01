/* Rotary positions as of Hugging Face: feature i turns with feature i + head_dim / 2. */
#ifndef ROPE_H
#define ROPE_H

#include "pass.h"

typedef enum { ROTATE_FORWARD, ROTATE_BACK } rotation;

/**
 * Turns the heads of data[heads * head_dim][columns] by the angles of their positions, or back,
 * which is also the gradient. The last feature of an odd head stays as it is.
 */
void rope_rotate(const pass *pass, rotation direction, int heads, float *data);

#endif
