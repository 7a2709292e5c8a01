/* Where each tensor lies in the flat parameter vector, and how the vector is cut into tasks. */
#ifndef PARAMETERS_H
#define PARAMETERS_H

#include "architecture.h"

/**
 * Offsets in floats. The order is that of tensorSpecs in src/core/model/tensors.ts; matrices are
 * [out][in]. Layers are alike, so one set of offsets relative to the layer serves all.
 */
typedef struct {
    int embedding;  /* [vocab_size][dim] */
    int positions;  /* [max_seq_len][dim], learned positions only */
    int layers;     /* first layer */
    int layer_size; /* floats of one layer */
    int final_norm; /* [dim] */
    int classifier; /* [vocab_size][dim]; the embedding when tied */
    int total;

    /* Relative to a layer. */
    int attention_norm; /* [dim] */
    int qkv;            /* [query_dim + 2 kv_dim][dim] */
    int output;         /* [dim][query_dim] */
    int ffn_norm;       /* [dim] */
    int ffn_in;         /* [ffn_rows][dim] */
    int down;           /* [dim][hidden_dim] */
} parameter_layout;

parameter_layout parameter_layout_of(const architecture *shape);

/** Some whole rows of one tensor: the unit of all work that goes parameter by parameter. */
typedef struct {
    int offset;
    int rows;
    int columns;
    int is_matrix; /* matrices decay and are quantised; norm gains are not */
} parameter_chunk;

/** Cuts the parameters into chunks and returns their number; `chunks` may be null to count only. */
int parameter_chunks(const architecture *shape, parameter_chunk *chunks);

#endif
