/*
 * Hands out aligned pieces of a region. The same walk with base 0 measures how much a region needs,
 * in 64 bits, so that a model too large for a 32-bit memory is noticed and not wrapped around.
 */
#ifndef ARENA_H
#define ARENA_H

#include <stdint.h>

typedef struct {
    uintptr_t base;
    uint64_t used; /* bytes */
} arena;

static inline void *arena_take(arena *from, uint64_t bytes) {
    void *piece = (void *)(from->base + (uintptr_t)from->used);
    from->used += (bytes + 63) & ~(uint64_t)63;
    return piece;
}

static inline float *arena_take_floats(arena *from, int64_t rows, int64_t columns) {
    return arena_take(from, (uint64_t)rows * (uint64_t)columns * sizeof(float));
}

#endif
