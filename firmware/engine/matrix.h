/* Products of the stored matrices with a quantised vector. */
#ifndef STARMIND_MATRIX_H
#define STARMIND_MATRIX_H

#include "engine.h"

/** Bytes of scratch memory that products with any matrix of a model need at most. */
uint32_t sm_matrix_scratch_bytes(const sm_model *model);

/**
 * output[row] = (matrix row) . vector in Q16, for the vector engine->quantized * scale, which ends
 * with zeros as sm_quantize_input writes them.
 */
void sm_matrix_multiply(const sm_engine *engine, const sm_tensor *matrix, sm_scale scale,
                        int32_t *output);

/** As sm_matrix_multiply, added to `output`. */
void sm_matrix_accumulate(const sm_engine *engine, const sm_tensor *matrix, sm_scale scale,
                          int32_t *output);

/** output[i] (+)= row `row` of a matrix, in Q16; `add` is 0 to overwrite and 1 to add. */
void sm_matrix_row(const sm_model *model, const sm_tensor *matrix, uint32_t row, bool add,
                   int32_t *output);

#endif
