#include "model.h"

#include <string.h>

#include "model_config.h"

/** In flash; see firmware/port/rp2040/model_image.S. */
extern const uint32_t starmind_model_image[];

static uint32_t pool[(STARMIND_WEIGHTS_BYTES + STARMIND_ARENA_BYTES) / 4];

/** Words of the weights, of which the next tensor has the first. */
static const uint32_t *next;

static const float *take_floats(uint32_t count) {
    const float *floats = (const float *)(const void *)next;
    next += count;
    return floats;
}

static matrix take_matrix(const model *m, uint32_t rows, uint32_t columns) {
    matrix taken = {.rows = rows, .columns = columns};
    if (m->header->arithmetic == BASELINE_INT8) {
        taken.scales = take_floats(rows);
        taken.values = next;
        next += (rows * columns + 3) / 4;
    } else {
        taken.values = take_floats(rows * columns);
    }
    return taken;
}

void model_open(model *m) {
    const baseline_header *header = (const baseline_header *)(const void *)starmind_model_image;
    m->header = header;
    m->rotations = (const float *)(const void *)(header + 1);
    next = (const uint32_t *)(const void *)(m->rotations +
                                            header->max_seq_len * (header->head_dim / 2) * 2);
    if (STARMIND_WEIGHTS_BYTES > 0) {
        memcpy(pool, next, STARMIND_WEIGHTS_BYTES);
        next = pool;
    }
    m->room = pool + STARMIND_WEIGHTS_BYTES / 4;
    const uint32_t dim = header->dim, hidden = header->hidden_dim;
    const uint32_t width = header->n_heads * header->head_dim;
    const uint32_t kv_width = header->n_kv_heads * header->head_dim;
    m->embedding = take_matrix(m, header->vocab_size, dim);
    for (layer *l = m->layers; l < m->layers + header->n_layers; l++) {
        l->attention_norm = take_floats(dim);
        l->query = take_matrix(m, width, dim);
        l->key = take_matrix(m, kv_width, dim);
        l->value = take_matrix(m, kv_width, dim);
        l->output = take_matrix(m, dim, width);
        l->ffn_norm = take_floats(dim);
        l->gate = take_matrix(m, hidden, dim);
        l->up = take_matrix(m, hidden, dim);
        l->down = take_matrix(m, dim, hidden);
    }
    m->final_norm = take_floats(dim);
}
