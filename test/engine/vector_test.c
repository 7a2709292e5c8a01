#include "head.h"
#include "matrix.h"
#include "vector.h"

#include <math.h>
#include <string.h>

#include "check.h"

enum { COUNT = 37, PADDED = 48 };

static const sm_rotation unrotated = {NULL, 0, 0};

static sm_scale quantize(const int32_t *values, uint32_t count, int32_t exponent,
                         int8_t *quantized) {
    const sm_rounding rounding = sm_rounding_of(values, exponent, sm_peak(values, count));
    sm_round_some(&rounding, 0, count, count, quantized);
    return rounding.scale;
}

static void fill(int32_t *values, unsigned *state, unsigned drop) {
    for (int i = 0; i < COUNT; i++) values[i] = (int32_t)next_random(state) >> drop;
}

static void preparing_a_head_keeps_ratios(void) {
    unsigned state = 3;
    for (unsigned drop = 2; drop < 31; drop++) {
        int32_t values[COUNT];
        int32_t scaled[COUNT];
        fill(values, &state, drop);
        for (int i = 0; i < COUNT; i++) scaled[i] = values[i];
        const uint32_t peak = sm_peak(values, COUNT);
        const int32_t shift = sm_prepare_head(scaled, COUNT, &unrotated).exponent;
        if (peak == 0) continue;
        CHECK(sm_peak(scaled, COUNT) <= UINT32_C(1) << SM_BLOCK_BITS);
        CHECK(sm_peak(scaled, COUNT) >= UINT32_C(1) << (SM_BLOCK_BITS - 1));
        for (int i = 0; i < COUNT; i++) {
            CHECK(fabs(ldexp(scaled[i], shift) - values[i]) <= ldexp(0.5, shift > 0 ? shift : 0));
        }
    }
}

static uint32_t bits_of_two(int32_t first, int32_t second) {
    return sm_bit_length(sm_all_bits((const int32_t[]){first, second}, 2));
}

static void all_bits_are_those_of_the_peak(void) {
    CHECK(bits_of_two(0, 0) == 0);
    CHECK(bits_of_two(5, -3) == 3);
    CHECK(bits_of_two(5, -9) == 4);
    CHECK(bits_of_two(-8, 1) == 3);
    CHECK(bits_of_two(-(1 << 30), 0) == 30);
    CHECK(bits_of_two((1 << 30) - 1, 0) == 30);
}

/** Any exponent: as sm_multiply does, of which the usual ones are written out. */
static void scale_vector_multiplies(void) {
    unsigned state = 9;
    for (int32_t exponent = -64; exponent < 20; exponent++) {
        int32_t values[COUNT];
        int32_t scaled[COUNT];
        fill(values, &state, 1u + (unsigned)(exponent + 64) % 9u);
        values[0] = 1 << 30;
        values[1] = -(1 << 30);
        memcpy(scaled, values, sizeof values);
        const uint32_t mantissa = exponent % 3 ? 0xffffu : 0x8000u + (next_random(&state) >> 17);
        const uint32_t peak = sm_scale_vector(scaled, COUNT, (sm_scale){mantissa, exponent});
        for (int i = 0; i < COUNT; i++) {
            CHECK(scaled[i] == sm_multiply(values[i], mantissa, exponent));
        }
        CHECK(peak == sm_peak(scaled, COUNT));
    }
}

static void quantize_is_within_half_a_step(void) {
    unsigned state = 5;
    for (unsigned drop = 1; drop < 31; drop++) {
        int32_t values[COUNT];
        int8_t quantized[PADDED];
        fill(values, &state, drop);
        if (sm_peak(values, COUNT) == 0) continue;
        memset(quantized, 1, sizeof quantized);
        const sm_scale scale = quantize(values, COUNT, -4, quantized);
        const double step = ldexp(scale.mantissa, scale.exponent);
        int peak = 0;
        for (int i = 0; i < COUNT; i++) {
            CHECK(fabs(quantized[i] * step - ldexp(values[i], -4)) <= 0.51 * step);
            if (abs(quantized[i]) > peak) peak = abs(quantized[i]);
        }
        CHECK(peak == 127);
        for (int i = COUNT; i < PADDED; i++) CHECK(quantized[i] == 0);
    }
}

/** The ends of the range, of either sign. */
static void quantize_holds_the_largest_values(void) {
    const int32_t largest = 1 << 30;
    const int32_t values[] = {largest, -largest, largest - 1, 1 - largest, 0, 1, -1};
    int8_t quantized[PADDED];
    (void)quantize(values, 7, 0, quantized);
    const int8_t expected[] = {127, -127, 127, -127, 0, 0, 0};
    CHECK(memcmp(quantized, expected, sizeof expected) == 0);
    (void)quantize(values + 5, 2, 0, quantized);
    CHECK(quantized[0] == 127 && quantized[1] == -127);
}

static void zero_vectors_stay_zero(void) {
    int32_t values[COUNT] = {0};
    int8_t quantized[PADDED];
    CHECK(sm_prepare_head(values, COUNT, &unrotated).exponent == 0);
    CHECK(quantize(values, COUNT, 3, quantized).mantissa == 0);
    for (int i = 0; i < PADDED; i++) CHECK(quantized[i] == 0);
}

int main(void) {
    preparing_a_head_keeps_ratios();
    all_bits_are_those_of_the_peak();
    scale_vector_multiplies();
    quantize_is_within_half_a_step();
    quantize_holds_the_largest_values();
    zero_vectors_stay_zero();
    return 0;
}
