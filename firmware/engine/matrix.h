/* Products of the stored matrices with a quantised vector. */
#ifndef STARMIND_MATRIX_H
#define STARMIND_MATRIX_H

#include "engine.h"
#include "kernel.h"
#include "parallel.h"
#include "stream.h"
#include "vector_loops.h"

/** A matrix, and the place of its product in Q16: [rows]. */
typedef struct {
    const sm_tensor *matrix;
    int32_t *output;
    /* Receives sm_all_bits of the output, of each range of rows; zeros before. May be NULL. */
    uint32_t *bits;
} sm_product;

/**
 * Rounds the elements from `begin` up to `end` of `count`. The last ones are followed by zeros up
 * to a multiple of SM_KERNEL_VECTOR_PADDING elements, for which `quantized` must have room.
 */
static inline void sm_round_some(const sm_rounding *rounding, uint32_t begin, uint32_t end,
                                 uint32_t count, int8_t *quantized) {
    sm_round(rounding->values + begin, end - begin, rounding->shift, rounding->inverse,
             quantized + begin);
    if (end < count) return;
    for (uint32_t i = count; i % SM_KERNEL_VECTOR_PADDING != 0; i++) quantized[i] = 0;
}

/** Bytes of scratch memory that products with any matrix of a model need at most. */
uint32_t sm_matrix_scratch_bytes(const sm_model *model);

/** Bytes of each of the two buffers for pieces of streamed matrices; 0 where a model has none. */
uint32_t sm_piece_bytes(const sm_model *model);

/** The first piece of the first streamed matrix among some tensors; no bytes where there is none.
 */
sm_piece sm_first_piece(const sm_engine *engine, const sm_tensor *tensors, uint32_t count);

/**
 * Begins to stream the matrices among some tensors of a layer, where there are any, and ends it.
 * Between the two only what lies in SRAM may run.
 */
void sm_begin_streaming(const sm_engine *engine, const sm_tensor *tensors, uint32_t count);
void sm_end_streaming(const sm_engine *engine);

/**
 * output[row] = (matrix row) . vector in Q16, for a vector that is rounded first, in
 * engine->quantized; without values, for what is there * scale, with the zeros of sm_round_some.
 * Several matrices with the same columns are one piece of work for the cores. The values may lie
 * where the outputs go.
 */
void sm_matrix_multiply(const sm_engine *engine, const sm_product *products, uint32_t count,
                        const sm_rounding *vector);

/** As sm_matrix_multiply for one matrix, added to the residual stream, which it measures. */
void sm_add_to_residual(sm_engine *engine, const sm_tensor *matrix, const sm_rounding *vector);

/**
 * output[i] (+)= row `row` of a matrix, in Q16; `add` is false to overwrite and true to add.
 * engine->quantized is overwritten.
 */
void sm_matrix_row(const sm_engine *engine, const sm_tensor *matrix, uint32_t row, bool add,
                   int32_t *output);

#endif
