#include "fixed_point.h"

#include <math.h>

#include "check.h"

static double real(sm_scale scale) { return ldexp(scale.mantissa, scale.exponent); }

static void bit_length_counts_bits(void) {
    CHECK(sm_bit_length(0) == 0);
    for (uint32_t bit = 0; bit < 32; bit++) {
        CHECK(sm_bit_length(UINT32_C(1) << bit) == bit + 1);
        CHECK(sm_bit_length((UINT32_C(1) << bit) | 1u) == bit + 1);
    }
}

static void multiply_is_within_a_unit(void) {
    unsigned state = 1;
    for (int i = 0; i < 100000; i++) {
        const int32_t value = (int32_t)next_random(&state) >> (1 + next_random(&state) % 30);
        const uint32_t mantissa = next_random(&state) >> 16;
        const int32_t exponent = -(int32_t)(next_random(&state) >> 16) % 40 - 16;
        const double exact = ldexp((double)value * mantissa, exponent);
        const double limited = exact > SM_LIMIT ? SM_LIMIT : exact < -SM_LIMIT ? -SM_LIMIT : exact;
        CHECK(fabs(sm_multiply(value, mantissa, exponent) - limited) <= 1.0);
    }
}

static void multiply_holds_at_the_limit(void) {
    CHECK(sm_multiply(1 << 30, 0xffff, 0) == SM_LIMIT);
    CHECK(sm_multiply(-(1 << 30), 0xffff, 0) == -SM_LIMIT);
    CHECK(sm_multiply(1 << 20, 0x8000, 40) == SM_LIMIT);
    CHECK(sm_multiply(0, 0xffff, 40) == 0);
    CHECK(sm_multiply(1 << 20, 0xffff, -80) == 0);
}

static void scales_keep_sixteen_bits(void) {
    unsigned state = 7;
    for (int i = 0; i < 10000; i++) {
        const uint32_t a = next_random(&state) >> next_random(&state) % 31;
        const uint32_t b = next_random(&state) >> next_random(&state) % 31;
        if (a == 0 || b == 0) continue;
        const sm_scale x = sm_scale_from(a, -3);
        const sm_scale y = sm_scale_from(b, 5);
        CHECK(x.mantissa >= 0x8000 && x.mantissa <= 0xffff);
        CHECK(fabs(real(x) / ldexp(a, -3) - 1) < 1e-4);
        CHECK(fabs(real(sm_scale_multiply(x, y)) / (real(x) * real(y)) - 1) < 1e-4);
        CHECK(fabs(real(sm_scale_divide(x, y)) / (real(x) / real(y)) - 1) < 1e-4);
        const uint64_t square = (uint64_t)a << next_random(&state) % 32;
        const int32_t exponent = (int32_t)(next_random(&state) % 21) - 10;
        const double root = sqrt(ldexp((double)square, exponent));
        CHECK(fabs(real(sm_scale_square_root(square, exponent)) / root - 1) < 1e-4);
    }
}

static void exp2_follows_the_function(void) {
    for (uint32_t z = 0; z < 5000; z++) {
        const double exact = z < 4096 ? ldexp(exp2(-(double)z / 256), 15) : 0;
        CHECK(fabs((double)sm_exp2_negative(z) - exact) <= 1.0);
    }
}

int main(void) {
    bit_length_counts_bits();
    multiply_is_within_a_unit();
    multiply_holds_at_the_limit();
    scales_keep_sixteen_bits();
    exp2_follows_the_function();
    return 0;
}
