#include "attention_kernel.h"
#include "placement.h"

SM_HOT void sm_attention_int4_scores(const uint8_t *keys, uint32_t head_dim, const int32_t *query,
                                     uint32_t count, uint16_t *scores) {
    const uint32_t *word = (const uint32_t *)(const void *)keys;
    for (uint32_t first = 0; first < count; first += SM_KEY_TILE) {
        int32_t sums[SM_KEY_TILE] = {0};
        for (uint32_t j = 0; j < head_dim; j++, word++) {
            for (uint32_t i = 0; i < SM_KEY_TILE; i++) {
                sums[i] += ((int32_t)(*word >> 4 * i & 15u) - 8) * query[j];
            }
        }
        for (uint32_t i = 0; i < SM_KEY_TILE; i++) {
            scores[first + i] = (uint16_t)(sums[sm_key_nibble(i)] + SM_SCORE_BIAS);
        }
    }
}

SM_HOT uint32_t sm_attention_share(uint16_t *weights, uint32_t count, uint32_t inverse) {
    uint32_t shares = 0;
    for (uint32_t i = 0; i < count; i++) {
        const uint32_t share = weights[i] * inverse >> 16;
        weights[i] = (uint16_t)share;
        shares += share;
    }
    return shares;
}

SM_HOT void sm_attention_int4_values(const uint8_t *values, uint32_t positions, uint32_t head_dim,
                                     const uint16_t *weights, uint32_t count, uint32_t sum,
                                     int32_t *output) {
    const uint32_t *word = (const uint32_t *)(const void *)values;
    for (uint32_t first = 0; first < head_dim; first += SM_VALUE_TILE) {
        const uint32_t left = head_dim - first;
        const uint32_t used = left < SM_VALUE_TILE ? left : SM_VALUE_TILE;
        for (uint32_t j = 0; j < used; j++) {
            int32_t total = -8 * (int32_t)sum;
            for (uint32_t i = 0; i < count; i++) {
                total += weights[i] * (int32_t)(word[i] >> 4 * j & 15u);
            }
            output[first + j] = total;
        }
        word += positions;
    }
}
