#include "distances.h"

#include "fixed_point.h"
#include "placement.h"

SM_HOT uint32_t sm_distances(int32_t *logits, uint32_t count, const sm_distance_scale *scale,
                             sm_reach *bins) {
    uint32_t total = 0;
    for (uint32_t i = 0; i < count; i++) {
        const uint32_t below = scale->top - (uint32_t)logits[i];
        uint32_t distance = SM_FARTHEST + 1;
        if (below < scale->limit) {
            distance = (below >> scale->before) * scale->mantissa >> scale->after;
        }
        if (distance > SM_FARTHEST) {
            logits[i] = SM_FARTHEST;
            continue;
        }
        logits[i] = (int32_t)distance;
        const uint32_t weight = sm_exp2_negative(distance);
        bins[distance >> SM_BIN_BITS].count++;
        bins[distance >> SM_BIN_BITS].weight += weight;
        total += weight;
    }
    return total;
}
