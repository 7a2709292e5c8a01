/* The contract of row_kernel.h, for whatever kernel is linked: at its limits, and on random
 * numbers. */
#include "row_kernel.h"

#include <string.h>

#include "check.h"
#include "fixed_point.h"

static uint32_t aligned(uint32_t bytes) { return (bytes + 3u) & ~3u; }

/** A matrix whose row padding is not zero, and a vector that is padded with zeros. */
typedef struct {
    uint32_t rows;
    uint32_t columns;
    uint32_t stride;
    int8_t *values;
    int8_t *vector;
    void *scratch;
} operands;

static operands allocate(uint32_t rows, uint32_t columns, uint32_t extra) {
    operands o = {.rows = rows, .columns = columns, .stride = aligned(columns) + extra};
    /* Exactly as much as the contract promises: the sanitizer sees a byte more. */
    o.values = malloc((size_t)rows * o.stride);
    o.vector = calloc(aligned(columns), 1);
    const uint32_t bytes = sm_row_kernel_scratch_bytes(columns);
    o.scratch = malloc(bytes ? bytes : 1);
    CHECK(o.values && o.vector && o.scratch);
    memset(o.values, 0x5a, (size_t)rows * o.stride);
    return o;
}

static void release(operands *o) {
    free(o->values);
    free(o->vector);
    free(o->scratch);
}

static int64_t exact(const operands *o, uint32_t row) {
    int64_t sum = 0;
    for (uint32_t i = 0; i < o->columns; i++) {
        sum += (int64_t)o->values[row * o->stride + i] * o->vector[i];
    }
    return sum;
}

/** Compares rows [begin, end) with exact sums; checks that no byte beyond them is written. */
static void check_rows(const operands *o, uint32_t begin, uint32_t end) {
    int32_t *sums = malloc((end - begin + 1) * sizeof *sums);
    CHECK(sums);
    sums[end - begin] = 12345;
    const sm_row_kernel_matrix matrix = {(const uint8_t *)o->values, o->columns, o->stride};
    const void *prepared = sm_row_kernel_prepare(o->vector, o->columns, o->scratch);
    sm_row_kernel_multiply(&matrix, prepared, begin, end, sums);
    for (uint32_t row = begin; row < end; row++) CHECK(sums[row - begin] == exact(o, row));
    CHECK(sums[end - begin] == 12345);
    free(sums);
}

/** All products of one sign and the largest magnitude: the widest sums there are. */
static void limits(void) {
    static const struct {
        int value, element;
    } extremes[] = {{-128, -127}, {-128, 127}, {127, 127}, {127, -127}};
    for (uint32_t i = 0; i < sizeof extremes / sizeof extremes[0]; i++) {
        for (uint32_t columns = SM_MAX_WIDTH - 3; columns <= SM_MAX_WIDTH; columns++) {
            operands o = allocate(5, columns, 0);
            memset(o.vector, extremes[i].element, columns);
            for (uint32_t row = 0; row < o.rows; row++) {
                memset(o.values + row * o.stride, extremes[i].value, columns);
            }
            const int64_t sum = exact(&o, 0);
            CHECK(sum < (INT64_C(1) << 29) && -sum < (INT64_C(1) << 29));
            check_rows(&o, 0, o.rows);
            release(&o);
        }
    }
}

/** Every small shape, every range of rows that work can be split at, strides with room to spare. */
static void shapes(void) {
    unsigned state = 5;
    for (uint32_t columns = 1; columns <= 19; columns++) {
        for (uint32_t rows = 1; rows <= 13; rows++) {
            operands o = allocate(rows, columns, columns % 3 * 4);
            for (uint32_t i = 0; i < columns; i++) {
                o.vector[i] = (int8_t)((int)(next_random(&state) >> 24) % 255 - 127);
            }
            for (uint32_t row = 0; row < rows; row++) {
                for (uint32_t i = 0; i < columns; i++) {
                    o.values[row * o.stride + i] = (int8_t)(next_random(&state) >> 24);
                }
            }
            for (uint32_t begin = 0; begin < rows; begin += SM_ROW_KERNEL_ROWS) {
                for (uint32_t end = begin; end <= rows; end++) check_rows(&o, begin, end);
            }
            release(&o);
        }
    }
}

int main(void) {
    limits();
    shapes();
    return 0;
}
