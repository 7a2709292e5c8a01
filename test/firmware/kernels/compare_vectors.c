#include <stdio.h>

#include "distances.h"
#include "head.h"
#include "kernels.h"
#include "tables.h"
#include "vector_loops.h"

#define MOST_ELEMENTS 41u

uint32_t reference_all_bits(const int32_t *values, uint32_t count);
sm_head_size reference_prepare_head(int32_t *head, uint32_t count, const sm_rotation *rotation);
void reference_round(const int32_t *values, uint32_t count, uint32_t shift, int32_t inverse,
                     int8_t *quantized);
sm_scaled reference_scale_by_gains(const int32_t *values, uint32_t count, const sm_block *block,
                                   const int16_t *gains, int32_t *scaled);
uint32_t reference_multiply_by_gate(int32_t *hidden, uint32_t count, const int32_t *up,
                                    const sm_gate *gate);
void reference_clear_bins(sm_reach *bins);
int32_t reference_highest(const int32_t *values, uint32_t count);
sm_reach reference_distances(int32_t *logits, uint32_t count, uint32_t first,
                             const sm_distance_scale *scale, sm_reach *bins);

/* Each with a number before and one behind it, which must stay. */
static int32_t inputs[MOST_ELEMENTS + 2], others[MOST_ELEMENTS + 2];
static int32_t outputs[2][MOST_ELEMENTS + 2];
static int16_t gains[MOST_ELEMENTS];
static int8_t rounded[2][MOST_ELEMENTS + 2];

/** Numbers of up to `bits` bits, now and then the widest. */
static void fill_numbers(workplace *place, int32_t *numbers, uint32_t bits) {
    const int32_t most = (int32_t)((UINT32_C(1) << bits) - 1u);
    for (uint32_t i = 0; i < MOST_ELEMENTS + 2; i++) {
        const uint32_t number = draw(place, 0x10000) << 15 | draw(place, 0x8000);
        const int32_t magnitude = draw(place, 8) ? (int32_t)(number & (uint32_t)most) : most;
        numbers[i] = draw(place, 2) ? -magnitude : magnitude;
    }
}

static bool same_bits(workplace *place, uint32_t count) {
    fill_numbers(place, inputs, draw(place, 31));
    return sm_all_bits(inputs + 1, count) == reference_all_bits(inputs + 1, count);
}

/** Pairs of a part of the head, of half of it, or none; the angles' fraction as images have it. */
static bool same_head(workplace *place, uint32_t count) {
    static int16_t angles[MOST_ELEMENTS + 1];
    for (uint32_t i = 0; i < MOST_ELEMENTS + 1; i++) angles[i] = (int16_t)draw(place, 0x10000);
    /* One pair of a length above 1 would leave the range. */
    for (uint32_t i = 0; i < MOST_ELEMENTS; i += 2) angles[i + 1] = (int16_t)(angles[i + 1] / 2);
    const sm_rotation rotation = {angles, draw(place, 2) ? count / 2 : draw(place, count / 2 + 1),
                                  15};
    fill_numbers(place, inputs, draw(place, 31));
    memcpy(outputs[0], inputs, sizeof inputs);
    memcpy(outputs[1], inputs, sizeof inputs);
    const sm_head_size own = sm_prepare_head(outputs[0] + 1, count, &rotation);
    const sm_head_size expected = reference_prepare_head(outputs[1] + 1, count, &rotation);
    return own.exponent == expected.exponent && own.peak == expected.peak &&
           own.squares == expected.squares && memcmp(outputs[0], outputs[1], sizeof inputs) == 0;
}

static bool same_rounding(workplace *place, uint32_t count) {
    fill_numbers(place, inputs, 30);
    const uint32_t shift = 15 + draw(place, 10);
    const int32_t inverse = (int32_t)((UINT32_C(127) << 22) / (0x4000u + draw(place, 0x4000)));
    memset(rounded, 99, sizeof rounded);
    sm_round(inputs + 1, count, shift, inverse, rounded[0] + 1);
    reference_round(inputs + 1, count, shift, inverse, rounded[1] + 1);
    return memcmp(rounded[0], rounded[1], sizeof rounded[0]) == 0;
}

static bool same_gains(workplace *place, uint32_t count) {
    const uint32_t bits = draw(place, 31);
    fill_numbers(place, inputs, bits);
    for (uint32_t i = 0; i < count; i++) {
        gains[i] = (int16_t)(draw(place, 4) ? draw(place, 0xffff) : 0x8000u);
    }
    const sm_block block = sm_block_of(bits);
    memset(outputs, 99, sizeof outputs);
    const sm_scaled own = sm_scale_by_gains(inputs + 1, count, &block, gains, outputs[0] + 1);
    const sm_scaled expected =
        reference_scale_by_gains(inputs + 1, count, &block, gains, outputs[1] + 1);
    return own.squares == expected.squares && own.peak == expected.peak &&
           memcmp(outputs[0], outputs[1], sizeof outputs[0]) == 0;
}

static bool same_gate(workplace *place, uint32_t count) {
    const uint32_t bits = draw(place, 31), up_bits = draw(place, 31);
    fill_numbers(place, inputs, bits);
    fill_numbers(place, others, up_bits);
    memcpy(outputs[0], inputs, sizeof inputs);
    memcpy(outputs[1], inputs, sizeof inputs);
    const bool silu = draw(place, 2);
    const sm_gate gate = {silu ? sm_silu_gate : sm_gelu_gate,
                          16 - (silu ? SM_SILU_STEP_BITS : SM_GELU_STEP_BITS), sm_block_of(bits),
                          sm_block_of(up_bits)};
    const int32_t *up = draw(place, 3) ? others + 1 : NULL;
    const uint32_t own = sm_multiply_by_gate(outputs[0] + 1, count, up, &gate);
    return own == reference_multiply_by_gate(outputs[1] + 1, count, up, &gate) &&
           memcmp(outputs[0], outputs[1], sizeof outputs[0]) == 0;
}

static bool same_distances(workplace *place, uint32_t count) {
    static sm_reach bins[2][SM_BINS];
    const uint32_t bits = 1 + draw(place, 30);
    fill_numbers(place, inputs, bits);
    memcpy(outputs[0], inputs, sizeof inputs);
    memcpy(outputs[1], inputs, sizeof inputs);
    memset(bins, 99, sizeof bins);
    sm_clear_bins(bins[0]);
    reference_clear_bins(bins[1]);
    /* The limit has 16 bits once it is shifted. */
    const uint32_t before = bits > 15 ? bits - 15 : 0;
    const sm_distance_scale scale = {(1u << bits) - 1u, (1 + draw(place, 0xffff)) << before, before,
                                     14 + draw(place, 12), 0x8000 + draw(place, 0x8000)};
    const uint32_t first = draw(place, 0xff00);
    const sm_reach own = sm_distances(outputs[0] + 1, count, first, &scale, bins[0]);
    const sm_reach expected = reference_distances(outputs[1] + 1, count, first, &scale, bins[1]);
    /* What is behind the near tokens may be anything up to the end. */
    return own.count == expected.count && own.weight == expected.weight &&
           memcmp(outputs[0], outputs[1], 4u * (1u + own.count)) == 0 &&
           outputs[0][count + 1] == inputs[count + 1] &&
           memcmp(bins[0], bins[1], sizeof bins[0]) == 0;
}

static bool same_highest(workplace *place, uint32_t count) {
    fill_numbers(place, inputs, draw(place, 31));
    return sm_highest(inputs + 1, count) == reference_highest(inputs + 1, count);
}

static const struct {
    const char *name;
    bool (*same)(workplace *, uint32_t);
} loops[] = {{"all bits", same_bits},
             {"head", same_head},
             {"round", same_rounding},
             {"gains", same_gains},
             {"gate", same_gate},
             {"distances", same_distances},
             {"highest", same_highest}};

uint32_t compare_vectors(workplace *place) {
    uint32_t compared = 0;
    for (uint32_t i = 0; i < sizeof loops / sizeof loops[0]; i++) {
        for (uint32_t turn = 0; turn < 20 * MOST_ELEMENTS; turn++) {
            const uint32_t count = turn % (MOST_ELEMENTS + 1);
            if (!loops[i].same(place, count)) {
                printf("FAIL %s of %lu elements\n", loops[i].name, (unsigned long)count);
                return 0;
            }
            compared++;
        }
    }
    return compared;
}

#define MEASURED 32u

static const sm_block to_the_right = {0, 4, 8, 4};

static void measured_bits(const void *unused) {
    (void)unused;
    (void)sm_all_bits(inputs, MEASURED);
}

static void measured_head(const void *unused) {
    (void)unused;
    static const int16_t angles[MEASURED];
    const sm_rotation rotation = {angles, MEASURED / 2, 15};
    (void)sm_prepare_head(outputs[1], MEASURED, &rotation);
}

static void measured_round(const void *unused) {
    (void)unused;
    sm_round(inputs, MEASURED, 15, 30000, rounded[0]);
}

static void measured_gains(const void *unused) {
    (void)unused;
    (void)sm_scale_by_gains(inputs, MEASURED, &to_the_right, gains, outputs[0]);
}

static void measured_gate(const void *unused) {
    (void)unused;
    const sm_gate gate = {sm_silu_gate, 12, to_the_right, to_the_right};
    (void)sm_multiply_by_gate(outputs[0], MEASURED, others, &gate);
}

static void measured_distances(const void *unused) {
    (void)unused;
    static sm_reach bins[SM_BINS];
    const sm_distance_scale scale = {1u << 20, 1u << 21, 6, 19, 40000};
    for (uint32_t i = 0; i < MEASURED; i++) outputs[0][i] = 0;
    (void)sm_distances(outputs[0], MEASURED, 0, &scale, bins);
}

static void measured_far(const void *unused) {
    (void)unused;
    static sm_reach bins[SM_BINS];
    const sm_distance_scale scale = {1u << 20, 1u << 10, 0, 10, 40000};
    (void)sm_distances(inputs, MEASURED, 0, &scale, bins);
}

static void measured_highest(const void *unused) {
    (void)unused;
    (void)sm_highest(inputs, MEASURED);
}

void measure_vectors(void) {
    for (uint32_t i = 0; i < MEASURED; i++) inputs[i] = outputs[0][i] = outputs[1][i] = others[i] = (int32_t)i * 4000;
    printf("{\"elements\":%lu,\"all_bits\":%lu,\"head\":%lu,\"round\":%lu,\"gains\":%lu,\"gate\":%lu,"
           "\"distances\":%lu,\"far\":%lu,\"highest\":%lu}\n",
           (unsigned long)MEASURED, (unsigned long)cycles_of(measured_bits, NULL),
           (unsigned long)cycles_of(measured_head, NULL),
           (unsigned long)cycles_of(measured_round, NULL),
           (unsigned long)cycles_of(measured_gains, NULL),
           (unsigned long)cycles_of(measured_gate, NULL),
           (unsigned long)cycles_of(measured_distances, NULL),
           (unsigned long)cycles_of(measured_far, NULL),
           (unsigned long)cycles_of(measured_highest, NULL));
}
