/*
 * Cached keys and values as the inference engine holds them (firmware/engine/cache.c): whole
 * numbers with a power of two for each head, which a larger vector raises, and which then shifts
 * what is cached. So what a query sees depends on its position.
 */
#ifndef CACHE_H
#define CACHE_H

#include "workspace.h"

/** How long the vectors of a head may be, in steps. */
typedef struct {
    float peak; /* largest magnitude of an element */
    float norm; /* largest Euclidean norm */
} vector_limits;

/** Limits of queries and of what is cached; see set_limits of firmware/engine/engine.c. */
typedef struct {
    vector_limits query, key, value;
} head_limits;

/** @param cached_peak the largest magnitude of a cached element */
head_limits head_limits_of(int head_dim, int cached_peak);

/** Rounds each column of data[head_dim][columns], a query, to its own power of two. */
void quantize_queries(vector_limits limits, int head_dim, int columns, int stride, float *data);

/**
 * Writes the steps that a head's cache has once it holds each of the vectors
 * source[head_dim][columns].
 */
void find_cache_steps(vector_limits limits, int head_dim, int columns, int stride,
                      const float *source, float *steps);

/**
 * Makes numbers[head_dim][number_stride], which hold the positions up to `begin`, hold those up to
 * `end`, in the steps of the last. Positions from `begin` on have equal steps.
 */
void extend_cache(int head_dim, int begin, int end, int stride, const float *source,
                  const float *steps, int number_stride, float *numbers);

#endif
