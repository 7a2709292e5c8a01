/*
 * The contract of matrix kernels: exact sums of products of a stored matrix with a vector of int8.
 * Kernels do not apply scales, so that every kernel of a format gives the same bits.
 *
 * engine/portable/kernel_FORMAT.c has each kernel in plain C. A port that has a file of the same
 * name in port/NAME/engine replaces it (see cmake/engine_sources.cmake); that file may be assembly.
 *
 * Matrices. A matrix is stored in tiles of SM_KERNEL_ROWS rows, tile after tile, each on
 * SM_KERNEL_ALIGNMENT bytes. Rows and columns are padded with what stands for 0 in the format.
 *
 * - int8: columns padded to a multiple of 4. Each column is two words, of rows 0 to 3 and of rows
 *   4 to 7; a byte, lowest row first, is a value -127 to 127 plus 128.
 * - int4: columns padded to a multiple of 4. Each column is one word; its nibble j, lowest
 *   first, is the value -7 to 7 of row j, plus 8.
 * - ternary: columns padded to a multiple of 16. Every 16 columns are a word for each row; its
 *   four indexes of 7 bits, at bits 3, 10, 17 and 24, are the values -1 to 1 of columns 0 to 3,
 *   4 to 7, 8 to 11 and 12 to 15: index = sum of (value[i] + 1) * 3^i. Other bits are 0.
 *
 * Vectors. Elements are -127 to 127, at most SM_MAX_WIDTH of them. A vector starts on
 * SM_KERNEL_ALIGNMENT bytes, and zeros follow it up to a multiple of SM_KERNEL_VECTOR_PADDING.
 *
 * Use. A vector is prepared once in scratch memory, by as many cores as there are: each prepares
 * columns of its own. Once all columns are prepared, cores multiply rows of their own, of as many
 * matrices as there are, each core on its own stack. What is in the scratch memory is the port's
 * own affair; how much of it there is, engine/kernel.c says for all ports, so that an arena is as
 * large on one as on another.
 *
 * Ranges. Why nothing overflows, for SM_MAX_WIDTH = 2^15 - 1 columns:
 *
 * - int8: |sum| <= 127 * 127 * SM_MAX_WIDTH < 2^29. Kernels may calculate with biased bytes
 *   modulo 2^32, and with several rows in a word: the end of the calculation is the sum.
 * - int4: |sum| <= 7 * 127 * SM_MAX_WIDTH < 2^25. Kernels may have two sums in the halves of a
 *   word for SM_KERNEL_COLUMNS columns: 7 * 127 * 32 = 28,448 < 2^15; and for all columns of a
 *   vector whose magnitudes sum to less than 2^12: 8 * 4,095 < 2^15.
 * - ternary: |sum| <= 127 * SM_MAX_WIDTH < 2^22. A sum of four elements plus 4 * 127 is 0 to
 *   1,016, which 16 bits hold; 2^13 of them are below 2^23.
 *
 * A damaged matrix may hold byte 0 or nibble 0, which fit these bounds too:
 * 128 * 127 * SM_MAX_WIDTH < 2^29, and 8 * 127 * 32 = 32,512 < 2^15. Opening an image refuses
 * indexes above 80.
 */
#ifndef STARMIND_KERNEL_H
#define STARMIND_KERNEL_H

#include <stdint.h>

/** Rows of a tile; cores divide rows at multiples of it. */
#define SM_KERNEL_ROWS 8u

/** Cores divide the columns of a vector at multiples of it to prepare them. */
#define SM_KERNEL_COLUMNS 32u

/** Zeros follow a vector up to a multiple of so many elements. */
#define SM_KERNEL_VECTOR_PADDING 16u

/** Bytes on which tiles, vectors and scratch memory start. */
#define SM_KERNEL_ALIGNMENT 4u

/** A stored matrix. */
typedef struct {
    const uint8_t *tiles;
    uint32_t columns;    /* without padding */
    uint32_t tile_bytes; /* of SM_KERNEL_ROWS rows with their padding */
} sm_kernel_matrix;

/* Bytes of scratch memory that a vector of `columns` elements is prepared in. */
uint32_t sm_kernel_int8_scratch_bytes(uint32_t columns);
uint32_t sm_kernel_int4_scratch_bytes(uint32_t columns);
uint32_t sm_kernel_ternary_scratch_bytes(uint32_t columns);

/* Bytes of a tile with so many columns. */
uint32_t sm_kernel_int8_tile_bytes(uint32_t columns);
uint32_t sm_kernel_int4_tile_bytes(uint32_t columns);
uint32_t sm_kernel_ternary_tile_bytes(uint32_t columns);

/*
 * Prepare columns [begin, end) of a vector for products with matrices of the format. `begin` is a
 * multiple of SM_KERNEL_COLUMNS; `end` is one too, or it is `columns`.
 */
typedef void sm_kernel_prepare(const int8_t *vector, uint32_t columns, uint32_t begin, uint32_t end,
                               void *scratch);
sm_kernel_prepare sm_kernel_int8_prepare;
sm_kernel_prepare sm_kernel_int4_prepare;
sm_kernel_prepare sm_kernel_ternary_prepare;

/*
 * sums[row - begin] = sum of value[row][i] * vector[i], for rows [begin, end). `begin` is a
 * multiple of SM_KERNEL_ROWS. They write the sums of whole tiles, up to end rounded up to
 * SM_KERNEL_ROWS.
 */
typedef void sm_kernel_multiply(const sm_kernel_matrix *matrix, const void *prepared,
                                uint32_t begin, uint32_t end, int32_t *sums);
sm_kernel_multiply sm_kernel_int8_multiply;
sm_kernel_multiply sm_kernel_int4_multiply;
sm_kernel_multiply sm_kernel_ternary_multiply;

/* Unpack a row: values[0] to values[columns - 1]. */
typedef void sm_kernel_row(const sm_kernel_matrix *matrix, uint32_t row, int8_t *values);
sm_kernel_row sm_kernel_int8_row;
sm_kernel_row sm_kernel_int4_row;
sm_kernel_row sm_kernel_ternary_row;

#endif
