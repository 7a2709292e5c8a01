/* The models of the plain engines: written by test/support/baselines.ts. */
#ifndef STARMIND_TEST_BASELINES_MODEL_H
#define STARMIND_TEST_BASELINES_MODEL_H

#include <stdbool.h>
#include <stdint.h>

enum { BASELINE_FLOAT, BASELINE_INT8 };

/** First words of the image. */
typedef struct {
    uint32_t arithmetic; /* BASELINE_FLOAT or BASELINE_INT8 */
    uint32_t vocab_size, dim, hidden_dim, n_layers, n_heads, n_kv_heads, head_dim, max_seq_len;
    uint32_t checked;     /* tokens, from the first position on, whose logits are printed */
    uint32_t contexts[2]; /* at which a token is measured */
} baseline_header;

/** [rows][columns] of float32, or of int8 with a float32 scale a row. */
typedef struct {
    const void *values;
    const float *scales; /* int8 only */
    uint32_t rows, columns;
} matrix;

typedef struct {
    const float *attention_norm, *ffn_norm;
    matrix query, key, value, output, gate, up, down;
} layer;

#define MOST_LAYERS 8u

typedef struct {
    const baseline_header *header;
    const float *rotations; /* [max_seq_len][head_dim / 2] cosines and sines, in flash */
    matrix embedding;       /* the classifier, too */
    layer layers[MOST_LAYERS];
    const float *final_norm;
    uint32_t *room; /* SRAM that the weights leave */
} model;

/** Finds the tensors; copies the weights to SRAM where STARMIND_WEIGHTS_BYTES is not 0. */
void model_open(model *m);

#endif
