#include "sampler.h"

#include <stdbool.h>

#include "engine.h"
#include "fixed_point.h"
#include "placement.h"
#include "vector.h"

/** log2(e) in Q15. */
#define LOG2_E_Q15 47274u

/** From the logit 0 down to distances at a temperature, which is not 0. */
static sm_distance_scale distance_scale(uint32_t temperature) {
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
        .top = half,
        /* A factor of 2^15 and more leaves the highest only. */
        .limit = after < 0 ? 1u : limit,
        .before = (uint32_t)before,
        .after = after < 0 ? 0u : (uint32_t)after,
        .mantissa = factor.mantissa,
    };
}

void sm_sampler_init(sm_sampler *sampler, const sm_sampling *options) {
    *sampler = (sm_sampler){.options = *options};
    /* xorshift has no way out of zero; the odd constant spreads small seeds. */
    sampler->state = (options->seed + 1u) * 0x9e3779b9u;
    if (sampler->state == 0) sampler->state = 1;
    if (options->temperature > 0) sampler->scale = distance_scale(options->temperature);
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

/** Logits to measure, and what is found in each range. */
typedef struct {
    int32_t *logits;
    sm_distance_scale scale;
    struct {
        int32_t highest;
        uint32_t begin; /* of the range */
        sm_reach near;
        sm_reach bins[SM_BINS]; /* by the high bits of the distance */
    } found[SM_PARALLEL_RANGES];
} measurement;

SM_HOT static void find_highest(void *context, uint32_t begin, uint32_t end) {
    measurement *m = context;
    m->found[sm_range_number(begin)].highest = sm_highest(m->logits + begin, end - begin);
}

SM_HOT static void measure_some(void *context, uint32_t begin, uint32_t end) {
    measurement *m = context;
    const uint32_t range = sm_range_number(begin);
    sm_clear_bins(m->found[range].bins);
    m->found[range].begin = begin;
    m->found[range].near =
        sm_distances(m->logits + begin, end - begin, begin, &m->scale, m->found[range].bins);
}

/**
 * Replaces logits by the near tokens of each range, and adds these up by the high bits of their
 * distances. Returns how many ranges there are.
 */
SM_HOT static uint32_t find_near(measurement *m, sm_sampler *sampler, int32_t *logits,
                                 uint32_t count) {
    m->logits = logits;
    m->found[1].highest = -SM_LIMIT;
    m->found[1].near.count = 0;
    sm_parallel(find_highest, m, count, SM_VECTOR_GRANULE);
    const bool first = m->found[0].highest > m->found[1].highest;
    m->scale = sampler->scale;
    m->scale.top += (uint32_t)m->found[first ? 0 : 1].highest;
    sm_parallel(measure_some, m, count, SM_VECTOR_GRANULE);
    const uint32_t ranges = m->found[1].near.count > 0 ? 2 : 1;
    for (uint32_t i = 0; i < SM_PARALLEL_RANGES; i++) {
        const uint32_t begin = i < ranges ? m->found[i].begin : 0;
        sampler->near[i] = (sm_near_tokens){(const sm_near_token *)(const void *)(logits + begin),
                                            i < ranges ? m->found[i].near.count : 0};
    }
    return ranges;
}

/** A bin of the high bits, of both ranges. */
static inline sm_reach coarse_bin(const measurement *m, uint32_t ranges, uint32_t bin) {
    const sm_reach first = m->found[0].bins[bin];
    return ranges > 1 ? sum_of(first, m->found[1].bins[bin]) : first;
}

/** Adds up the tokens that have the high bits `high` by the low bits of their distances. */
SM_HOT static void count_fine(const sm_near_tokens *near, uint32_t high, sm_reach *bins) {
    const sm_near_token *token = near->tokens;
    for (const sm_near_token *const end = token + near->count; token < end; token++) {
        const uint32_t distance = sm_distance_of(*token);
        const uint32_t low = distance - (high << SM_BIN_BITS);
        if (low >= SM_BINS) continue;
        bins[low].count++;
        bins[low].weight += sm_exp2_negative(distance);
    }
}

/** The tokens up to a distance. */
typedef struct {
    uint32_t limit;
    sm_reach within;
} selection;

/**
 * The smallest selection with the wanted count and weight: the first bin at whose end the tokens so
 * far cover them, or the last, and the same among the tokens of that bin.
 */
SM_HOT static selection select_nearest(const sm_sampler *sampler, const measurement *m,
                                       uint32_t ranges, sm_reach wanted) {
    sm_reach within = {0, 0};
    uint32_t high = 0;
    for (; high < SM_BINS - 1u; high++) {
        const sm_reach next = sum_of(within, coarse_bin(m, ranges, high));
        if (covers(next, wanted)) break;
        within = next;
    }
    sm_reach fine[SM_BINS];
    sm_clear_bins(fine);
    for (uint32_t i = 0; i < ranges; i++) count_fine(&sampler->near[i], high, fine);
    uint32_t low = 0;
    for (; low < SM_BINS - 1u; low++) {
        const sm_reach next = sum_of(within, fine[low]);
        if (covers(next, wanted)) break;
        within = next;
    }
    return (selection){high << SM_BIN_BITS | low, sum_of(within, fine[low])};
}

/** value * fraction (Q16, at most 1.0), rounded up. */
static uint32_t share(uint32_t value, uint32_t fraction) {
    return (uint32_t)(((uint64_t)value * fraction + 0xffffu) >> 16);
}

/**
 * The token at which the weights of all up to the limit, bin after bin and in each by their
 * numbers, sum up to more than `draw`, which is below their sum.
 */
SM_HOT static uint32_t draw_token(const sm_sampler *sampler, const measurement *m, uint32_t ranges,
                                  uint32_t limit, uint32_t draw) {
    uint32_t bin = 0;
    for (; bin < limit >> SM_BIN_BITS; bin++) {
        const uint32_t weight = coarse_bin(m, ranges, bin).weight;
        if (draw < weight) break;
        draw -= weight;
    }
    const uint32_t nearest = bin << SM_BIN_BITS;
    const uint32_t farthest = nearest + SM_BINS - 1u;
    const uint32_t width = (limit < farthest ? limit : farthest) - nearest;
    uint32_t picked = 0;
    for (uint32_t i = 0; i < ranges; i++) {
        const sm_near_token *token = sampler->near[i].tokens;
        for (const sm_near_token *const end = token + sampler->near[i].count; token < end;
             token++) {
            const uint32_t distance = sm_distance_of(*token);
            if (distance - nearest > width) continue;
            picked = sm_token_of(*token);
            const uint32_t weight = sm_exp2_negative(distance);
            if (draw < weight) return picked;
            draw -= weight;
        }
    }
    return picked;
}

SM_HOT uint32_t sm_sampler_pick(sm_sampler *sampler, int32_t *logits, uint32_t count) {
    const sm_sampling *options = &sampler->options;
    if (options->temperature == 0) return most_likely(logits, count);
    measurement m;
    const uint32_t ranges = find_near(&m, sampler, logits, count);
    uint32_t total = m.found[0].near.weight;
    if (ranges > 1) total += m.found[1].near.weight;
    selection chosen = {SM_FARTHEST, {count, total}};
    if (options->top_k != 0 && options->top_k < count) {
        chosen = select_nearest(sampler, &m, ranges, (sm_reach){options->top_k, 0});
    }
    if (options->top_p < (1u << 16)) {
        const sm_reach nucleus = {1, share(chosen.within.weight, options->top_p)};
        const selection nearest = select_nearest(sampler, &m, ranges, nucleus);
        if (nearest.limit < chosen.limit) chosen = nearest;
    }

    const uint32_t draw = (uint32_t)(((uint64_t)next_random(sampler) * chosen.within.weight) >> 32);
    return draw_token(sampler, &m, ranges, chosen.limit, draw);
}

SM_HOT uint32_t sm_sampler_rank(const sm_sampler *sampler, const int32_t *consumed, uint32_t count,
                                uint32_t token) {
    uint32_t likelier = 0;
    if (sampler->options.temperature == 0) {
        for (uint32_t i = 0; i < count; i++) likelier += consumed[i] > consumed[token];
        return likelier + 1;
    }
    uint32_t own = SM_FARTHEST;
    for (uint32_t i = 0; i < SM_PARALLEL_RANGES; i++) {
        for (uint32_t j = 0; j < sampler->near[i].count; j++) {
            const sm_near_token near = sampler->near[i].tokens[j];
            if (sm_token_of(near) == token) own = sm_distance_of(near);
        }
    }
    for (uint32_t i = 0; i < SM_PARALLEL_RANGES; i++) {
        for (uint32_t j = 0; j < sampler->near[i].count; j++) {
            likelier += sm_distance_of(sampler->near[i].tokens[j]) < own;
        }
    }
    return likelier + 1;
}
