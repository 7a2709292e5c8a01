/* A check that names the place and stops; tests are programs whose exit code is the verdict. */
#ifndef STARMIND_TEST_CHECK_H
#define STARMIND_TEST_CHECK_H

#include <stdio.h>
#include <stdlib.h>

#define CHECK(condition)                                                                           \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition);                        \
            exit(1);                                                                               \
        }                                                                                          \
    } while (0)

/** Numerical Recipes' linear congruential generator: enough to spread test inputs. */
static inline unsigned next_random(unsigned *state) {
    *state = *state * 1664525u + 1013904223u;
    return *state;
}

#endif
