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
    /* The product of mantissas of 16 bits has 31 or 32. */
    const uint32_t product = a.mantissa * b.mantissa;
    if (product == 0) return (sm_scale){0, 0};
    const uint32_t shift = product >> 31 ? 16 : 15;
    return (sm_scale){product >> shift, a.exponent + b.exponent + (int32_t)shift};
}

SM_HOT sm_scale sm_scale_divide(sm_scale a, sm_scale b) {
    if (a.mantissa == 0) return (sm_scale){0, 0};
    /* The quotient of mantissas of 16 bits has 16 or 17. */
    const uint32_t quotient = (a.mantissa << 16) / b.mantissa;
    const uint32_t shift = quotient >> 16;
    return (sm_scale){quotient >> shift, a.exponent - 16 - b.exponent + (int32_t)shift};
}

/** Largest root with root * root <= value, which is 2^30 at least: its highest bit is known. */
SM_HOT static uint32_t integer_square_root(uint32_t value) {
    uint32_t root = UINT32_C(1) << 30;
    value -= root;
    for (uint32_t bit = UINT32_C(1) << 28; bit != 0; bit >>= 2) {
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
