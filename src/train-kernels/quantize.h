/*
 * Fake quantisation: a float is replaced by the nearest value its integer form can hold. This is
 * the forward arithmetic of the inference engine; gradients pass straight through.
 */
#ifndef QUANTIZE_H
#define QUANTIZE_H

#include "parameters.h"

/** Rule for the scale of a vector. */
typedef enum {
    SCALE_EXACT,       /* largest magnitude / peak of the format */
    SCALE_POWER_OF_TWO /* the smallest power of two that is at least that */
} scale_kind;

/** Largest magnitude of an element of an int8 vector. */
#define VECTOR_PEAK 127

/**
 * Quantises each column (a token's vector) of data[rows][columns] with a scale of its own; `peak`
 * is the largest magnitude of an element of the format.
 */
void fake_quantize_columns(scale_kind kind, int peak, int rows, int columns, int stride,
                           float *data);

/**
 * Matrices are quantised by the rule of src/core/quant/matrix.ts, bit for bit: the scales of the
 * rows of a matrix share an exponent, which follows from the largest of them.
 */

/** Largest scale of the rows of a chunk in a format; 0 for what is no matrix. */
double largest_row_scale(weight_format format, const parameter_chunk *chunk, const float *source);

/** The exponent that the scales of a matrix share, for the largest of them. */
int scale_exponent(double scale);

/**
 * Copies a chunk of parameters, quantising each row of a matrix with a scale of its own; `exponent`
 * is that of the whole matrix.
 */
void fake_quantize_parameters(weight_format format, int exponent, const parameter_chunk *chunk,
                              const float *source, float *target);

#endif
