/* The shape of a model: the `architecture` object of model.json, in numbers. */
#ifndef ARCHITECTURE_H
#define ARCHITECTURE_H

#include <stdbool.h>
#include <stdint.h>

#include "model_tables.h"

/** Words of a set of layers, a bit for each: as many as a model may have. */
#define LAYER_WORDS 8

/** Tables of n-grams; see ngram.h. There are none where `orders` is 0. */
typedef struct {
    uint32_t orders; /* bit n: a table for n tokens in each of the layers */
    uint32_t layers[LAYER_WORDS];
    int32_t row_bits; /* a table has 2^row_bits rows */
    int32_t width;    /* elements of a row */
    ngram_target into;
    int32_t peak;  /* largest magnitude of a stored element, and */
    float divisor; /* by which the largest magnitude of a row is divided for its scale */
} ngram_shape;

/** Written by shared-memory.ts as 27 words in this order. */
typedef struct {
    int32_t vocab_size;
    int32_t dim;
    int32_t hidden_dim;
    int32_t n_layers;
    int32_t n_heads;
    int32_t n_kv_heads;
    int32_t head_dim;
    int32_t max_seq_len;
    norm_kind norm;
    position_kind position;
    activation_kind activation;
    int32_t gated;
    int32_t tie_embeddings;
    ngram_shape ngram;
} architecture;

_Static_assert(sizeof(architecture) == 27 * 4, "shared-memory.ts writes these words");

/** Rows of the query projection; also the width of the attention output. */
static inline int query_dim(const architecture *shape) { return shape->n_heads * shape->head_dim; }

/** Rows of the key projection, and of the value projection. */
static inline int kv_dim(const architecture *shape) { return shape->n_kv_heads * shape->head_dim; }

/** Rows of query, key and value together: they lie one after another and multiply as one. */
static inline int qkv_dim(const architecture *shape) {
    return query_dim(shape) + 2 * kv_dim(shape);
}

/** Rows that enter the feed-forward activation: gate then up, or up alone. */
static inline int ffn_rows(const architecture *shape) {
    return shape->hidden_dim * (shape->gated ? 2 : 1);
}

#endif
