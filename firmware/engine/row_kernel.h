/*
 * The contract of matrix kernels: exact sums of products of stored rows with a vector of int8.
 * Kernels do not apply scales, so that every kernel of a format gives the same bits.
 *
 * engine/portable/row_kernel.c has each kernel in plain C. A port that has a file of the same
 * name in port/NAME/engine replaces it (see cmake/engine_sources.cmake); that file may be assembly.
 *
 * Ranges. Values are -128 to 127, elements of the vector -127 to 127, columns at most SM_MAX_WIDTH:
 * |sum| <= 128 * 127 * 32767 < 2^29. Neither a sum nor any part of it overflows an int32, in
 * whatever order a kernel adds the products, and sm_multiply accepts it.
 *
 * Alignment. Rows start on 4 bytes and are `stride` apart, a multiple of 4. The vector starts on 4
 * bytes, and zeros follow it up to a multiple of 4 elements. So a kernel may read whole words to
 * the end of a row's last one: it multiplies the bytes there by zeros.
 *
 * One core prepares a vector once, before its products with any rows; then several cores may
 * multiply different rows at the same time, each on a stack of its own.
 */
#ifndef STARMIND_ROW_KERNEL_H
#define STARMIND_ROW_KERNEL_H

#include <stdint.h>

/** Best number of rows for a kernel's call: cores divide work at multiples of it. */
#define SM_ROW_KERNEL_ROWS 4u

/** Bytes on which rows, vectors and scratch memory start. */
#define SM_ROW_KERNEL_ALIGNMENT 4u

/** The stored values of a matrix. */
typedef struct {
    const uint8_t *values; /* the first row */
    uint32_t columns;
    uint32_t stride; /* bytes */
} sm_row_kernel_matrix;

/** Bytes of scratch memory that a vector of `columns` elements needs to be prepared in. */
uint32_t sm_row_kernel_scratch_bytes(uint32_t columns);

/**
 * Prepares a vector for products with rows of int8. Returns its prepared form: in `scratch`, of
 * sm_row_kernel_scratch_bytes, or the vector itself. Both stay as they are while it is used.
 */
const void *sm_row_kernel_prepare(const int8_t *vector, uint32_t columns, void *scratch);

/** sums[row - begin] = sum of value[row][i] * vector[i], for the rows from `begin` up to `end`. */
void sm_row_kernel_multiply(const sm_row_kernel_matrix *matrix, const void *prepared,
                            uint32_t begin, uint32_t end, int32_t *sums);

#endif
