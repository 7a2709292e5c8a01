#include "attention_kernel.h"

#include "fixed_point.h"
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

SM_HOT uint32_t sm_attention_softmax(void *scores, uint32_t count, uint32_t mantissa,
                                     uint32_t shift, uint32_t dropped) {
    uint16_t *half = scores; /* a score, or half a weight */
    uint32_t highest = 0;
    for (uint32_t i = 0; i < count; i++) {
        if (half[i] > highest) highest = half[i];
    }
    for (uint32_t i = count; i % 4u != 0; i++) half[2 * i] = half[2 * i + 1] = 0;
    /* From the last on: a weight overwrites scores of its own place and behind it. */
    uint32_t sum = 0;
    for (uint32_t i = count; i-- > 0;) {
        const uint32_t distance = (highest - half[i]) * mantissa >> shift;
        const uint32_t weight = sm_exp2_negative(distance) >> dropped;
        half[2 * i] = (uint16_t)weight;
        half[2 * i + 1] = 0;
        sum += weight;
    }
    return sum;
}

SM_HOT void sm_attention_int8_values(const uint8_t *values, uint32_t positions, uint32_t head_dim,
                                     const int32_t *weights, uint32_t count, uint32_t sum,
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

SM_HOT uint32_t sm_attention_share(int32_t *weights, uint32_t count, uint32_t sum) {
    const uint32_t inverse = ((uint32_t)SM_SHARES << 16) / sum;
    uint32_t shares = 0;
    for (uint32_t i = 0; i < count; i++) {
        const uint32_t share = (uint32_t)weights[i] * inverse >> 16;
        weights[i] = (int32_t)share;
        shares += share;
    }
    return shares;
}

SM_HOT void sm_attention_int4_values(const uint8_t *values, uint32_t positions, uint32_t head_dim,
                                     const int32_t *weights, uint32_t count, uint32_t sum,
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
