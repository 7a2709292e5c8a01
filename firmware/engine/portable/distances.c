#include "distances.h"

#include "fixed_point.h"
#include "placement.h"

SM_HOT void sm_clear_bins(sm_reach *bins) {
    for (uint32_t i = 0; i < SM_BINS; i++) bins[i] = (sm_reach){0, 0};
}

SM_HOT int32_t sm_highest(const int32_t *values, uint32_t count) {
    int32_t highest = INT32_MIN;
    for (uint32_t i = 0; i < count; i++) {
        if (values[i] > highest) highest = values[i];
    }
    return highest;
}

SM_HOT sm_reach sm_distances(int32_t *logits, uint32_t count, uint32_t first,
                             const sm_distance_scale *scale, sm_reach *bins) {
    sm_reach found = {0, 0};
    for (uint32_t i = 0; i < count; i++) {
        const uint32_t below = scale->top - (uint32_t)logits[i];
        if (below >= scale->limit) continue;
        const uint32_t distance = (below >> scale->before) * scale->mantissa >> scale->after;
        if (distance > SM_FARTHEST) continue;
        logits[found.count++] = (int32_t)((first + i) << 16 | distance);
        const uint32_t weight = sm_exp2_negative(distance);
        bins[distance >> SM_BIN_BITS].count++;
        bins[distance >> SM_BIN_BITS].weight += weight;
        found.weight += weight;
    }
    return found;
}
