#include "matrix.h"

#include <stddef.h>

#include "fixed_point.h"
#include "kernel.h"
#include "parallel.h"
#include "placement.h"
#include "scale_rows.h"
#include "sections.h"

/** Rows whose sums wait to be scaled, on the stack of each core. */
#define BLOCK_ROWS 128u

/**
 * A matrix of one tile keeps one core busy: where it has so many columns, cores share these
 * instead.
 */
#define SHORT_TILES 1u
#define LONG_COLUMNS (2u * SM_KERNEL_COLUMNS)

/** Products with one vector: the data that every core needs to work on its rows. */
typedef struct {
    const sm_model *model;
    const sm_product *products; /* all in the same format */
    uint32_t count;
    const void *vector; /* prepared for the kernel */
    sm_scale scale;     /* of the vector */
    bool add;
} work;

#if SM_STREAMS
/** Products with a piece of one matrix. */
typedef struct {
    const work *whole;
    const sm_product *product;
    const uint8_t *tiles;
    uint32_t first_row;
} piece_work;
#endif

/** A vector to prepare for a kernel, and to round before unless `rounding` is NULL. */
typedef struct {
    const sm_rounding *rounding;
    uint8_t format;
    int8_t *vector;
    uint32_t columns;
    void *prepared;
} preparation;

/** Bytes of a tile with so many columns. */
static uint32_t tile_bytes(uint8_t format, uint32_t columns) {
    switch (format) {
    case SM_FORMAT_INT8: return sm_kernel_int8_tile_bytes(columns);
    case SM_FORMAT_INT4: return sm_kernel_int4_tile_bytes(columns);
    case SM_FORMAT_TERNARY: return sm_kernel_ternary_tile_bytes(columns);
    default: return 0;
    }
}

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

static inline void multiply_block(uint8_t format, const sm_kernel_matrix *matrix,
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

static inline bool is_streamed(const sm_tensor *tensor) {
    return SM_STREAMS && tensor->rows != 0 && tensor->section == SM_SECTION_STREAM;
}

/** Largest magnitude of a sum. */
static inline uint32_t largest_sum(const sm_tensor *matrix) {
    return peak_of(matrix->format) * 127u * matrix->columns;
}

/** Exponent by which sums times mantissas become Q16. */
static inline int32_t output_exponent(const sm_tensor *matrix, sm_scale scale) {
    return matrix->exponent + scale.exponent + 16 + SM_FRACTION_BITS;
}

static sm_kernel_matrix kernel_matrix(const sm_model *model, const sm_tensor *tensor) {
    return (sm_kernel_matrix){sm_tensor_values(model, tensor), tensor->columns, tensor->stride};
}

/** Rows of a matrix with those that complete its last tile. */
static inline uint32_t tiled_rows(const sm_tensor *matrix) {
    return (matrix->rows + SM_KERNEL_ROWS - 1u) / SM_KERNEL_ROWS * SM_KERNEL_ROWS;
}

/**
 * Multiplies the rows from `begin` up to `end` of the tiles at `tiles`, whose first row is the row
 * `first_row` of the matrix. Adds sm_all_bits of the outputs to those of their range `number`,
 * where they are asked for. In line: its arguments would not fit the registers.
 */
__attribute__((always_inline)) static inline void
multiply_rows(const work *w, const sm_product *product, const uint8_t *tiles, uint32_t first_row,
              uint32_t begin, uint32_t end, uint32_t number) {
    const sm_tensor *tensor = product->matrix;
    const sm_kernel_matrix matrix = {tiles, tensor->columns, tensor->stride};
    const uint16_t *row_scales = sm_row_scales(w->model, tensor) + first_row;
    int32_t *output = product->output + first_row;
    const int32_t exponent = output_exponent(tensor, w->scale);
    const uint32_t limit = largest_sum(tensor);
    int32_t sums[BLOCK_ROWS];
    for (uint32_t first = begin; first < end; first += BLOCK_ROWS) {
        const uint32_t last = end - first < BLOCK_ROWS ? end : first + BLOCK_ROWS;
        multiply_block(tensor->format, &matrix, w->vector, first, last, sums);
        sm_scale_rows(row_scales + first, sums, last - first, output + first, w->scale.mantissa,
                      exponent, limit, w->add);
        if (product->bits) product->bits[number] |= sm_all_bits(output + first, last - first);
    }
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
            const uint8_t *tiles = sm_tensor_values(w->model, w->products[i].matrix);
            multiply_rows(w, &w->products[i], tiles, 0, first, last, sm_range_number(begin));
        }
        start += tiled_rows(w->products[i].matrix);
    }
}

#if SM_STREAMS

SM_HOT static void multiply_some_of_piece(void *context, uint32_t begin, uint32_t end) {
    const piece_work *w = context;
    multiply_rows(w->whole, w->product, w->tiles, w->first_row, begin, end, sm_range_number(begin));
}

/** The tiles of a streamed matrix from its row `first_row` on that a buffer has room for. */
SM_HOT static sm_piece piece_at(const sm_engine *engine, const sm_tensor *matrix,
                                uint32_t first_row) {
    const uint32_t tile = matrix->stride;
    const uint8_t *bytes =
        sm_tensor_values(engine->model, matrix) + (first_row / SM_KERNEL_ROWS) * tile;
    uint32_t count = tile;
    for (uint32_t row = first_row + SM_KERNEL_ROWS;
         row < matrix->rows && count + tile <= engine->piece_bytes; row += SM_KERNEL_ROWS) {
        count += tile;
    }
    return (sm_piece){bytes, count};
}

SM_HOT sm_piece sm_first_piece(const sm_engine *engine, const sm_tensor *tensors, uint32_t count) {
    for (const sm_tensor *tensor = tensors; tensor < tensors + count; tensor++) {
        if (is_streamed(tensor)) return piece_at(engine, tensor, 0);
    }
    return (sm_piece){NULL, 0};
}

/** The first piece of the next streamed matrix of the same layer. */
SM_HOT static sm_piece piece_after(const sm_engine *engine, const sm_tensor *matrix) {
    const sm_model *model = engine->model;
    const sm_tensor *end = &model->tensors[SM_SLOT_LAYERS];
    if (matrix < end) return (sm_piece){NULL, 0};
    while (end <= matrix) end += SM_LAYER_SLOTS;
    const uint32_t left = (uint32_t)(end - matrix) - 1u;
    return sm_first_piece(engine, matrix + 1, left);
}

/** Products with a streamed matrix, piece by piece. */
SM_HOT static void multiply_streamed(const sm_engine *engine, const work *whole,
                                     const sm_product *product) {
    const sm_tensor *matrix = product->matrix;
    sm_piece piece = piece_at(engine, matrix, 0);
    for (uint32_t first = 0; first < matrix->rows;) {
        uint32_t after = first;
        for (uint32_t bytes = 0; bytes < piece.count; bytes += matrix->stride) {
            after += SM_KERNEL_ROWS;
        }
        const bool is_last = after >= matrix->rows;
        const sm_piece next =
            is_last ? piece_after(engine, matrix) : piece_at(engine, matrix, after);
        piece_work w = {whole, product, sm_stream_take(piece, next), first};
        const uint32_t rows = (is_last ? matrix->rows : after) - first;
        sm_parallel(multiply_some_of_piece, &w, rows, SM_KERNEL_ROWS);
        first = after;
        piece = next;
    }
}

#endif

/** Products with matrices of one format, for which the vector is prepared once. */
SM_HOT static void multiply_alike(const sm_engine *engine, const sm_product *products,
                                  uint32_t count, const sm_rounding *rounding, sm_scale scale,
                                  bool add) {
    const sm_tensor *matrix = products[0].matrix;
    preparation vector = {rounding, matrix->format, engine->quantized, matrix->columns,
                          engine->prepared};
    sm_parallel(prepare_columns, &vector, matrix->columns, SM_KERNEL_COLUMNS);
    work whole = {engine->model, products, 0, engine->prepared, scale, add};
    const sm_product *const end = products + count;
    while (products < end) {
#if SM_STREAMS
        if (is_streamed(products->matrix)) {
            multiply_streamed(engine, &whole, products++);
            continue;
        }
#endif
        uint32_t rows = 0;
        whole.products = products;
        for (; products < end && !is_streamed(products->matrix); products++) {
            rows += tiled_rows(products->matrix);
        }
        whole.count = (uint32_t)(products - whole.products);
        sm_parallel(multiply_some, &whole, rows, SM_KERNEL_ROWS);
    }
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

/** A matrix of few rows, whose columns the cores share. */
typedef struct {
    preparation vector;
    sm_kernel_matrix matrix;
    uint32_t tiles;
    int32_t sums[SM_PARALLEL_RANGES][SHORT_TILES * SM_KERNEL_ROWS];
} short_work;

/** Each range is a vector of its own, behind what the ranges before it take of the scratch memory.
 */
SM_HOT static void multiply_columns(void *context, uint32_t begin, uint32_t end) {
    short_work *w = context;
    const preparation *p = &w->vector;
    const uint8_t format = p->format;
    if (p->rounding) sm_round_some(p->rounding, begin, end, p->columns, p->vector);
    preparation own = {NULL, format, p->vector + begin, end - begin,
                       (uint8_t *)p->prepared + scratch_bytes(format, begin)};
    prepare_columns(&own, 0, end - begin);
    sm_kernel_matrix part = {w->matrix.tiles + tile_bytes(format, begin), end - begin,
                             tile_bytes(format, end - begin)};
    int32_t *sums = w->sums[sm_range_number(begin)];
    for (uint32_t tile = 0; tile < w->tiles; tile++) {
        multiply_block(format, &part, own.prepared, 0, SM_KERNEL_ROWS, sums);
        part.tiles += w->matrix.tile_bytes;
        sums += SM_KERNEL_ROWS;
    }
}

/** Adds the product with a matrix of up to SHORT_TILES tiles of many columns to the residual. */
SM_HOT static void multiply_short(sm_engine *engine, const sm_tensor *matrix,
                                  const sm_rounding *rounding, sm_scale scale) {
    const uint32_t rows = matrix->rows;
    short_work w;
    w.vector = (preparation){rounding, matrix->format, engine->quantized, matrix->columns,
                             engine->prepared};
    w.matrix = kernel_matrix(engine->model, matrix);
    w.tiles = tiled_rows(matrix) / SM_KERNEL_ROWS;
    for (uint32_t i = 0; i < rows; i++) w.sums[1][i] = 0;
    sm_parallel(multiply_columns, &w, matrix->columns, SM_KERNEL_COLUMNS);
    for (uint32_t i = 0; i < rows; i++) w.sums[0][i] += w.sums[1][i];
    sm_scale_rows(sm_row_scales(engine->model, matrix), w.sums[0], rows, engine->residual,
                  scale.mantissa, output_exponent(matrix, scale), largest_sum(matrix), true);
    engine->residual_bits[0] = sm_all_bits(engine->residual, rows);
}

SM_HOT void sm_add_to_residual(sm_engine *engine, const sm_tensor *matrix,
                               const sm_rounding *vector) {
    const sm_product product = {matrix, engine->residual, engine->residual_bits};
    const sm_rounding *rounding = vector->values ? vector : NULL;
    engine->residual_bits[0] = engine->residual_bits[1] = 0;
    const bool is_short = matrix->rows <= SHORT_TILES * SM_KERNEL_ROWS;
    if (is_short && matrix->columns >= LONG_COLUMNS && !is_streamed(matrix)) {
        multiply_short(engine, matrix, rounding, vector->scale);
    } else {
        multiply_alike(engine, &product, 1, rounding, vector->scale, true);
    }
}

uint32_t sm_piece_bytes(const sm_model *model) {
    uint32_t most = 0;
    for (uint32_t i = 0; i < model->header->tensor_count; i++) {
        const sm_tensor *tensor = &model->tensors[i];
        if (!is_streamed(tensor)) continue;
        if (tensor->stride > most) most = tensor->stride;
    }
    return most == 0 ? 0u : most > SM_PIECE_BYTES ? most : SM_PIECE_BYTES;
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
    const int32_t shift = -16 - exponent;
    for (uint32_t i = 0; i < matrix->columns; i++) {
        /*
         * The product has 24 bits. Shifted up by 16 bits, the element loses nothing to the low half
         * that sm_multiply drops.
         */
        const int32_t value = shift >= 0
                                  ? sm_shift_right((int32_t)values[i] * (int32_t)mantissa, shift)
                                  : sm_multiply((int32_t)values[i] * 65536, mantissa, exponent);
        output[i] = add ? sm_clamp(output[i] + value) : value;
    }
}
