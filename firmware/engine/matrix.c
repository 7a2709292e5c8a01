#include "matrix.h"

#include <stddef.h>

#include "fixed_point.h"
#include "kernel.h"
#include "parallel.h"
#include "placement.h"
#include "scale_rows.h"
#include "sections.h"
#include "vector_loops.h"

/** Rows whose sums wait to be scaled, on the stack of each core. */
#define BLOCK_ROWS 128u

/** Products with one vector: the data that every core needs to work on its rows. */
typedef struct {
    const sm_model *model;
    const sm_product *products; /* all in the same format */
    uint32_t count;
    const void *vector; /* prepared for the kernel */
    sm_scale scale;     /* of the vector */
    bool add;
} work;

/** A vector to prepare for a kernel, and to round before unless `rounding` is NULL. */
typedef struct {
    const sm_rounding *rounding;
    uint8_t format;
    int8_t *vector;
    uint32_t columns;
    void *prepared;
} preparation;

static uint32_t scratch_bytes(uint8_t format, uint32_t columns) {
    switch (format) {
    case SM_FORMAT_INT8: return sm_kernel_int8_scratch_bytes(columns);
    case SM_FORMAT_INT4: return sm_kernel_int4_scratch_bytes(columns);
    case SM_FORMAT_TERNARY: return sm_kernel_ternary_scratch_bytes(columns);
    default: return 0;
    }
}

SM_HOT static void prepare_columns(void *context, uint32_t begin, uint32_t end) {
    const preparation *p = context;
    if (p->rounding) sm_round_some(p->rounding, begin, end, p->columns, p->vector);
    switch (p->format) {
    case SM_FORMAT_INT8:
        sm_kernel_int8_prepare(p->vector, p->columns, begin, end, p->prepared);
        break;
    case SM_FORMAT_INT4:
        sm_kernel_int4_prepare(p->vector, p->columns, begin, end, p->prepared);
        break;
    case SM_FORMAT_TERNARY:
        sm_kernel_ternary_prepare(p->vector, p->columns, begin, end, p->prepared);
        break;
    default: break;
    }
}

SM_HOT static void multiply_block(uint8_t format, const sm_kernel_matrix *matrix,
                                  const void *vector, uint32_t begin, uint32_t end, int32_t *sums) {
    switch (format) {
    case SM_FORMAT_INT8: sm_kernel_int8_multiply(matrix, vector, begin, end, sums); break;
    case SM_FORMAT_INT4: sm_kernel_int4_multiply(matrix, vector, begin, end, sums); break;
    case SM_FORMAT_TERNARY: sm_kernel_ternary_multiply(matrix, vector, begin, end, sums); break;
    default: break;
    }
}

/** Largest magnitude of a stored value, that of a damaged image included. */
static inline uint32_t peak_of(uint8_t format) {
    return format == SM_FORMAT_INT8 ? 128u : format == SM_FORMAT_INT4 ? 8u : 1u;
}

static sm_kernel_matrix kernel_matrix(const sm_model *model, const sm_tensor *tensor) {
    return (sm_kernel_matrix){sm_tensor_values(model, tensor), tensor->columns, tensor->stride};
}

/** Rows of a matrix with those that complete its last tile. */
static inline uint32_t tiled_rows(const sm_tensor *matrix) {
    return (matrix->rows + SM_KERNEL_ROWS - 1u) / SM_KERNEL_ROWS * SM_KERNEL_ROWS;
}

/**
 * Multiplies the rows from `begin` up to `end` of one matrix, tiles from their first row on.
 * Returns sm_all_bits of the outputs where they are asked for.
 */
SM_HOT static uint32_t multiply_rows(const work *w, const sm_product *product, uint32_t begin,
                                     uint32_t end) {
    const sm_tensor *tensor = product->matrix;
    const sm_kernel_matrix matrix = kernel_matrix(w->model, tensor);
    const uint16_t *row_scales = sm_row_scales(w->model, tensor);
    const int32_t exponent = tensor->exponent + w->scale.exponent + 16 + SM_FRACTION_BITS;
    const uint32_t limit = peak_of(tensor->format) * 127u * tensor->columns;
    uint32_t bits = 0;
    int32_t sums[BLOCK_ROWS];
    for (uint32_t first = begin; first < end; first += BLOCK_ROWS) {
        const uint32_t last = end - first < BLOCK_ROWS ? end : first + BLOCK_ROWS;
        multiply_block(tensor->format, &matrix, w->vector, first, last, sums);
        sm_scale_rows(row_scales + first, sums, last - first, product->output + first,
                      w->scale.mantissa, exponent, limit, w->add);
        if (product->bits) bits |= sm_all_bits(product->output + first, last - first);
    }
    return bits;
}

/** Rows count through all products, each with whole tiles. */
SM_HOT static void multiply_some(void *context, uint32_t begin, uint32_t end) {
    const work *w = context;
    uint32_t start = 0;
    for (uint32_t i = 0; i < w->count && start < end; i++) {
        const uint32_t rows = w->products[i].matrix->rows;
        const uint32_t first = begin > start ? begin - start : 0u;
        const uint32_t last = end - start < rows ? end - start : rows;
        if (first < last) {
            const uint32_t bits = multiply_rows(w, &w->products[i], first, last);
            if (w->products[i].bits) w->products[i].bits[sm_range_number(begin)] = bits;
        }
        start += tiled_rows(w->products[i].matrix);
    }
}

/** Products with matrices of one format, for which the vector is prepared once. */
SM_HOT static void multiply_alike(const sm_engine *engine, const sm_product *products,
                                  uint32_t count, const sm_rounding *rounding, sm_scale scale,
                                  bool add) {
    const sm_tensor *matrix = products[0].matrix;
    preparation vector = {rounding, matrix->format, engine->quantized, matrix->columns,
                          engine->prepared};
    sm_parallel(prepare_columns, &vector, matrix->columns, SM_KERNEL_COLUMNS);
    work whole = {engine->model, products, count, engine->prepared, scale, add};
    uint32_t rows = 0;
    for (uint32_t i = 0; i < count; i++) rows += tiled_rows(products[i].matrix);
    sm_parallel(multiply_some, &whole, rows, SM_KERNEL_ROWS);
}

SM_HOT void sm_matrix_multiply(const sm_engine *engine, const sm_product *products, uint32_t count,
                               const sm_rounding *vector) {
    const sm_rounding *rounding = vector->values ? vector : NULL;
    for (uint32_t first = 0; first < count;) {
        uint32_t next = first + 1;
        while (next < count && products[next].matrix->format == products[first].matrix->format) {
            next++;
        }
        multiply_alike(engine, products + first, next - first, rounding, vector->scale, false);
        rounding = NULL;
        first = next;
    }
}

SM_HOT void sm_add_to_residual(sm_engine *engine, const sm_tensor *matrix,
                               const sm_rounding *vector) {
    const sm_product product = {matrix, engine->residual, engine->residual_bits};
    engine->residual_bits[1] = 0;
    multiply_alike(engine, &product, 1, vector->values ? vector : NULL, vector->scale, true);
}

uint32_t sm_matrix_scratch_bytes(const sm_model *model) {
    const uint32_t count = model->header->tensor_count;
    uint32_t most = 0;
    for (uint32_t i = 0; i < count; i++) {
        const sm_tensor *tensor = &model->tensors[i];
        if (tensor->rows == 0) continue;
        const uint32_t bytes = scratch_bytes(tensor->format, tensor->columns);
        if (bytes > most) most = bytes;
    }
    return most;
}

SM_HOT void sm_matrix_row(const sm_engine *engine, const sm_tensor *matrix, uint32_t row, bool add,
                          int32_t *output) {
    const sm_kernel_matrix tiles = kernel_matrix(engine->model, matrix);
    int8_t *values = engine->quantized;
    switch (matrix->format) {
    case SM_FORMAT_INT8: sm_kernel_int8_row(&tiles, row, values); break;
    case SM_FORMAT_INT4: sm_kernel_int4_row(&tiles, row, values); break;
    case SM_FORMAT_TERNARY: sm_kernel_ternary_row(&tiles, row, values); break;
    default: return;
    }
    const uint32_t mantissa = sm_row_scales(engine->model, matrix)[row];
    const int32_t exponent = matrix->exponent + SM_FRACTION_BITS - 16;
    for (uint32_t i = 0; i < matrix->columns; i++) {
        /*
         * Shifted up by 16 bits, the element loses nothing to the low half that sm_multiply drops.
         */
        const int32_t value = sm_multiply((int32_t)values[i] * 65536, mantissa, exponent);
        output[i] = add ? sm_clamp(output[i] + value) : value;
    }
}
