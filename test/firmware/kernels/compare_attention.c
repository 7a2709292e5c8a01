#include <stdio.h>

#include "attention_kernel.h"
#include "kernels.h"
#include "pico.h"

/** Positions, and numbers of a head, at most. */
#define MOST_POSITIONS 511u
#define MOST_NUMBERS 64u

/** A query head, in cache that all positions have random numbers in. */
typedef struct {
    const attention_format *own, *reference;
    workplace *place;
    uint32_t head_dim;
    uint32_t count;
    bool extreme;
} head;

static const attention_format references[ATTENTION_FORMATS] = ATTENTION_FORMATS_OF(reference);

static int32_t query[MOST_NUMBERS];
static int32_t outputs[2][MOST_NUMBERS + 1];
/* Each ends with a tile of which any number of scores is beyond the count. */
static uint16_t scores[2][MOST_POSITIONS + SM_KEY_TILE + 2] __attribute__((aligned(4)));

/** Random bytes, or those of the ends of the range. */
static uint8_t *fill_cache(const head *h) {
    uint8_t *bytes = (uint8_t *)h->place->tiles;
    const uint32_t numbers = round_up(h->count, SM_KEY_TILE) * round_up(h->head_dim, 8);
    if (numbers > TILES_BYTES) panic("too large");
    const uint32_t sign = draw(h->place, 3);
    for (uint32_t i = 0; i < numbers; i++) {
        const bool high = sign == 2 ? draw(h->place, 2) : sign;
        bytes[i] = (uint8_t)(!h->extreme ? draw(h->place, 256) : high ? 255 : 0);
    }
    return bytes;
}

/** A query of which the magnitudes sum up to what no key takes beyond SM_SCORE_LIMIT. */
static void fill_query(const head *h) {
    int32_t left = (SM_SCORE_LIMIT + 1) / h->own->largest - 1;
    const bool uniform = draw(h->place, 2);
    const int32_t sign = draw(h->place, 2) ? 1 : -1;
    for (uint32_t i = 0; i < h->head_dim; i++) {
        int32_t most = h->extreme ? left / (int32_t)(h->head_dim - i) : left;
        if (most > 255) most = 255;
        const int32_t magnitude = h->extreme ? most : (int32_t)draw(h->place, (uint32_t)most + 1);
        query[i] = (uniform ? sign : draw(h->place, 2) ? 1 : -1) * magnitude;
        left -= magnitude;
    }
}

static bool fail(const head *h, const char *what) {
    printf("FAIL %s of %s, %lu numbers, %lu positions\n", what, h->own->name,
           (unsigned long)h->head_dim, (unsigned long)h->count);
    return false;
}

static bool compare_scores(const head *h) {
    const uint8_t *keys = fill_cache(h);
    fill_query(h);
    const uint32_t tiled = round_up(h->count, SM_KEY_TILE);
    scores[0][tiled] = 12345;
    h->own->scores(keys, h->head_dim, query, h->count, scores[0]);
    h->reference->scores(keys, h->head_dim, query, h->count, scores[1]);
    if (scores[0][tiled] != 12345) return fail(h, "end of scores");
    return memcmp(scores[0], scores[1], h->count * sizeof scores[0][0]) == 0 || fail(h, "scores");
}

/** Scores of any width around any place. */
static void fill_scores(const head *h) {
    const uint32_t width = draw(h->place, 17);
    const uint32_t lowest = draw(h->place, (0xffffu >> width) + 1) << width;
    for (uint32_t i = 0; i < h->count; i++) {
        const uint32_t above = draw(h->place, 1u << width);
        scores[0][i] = (uint16_t)(h->extreme ? 0xffffu * draw(h->place, 2) : lowest + above);
    }
}

static bool compare_softmax(const head *h, uint32_t *sum) {
    fill_scores(h);
    memcpy(scores[1], scores[0], sizeof scores[0]);
    const uint32_t words_end = round_up(h->count, 2);
    const uint16_t beyond = scores[0][words_end];
    const uint32_t mantissa = draw(h->place, 4) ? 0x8000u + draw(h->place, 0x8000u) : 0xffffu;
    const uint32_t shift = 2 + draw(h->place, 30);
    const uint32_t dropped = draw(h->place, 9);
    *sum = sm_attention_softmax(scores[0], h->count, mantissa, shift, dropped);
    const uint32_t expected =
        reference_attention_softmax(scores[1], h->count, mantissa, shift, dropped);
    if (*sum != expected) return fail(h, "sum of weights");
    if (scores[0][words_end] != beyond) return fail(h, "end of weights");
    return memcmp(scores[0], scores[1], words_end * sizeof scores[0][0]) == 0 || fail(h, "weights");
}

static bool compare_share(const head *h, uint32_t *sum) {
    const uint32_t inverse = ((uint32_t)SM_SHARES << 16) / *sum;
    *sum = sm_attention_share(scores[0], h->count, inverse);
    if (*sum != reference_attention_share(scores[1], h->count, inverse)) return fail(h, "shares");
    const uint32_t bytes = round_up(h->count, 2) * sizeof scores[0][0];
    return memcmp(scores[0], scores[1], bytes) == 0 || fail(h, "shared weights");
}

static bool compare_values(const head *h, uint32_t sum) {
    const uint8_t *values = fill_cache(h);
    outputs[0][h->head_dim] = 12345;
    const uint32_t positions = round_up(h->count, 4);
    h->own->values(values, positions, h->head_dim, scores[0], h->count, sum, outputs[0]);
    h->reference->values(values, positions, h->head_dim, scores[1], h->count, sum, outputs[1]);
    if (outputs[0][h->head_dim] != 12345) return fail(h, "end of outputs");
    const uint32_t bytes = h->head_dim * sizeof outputs[0][0];
    return memcmp(outputs[0], outputs[1], bytes) == 0 || fail(h, "values");
}

/** The highest weights that there are, of all positions. */
static uint32_t fill_weights(const head *h) {
    for (uint32_t i = 0; i < round_up(h->count, 2); i++) {
        scores[0][i] = scores[1][i] = i < h->count ? 1u << 15 : 0u;
    }
    return h->count << 15;
}

static bool compare(const head *h) {
    uint32_t sum;
    if (!compare_scores(h) || !compare_softmax(h, &sum)) return false;
    if (h->extreme && draw(h->place, 2)) sum = fill_weights(h);
    if (h->own->shares && sum > 0 && !compare_share(h, &sum)) return false;
    return compare_values(h, sum);
}

uint32_t compare_attention(workplace *place) {
    static const uint16_t large[][2] = {{8, 511}, {64, 64},  {32, 300}, {33, 130}, {63, 33},
                                        {12, 257}, {16, 128}, {8, 128},  {40, 255}, {48, 99}};
    uint32_t heads = 0;
    for (uint32_t format = 0; format < ATTENTION_FORMATS; format++) {
        head h = {&attention_formats[format], &references[format], place, 0, 0, false};
        for (h.head_dim = 1; h.head_dim <= 24; h.head_dim++) {
            for (h.count = 1; h.count <= 40; h.count++) {
                h.extreme = (h.head_dim + h.count) % 3 == 0;
                if (!compare(&h)) return 0;
                heads++;
            }
        }
        for (uint32_t i = 0; i < 8 * sizeof large / sizeof large[0]; i++) {
            h.head_dim = large[i / 8][0];
            h.count = large[i / 8][1];
            h.extreme = i % 2;
            if (!compare(&h)) return 0;
            heads++;
        }
    }
    return heads;
}

/* What is measured: a head of this shape. */
static head measured;

static void measured_scores(const void *format) {
    const attention_format *own = format;
    own->scores((uint8_t *)measured.place->tiles, measured.head_dim, query, measured.count,
                scores[0]);
}

static void measured_softmax(const void *format) {
    (void)format;
    (void)sm_attention_softmax(scores[0], measured.count, 40000, 20, 0);
}

static void measured_share(const void *format) {
    (void)format;
    (void)sm_attention_share(scores[0], measured.count, 1);
}

static void measured_values(const void *format) {
    const attention_format *own = format;
    own->values((uint8_t *)measured.place->tiles, round_up(measured.count, 4), measured.head_dim,
                scores[0], measured.count, 1, outputs[0]);
}

void measure_attention(workplace *place) {
    static const uint16_t shapes[][2] = {{8, 1},  {8, 8},   {8, 64},  {8, 128},
                                         {2, 64}, {12, 64}, {16, 64}, {32, 64}};
    for (uint32_t i = 0; i < 2 * sizeof shapes / sizeof shapes[0]; i++) {
        const attention_format *own = &attention_formats[i % 2];
        measured = (head){own, own, place, shapes[i / 2][0], shapes[i / 2][1], false};
        (void)fill_cache(&measured);
        fill_query(&measured);
        const uint32_t scores_cycles = cycles_of(measured_scores, own);
        const uint32_t softmax_cycles = cycles_of(measured_softmax, own);
        printf("{\"attention\":\"%s\",\"head_dim\":%lu,\"positions\":%lu,\"scores\":%lu,"
               "\"softmax\":%lu,\"share\":%lu,\"values\":%lu}\n",
               own->name, (unsigned long)measured.head_dim, (unsigned long)measured.count,
               (unsigned long)scores_cycles, (unsigned long)softmax_cycles,
               (unsigned long)cycles_of(measured_share, own),
               (unsigned long)cycles_of(measured_values, own));
    }
}
