/*
 * Fake quantisation: a float is replaced by the nearest value its integer form can hold. This is
 * the forward arithmetic of the inference engine; gradients pass straight through.
 */
#ifndef QUANTIZE_H
#define QUANTIZE_H

#include "parameters.h"

/** Rule for the scale of an int8 vector. */
typedef enum {
    SCALE_EXACT,       /* largest magnitude / 127 */
    SCALE_POWER_OF_TWO /* the smallest power of two that is at least that */
} scale_kind;

/** Quantises each column (a token's vector) of data[rows][columns] with a scale of its own. */
void fake_quantize_columns(scale_kind kind, int rows, int columns, int stride, float *data);

/**
 * Matrices are quantised by the rule of src/core/quant/matrix.ts, bit for bit: the scales of the
 * rows of a matrix share an exponent, which follows from the largest magnitude of all of them.
 */

/** Largest magnitude in a chunk. */
float parameter_peak(const parameter_chunk *chunk, const float *source);

/**
 * The exponent that the scales of a matrix share, for the largest magnitude in it and that of an
 * element of its format.
 */
int scale_exponent(int format_peak, float peak);

/**
 * Copies a chunk of parameters, quantising each row of a matrix with a scale of its own; `exponent`
 * is that of the whole matrix.
 */
void fake_quantize_parameters(int format_peak, int exponent, const parameter_chunk *chunk,
                              const float *source, float *target);

#endif
