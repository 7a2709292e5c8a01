/*
 * Fake quantisation: a float is replaced by the nearest value its integer form can hold. This is
 * the forward arithmetic of the inference engine; gradients pass straight through.
 */
#ifndef QUANTIZE_H
#define QUANTIZE_H

#include "parameters.h"

/** Largest magnitude of an element of an int8 vector. */
#define VECTOR_PEAK 127

/** Vectors whose largest magnitude is below this count as zero; keeps every scale normal. */
#define SMALLEST_MAGNITUDE 1e-30f

/** Quantises each column (a token's vector) of data[rows][columns] to int8, with its own scale. */
void fake_quantize_columns(int rows, int columns, int stride, float *data);

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

/**
 * Scale of a row that is stored alone, as src/core/quant/rows.ts has it: 16 to 31 times a power of
 * two, from a byte.
 */
double lone_row_scale(double divisor, int length, const float *row);

/** The nearest multiple of a scale, at most `peak` of it away from zero. */
float round_to_scale(float value, double scale, int peak);

#endif
