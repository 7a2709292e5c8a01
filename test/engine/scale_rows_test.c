/* The contract of scale_rows.h, against 64 bits: at its limits, and on random numbers. */
#include "scale_rows.h"

#include <string.h>

#include "check.h"
#include "fixed_point.h"

enum { MOST_ROWS = 19 };

static int64_t held(int64_t value) {
    if (value > SM_LIMIT) return SM_LIMIT;
    return value < -SM_LIMIT ? -SM_LIMIT : value;
}

/** value / 2^bits, rounded down after adding half. */
static int64_t halved(int64_t value, int bits) {
    const int64_t divisor = INT64_C(1) << bits;
    const int64_t sum = value + divisor / 2;
    return sum / divisor - (sum % divisor < 0);
}

static int64_t exact(int32_t sum, uint16_t row_scale, uint32_t mantissa, int32_t exponent,
                     uint32_t limit) {
    for (int excess = 0; excess <= 3; excess++) {
        if (limit >= 0x8000u << excess) continue;
        const int shift = -exponent - excess;
        if (shift < 1 || shift > (int)SM_NARROW_SHIFT) break;
        int64_t rounded = excess ? halved(mantissa, excess) : mantissa;
        if (rounded >= 0x10000 >> excess) rounded = (0x10000 >> excess) - 1;
        const int64_t product = sum * halved(row_scale * rounded, 16);
        CHECK(llabs(product) + (1 << (shift - 1)) <= INT32_MAX);
        return held(halved(product, shift));
    }
    const int64_t row_mantissa = halved((int64_t)row_scale * mantissa, 16);
    if (exponent >= -16) {
        const int64_t product = sum * row_mantissa;
        if (exponent < 0) return held(halved(product, -exponent));
        return held(held(product) * (INT64_C(1) << (exponent < 31 ? exponent : 31)));
    }
    const int64_t product = halved(sum * row_mantissa, 16);
    const int shift = -16 - exponent;
    return shift > 30 ? 0 : held(halved(product, shift));
}

typedef struct {
    uint16_t scales[MOST_ROWS];
    int32_t sums[MOST_ROWS];
    int32_t old[MOST_ROWS];
} rows;

static void check(const rows *r, uint32_t count, uint32_t mantissa, int32_t exponent) {
    int32_t *output = malloc((count + 1) * sizeof *output);
    int32_t sums[MOST_ROWS];
    CHECK(output);
    uint32_t limit = 1;
    for (uint32_t i = 0; i < count; i++) {
        if (sm_magnitude(r->sums[i]) > limit) limit = sm_magnitude(r->sums[i]);
    }
    for (int add = 0; add <= 1; add++) {
        for (uint32_t i = 0; i < count; i++) output[i] = r->old[i];
        memcpy(sums, r->sums, sizeof sums);
        output[count] = 12345;
        sm_scale_rows(r->scales, sums, count, output, mantissa, exponent, limit, add);
        for (uint32_t i = 0; i < count; i++) {
            const int64_t value = exact(r->sums[i], r->scales[i], mantissa, exponent, limit);
            CHECK(output[i] == (add ? held(r->old[i] + value) : value));
        }
        CHECK(output[count] == 12345);
    }
    /* In the place of the sums. */
    for (uint32_t i = 0; i < count; i++) output[i] = r->sums[i];
    sm_scale_rows(r->scales, output, count, output, mantissa, exponent, limit, false);
    for (uint32_t i = 0; i < count; i++) {
        CHECK(output[i] == exact(r->sums[i], r->scales[i], mantissa, exponent, limit));
    }
    free(output);
}

static const int32_t exponents[] = {-80, -47, -46, -45, -31, -21, -20, -19, -18, -17,
                                    -16, -15, -4,  -3,  -2,  -1,  0,   14,  15,  40};
enum { EXPONENTS = sizeof exponents / sizeof exponents[0] };

/** Every combination of the ends of the ranges. */
static void limits(void) {
    static const int32_t sums[] = {
        -(1 << 30), 1 - (1 << 30), -65536, -65535, -32768, -1,      0,      1,        32767,  32768,
        65535,      65536,         131071, 131072, 262143, -262143, 262144, SM_LIMIT, 1 << 30};
    static const int32_t old[] = {-SM_LIMIT, -1, 0, SM_LIMIT};
    static const uint16_t scales[] = {0, 1, 32768, 65535};
    rows r;
    for (uint32_t i = 0; i < sizeof sums / sizeof sums[0]; i++) {
        for (uint32_t o = 0; o < 4; o++) {
            for (uint32_t s = 0; s < 4; s++) {
                r.sums[s] = sums[i];
                r.old[s] = old[o];
                r.scales[s] = scales[s];
            }
            for (uint32_t m = 0; m < 4; m++) {
                for (uint32_t e = 0; e < EXPONENTS; e++) check(&r, 4, scales[m], exponents[e]);
            }
        }
    }
}

static void random_rows(void) {
    unsigned state = 11;
    for (int turn = 0; turn < 4000; turn++) {
        rows r;
        for (uint32_t i = 0; i < MOST_ROWS; i++) {
            /* Sums of all sizes. */
            const int32_t sum = (int32_t)next_random(&state) >> 2;
            r.sums[i] = sum >> (next_random(&state) >> 24) % 30;
            r.old[i] = (int32_t)next_random(&state) >> (1 + i % 3);
            if (r.old[i] < -SM_LIMIT) r.old[i] = -SM_LIMIT;
            r.scales[i] = (uint16_t)(next_random(&state) >> 16);
        }
        const int32_t exponent = -16 - (int32_t)((next_random(&state) >> 24) % 34);
        check(&r, 1 + (uint32_t)turn % MOST_ROWS, next_random(&state) >> 16, exponent);
    }
    rows none = {.scales = {0}};
    check(&none, 0, 1, -20);
}

int main(void) {
    limits();
    random_rows();
    return 0;
}
