#include "attention_kernel.h"
#include "fixed_point.h"
#include "placement.h"

SM_HOT uint32_t sm_attention_softmax(uint16_t *scores, uint32_t count, uint32_t mantissa,
                                     uint32_t shift, uint32_t dropped) {
    uint32_t highest = 0;
    for (uint32_t i = 0; i < count; i++) {
        if (scores[i] > highest) highest = scores[i];
    }
    uint32_t sum = 0;
    for (uint32_t i = 0; i < count; i++) {
        const uint32_t distance = (highest - scores[i]) * mantissa >> shift;
        const uint32_t weight = sm_exp2_negative(distance) >> dropped;
        scores[i] = (uint16_t)weight;
        sum += weight;
    }
    if (count % 2u != 0) scores[count] = 0;
    return sum;
}
