/* Products of the stored matrices with a quantised vector. */
#ifndef STARMIND_MATRIX_H
#define STARMIND_MATRIX_H

#include "engine.h"

/** A matrix, and the place of its product in Q16: [rows]. */
typedef struct {
    const sm_tensor *matrix;
    int32_t *output;
} sm_product;

/** Bytes of scratch memory that products with any matrix of a model need at most. */
uint32_t sm_matrix_scratch_bytes(const sm_model *model);

/**
 * output[row] = (matrix row) . vector in Q16, for the vector engine->quantized * scale, which ends
 * with zeros as sm_quantize_peak writes them. Several matrices with the same columns are one piece
 * of work for the cores.
 */
void sm_matrix_multiply(const sm_engine *engine, const sm_product *products, uint32_t count,
                        sm_scale scale);

/** As sm_matrix_multiply for one matrix, added to `output`. */
void sm_matrix_accumulate(const sm_engine *engine, const sm_tensor *matrix, sm_scale scale,
                          int32_t *output);

/**
 * output[i] (+)= row `row` of a matrix, in Q16; `add` is false to overwrite and true to add.
 * engine->quantized is overwritten.
 */
void sm_matrix_row(const sm_engine *engine, const sm_tensor *matrix, uint32_t row, bool add,
                   int32_t *output);

#endif
