/* Choosing the next token: temperature, top-k, top-p, in integers and reproducible by seed. */
#ifndef STARMIND_SAMPLER_H
#define STARMIND_SAMPLER_H

#include "distances.h"
#include "image.h"
#include "parallel.h"

/** Sampling options. Fractions are Q16: 65536 is 1.0. */
typedef struct {
    uint32_t temperature; /* Q16; 0 picks the most likely token */
    uint32_t top_k;       /* 0 or at least the vocabulary: no limit */
    uint32_t top_p;       /* Q16; 65536 or more: no limit */
    uint32_t seed;
} sm_sampling;

/** The image's defaults for options that a request leaves out; with the seed 1. */
static inline sm_sampling sm_default_sampling(const sm_image_header *header) {
    return (sm_sampling){header->temperature, header->top_k, header->top_p, 1};
}

/** Tokens that can be drawn, in the order of their numbers. */
typedef struct {
    const sm_near_token *tokens;
    uint32_t count;
} sm_near_tokens;

typedef struct {
    sm_sampling options;
    uint32_t state;          /* xorshift32 */
    sm_distance_scale scale; /* at the temperature, below the logit 0 */
    /* Of each range of the logits that were drawn from last, whose place they have. */
    sm_near_tokens near[SM_PARALLEL_RANGES];
} sm_sampler;

void sm_sampler_init(sm_sampler *sampler, const sm_sampling *options);

/**
 * Picks a token. Overwrites `logits` (Q16, `count` of them). Greedy ties go to the lowest id;
 * tokens as likely as the last one inside a limit are inside too.
 */
uint32_t sm_sampler_pick(sm_sampler *sampler, int32_t *logits, uint32_t count);

/**
 * Place of the token that was picked last in the order of likelihood, 1 for the likeliest, from the
 * numbers with which sm_sampler_pick has replaced the logits.
 */
uint32_t sm_sampler_rank(const sm_sampler *sampler, const int32_t *consumed, uint32_t count,
                         uint32_t token);

#endif
