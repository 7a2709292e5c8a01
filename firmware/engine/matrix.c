#include "matrix.h"

#include "fixed_point.h"
#include "parallel.h"
#include "placement.h"
#include "row_kernel.h"
#include "sections.h"

/** Rows whose sums wait to be scaled, on the stack of each core. */
#define BLOCK_ROWS 32u

/** One product: the data that every core needs to work on its rows. */
typedef struct {
    sm_row_kernel_matrix matrix;
    const void *vector;         /* prepared for the kernel */
    const uint16_t *row_scales; /* [rows] */
    uint32_t mantissa;          /* of the vector's scale */
    int32_t exponent;           /* of the result */
    int32_t *output;
    bool add;
} product;

/** Scales sums to Q16, or adds them to the output, row by row. */
SM_HOT static void scale_sums(const product *p, const int32_t *sums, uint32_t begin, uint32_t end) {
    const uint16_t *row_scale = p->row_scales + begin;
    const uint32_t vector_mantissa = p->mantissa;
    const int32_t exponent = p->exponent;
    int32_t *output = p->output + begin;
    int32_t *const last = p->output + end;
    const bool add = p->add;
    while (output < last) {
        /* Row scale and vector scale meet in 16 bits; 2^16 of their product is dropped. */
        const uint32_t mantissa = (*row_scale++ * vector_mantissa + 0x8000u) >> 16;
        const int32_t value = sm_multiply(*sums++, mantissa, exponent);
        *output = add ? sm_clamp(*output + value) : value;
        output++;
    }
}

SM_HOT static void multiply_rows(const void *context, uint32_t begin, uint32_t end) {
    const product *p = context;
    int32_t sums[BLOCK_ROWS];
    for (uint32_t first = begin; first < end; first += BLOCK_ROWS) {
        const uint32_t last = end - first < BLOCK_ROWS ? end : first + BLOCK_ROWS;
        sm_row_kernel_multiply(&p->matrix, p->vector, first, last, sums);
        scale_sums(p, sums, first, last);
    }
}

SM_HOT static void multiply(const sm_engine *engine, const sm_tensor *matrix, sm_scale scale,
                            bool add, int32_t *output) {
    const product whole = {
        .matrix = {sm_tensor_values(engine->model, matrix), matrix->columns, matrix->row_stride},
        .vector = sm_row_kernel_prepare(engine->quantized, matrix->columns, engine->prepared),
        .row_scales = sm_row_scales(engine->model, matrix),
        .mantissa = scale.mantissa,
        .exponent = matrix->exponent + scale.exponent + 16 + SM_FRACTION_BITS,
        .output = output,
        .add = add,
    };
    sm_parallel_rows(multiply_rows, &whole, matrix->rows);
}

SM_HOT void sm_matrix_multiply(const sm_engine *engine, const sm_tensor *matrix, sm_scale scale,
                               int32_t *output) {
    multiply(engine, matrix, scale, false, output);
}

SM_HOT void sm_matrix_accumulate(const sm_engine *engine, const sm_tensor *matrix, sm_scale scale,
                                 int32_t *output) {
    multiply(engine, matrix, scale, true, output);
}

uint32_t sm_matrix_scratch_bytes(const sm_model *model) {
    const uint32_t count = model->header->tensor_count;
    uint32_t most = 0;
    for (uint32_t i = 0; i < count; i++) {
        const sm_tensor *tensor = &model->tensors[i];
        if (tensor->rows == 0 || tensor->format == SM_FORMAT_INT16) continue;
        const uint32_t bytes = sm_row_kernel_scratch_bytes(tensor->columns);
        if (bytes > most) most = bytes;
    }
    return most;
}

SM_HOT void sm_matrix_row(const sm_model *model, const sm_tensor *matrix, uint32_t row, bool add,
                          int32_t *output) {
    const int8_t *values =
        (const int8_t *)sm_tensor_values(model, matrix) + row * matrix->row_stride;
    const uint32_t mantissa = sm_row_scales(model, matrix)[row];
    for (uint32_t i = 0; i < matrix->columns; i++) {
        /*
         * Shifted up by 16 bits, the element loses nothing to the low half that sm_multiply drops.
         */
        const int32_t value = sm_multiply((int32_t)values[i] * 65536, mantissa,
                                          matrix->exponent + SM_FRACTION_BITS - 16);
        output[i] = add ? sm_clamp(output[i] + value) : value;
    }
}
