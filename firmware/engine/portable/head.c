#include "head.h"

#include "placement.h"
#include "vector_loops.h"

/** Rotates the pairs of a head. */
static void rotate(const sm_rotation *rotation, int32_t *head) {
    const uint32_t pairs = rotation->pairs;
    const uint32_t fraction = rotation->fraction;
    const int32_t half = (INT32_C(1) << fraction) >> 1;
    for (uint32_t i = 0; i < pairs; i++) {
        const int32_t cosine = rotation->angles[2 * i];
        const int32_t sine = rotation->angles[2 * i + 1];
        const int32_t first = head[i];
        const int32_t second = head[i + pairs];
        head[i] = (first * cosine - second * sine + half) >> fraction;
        head[i + pairs] = (first * sine + second * cosine + half) >> fraction;
    }
}

SM_HOT sm_head_size sm_prepare_head(int32_t *head, uint32_t count, const sm_rotation *rotation) {
    const sm_block block = sm_block_of(sm_bit_length(sm_all_bits(head, count)));
    for (uint32_t i = 0; i < count; i++) head[i] = sm_in_block(&block, head[i]);
    rotate(rotation, head);
    sm_head_size size = {block.exponent, 0, 0};
    for (uint32_t i = 0; i < count; i++) {
        const uint32_t magnitude = sm_magnitude(head[i]);
        if (magnitude > size.peak) size.peak = magnitude;
        size.squares += (magnitude * magnitude >> 14) + 1u;
    }
    return size;
}
