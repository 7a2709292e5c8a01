#include "forward.h"

#include <math.h>
#include <string.h>

#include "arithmetic.h"
#include "pico.h"
#include "stopwatch.h"

#define EPSILON 1e-5f

static const model *current;
static const arithmetic *own;
static bool times_matrices;
static uint64_t matrix_cycles;

static struct {
    float *x, *normed, *query, *attended, *gate, *up, *product, *scores, *logits;
    float *keys, *values; /* [n_layers][max_seq_len][kv_width] */
    float inverse_root;   /* of head_dim */
} state;

static uint32_t kv_width(void) { return current->header->n_kv_heads * current->header->head_dim; }

static float *cache_row(float *cache, uint32_t l, uint32_t position) {
    return cache + (l * current->header->max_seq_len + position) * kv_width();
}

void forward_open(const model *m) {
    current = m;
    const baseline_header *h = m->header;
    own = h->arithmetic == BASELINE_INT8 ? &int8_arithmetic : &float_arithmetic;
    const uint32_t cached = h->n_layers * h->max_seq_len * kv_width();
    const struct {
        float **place;
        uint32_t count;
    } arrays[] = {
        {&state.x, h->dim},
        {&state.normed, h->dim},
        {&state.product, h->dim},
        {&state.query, h->n_heads * h->head_dim},
        {&state.attended, h->n_heads * h->head_dim},
        {&state.gate, h->hidden_dim},
        {&state.up, h->hidden_dim},
        {&state.scores, h->max_seq_len},
        {&state.logits, h->vocab_size},
        {&state.keys, cached},
        {&state.values, cached},
    };
    float *room = (float *)(void *)m->room;
    for (uint32_t i = 0; i < sizeof arrays / sizeof arrays[0]; i++) {
        *arrays[i].place = room;
        room += arrays[i].count;
    }
    state.inverse_root = 1.0f / sqrtf((float)h->head_dim);
}

void forward_time_matrices(void) {
    times_matrices = true;
    matrix_cycles = 0;
}

uint64_t forward_matrix_cycles(void) {
    times_matrices = false;
    return matrix_cycles;
}

static void __not_in_flash_func(take)(const float *vector, uint32_t count) {
    stopwatch watch;
    if (times_matrices) stopwatch_start(&watch);
    own->take(vector, count);
    if (times_matrices) matrix_cycles += stopwatch_cycles(&watch);
}

static void __not_in_flash_func(multiply)(const matrix *m, float *output) {
    stopwatch watch;
    if (times_matrices) stopwatch_start(&watch);
    own->multiply(m, output);
    if (times_matrices) matrix_cycles += stopwatch_cycles(&watch);
}

static void __not_in_flash_func(norm)(const float *gains, float *output) {
    const uint32_t dim = current->header->dim;
    float sum = 0;
    for (uint32_t i = 0; i < dim; i++) sum += state.x[i] * state.x[i];
    const float factor = 1.0f / sqrtf(sum / (float)dim + EPSILON);
    for (uint32_t i = 0; i < dim; i++) output[i] = state.x[i] * factor * gains[i];
}

static void __not_in_flash_func(add_product)(void) {
    for (uint32_t i = 0; i < current->header->dim; i++) state.x[i] += state.product[i];
}

/** Rotary positions: element i turns with element i + head_dim / 2. */
static void __not_in_flash_func(rotate)(float *heads, uint32_t count, uint32_t position) {
    const uint32_t head_dim = current->header->head_dim, half = head_dim / 2;
    const float *turns = current->rotations + position * half * 2;
    for (uint32_t head = 0; head < count; head++, heads += head_dim) {
        for (uint32_t i = 0; i < half; i++) {
            const float cosine = turns[2 * i], sine = turns[2 * i + 1];
            const float a = heads[i], b = heads[i + half];
            heads[i] = a * cosine - b * sine;
            heads[i + half] = b * cosine + a * sine;
        }
    }
}

static void __not_in_flash_func(softmax)(float *scores, uint32_t count) {
    float peak = scores[0], sum = 0;
    for (uint32_t i = 1; i < count; i++) {
        if (scores[i] > peak) peak = scores[i];
    }
    for (uint32_t i = 0; i < count; i++) {
        scores[i] = expf(scores[i] - peak);
        sum += scores[i];
    }
    const float inverse = 1.0f / sum;
    for (uint32_t i = 0; i < count; i++) scores[i] *= inverse;
}

static void __not_in_flash_func(attend)(uint32_t l, uint32_t head, uint32_t context) {
    const baseline_header *h = current->header;
    const uint32_t head_dim = h->head_dim, stride = kv_width();
    const uint32_t group = head / (h->n_heads / h->n_kv_heads);
    const float *query = state.query + head * head_dim;
    const float *key = cache_row(state.keys, l, 0) + group * head_dim;
    for (uint32_t t = 0; t < context; t++, key += stride) {
        float score = 0;
        for (uint32_t i = 0; i < head_dim; i++) score += query[i] * key[i];
        state.scores[t] = score * state.inverse_root;
    }
    softmax(state.scores, context);
    float *attended = state.attended + head * head_dim;
    memset(attended, 0, head_dim * sizeof *attended);
    const float *value = cache_row(state.values, l, 0) + group * head_dim;
    for (uint32_t t = 0; t < context; t++, value += stride) {
        const float weight = state.scores[t];
        for (uint32_t i = 0; i < head_dim; i++) attended[i] += weight * value[i];
    }
}

static void __not_in_flash_func(attention)(uint32_t l, uint32_t position) {
    const baseline_header *h = current->header;
    const layer *at = &current->layers[l];
    float *key = cache_row(state.keys, l, position);
    norm(at->attention_norm, state.normed);
    take(state.normed, h->dim);
    multiply(&at->query, state.query);
    multiply(&at->key, key);
    multiply(&at->value, cache_row(state.values, l, position));
    rotate(state.query, h->n_heads, position);
    rotate(key, h->n_kv_heads, position);
    for (uint32_t head = 0; head < h->n_heads; head++) attend(l, head, position + 1);
    take(state.attended, h->n_heads * h->head_dim);
    multiply(&at->output, state.product);
    add_product();
}

static void __not_in_flash_func(feed_forward)(uint32_t l) {
    const baseline_header *h = current->header;
    const layer *at = &current->layers[l];
    norm(at->ffn_norm, state.normed);
    take(state.normed, h->dim);
    multiply(&at->gate, state.gate);
    multiply(&at->up, state.up);
    for (uint32_t i = 0; i < h->hidden_dim; i++) {
        const float gate = state.gate[i];
        state.up[i] *= gate / (1.0f + expf(-gate));
    }
    take(state.up, h->hidden_dim);
    multiply(&at->down, state.product);
    add_product();
}

const float *forward(uint32_t token, uint32_t position) {
    const baseline_header *h = current->header;
    own->read_row(&current->embedding, token, state.x);
    for (uint32_t l = 0; l < h->n_layers; l++) {
        attention(l, position);
        feed_forward(l);
    }
    norm(current->final_norm, state.normed);
    take(state.normed, h->dim);
    multiply(&current->embedding, state.logits);
    return state.logits;
}

void forward_fill(uint32_t run, uint32_t positions) {
    const uint32_t bytes = kv_width() * sizeof(float);
    for (uint32_t l = 0; l < current->header->n_layers; l++) {
        for (uint32_t t = run; t < positions; t++) {
            memcpy(cache_row(state.keys, l, t), cache_row(state.keys, l, t % run), bytes);
            memcpy(cache_row(state.values, l, t), cache_row(state.values, l, t % run), bytes);
        }
    }
}
