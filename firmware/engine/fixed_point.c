#include "fixed_point.h"

#include "placement.h"

/* A processor without an instruction for it: halves, without a loop. */
SM_HOT uint32_t sm_bit_length(uint32_t value) {
    uint32_t bits = 0;
    if (value >> 16) bits += 16, value >>= 16;
    if (value >> 8) bits += 8, value >>= 8;
    if (value >> 4) bits += 4, value >>= 4;
    if (value >> 2) bits += 2, value >>= 2;
    return bits + (value >> 1 ? 2u : value);
}

SM_HOT sm_scale sm_scale_from(uint32_t value, int32_t exponent) {
    if (value == 0) return (sm_scale){0, 0};
    const int32_t shift = (int32_t)sm_bit_length(value) - 16;
    const uint32_t mantissa = shift >= 0 ? value >> shift : value << -shift;
    return (sm_scale){mantissa, exponent + shift};
}

SM_HOT sm_scale sm_scale_multiply(sm_scale a, sm_scale b) {
    return sm_scale_from(a.mantissa * b.mantissa, a.exponent + b.exponent);
}

SM_HOT sm_scale sm_scale_divide(sm_scale a, sm_scale b) {
    return sm_scale_from((a.mantissa << 16) / b.mantissa, a.exponent - 16 - b.exponent);
}

/** Largest root with root * root <= value. */
SM_HOT static uint32_t integer_square_root(uint32_t value) {
    uint32_t root = 0;
    for (uint32_t bit = UINT32_C(1) << 30; bit != 0; bit >>= 2) {
        if (value >= root + bit) {
            value -= root + bit;
            root = (root >> 1) + bit;
        } else {
            root >>= 1;
        }
    }
    return root;
}

SM_HOT sm_scale sm_scale_square_root(uint64_t value, int32_t exponent) {
    if (value == 0) return (sm_scale){0, 0};
    const uint32_t high = (uint32_t)(value >> 32);
    int32_t shift =
        high ? (int32_t)sm_bit_length(high) : (int32_t)sm_bit_length((uint32_t)value) - 32;
    /* The root halves the exponent, so the radicand's must be even. */
    if ((exponent + shift) & 1) shift++;
    const uint32_t mantissa = shift >= 0 ? (uint32_t)(value >> shift) : (uint32_t)value << -shift;
    return sm_scale_from(integer_square_root(mantissa), (exponent + shift) / 2);
}
