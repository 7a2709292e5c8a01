/* The kernels' references, and the parts of the program that compares and measures them. */
#ifndef STARMIND_TEST_KERNELS_H
#define STARMIND_TEST_KERNELS_H

#include <stdbool.h>

#include "attention_kernel.h"
#include "kernel_formats.h"
#include "scale_rows.h"

/** Bytes for the tiles of a matrix, and for a prepared vector. */
#define TILES_BYTES 24576u
#define SCRATCH_BYTES 21504u
#define MOST_COLUMNS 4096u
#define MOST_ROWS 520u

/** What a core multiplies. */
typedef struct {
    uint32_t tiles[TILES_BYTES / 4];
    uint32_t scratch[SCRATCH_BYTES / 4];
    int8_t vector[MOST_COLUMNS] __attribute__((aligned(4)));
    int32_t sums[MOST_ROWS];
    uint32_t random; /* state of the generator */
} workplace;

/** Numbers that a core's tests draw from; 16 bits. */
static inline uint32_t draw(workplace *place, uint32_t limit) {
    place->random = place->random * 1664525u + 1013904223u;
    return (place->random >> 16) * limit >> 16;
}

sm_kernel_prepare reference_int8_prepare, reference_int4_prepare, reference_ternary_prepare;
sm_kernel_multiply reference_int8_multiply, reference_int4_multiply, reference_ternary_multiply;

/** A matrix of random values, or of the ends of the range, in tiles; and a vector. */
sm_kernel_matrix fill(workplace *place, const kernel_format *format, uint32_t rows,
                      uint32_t columns, bool extreme);

/**
 * Compares the chip's kernels with the references in many shapes. Returns how many products were
 * compared; prints the first that differs and returns 0.
 */
uint32_t compare_kernels(workplace *place, uint32_t core);

/** As above for products whose rows and columns both cores share; called on core 0. */
uint32_t compare_shared(workplace *place);

/** On core 1: does core 0's bidding until it is told to stop. */
void help_shared(void);

sm_scale_rows_right reference_scale_rows_right_set, reference_scale_rows_right_add;
sm_scale_rows_right reference_scale_rows_narrow_set, reference_scale_rows_narrow_add;
sm_scale_rows_right reference_scale_rows_whole_set, reference_scale_rows_whole_add;

/** As above for the scaling of the sums. */
uint32_t compare_scaling(workplace *place);

/** The attention kernels of a format of the cache. */
typedef struct {
    const char *name;
    sm_attention_scores *scores;
    sm_attention_values *values;
    int32_t largest; /* magnitude of a cached number, of a damaged cache too */
    bool shares;     /* of SM_SHARES are its weights */
} attention_format;

#define ATTENTION_FORMATS 2
#define ATTENTION_FORMATS_OF(name)                                                                 \
    {                                                                                              \
        {"int8", name##_attention_int8_scores, name##_attention_int8_values, 128, false},          \
        {"int4", name##_attention_int4_scores, name##_attention_int4_values, 8, true},             \
    }
static const attention_format attention_formats[ATTENTION_FORMATS] = ATTENTION_FORMATS_OF(sm);

sm_attention_scores reference_attention_int8_scores, reference_attention_int4_scores;
sm_attention_values reference_attention_int8_values, reference_attention_int4_values;
uint32_t reference_attention_softmax(uint16_t *scores, uint32_t count, uint32_t mantissa,
                                     uint32_t shift, uint32_t dropped);
uint32_t reference_attention_share(uint16_t *weights, uint32_t count, uint32_t inverse);

/** As above for a query head over the cache. */
uint32_t compare_attention(workplace *place);

/** Cycles of a function, the second time; it lies in SRAM or that time in the cache of the flash. */
uint32_t cycles_of(void (*function)(const void *), const void *argument);

/** Prints the cycles of the attention kernels, one line of JSON for each shape. */
void measure_attention(workplace *place);

/** As above for the loops over vectors and over logits. */
uint32_t compare_vectors(workplace *place);

/** Prints the cycles of those loops. */
void measure_vectors(void);

/** Prints the cycles of each kernel in the shapes of DESIGN, one line of JSON each. */
void measure_kernels(workplace *place);

#endif
