#include "vector.h"

#include <math.h>

#include "check.h"

enum { COUNT = 37 };

static void fill(int32_t *values, unsigned *state, unsigned drop) {
    for (int i = 0; i < COUNT; i++) values[i] = (int32_t)next_random(state) >> drop;
}

static void block_normalize_keeps_ratios(void) {
    unsigned state = 3;
    for (unsigned drop = 2; drop < 31; drop++) {
        int32_t values[COUNT];
        int32_t scaled[COUNT];
        fill(values, &state, drop);
        for (int i = 0; i < COUNT; i++) scaled[i] = values[i];
        const uint32_t peak = sm_peak(values, COUNT);
        const int32_t shift = sm_block_normalize(scaled, COUNT);
        if (peak == 0) continue;
        CHECK(sm_peak(scaled, COUNT) <= UINT32_C(1) << SM_BLOCK_BITS);
        CHECK(sm_peak(scaled, COUNT) >= UINT32_C(1) << (SM_BLOCK_BITS - 1));
        for (int i = 0; i < COUNT; i++) {
            CHECK(fabs(ldexp(scaled[i], shift) - values[i]) <= ldexp(0.5, shift > 0 ? shift : 0));
        }
    }
}

static void quantize_is_within_half_a_step(void) {
    unsigned state = 5;
    for (unsigned drop = 17; drop < 31; drop++) {
        int32_t values[COUNT];
        int8_t quantized[COUNT];
        fill(values, &state, drop);
        if (sm_peak(values, COUNT) == 0) continue;
        const sm_scale scale = sm_quantize(values, COUNT, -4, quantized);
        const double step = ldexp(scale.mantissa, scale.exponent);
        int peak = 0;
        for (int i = 0; i < COUNT; i++) {
            CHECK(fabs(quantized[i] * step - ldexp(values[i], -4)) <= 0.502 * step);
            if (abs(quantized[i]) > peak) peak = abs(quantized[i]);
        }
        CHECK(peak == 127);
    }
}

static void quantize_power_uses_the_smallest_power(void) {
    unsigned state = 9;
    for (unsigned drop = 17; drop < 31; drop++) {
        int32_t values[COUNT];
        int8_t quantized[COUNT];
        fill(values, &state, drop);
        const uint32_t peak = sm_peak(values, COUNT);
        const int8_t power = sm_quantize_power(values, COUNT, -7, quantized);
        const double step = ldexp(1, power + 7);
        CHECK(peak <= 127 * step);
        CHECK(step == 1 || peak > 127 * step / 2);
        for (int i = 0; i < COUNT; i++) CHECK(fabs(quantized[i] * step - values[i]) <= step / 2);
    }
}

static void zero_vectors_stay_zero(void) {
    int32_t values[COUNT] = {0};
    int8_t quantized[COUNT];
    CHECK(sm_block_normalize(values, COUNT) == 0);
    CHECK(sm_quantize(values, COUNT, 3, quantized).mantissa == 0);
    for (int i = 0; i < COUNT; i++) CHECK(quantized[i] == 0);
}

int main(void) {
    block_normalize_keeps_ratios();
    quantize_is_within_half_a_step();
    quantize_power_uses_the_smallest_power();
    zero_vectors_stay_zero();
    return 0;
}
