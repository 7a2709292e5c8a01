#include "gemm.h"
#include "simd.h"

/* 9 accumulators, 3 vectors of b and one of a: 13 of 16 registers. */
#define TILE 3

#define UNROLL _Pragma("clang loop unroll(full)")

ALWAYS_INLINE void dot_tile(const int rows, const int columns, int inner, const float *a,
                            int a_stride, const float *b, int b_stride, float *target,
                            int row_stride, int column_stride, store_mode mode) {
    f32x4 sums[TILE][TILE];
    UNROLL for (int i = 0; i < rows; i++) {
        UNROLL for (int j = 0; j < columns; j++) sums[i][j] = splat(0.0f);
    }
#pragma clang loop unroll(disable)
    for (int k = 0; k < inner; k += LANES) {
        f32x4 tokens_of_b[TILE];
        UNROLL for (int j = 0; j < columns; j++) tokens_of_b[j] = load(b + j * b_stride + k);
        UNROLL for (int i = 0; i < rows; i++) {
            f32x4 tokens_of_a = load(a + i * a_stride + k);
            UNROLL for (int j = 0; j < columns; j++) {
                sums[i][j] = multiply_add(tokens_of_a, tokens_of_b[j], sums[i][j]);
            }
        }
    }
    UNROLL for (int i = 0; i < rows; i++) {
        UNROLL for (int j = 0; j < columns; j++) {
            float *place = target + i * row_stride + j * column_stride;
            float sum = sum_of_lanes(sums[i][j]);
            *place = mode == ACCUMULATE ? *place + sum : sum;
        }
    }
}

void gemm_nt(int rows, int columns, int inner, const float *a, int a_stride, const float *b,
             int b_stride, float *target, int row_stride, int column_stride, store_mode mode) {
    for (int column = 0; column < columns; column += TILE) {
        const int width = columns - column < TILE ? columns - column : TILE;
        for (int row = 0; row < rows; row += TILE) {
            const int height = rows - row < TILE ? rows - row : TILE;
            float *place = target + row * row_stride + column * column_stride;
#define DOT_TILE(tile_rows, tile_columns)                                                          \
    case (tile_rows) * (TILE + 1) + (tile_columns):                                                \
        dot_tile(tile_rows, tile_columns, inner, a + row * a_stride, a_stride,                     \
                 b + column * b_stride, b_stride, place, row_stride, column_stride, mode);         \
        break
            switch (height * (TILE + 1) + width) {
                DOT_TILE(1, 1);
                DOT_TILE(1, 2);
                DOT_TILE(1, 3);
                DOT_TILE(2, 1);
                DOT_TILE(2, 2);
                DOT_TILE(2, 3);
                DOT_TILE(3, 1);
                DOT_TILE(3, 2);
                DOT_TILE(3, 3);
            }
#undef DOT_TILE
        }
    }
}
