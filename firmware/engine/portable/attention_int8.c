#include "attention_kernel.h"
#include "placement.h"

SM_HOT void sm_attention_int8_scores(const uint8_t *keys, uint32_t head_dim, const int32_t *query,
                                     uint32_t count, uint16_t *scores) {
    for (uint32_t first = 0; first < count; first += SM_KEY_TILE) {
        int32_t sums[SM_KEY_TILE] = {0};
        for (uint32_t j = 0; j < head_dim; j++) {
            for (uint32_t i = 0; i < SM_KEY_TILE; i++) sums[i] += (*keys++ - 128) * query[j];
        }
        for (uint32_t i = 0; i < SM_KEY_TILE; i++) {
            const int32_t sum = sums[i / 4u * 4u + sm_key_byte(i)];
            scores[first + i] = (uint16_t)(sum + SM_SCORE_BIAS);
        }
    }
}

SM_HOT void sm_attention_int8_values(const uint8_t *values, uint32_t positions, uint32_t head_dim,
                                     const uint16_t *weights, uint32_t count, uint32_t sum,
                                     int32_t *output) {
    for (uint32_t first = 0; first < head_dim; first += SM_VALUE_TILE) {
        const uint32_t left = head_dim - first;
        const uint32_t width = sm_value_tile_width(left);
        const uint32_t used = left < width ? left : width;
        for (uint32_t j = 0; j < used; j++) {
            uint32_t total = 0u - 128u * sum;
            for (uint32_t i = 0; i < count; i++) {
                total += (uint32_t)weights[i] * values[i * width + j];
            }
            output[first + j] = (int32_t)total;
        }
        values += width * positions;
    }
}
