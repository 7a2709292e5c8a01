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

static bool compare(workplace *place, uint32_t rows, uint32_t shift, bool add) {
    static uint16_t scales[ROWS];
    static int32_t expected[ROWS], actual[ROWS + 1];
    for (uint32_t i = 0; i < rows; i++) {
        place->sums[i] = number(place);
        expected[i] = actual[i] = number(place);
        scales[i] = (uint16_t)mantissa(place);
    }
    actual[rows] = 12345;
    const uint32_t factor = mantissa(place);
    sm_scale_rows_right *reference =
        add ? reference_scale_rows_right_add : reference_scale_rows_right_set;
    sm_scale_rows_right *own = add ? sm_scale_rows_right_add : sm_scale_rows_right_set;
    reference(scales, place->sums, rows, expected, factor, shift);
    own(scales, place->sums, rows, actual, factor, shift);
    if (memcmp(expected, actual, rows * sizeof actual[0]) == 0 && actual[rows] == 12345)
        return true;
    printf("FAIL scaling %lu rows, shift %lu, %s\n", (unsigned long)rows, (unsigned long)shift,
           add ? "add" : "set");
    return false;
}

uint32_t compare_scaling(workplace *place) {
    uint32_t compared = 0;
    for (uint32_t shift = 1; shift <= 30; shift++) {
        for (uint32_t rows = 0; rows <= ROWS; rows++) {
            for (int add = 0; add <= 1; add++) {
                if (!compare(place, rows, shift, add)) return 0;
                compared++;
            }
        }
    }
    return compared;
}
