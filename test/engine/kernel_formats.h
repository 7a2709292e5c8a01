/* The formats of kernel.h for tests: their kernels, and an own way to pack values into tiles. */
#ifndef STARMIND_TEST_KERNEL_FORMATS_H
#define STARMIND_TEST_KERNEL_FORMATS_H

#include <string.h>

#include "kernel.h"

static inline uint32_t round_up(uint32_t count, uint32_t multiple) {
    return (count + multiple - 1) / multiple * multiple;
}

static inline void pack_int8(uint8_t *tile, uint32_t row, uint32_t column, int value) {
    tile[8 * column + row] = (uint8_t)(value + 128);
}

static inline void pack_int4(uint8_t *tile, uint32_t row, uint32_t column, int value) {
    uint8_t *byte = &tile[4 * column + row / 2];
    const int shift = row % 2 ? 4 : 0;
    *byte = (uint8_t)((*byte & ~(15 << shift)) | (value + 8) << shift);
}

/** Adds to an index that holds 0 for this column: see `blank` below. */
static inline void pack_ternary(uint8_t *tile, uint32_t row, uint32_t column, int value) {
    static const int powers[] = {1, 3, 9, 27};
    uint8_t *bytes = tile + column / 16 * 32 + 4 * row;
    uint32_t word;
    memcpy(&word, bytes, 4);
    word += (uint32_t)(value * powers[column % 4]) << (3 + 7 * (column % 16 / 4));
    memcpy(bytes, &word, 4);
}

typedef struct {
    const char *name;
    int largest;    /* value */
    uint32_t blank; /* a word of zeros */
    uint32_t (*tile_bytes)(uint32_t columns);
    uint32_t (*scratch_bytes)(uint32_t columns);
    sm_kernel_prepare *prepare;
    sm_kernel_multiply *multiply;
    sm_kernel_row *row;
    void (*pack)(uint8_t *tile, uint32_t row, uint32_t column, int value);
} kernel_format;

/** The formats with kernels whose names begin with `prefix`. */
#define KERNEL_FORMAT(prefix, name, largest, blank)                                                \
    {                                                                                              \
#name, largest, blank, sm_kernel_##name##_tile_bytes, sm_kernel_##name##_scratch_bytes,    \
            prefix##_##name##_prepare, prefix##_##name##_multiply, sm_kernel_##name##_row,         \
            pack_##name                                                                            \
    }
#define KERNEL_FORMATS_OF(prefix)                                                                  \
    {                                                                                              \
        KERNEL_FORMAT(prefix, int8, 127, 0x80808080u),                                             \
            KERNEL_FORMAT(prefix, int4, 7, 0x88888888u),                                           \
            KERNEL_FORMAT(prefix, ternary, 1, 40u << 3 | 40u << 10 | 40u << 17 | 40u << 24),       \
    }

enum { KERNEL_FORMATS = 3 };

static const kernel_format kernel_formats[KERNEL_FORMATS] = KERNEL_FORMATS_OF(sm_kernel);

/** Fills tiles with zeros of the format. */
static inline void blank_tiles(const kernel_format *format, uint8_t *tiles, uint32_t bytes) {
    for (uint32_t i = 0; i < bytes; i += 4) memcpy(tiles + i, &format->blank, 4);
}

#endif
