#include "sampler.h"

#include <math.h>

#include "check.h"

enum { COUNT = 6, DRAWS = 40000 };

static const double probability[COUNT] = {0.05, 0.4, 0.1, 0.3, 0.01, 0.14};

static void fill_logits(int32_t *logits) {
    for (int i = 0; i < COUNT; i++) logits[i] = (int32_t)lround(log(probability[i]) * 65536);
}

/** Draws many times and compares with the expected shares, within five standard deviations. */
static void expect(const sm_sampling *options, const double *expected) {
    sm_sampler sampler;
    sm_sampler_init(&sampler, options);
    int counts[COUNT] = {0};
    for (int i = 0; i < DRAWS; i++) {
        int32_t logits[COUNT];
        fill_logits(logits);
        counts[sm_sampler_pick(&sampler, logits, COUNT)]++;
    }
    for (int i = 0; i < COUNT; i++) {
        const double share = (double)counts[i] / DRAWS;
        const double deviation = sqrt(expected[i] * (1 - expected[i]) / DRAWS);
        CHECK(fabs(share - expected[i]) <= 5 * deviation + 0.001);
    }
}

static void temperature_one_follows_the_distribution(void) {
    expect(&(sm_sampling){65536, 0, 65536, 1}, probability);
}

static void temperature_sharpens(void) {
    double expected[COUNT];
    double sum = 0;
    for (int i = 0; i < COUNT; i++) sum += expected[i] = probability[i] * probability[i];
    for (int i = 0; i < COUNT; i++) expected[i] /= sum;
    expect(&(sm_sampling){32768, 0, 65536, 2}, expected);
}

static void top_k_keeps_the_most_likely(void) {
    const double expected[COUNT] = {0, 0.4 / 0.7, 0, 0.3 / 0.7, 0, 0};
    expect(&(sm_sampling){65536, 2, 65536, 3}, expected);
}

static void top_p_keeps_the_nucleus(void) {
    const double expected[COUNT] = {0, 0.4 / 0.84, 0, 0.3 / 0.84, 0, 0.14 / 0.84};
    expect(&(sm_sampling){65536, 0, 49152, 4}, expected);
}

static void greedy_takes_the_first_of_equals(void) {
    sm_sampler sampler;
    sm_sampler_init(&sampler, &(sm_sampling){0, 0, 65536, 5});
    int32_t logits[] = {-5, 9, 3, 9};
    CHECK(sm_sampler_pick(&sampler, logits, 4) == 1);
}

static void ranks_count_what_is_likelier(void) {
    for (uint32_t temperature = 0; temperature <= 65536; temperature += 65536) {
        sm_sampler sampler;
        sm_sampler_init(&sampler, &(sm_sampling){temperature, 0, 65536, 5});
        int32_t logits[] = {-70000, 90000, 30000, 90000};
        (void)sm_sampler_pick(&sampler, logits, 4);
        CHECK(sm_sampler_rank(&sampler, logits, 4, 1) == 1);
        CHECK(sm_sampler_rank(&sampler, logits, 4, 3) == 1);
        CHECK(sm_sampler_rank(&sampler, logits, 4, 2) == 3);
        CHECK(sm_sampler_rank(&sampler, logits, 4, 0) == 4);
    }
}

static void every_seed_draws(void) {
    for (uint32_t seed = 0xfffffff0u; seed != 16; seed++) {
        sm_sampler sampler;
        sm_sampler_init(&sampler, &(sm_sampling){65536, 0, 65536, seed});
        CHECK(sampler.state != 0);
    }
}

int main(void) {
    temperature_one_follows_the_distribution();
    temperature_sharpens();
    top_k_keeps_the_most_likely();
    top_p_keeps_the_nucleus();
    greedy_takes_the_first_of_equals();
    ranks_count_what_is_likelier();
    every_seed_draws();
    return 0;
}
