/*
 * The two matrix products of the trainer. Everything else, attention included, is made of them.
 * Distances between rows ("strides") are in floats.
 */
#ifndef GEMM_H
#define GEMM_H

typedef enum { OVERWRITE, ACCUMULATE } store_mode;

/** Read element by element: (i, j) lies at data[i * row_stride + j * column_stride]. */
typedef struct {
    const float *data;
    int row_stride;
    int column_stride;
} strided_matrix;

/** Row-major matrix of weights. */
static inline strided_matrix plain(const float *data, int row_stride) {
    return (strided_matrix){data, row_stride, 1};
}

/** The transpose of a row-major matrix. */
static inline strided_matrix transposed(const float *data, int row_stride) {
    return (strided_matrix){data, 1, row_stride};
}

/**
 * target[rows][columns] = a[rows][inner] b[inner][columns]. The columns are tokens: a multiple
 * of 4. `panel` is scratch of rows * inner floats for the packed left operand.
 */
void gemm_nn(int rows, int columns, int inner, strided_matrix a, const float *b, int b_stride,
             float *target, int target_stride, store_mode mode, float *panel);

/**
 * target(i, j) = sum over k of a[i][k] b[j][k]: dot products along the tokens, whose number `inner`
 * is a multiple of 4. target(i, j) lies at target[i * row_stride + j * column_stride].
 */
void gemm_nt(int rows, int columns, int inner, const float *a, int a_stride, const float *b,
             int b_stride, float *target, int row_stride, int column_stride, store_mode mode);

#endif
