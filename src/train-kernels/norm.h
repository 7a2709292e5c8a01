/* Root-mean-square and layer normalisation, both with a gain and without a bias. */
#ifndef NORM_H
#define NORM_H

#include "architecture.h"

/** Per-token statistics, [columns] each, that the backward pass needs. */
typedef struct {
    float *mean;    /* zero for the root-mean-square norm */
    float *inverse; /* 1 / sqrt(mean square of (x - mean) + epsilon) */
} norm_statistics;

/** target[dim][columns] = gain * (source - mean) * inverse; a column is a token. */
void norm_forward(norm_kind kind, int dim, int columns, int stride, const float *source,
                  const float *gain, float *target, norm_statistics statistics);

/**
 * Adds the gradient of the source to `source_gradient` and that of the gain to `gain_gradient`.
 */
void norm_backward(norm_kind kind, int dim, int columns, int stride, const float *source,
                   const float *gain, norm_statistics statistics, const float *target_gradient,
                   float *source_gradient, float *gain_gradient);

#endif
