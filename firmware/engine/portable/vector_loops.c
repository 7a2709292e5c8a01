#include "vector_loops.h"

#include "placement.h"
#include "tables.h"

SM_HOT uint32_t sm_all_bits(const int32_t *values, uint32_t count) {
    int32_t bits = 0;
    for (uint32_t i = 0; i < count; i++) bits |= values[i] ^ (values[i] >> 31);
    return (uint32_t)bits;
}

SM_HOT void sm_round(const int32_t *values, uint32_t count, uint32_t shift, int32_t inverse,
                     int8_t *quantized) {
    for (uint32_t i = 0; i < count; i++) {
        quantized[i] = (int8_t)(((values[i] >> shift) * inverse + (INT32_C(1) << 21)) >> 22);
    }
}

SM_HOT sm_scaled sm_scale_by_gains(const int32_t *values, uint32_t count, const sm_block *block,
                                   const int16_t *gains, int32_t *scaled) {
    sm_scaled found = {0, 0};
    for (uint32_t i = 0; i < count; i++) {
        const int32_t value = sm_in_block(block, values[i]);
        found.squares += (uint32_t)(value * value);
        scaled[i] = (value * gains[i]) >> 15;
        const uint32_t magnitude = sm_magnitude(scaled[i]);
        if (magnitude > found.peak) found.peak = magnitude;
    }
    return found;
}

SM_HOT uint32_t sm_multiply_by_gate(int32_t *hidden, uint32_t count, const int32_t *up,
                                    const sm_gate *gate) {
    const uint32_t fraction_mask = (UINT32_C(1) << gate->fraction_bits) - 1u;
    uint32_t peak = 0;
    for (uint32_t i = 0; i < count; i++) {
        const int32_t x = hidden[i];
        const uint32_t magnitude = sm_magnitude(x);
        const uint32_t index = magnitude >> gate->fraction_bits;
        int32_t open = 1 << 15;
        if (index < SM_GATE_STEPS) {
            const int32_t below = gate->table[index];
            const int32_t rise = gate->table[index + 1] - below;
            open = below + ((rise * (int32_t)(magnitude & fraction_mask)) >> gate->fraction_bits);
        }
        if (x < 0) open = (1 << 15) - open;
        int32_t value = (sm_in_block(&gate->hidden, x) * open) >> 15;
        if (up) value *= sm_in_block(&gate->up, up[i]);
        hidden[i] = value;
        if (sm_magnitude(value) > peak) peak = sm_magnitude(value);
    }
    return peak;
}
