#include "sampler.h"

#include <stdbool.h>

#include "engine.h"
#include "fixed_point.h"

/** log2(e) in Q15. */
#define LOG2_E_Q15 47274u
/** Distances are Q8; 2^-16 and less never win a draw, so farther ones need no order. */
#define FARTHEST ((16u << 8) - 1u)

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

static uint32_t most_likely(const int32_t *logits, uint32_t count) {
    uint32_t best = 0;
    for (uint32_t i = 1; i < count; i++) {
        if (logits[i] > logits[best]) best = i;
    }
    return best;
}

/**
 * Replaces logits by their distance below the highest, as -log2 of the relative probability at
 * the sampler's temperature, in Q8.
 */
static void logits_to_distances(uint32_t temperature, int32_t *logits, uint32_t count) {
    const int32_t highest = logits[most_likely(logits, count)];
    /* Q16 logits to Q8 distances: log2(e) / temperature, and 8 bits down. */
    const sm_scale factor = sm_scale_divide(sm_scale_from(LOG2_E_Q15, -15 - 8),
                                            sm_scale_from(temperature, -16));
    for (uint32_t i = 0; i < count; i++) {
        const int32_t below = sm_clamp(highest - logits[i]);
        const int32_t distance = sm_multiply(below, factor.mantissa, factor.exponent);
        logits[i] = distance > (int32_t)FARTHEST ? (int32_t)FARTHEST : distance;
    }
}

/** What lies within a distance: how many tokens, and their summed probability numerators. */
typedef struct {
    uint32_t count;
    uint32_t weight;
} reach;

static bool covers(reach within, reach wanted) {
    return within.count >= wanted.count && within.weight >= wanted.weight;
}

/** Distances are 12 bits: a histogram of the high six finds the bin, one of the low six the place. */
#define BIN_BITS 6u
#define BINS (1u << BIN_BITS)

/** Adds up the tokens of each bin; only those whose high bits are `high`, unless it is BINS. */
static void count_bins(const int32_t *distances, uint32_t count, uint32_t high, reach *bins) {
    for (uint32_t i = 0; i < BINS; i++) bins[i] = (reach){0, 0};
    for (uint32_t i = 0; i < count; i++) {
        const uint32_t distance = (uint32_t)distances[i];
        const uint32_t coarse = distance >> BIN_BITS;
        if (high != BINS && coarse != high) continue;
        reach *bin = &bins[high == BINS ? coarse : distance & (BINS - 1u)];
        bin->count++;
        bin->weight += sm_exp2_negative(distance);
    }
}

/**
 * First bin at whose end `within` covers what is wanted, or the last. On return `within` holds
 * what lies before that bin.
 */
static uint32_t covering_bin(const reach *bins, reach wanted, reach *within) {
    uint32_t bin = 0;
    for (; bin < BINS - 1u; bin++) {
        const reach next = {within->count + bins[bin].count, within->weight + bins[bin].weight};
        if (covers(next, wanted)) break;
        *within = next;
    }
    return bin;
}

/** Smallest distance whose reach has the wanted count and weight. */
static uint32_t shortest_reach(const int32_t *distances, uint32_t count, reach wanted) {
    reach bins[BINS];
    reach within = {0, 0};
    count_bins(distances, count, BINS, bins);
    const uint32_t high = covering_bin(bins, wanted, &within);
    count_bins(distances, count, high, bins);
    return high << BIN_BITS | covering_bin(bins, wanted, &within);
}

/** What lies within `limit`. */
static reach measure(const int32_t *distances, uint32_t count, uint32_t limit) {
    reach within = {0, 0};
    for (uint32_t i = 0; i < count; i++) {
        if ((uint32_t)distances[i] > limit) continue;
        within.count++;
        within.weight += sm_exp2_negative((uint32_t)distances[i]);
    }
    return within;
}

/** value * fraction (Q16, at most 1.0), rounded up. */
static uint32_t share(uint32_t value, uint32_t fraction) {
    return (uint32_t)(((uint64_t)value * fraction + 0xffffu) >> 16);
}

uint32_t sm_sampler_pick(sm_sampler *sampler, int32_t *logits, uint32_t count) {
    const sm_sampling *options = &sampler->options;
    if (options->temperature == 0) return most_likely(logits, count);
    logits_to_distances(options->temperature, logits, count);

    uint32_t limit = FARTHEST;
    if (options->top_k != 0 && options->top_k < count) {
        limit = shortest_reach(logits, count, (reach){options->top_k, 0});
    }
    reach within = measure(logits, count, limit);
    if (options->top_p < (1u << 16)) {
        const uint32_t nucleus = share(within.weight, options->top_p);
        const uint32_t shorter = shortest_reach(logits, count, (reach){1, nucleus});
        if (shorter < limit) {
            limit = shorter;
            within = measure(logits, count, limit);
        }
    }

    uint32_t draw = (uint32_t)(((uint64_t)next_random(sampler) * within.weight) >> 32);
    uint32_t picked = 0;
    for (uint32_t i = 0; i < count; i++) {
        if ((uint32_t)logits[i] > limit) continue;
        picked = i;
        const uint32_t weight = sm_exp2_negative((uint32_t)logits[i]);
        if (draw < weight) break;
        draw -= weight;
    }
    return picked;
}
