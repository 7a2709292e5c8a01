/*
 * Fake quantisation: a float is replaced by the nearest value its integer form can hold. This is
 * the forward arithmetic of the inference engine; gradients pass straight through.
 */
#ifndef QUANTIZE_H
#define QUANTIZE_H

#include "parameters.h"

/** How the scale of an int8 vector is chosen. */
typedef enum {
    SCALE_EXACT,       /* largest magnitude / 127 */
    SCALE_POWER_OF_TWO /* the smallest power of two that is at least that */
} scale_kind;

/** Quantises each column (a token's vector) of data[rows][columns] with a scale of its own. */
void fake_quantize_columns(scale_kind kind, int rows, int columns, int stride, float *data);

/** Copies a chunk of parameters, quantising each row of a matrix with a scale of its own. */
void fake_quantize_parameters(const parameter_chunk *chunk, const float *source, float *target);

#endif
