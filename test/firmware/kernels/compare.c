#include <stdio.h>

#include "kernels.h"
#include "pico/multicore.h"

static const kernel_format references[KERNEL_FORMATS] = KERNEL_FORMATS_OF(reference);

sm_kernel_matrix fill(workplace *place, const kernel_format *format, uint32_t rows,
                      uint32_t columns, bool extreme) {
    uint8_t *tiles = (uint8_t *)place->tiles;
    const uint32_t tile_bytes = format->tile_bytes(columns);
    const uint32_t bytes = round_up(rows, SM_KERNEL_ROWS) / SM_KERNEL_ROWS * tile_bytes;
    if (bytes > TILES_BYTES || format->scratch_bytes(columns) > SCRATCH_BYTES) panic("too large");
    blank_tiles(format, tiles, bytes);
    /* One extreme in four has all values and elements of one sign: the widest sums there are. */
    const bool uniform = draw(place, 4) == 0;
    const int sign = draw(place, 2) ? 1 : -1;
    for (uint32_t row = 0; row < rows; row++) {
        for (uint32_t i = 0; i < columns; i++) {
            int value = (int)draw(place, 2 * (uint32_t)format->largest + 1) - format->largest;
            if (extreme) value = (uniform ? sign : value < 0 ? -1 : 1) * format->largest;
            format->pack(tiles + row / SM_KERNEL_ROWS * tile_bytes, row % SM_KERNEL_ROWS, i, value);
        }
    }
    memset(place->vector, 0, round_up(columns, SM_KERNEL_VECTOR_PADDING));
    for (uint32_t i = 0; i < columns; i++) {
        const int element = (int)draw(place, 255) - 127;
        place->vector[i] = (int8_t)(!extreme ? element : uniform || element < 0 ? -127 : 127);
    }
    return (sm_kernel_matrix){tiles, columns, tile_bytes};
}

/** The sums that the reference has, in place->sums. */
static void multiply_reference(workplace *place, uint32_t format, const sm_kernel_matrix *matrix,
                               uint32_t rows) {
    const uint32_t columns = matrix->columns;
    references[format].prepare(place->vector, columns, 0, columns, place->scratch);
    references[format].multiply(matrix, place->scratch, 0, rows, place->sums);
}

static bool are_sums(const workplace *place, const int32_t *sums, uint32_t begin, uint32_t end,
                     const char *format, uint32_t columns) {
    for (uint32_t row = begin; row < end; row++) {
        if (sums[row - begin] == place->sums[row]) continue;
        printf("FAIL %s %lu columns, rows %lu to %lu: row %lu is %ld, not %ld\n", format,
               (unsigned long)columns, (unsigned long)begin, (unsigned long)end, (unsigned long)row,
               (long)sums[row - begin], (long)place->sums[row]);
        return false;
    }
    return true;
}

/** A product at once, and again from the second tile on with columns prepared in two parts. */
static bool compare(workplace *place, uint32_t format, uint32_t rows, uint32_t columns,
                    bool extreme) {
    static int32_t room[2][MOST_ROWS + SM_KERNEL_ROWS];
    int32_t *sums = room[get_core_num()];
    const kernel_format *own = &kernel_formats[format];
    const sm_kernel_matrix matrix = fill(place, own, rows, columns, extreme);
    multiply_reference(place, format, &matrix, rows);
    memset(place->scratch, 0x5a, own->scratch_bytes(columns));
    own->prepare(place->vector, columns, 0, columns, place->scratch);
    const uint32_t written = round_up(rows, SM_KERNEL_ROWS);
    sums[written] = 12345;
    own->multiply(&matrix, place->scratch, 0, rows, sums);
    if (sums[written] != 12345) {
        printf("FAIL %s writes beyond %lu rows\n", own->name, (unsigned long)rows);
        return false;
    }
    if (!are_sums(place, sums, 0, rows, own->name, columns)) return false;
    if (rows <= SM_KERNEL_ROWS) return true;
    const uint32_t split = draw(place, columns / SM_KERNEL_COLUMNS + 1) * SM_KERNEL_COLUMNS;
    memset(place->scratch, 0xa5, own->scratch_bytes(columns));
    own->prepare(place->vector, columns, split, columns, place->scratch);
    own->prepare(place->vector, columns, 0, split, place->scratch);
    own->multiply(&matrix, place->scratch, SM_KERNEL_ROWS, rows, sums);
    return are_sums(place, sums, SM_KERNEL_ROWS, rows, own->name, columns);
}

/** The widest matrix that there is room for. */
static uint32_t most_columns(const kernel_format *format) {
    uint32_t columns = MOST_COLUMNS;
    while (format->tile_bytes(columns) > TILES_BYTES ||
           format->scratch_bytes(columns) > SCRATCH_BYTES) {
        columns--;
    }
    return columns;
}

uint32_t compare_kernels(workplace *place, uint32_t core) {
    static const uint16_t large[][2] = {{520, 31}, {344, 64}, {128, 128}, {64, 172}, {24, 500}};
    uint32_t products = 0;
    for (uint32_t turn = 0; turn < KERNEL_FORMATS; turn++) {
        /* The cores work on different formats at the same time. */
        const uint32_t format = (turn + core) % KERNEL_FORMATS;
        for (uint32_t columns = 1; columns <= 40; columns++) {
            for (uint32_t rows = 1; rows <= 40; rows += rows < 10 || core ? 1 : 3) {
                if (!compare(place, format, rows, columns, (rows + columns) % 2)) return 0;
                products++;
            }
        }
        for (uint32_t i = 0; i < sizeof large / sizeof large[0]; i++) {
            if (!compare(place, format, large[i][0], large[i][1], i % 2)) return 0;
            products++;
        }
        for (uint32_t columns = most_columns(&kernel_formats[format]), i = 0; i < 8; i++) {
            if (!compare(place, format, 8, columns - i, i < 6)) return 0;
            products++;
        }
    }
    return products;
}

/** What core 1 does its part of: columns to prepare, then rows to multiply. */
static struct {
    const kernel_format *format; /* NULL: stop */
    workplace *place;
    sm_kernel_matrix matrix;
    uint32_t first_column;
    uint32_t begin, end;
    int32_t *sums;
} shared;

void help_shared(void) {
    for (;;) {
        (void)multicore_fifo_pop_blocking();
        if (!shared.format) return;
        const uint32_t columns = shared.matrix.columns;
        shared.format->prepare(shared.place->vector, columns, shared.first_column, columns,
                               shared.place->scratch);
        multicore_fifo_push_blocking(0);
        (void)multicore_fifo_pop_blocking();
        shared.format->multiply(&shared.matrix, shared.place->scratch, shared.begin, shared.end,
                                shared.sums + shared.begin);
        multicore_fifo_push_blocking(0);
    }
}

uint32_t compare_shared(workplace *place) {
    static int32_t sums[MOST_ROWS];
    uint32_t products = 0;
    for (uint32_t turn = 0; turn < 60; turn++) {
        const uint32_t format = turn % KERNEL_FORMATS;
        const kernel_format *own = &kernel_formats[format];
        const uint32_t rows = 9 + draw(place, 60);
        const uint32_t columns = 33 + draw(place, 150);
        const sm_kernel_matrix matrix = fill(place, own, rows, columns, turn % 4 == 0);
        multiply_reference(place, format, &matrix, rows);
        memset(place->scratch, 0x5a, own->scratch_bytes(columns));
        shared.format = own;
        shared.place = place;
        shared.matrix = matrix;
        shared.first_column = columns / 2 / SM_KERNEL_COLUMNS * SM_KERNEL_COLUMNS;
        shared.begin = rows / 2 / SM_KERNEL_ROWS * SM_KERNEL_ROWS;
        shared.end = rows;
        shared.sums = sums;
        multicore_fifo_push_blocking(0);
        own->prepare(place->vector, columns, 0, shared.first_column, place->scratch);
        (void)multicore_fifo_pop_blocking();
        multicore_fifo_push_blocking(0);
        own->multiply(&matrix, place->scratch, 0, shared.begin, sums);
        (void)multicore_fifo_pop_blocking();
        if (!are_sums(place, sums, 0, rows, own->name, columns)) return 0;
        products++;
    }
    shared.format = NULL;
    multicore_fifo_push_blocking(0);
    return products;
}
