#include "sampler.h"

#include <stdbool.h>

#include "distances.h"
#include "engine.h"
#include "fixed_point.h"
#include "parallel.h"
#include "placement.h"
#include "vector.h"

/** log2(e) in Q15. */
#define LOG2_E_Q15 47274u

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

static bool covers(sm_reach within, sm_reach wanted) {
    return within.count >= wanted.count && within.weight >= wanted.weight;
}

static sm_reach sum_of(sm_reach a, sm_reach b) {
    return (sm_reach){a.count + b.count, a.weight + b.weight};
}

/** Logits to replace by distances, and what is found on the way in each range. */
typedef struct {
    int32_t *logits;
    sm_distance_scale scale;
    uint32_t high; /* high bits of the distances that are counted by their low bits */
    struct {
        int32_t highest;
        uint32_t weight;
        sm_reach bins[SM_BINS]; /* by the high bits of the distance, then by the low bits */
    } found[SM_PARALLEL_RANGES];
} measurement;

/** Four logits a turn, since the end of a turn takes as long as one of them. */
SM_HOT static void find_highest(void *context, uint32_t begin, uint32_t end) {
    measurement *m = context;
    int32_t highest = -SM_LIMIT - 1;
    const int32_t *logit = m->logits + begin;
    const int32_t *const last = m->logits + end;
    for (; last - logit >= 4; logit += 4) {
        if (logit[0] > highest) highest = logit[0];
        if (logit[1] > highest) highest = logit[1];
        if (logit[2] > highest) highest = logit[2];
        if (logit[3] > highest) highest = logit[3];
    }
    for (; logit < last; logit++) {
        if (*logit > highest) highest = *logit;
    }
    m->found[sm_range_number(begin)].highest = highest;
}

SM_HOT static void measure_some(void *context, uint32_t begin, uint32_t end) {
    measurement *m = context;
    const uint32_t range = sm_range_number(begin);
    m->found[range].weight =
        sm_distances(m->logits + begin, end - begin, &m->scale, m->found[range].bins);
}

/** Distances from the highest logit, Q16. */
static sm_distance_scale distance_scale(uint32_t temperature, int32_t highest) {
    /* Q16 logits to Q8 distances: log2(e) / temperature, and 8 bits down. */
    const sm_scale factor =
        sm_scale_divide(sm_scale_from(LOG2_E_Q15, -15 - 8), sm_scale_from(temperature, -16));
    const sm_scale inverse = sm_scale_divide((sm_scale){0x8000, -15}, factor);
    /* From here on all are the farthest; the margin covers the rounding of the factor. */
    const int32_t far = sm_multiply(SM_FARTHEST + 1, inverse.mantissa, inverse.exponent);
    const uint32_t half = (uint32_t)far >> 13; /* of a distance of 1 */
    const uint32_t limit = (uint32_t)far + ((uint32_t)far >> 8) + half + 1u;
    const uint32_t bits = sm_bit_length(limit);
    const int32_t before = bits > 16 ? (int32_t)bits - 16 : 0;
    const int32_t after = -(factor.exponent + before);
    return (sm_distance_scale){
        .top = (uint32_t)highest + half,
        /* A factor of 2^15 and more leaves the highest only. */
        .limit = after < 0 ? 1u : limit,
        .before = (uint32_t)before,
        .after = after < 0 ? 0u : (uint32_t)after,
        .mantissa = factor.mantissa,
    };
}

static void clear_bins(sm_reach *bins) {
    for (uint32_t i = 0; i < SM_BINS; i++) bins[i] = (sm_reach){0, 0};
}

/** Adds up the bins of both ranges, in the place of the first range or in `sums`. */
static void add_bins(const measurement *m, sm_reach *sums) {
    for (uint32_t i = 0; i < SM_BINS; i++) {
        sums[i] = sum_of(m->found[0].bins[i], m->found[1].bins[i]);
    }
}

/**
 * Replaces logits by their distances at the temperature, and adds the tokens up by the high bits of
 * these. Returns the total.
 */
static sm_reach logits_to_distances(measurement *m, uint32_t temperature, uint32_t count,
                                    sm_reach *bins) {
    for (uint32_t i = 0; i < SM_PARALLEL_RANGES; i++) {
        m->found[i].highest = -SM_LIMIT;
        m->found[i].weight = 0;
        clear_bins(m->found[i].bins);
    }
    sm_parallel(find_highest, m, count, SM_VECTOR_GRANULE);
    const bool first = m->found[0].highest > m->found[1].highest;
    m->scale = distance_scale(temperature, m->found[first ? 0 : 1].highest);
    sm_parallel(measure_some, m, count, SM_VECTOR_GRANULE);
    add_bins(m, bins);
    return (sm_reach){count, m->found[0].weight + m->found[1].weight};
}

/** Adds a token to the bins of its low bits, if its distance is among the 64 from `nearest` on. */
static inline void count_one(uint32_t distance, uint32_t nearest, sm_reach *bins) {
    const uint32_t low = distance - nearest;
    if (low >= SM_BINS) return;
    bins[low].count++;
    bins[low].weight += sm_exp2_negative(distance);
}

/** Adds up the tokens that have the high bits `high` by the low bits of their distances. */
SM_HOT static void count_fine(void *context, uint32_t begin, uint32_t end) {
    measurement *m = context;
    sm_reach *bins = m->found[sm_range_number(begin)].bins;
    const uint32_t nearest = m->high << SM_BIN_BITS;
    const int32_t *distance = m->logits + begin;
    const int32_t *const last = m->logits + end;
    for (; last - distance >= 4; distance += 4) {
        count_one((uint32_t)distance[0], nearest, bins);
        count_one((uint32_t)distance[1], nearest, bins);
        count_one((uint32_t)distance[2], nearest, bins);
        count_one((uint32_t)distance[3], nearest, bins);
    }
    for (; distance < last; distance++) count_one((uint32_t)*distance, nearest, bins);
}

/**
 * First bin at whose end `within` covers `wanted`, or the last, whose own sum need not be known. On
 * return `within` holds the sum before that bin.
 */
static uint32_t covering_bin(const sm_reach *bins, sm_reach wanted, sm_reach *within) {
    uint32_t bin = 0;
    for (; bin < SM_BINS - 1u; bin++) {
        const sm_reach next = sum_of(*within, bins[bin]);
        if (covers(next, wanted)) break;
        *within = next;
    }
    return bin;
}

/** The tokens up to a distance. */
typedef struct {
    uint32_t limit;
    sm_reach within;
} selection;

/** The smallest selection with the wanted count and weight. */
static selection select_nearest(measurement *m, uint32_t count, const sm_reach *coarse,
                                sm_reach wanted) {
    sm_reach within = {0, 0};
    m->high = covering_bin(coarse, wanted, &within);
    clear_bins(m->found[0].bins);
    clear_bins(m->found[1].bins);
    sm_parallel(count_fine, m, count, SM_VECTOR_GRANULE);
    sm_reach *fine = m->found[0].bins;
    add_bins(m, fine);
    const uint32_t low = covering_bin(fine, wanted, &within);
    return (selection){m->high << SM_BIN_BITS | low, sum_of(within, fine[low])};
}

/** value * fraction (Q16, at most 1.0), rounded up. */
static uint32_t share(uint32_t value, uint32_t fraction) {
    return (uint32_t)(((uint64_t)value * fraction + 0xffffu) >> 16);
}

/**
 * The token at which the weights of all up to the limit, bin after bin and in each by their ids,
 * sum up to more than `draw`, which is below their sum.
 */
SM_HOT static uint32_t draw_token(const int32_t *distances, uint32_t count, const sm_reach *bins,
                                  uint32_t limit, uint32_t draw) {
    uint32_t bin = 0;
    while (bin < limit >> SM_BIN_BITS && draw >= bins[bin].weight) draw -= bins[bin++].weight;
    const uint32_t nearest = bin << SM_BIN_BITS;
    const uint32_t farthest = nearest + SM_BINS - 1u;
    const uint32_t width = (limit < farthest ? limit : farthest) - nearest;
    uint32_t picked = 0;
    for (uint32_t i = 0; i < count; i++) {
        if ((uint32_t)distances[i] - nearest > width) continue;
        picked = i;
        const uint32_t weight = sm_exp2_negative((uint32_t)distances[i]);
        if (draw < weight) break;
        draw -= weight;
    }
    return picked;
}

SM_HOT uint32_t sm_sampler_pick(sm_sampler *sampler, int32_t *logits, uint32_t count) {
    const sm_sampling *options = &sampler->options;
    if (options->temperature == 0) return most_likely(logits, count);
    measurement m;
    m.logits = logits;
    sm_reach coarse[SM_BINS];
    selection chosen = {SM_FARTHEST, logits_to_distances(&m, options->temperature, count, coarse)};
    if (options->top_k != 0 && options->top_k < count) {
        chosen = select_nearest(&m, count, coarse, (sm_reach){options->top_k, 0});
    }
    if (options->top_p < (1u << 16)) {
        const sm_reach nucleus = {1, share(chosen.within.weight, options->top_p)};
        const selection nearest = select_nearest(&m, count, coarse, nucleus);
        if (nearest.limit < chosen.limit) chosen = nearest;
    }

    const uint32_t draw = (uint32_t)(((uint64_t)next_random(sampler) * chosen.within.weight) >> 32);
    return draw_token(logits, count, coarse, chosen.limit, draw);
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
