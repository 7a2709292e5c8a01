/* What the plain engines differ in: their matrices. All else is float32. */
#ifndef STARMIND_TEST_BASELINES_ARITHMETIC_H
#define STARMIND_TEST_BASELINES_ARITHMETIC_H

#include "model.h"

typedef struct {
    /** Takes the vector that is multiplied next, by one or more matrices. */
    void (*take)(const float *vector, uint32_t count);
    /** Writes the products of a matrix's rows with that vector. */
    void (*multiply)(const matrix *m, float *output);
    /** Writes a row of a matrix. */
    void (*read_row)(const matrix *m, uint32_t index, float *output);
} arithmetic;

extern const arithmetic float_arithmetic, int8_arithmetic;

/** Elements of the widest vector that a matrix is multiplied by. */
#define MOST_COLUMNS 512u

#endif
