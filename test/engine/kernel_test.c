/*
 * The contract of kernel.h, for whatever kernels are linked: at its limits, in all small shapes,
 * and on random numbers, against sums of 64 bits.
 */
#include <stdbool.h>

#include "check.h"
#include "fixed_point.h"
#include "kernel_formats.h"

/** A matrix as plain values and as tiles, and a vector that is padded with zeros. */
typedef struct {
    const kernel_format *format;
    uint32_t rows;
    int8_t *values; /* [rows][columns] */
    uint8_t *tiles;
    sm_kernel_matrix matrix;
    int8_t *vector;
    void *scratch;
} operands;

/** Exactly as much as the contract promises: the sanitizer sees a byte more. */
static operands allocate(const kernel_format *format, uint32_t rows, uint32_t columns) {
    const uint32_t tile_bytes = format->tile_bytes(columns);
    const uint32_t bytes = round_up(rows, SM_KERNEL_ROWS) / SM_KERNEL_ROWS * tile_bytes;
    operands o = {.format = format, .rows = rows};
    o.values = malloc((size_t)rows * columns);
    o.tiles = malloc(bytes);
    o.vector = calloc(round_up(columns, SM_KERNEL_VECTOR_PADDING), 1);
    o.scratch = malloc(format->scratch_bytes(columns));
    CHECK(o.values && o.tiles && o.vector && o.scratch);
    blank_tiles(format, o.tiles, bytes);
    o.matrix = (sm_kernel_matrix){o.tiles, columns, tile_bytes};
    return o;
}

static void release(operands *o) {
    free(o->values);
    free(o->tiles);
    free(o->vector);
    free(o->scratch);
}

static void set(operands *o, uint32_t row, uint32_t column, int value) {
    o->values[row * o->matrix.columns + column] = (int8_t)value;
    o->format->pack(o->tiles + row / SM_KERNEL_ROWS * o->matrix.tile_bytes, row % SM_KERNEL_ROWS,
                    column, value);
}

static int64_t exact(const operands *o, uint32_t row) {
    int64_t sum = 0;
    for (uint32_t i = 0; i < o->matrix.columns; i++) {
        sum += (int64_t)o->values[row * o->matrix.columns + i] * o->vector[i];
    }
    return sum;
}

/** Prepares the vector as two cores may do: the part from `split` on first. */
static void prepare(operands *o, uint32_t split) {
    const uint32_t columns = o->matrix.columns;
    memset(o->scratch, 0x5a, o->format->scratch_bytes(columns));
    if (split < columns) o->format->prepare(o->vector, columns, split, columns, o->scratch);
    if (split > 0) o->format->prepare(o->vector, columns, 0, split, o->scratch);
}

/** Compares rows [begin, end) with exact sums; checks that no sum beyond their tiles is written. */
static void check_rows(const operands *o, uint32_t begin, uint32_t end) {
    int32_t *sums = malloc(round_up(end - begin, SM_KERNEL_ROWS) * sizeof *sums);
    CHECK(sums);
    o->format->multiply(&o->matrix, o->scratch, begin, end, sums);
    for (uint32_t row = begin; row < end; row++) CHECK(sums[row - begin] == exact(o, row));
    free(sums);
}

static void check_unpacking(const operands *o) {
    int8_t *values = malloc(o->matrix.columns);
    CHECK(values);
    for (uint32_t row = 0; row < o->rows; row++) {
        o->format->row(&o->matrix, row, values);
        CHECK(memcmp(values, o->values + row * o->matrix.columns, o->matrix.columns) == 0);
    }
    free(values);
}

/** All products of one sign and the largest magnitude: the widest sums there are. */
static void limits(const kernel_format *format) {
    for (uint32_t columns = SM_MAX_WIDTH - 3; columns <= SM_MAX_WIDTH; columns++) {
        operands o = allocate(format, 4, columns);
        for (uint32_t row = 0; row < o.rows; row++) {
            for (uint32_t i = 0; i < columns; i++) {
                /* Rows of one sign, and rows whose neighbours are of the other sign. */
                set(&o, row, i, row % 2 ? format->largest : -format->largest);
            }
        }
        for (int element = -127; element <= 127; element += 254) {
            memset(o.vector, element, columns);
            prepare(&o, 0);
            CHECK(exact(&o, 0) == (int64_t)-format->largest * element * columns);
            check_rows(&o, 0, o.rows);
        }
        release(&o);
    }
}

static int random_below(unsigned *state, int limit) {
    return (int)(next_random(state) >> 8) % limit;
}

/** Random numbers, or where `extreme` only the ends of the ranges. */
static void fill(operands *o, bool extreme, unsigned *state) {
    const int largest = o->format->largest;
    const uint32_t columns = o->matrix.columns;
    for (uint32_t i = 0; i < columns; i++) {
        const int element = random_below(state, 255) - 127;
        o->vector[i] = (int8_t)(!extreme ? element : element < 0 ? -127 : 127);
    }
    for (uint32_t row = 0; row < o->rows; row++) {
        for (uint32_t i = 0; i < columns; i++) {
            const int value = random_below(state, 2 * largest + 1) - largest;
            set(o, row, i, !extreme ? value : value < 0 ? -largest : largest);
        }
    }
}

/** Every small shape, and every range of rows and columns that work can be split at. */
static void shapes(const kernel_format *format) {
    unsigned state = 5;
    for (uint32_t columns = 1; columns <= 70; columns++) {
        for (uint32_t rows = 1; rows <= 19; rows += 1 + columns / 40 * 5) {
            operands o = allocate(format, rows, columns);
            fill(&o, (rows + columns) % 4 == 0, &state);
            check_unpacking(&o);
            for (uint32_t split = 0; split < columns; split += SM_KERNEL_COLUMNS) {
                prepare(&o, split);
                for (uint32_t begin = 0; begin < rows; begin += SM_KERNEL_ROWS) {
                    for (uint32_t end = begin + 1; end <= rows; end++) check_rows(&o, begin, end);
                }
            }
            release(&o);
        }
    }
}

/** The sizes that the exporter and the estimate calculate too. */
static void sizes(void) {
    CHECK(sm_kernel_int8_tile_bytes(1) == 32 && sm_kernel_int8_tile_bytes(64) == 512);
    CHECK(sm_kernel_int4_tile_bytes(5) == 32 && sm_kernel_int4_tile_bytes(64) == 256);
    CHECK(sm_kernel_ternary_tile_bytes(1) == 32 && sm_kernel_ternary_tile_bytes(65) == 160);
    CHECK(sm_kernel_int8_scratch_bytes(1) == 20 && sm_kernel_int8_scratch_bytes(64) == 264);
    CHECK(sm_kernel_int4_scratch_bytes(33) == 168 && sm_kernel_int4_scratch_bytes(64) == 280);
    CHECK(sm_kernel_ternary_scratch_bytes(16) == 648 &&
          sm_kernel_ternary_scratch_bytes(17) == 1296);
}

/** Whatever bits a damaged matrix holds, kernels read nothing beyond it and its tables. */
static void damage(const kernel_format *format) {
    operands o = allocate(format, 8, 33);
    memset(o.tiles, 0xff, o.matrix.tile_bytes);
    memset(o.vector, 127, o.matrix.columns);
    prepare(&o, 0);
    int32_t sums[SM_KERNEL_ROWS];
    format->multiply(&o.matrix, o.scratch, 0, 8, sums);
    for (uint32_t row = 0; row < 8; row++) CHECK(sm_magnitude(sums[row]) < UINT32_C(1) << 30);
    release(&o);
}

int main(void) {
    sizes();
    for (uint32_t i = 0; i < KERNEL_FORMATS; i++) {
        limits(&kernel_formats[i]);
        shapes(&kernel_formats[i]);
        damage(&kernel_formats[i]);
    }
    return 0;
}
