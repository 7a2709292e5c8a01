#include <stdio.h>

#include "fixed_point.h"
#include "kernels.h"

#define ROWS 40u

/** One of the ends of the range of sums and outputs, or a number of any size within. */
static int32_t number(workplace *place) {
    static const int32_t ends[] = {-SM_LIMIT, -65536, -65535, -32768, -1,      0,
                                   1,         32767,  32768,  65535,  SM_LIMIT};
    const uint32_t count = sizeof ends / sizeof ends[0];
    const uint32_t which = draw(place, 3 * count);
    if (which < count) return ends[which];
    const int32_t value = (int32_t)(draw(place, 0x10000u) << 16 | draw(place, 0x10000u));
    return value >> (2 + draw(place, 29));
}

static uint32_t mantissa(workplace *place) {
    return draw(place, 4) == 0 ? 65535u * draw(place, 2) : draw(place, 0x10000u);
}

/** As many as leave 14 bits beside the shift. */
#define WHOLE 99u

/** A loop, its reference, and what it takes. */
static const struct {
    const char *name;
    sm_scale_rows_right *own, *reference;
    uint32_t most_shift;
    uint32_t dropped_bits; /* of a sum of 31 bits */
} loops[] = {
    {"right set", sm_scale_rows_right_set, reference_scale_rows_right_set, 30, 0},
    {"right add", sm_scale_rows_right_add, reference_scale_rows_right_add, 30, 0},
    {"narrow set", sm_scale_rows_narrow_set, reference_scale_rows_narrow_set, SM_NARROW_SHIFT, 15},
    {"narrow add", sm_scale_rows_narrow_add, reference_scale_rows_narrow_add, SM_NARROW_SHIFT, 15},
    {"whole set", sm_scale_rows_whole_set, reference_scale_rows_whole_set, SM_WHOLE_SHIFT, WHOLE},
    {"whole add", sm_scale_rows_whole_add, reference_scale_rows_whole_add, SM_WHOLE_SHIFT, WHOLE},
};

static bool compare(workplace *place, uint32_t loop, uint32_t rows, uint32_t shift) {
    static uint16_t scales[ROWS];
    static int32_t expected[ROWS], actual[ROWS + 1];
    const bool narrow = loops[loop].dropped_bits == 15;
    const uint32_t excess = narrow ? draw(place, SM_NARROW_EXCESS + 1) : 0u;
    const uint32_t dropped_bits =
        loops[loop].dropped_bits == WHOLE ? 16u - shift : loops[loop].dropped_bits - excess;
    for (uint32_t i = 0; i < rows; i++) {
        /* SM_LIMIT becomes 2^15 - 1 of a narrow sum, or what it has more for the factor's bits. */
        place->sums[i] = number(place) / (INT32_C(1) << dropped_bits);
        expected[i] = actual[i] = number(place);
        scales[i] = (uint16_t)mantissa(place);
    }
    actual[rows] = 12345;
    const uint32_t factor = mantissa(place) >> excess;
    loops[loop].reference(scales, place->sums, rows, expected, factor, shift);
    loops[loop].own(scales, place->sums, rows, actual, factor, shift);
    const bool same = memcmp(expected, actual, rows * sizeof actual[0]) == 0;
    if (same && actual[rows] == 12345) return true;
    printf("FAIL scaling %lu rows, shift %lu, %s\n", (unsigned long)rows, (unsigned long)shift,
           loops[loop].name);
    return false;
}

uint32_t compare_scaling(workplace *place) {
    uint32_t compared = 0;
    for (uint32_t loop = 0; loop < sizeof loops / sizeof loops[0]; loop++) {
        for (uint32_t shift = 1; shift <= loops[loop].most_shift; shift++) {
            for (uint32_t rows = 0; rows <= ROWS; rows++) {
                if (!compare(place, loop, rows, shift)) return 0;
                compared++;
            }
        }
    }
    return compared;
}
