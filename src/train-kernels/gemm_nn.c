#include "gemm.h"
#include "simd.h"

/*
 * A register tile is 4 rows by 2 vectors: 8 accumulators, 2 vectors of b and a broadcast fit the 16
 * registers of x86-64; 6 by 2 spills and halves the speed. The loop over `inner` stays rolled for
 * the same reason.
 */
#define TILE_ROWS 4
#define TILE_VECTORS 2

/** Columns of a block, so that their slice of b stays in the first-level cache. */
#define BLOCK_COLUMNS 32

#define UNROLL _Pragma("clang loop unroll(full)")

ALWAYS_INLINE void multiply_tile(const int rows, const int vectors, int inner, const float *panel,
                                 const float *b, int b_stride, float *target, int target_stride,
                                 store_mode mode) {
    f32x4 sums[TILE_ROWS][TILE_VECTORS];
    UNROLL for (int i = 0; i < rows; i++) {
        UNROLL for (int j = 0; j < vectors; j++) sums[i][j] = splat(0.0f);
    }
#pragma clang loop unroll(disable)
    for (int k = 0; k < inner; k++) {
        f32x4 row_of_b[TILE_VECTORS];
        UNROLL for (int j = 0; j < vectors; j++) row_of_b[j] = load(b + j * LANES);
        UNROLL for (int i = 0; i < rows; i++) {
            f32x4 factor = splat(panel[i]);
            UNROLL for (int j = 0; j < vectors; j++) {
                sums[i][j] = multiply_add(factor, row_of_b[j], sums[i][j]);
            }
        }
        panel += rows;
        b += b_stride;
    }
    UNROLL for (int i = 0; i < rows; i++) {
        UNROLL for (int j = 0; j < vectors; j++) {
            float *place = target + i * target_stride + j * LANES;
            store(place, mode == ACCUMULATE ? load(place) + sums[i][j] : sums[i][j]);
        }
    }
}

ALWAYS_INLINE void multiply_rows(const int rows, int columns, int inner, const float *panel,
                                 const float *b, int b_stride, float *target, int target_stride,
                                 store_mode mode) {
    int column = 0;
    for (; column + TILE_VECTORS * LANES <= columns; column += TILE_VECTORS * LANES) {
        multiply_tile(rows, TILE_VECTORS, inner, panel, b + column, b_stride, target + column,
                      target_stride, mode);
    }
    if (column < columns) {
        multiply_tile(rows, 1, inner, panel, b + column, b_stride, target + column, target_stride,
                      mode);
    }
}

/** Reorders a into panels of TILE_ROWS rows, [panel][inner][row of panel]. */
static void pack(int rows, int inner, strided_matrix a, float *panel) {
    for (int row = 0; row < rows; row += TILE_ROWS) {
        const float *source = a.data + row * a.row_stride;
        const int height = rows - row < TILE_ROWS ? rows - row : TILE_ROWS;
        if (height == TILE_ROWS) {
            for (int k = 0; k < inner; k++, source += a.column_stride, panel += TILE_ROWS) {
                UNROLL for (int i = 0; i < TILE_ROWS; i++) panel[i] = source[i * a.row_stride];
            }
        } else {
            for (int k = 0; k < inner; k++, source += a.column_stride) {
                for (int i = 0; i < height; i++) *panel++ = source[i * a.row_stride];
            }
        }
    }
}

void gemm_nn(int rows, int columns, int inner, strided_matrix a, const float *b, int b_stride,
             float *target, int target_stride, store_mode mode, float *panel) {
    pack(rows, inner, a, panel);
    for (int column = 0; column < columns; column += BLOCK_COLUMNS) {
        const int width = columns - column < BLOCK_COLUMNS ? columns - column : BLOCK_COLUMNS;
        for (int row = 0; row < rows; row += TILE_ROWS) {
            const float *rows_of_a = panel + row * inner;
            float *place = target + row * target_stride + column;
#define MULTIPLY_ROWS(count)                                                                       \
    multiply_rows(count, width, inner, rows_of_a, b + column, b_stride, place, target_stride, mode)
            switch (rows - row) {
            case 1: MULTIPLY_ROWS(1); break;
            case 2: MULTIPLY_ROWS(2); break;
            case 3: MULTIPLY_ROWS(3); break;
            default: MULTIPLY_ROWS(TILE_ROWS);
            }
#undef MULTIPLY_ROWS
        }
    }
}
