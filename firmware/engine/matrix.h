/* Products of the stored matrices with a quantised vector. */
#ifndef STARMIND_MATRIX_H
#define STARMIND_MATRIX_H

#include "fixed_point.h"

/** output[row] = (matrix row) . vector in Q16, for a vector of int8 * scale. */
void sm_matrix_multiply(const sm_model *model, const sm_tensor *matrix, const int8_t *vector,
                        sm_scale scale, int32_t *output);

/** The same, added to `output`. */
void sm_matrix_accumulate(const sm_model *model, const sm_tensor *matrix, const int8_t *vector,
                          sm_scale scale, int32_t *output);

/** output[i] (+)= row `row` of a matrix, in Q16; `add` is 0 to overwrite and 1 to add. */
void sm_matrix_row(const sm_model *model, const sm_tensor *matrix, uint32_t row, bool add,
                   int32_t *output);

#endif
