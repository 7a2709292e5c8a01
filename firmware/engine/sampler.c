#include "sampler.h"

#include <stdbool.h>

#include "engine.h"
#include "fixed_point.h"
#include "parallel.h"
#include "placement.h"
#include "vector.h"

/** log2(e) in Q15. */
#define LOG2_E_Q15 47274u
/** Distances are Q8; 2^-16 and less never win a draw, so farther ones need no order. */
#define FARTHEST ((16 << 8) - 1)

void sm_sampler_init(sm_sampler *sampler, const sm_sampling *options) {
    sampler->options = *options;
    /* xorshift has no way out of zero; the odd constant spreads small seeds. */
    sampler->state = (options->seed + 1u) * 0x9e3779b9u;
    if (sampler->state == 0) sampler->state = 1;
}

static uint32_t next_random(sm_sampler *sampler) {
    uint32_t x = sampler->state;
    x ^= x << 13;
    x ^= x >> 17;
    x ^= x << 5;
    sampler->state = x;
    return x;
}

SM_HOT static uint32_t most_likely(const int32_t *logits, uint32_t count) {
    uint32_t best = 0;
    for (uint32_t i = 1; i < count; i++) {
        if (logits[i] > logits[best]) best = i;
    }
    return best;
}

/** The tokens within a distance: their number, and their summed probability numerators. */
typedef struct {
    uint32_t count;
    uint32_t weight;
} reach;

static bool covers(reach within, reach wanted) {
    return within.count >= wanted.count && within.weight >= wanted.weight;
}

static reach sum_of(reach a, reach b) { return (reach){a.count + b.count, a.weight + b.weight}; }

/** Distances are 12 bits: a histogram of the high six finds the bin, one of the low six the place.
 */
#define BIN_BITS 6u
#define BINS (1u << BIN_BITS)

/** Logits to replace by distances, and the tokens added up in each range. */
typedef struct {
    int32_t *logits;
    int32_t highest;
    int32_t surely_far;
    sm_scale factor; /* from Q16 logits to Q8 distances */
    struct {
        reach all;
        reach bins[BINS]; /* by the high bits of the distance */
    } found[SM_PARALLEL_RANGES];
} measurement;

SM_HOT static void measure_some(void *context, uint32_t begin, uint32_t end) {
    measurement *m = context;
    const int32_t highest = m->highest;
    const int32_t surely_far = m->surely_far;
    const sm_scale factor = m->factor;
    reach *bins = m->found[sm_range_number(begin)].bins;
    reach all = {end - begin, 0};
    uint32_t near = 0;
    for (uint32_t i = begin; i < end; i++) {
        const int32_t below = highest - m->logits[i];
        m->logits[i] = FARTHEST;
        if (below >= surely_far) continue;
        const int32_t distance = sm_multiply(sm_clamp(below), factor.mantissa, factor.exponent);
        if (distance >= FARTHEST) continue;
        m->logits[i] = distance;
        reach *bin = &bins[(uint32_t)distance >> BIN_BITS];
        const uint32_t weight = sm_exp2_negative((uint32_t)distance);
        bin->count++;
        bin->weight += weight;
        all.weight += weight;
        near++;
    }
    /* The farthest weigh nothing. */
    bins[BINS - 1u].count += all.count - near;
    m->found[sm_range_number(begin)].all = all;
}

/**
 * Replaces logits by their distance below the highest, as -log2 of the relative probability at the
 * temperature, in Q8, and adds the tokens up by the high bits of that. Returns the total.
 */
static reach logits_to_distances(uint32_t temperature, int32_t *logits, uint32_t count,
                                 reach *bins) {
    /* Q16 logits to Q8 distances: log2(e) / temperature, and 8 bits down. */
    const sm_scale factor =
        sm_scale_divide(sm_scale_from(LOG2_E_Q15, -15 - 8), sm_scale_from(temperature, -16));
    /* Most logits are so far below that they need no multiplication; the margin covers rounding. */
    const sm_scale inverse = sm_scale_divide((sm_scale){0x8000, -15}, factor);
    const int32_t far = sm_multiply(FARTHEST + 1, inverse.mantissa, inverse.exponent);
    measurement m = {.logits = logits,
                     .highest = logits[most_likely(logits, count)],
                     .surely_far = far + (far >> 8),
                     .factor = factor};
    sm_parallel(measure_some, &m, count, SM_VECTOR_GRANULE);
    for (uint32_t i = 0; i < BINS; i++) bins[i] = sum_of(m.found[0].bins[i], m.found[1].bins[i]);
    return sum_of(m.found[0].all, m.found[1].all);
}

/** Adds up the tokens by the low bits of their distances, for the tokens with the high bits `high`.
 */
SM_HOT static void count_fine(const int32_t *distances, uint32_t count, uint32_t high,
                              reach *bins) {
    for (uint32_t i = 0; i < BINS; i++) bins[i] = (reach){0, 0};
    for (uint32_t i = 0; i < count; i++) {
        const uint32_t distance = (uint32_t)distances[i];
        if (distance >> BIN_BITS != high) continue;
        reach *bin = &bins[distance & (BINS - 1u)];
        bin->count++;
        bin->weight += sm_exp2_negative(distance);
    }
}

/**
 * First bin at whose end `within` covers `wanted`, or the last. On return `within` holds the sum
 * before that bin.
 */
static uint32_t covering_bin(const reach *bins, reach wanted, reach *within) {
    uint32_t bin = 0;
    for (; bin < BINS - 1u; bin++) {
        const reach next = sum_of(*within, bins[bin]);
        if (covers(next, wanted)) break;
        *within = next;
    }
    return bin;
}

/** The tokens up to a distance. */
typedef struct {
    uint32_t limit;
    reach within;
} selection;

/** The smallest selection with the wanted count and weight. */
static selection select_nearest(const int32_t *distances, uint32_t count, const reach *coarse,
                                reach wanted) {
    reach fine[BINS];
    reach within = {0, 0};
    const uint32_t high = covering_bin(coarse, wanted, &within);
    count_fine(distances, count, high, fine);
    const uint32_t low = covering_bin(fine, wanted, &within);
    return (selection){high << BIN_BITS | low, sum_of(within, fine[low])};
}

/** value * fraction (Q16, at most 1.0), rounded up. */
static uint32_t share(uint32_t value, uint32_t fraction) {
    return (uint32_t)(((uint64_t)value * fraction + 0xffffu) >> 16);
}

SM_HOT uint32_t sm_sampler_pick(sm_sampler *sampler, int32_t *logits, uint32_t count) {
    const sm_sampling *options = &sampler->options;
    if (options->temperature == 0) return most_likely(logits, count);
    reach coarse[BINS];
    selection chosen = {FARTHEST, logits_to_distances(options->temperature, logits, count, coarse)};
    if (options->top_k != 0 && options->top_k < count) {
        chosen = select_nearest(logits, count, coarse, (reach){options->top_k, 0});
    }
    if (options->top_p < (1u << 16)) {
        const reach nucleus = {1, share(chosen.within.weight, options->top_p)};
        const selection nearest = select_nearest(logits, count, coarse, nucleus);
        if (nearest.limit < chosen.limit) chosen = nearest;
    }

    uint32_t draw = (uint32_t)(((uint64_t)next_random(sampler) * chosen.within.weight) >> 32);
    uint32_t picked = 0;
    for (uint32_t i = 0; i < count; i++) {
        if ((uint32_t)logits[i] > chosen.limit) continue;
        picked = i;
        const uint32_t weight = sm_exp2_negative((uint32_t)logits[i]);
        if (draw < weight) break;
        draw -= weight;
    }
    return picked;
}

SM_HOT uint32_t sm_sampler_rank(const sm_sampler *sampler, const int32_t *consumed, uint32_t count,
                                uint32_t token) {
    /* Distances grow as logits fall. */
    const bool falls = sampler->options.temperature == 0;
    uint32_t likelier = 0;
    for (uint32_t i = 0; i < count; i++) {
        likelier += falls ? consumed[i] > consumed[token] : consumed[i] < consumed[token];
    }
    return likelier + 1;
}
