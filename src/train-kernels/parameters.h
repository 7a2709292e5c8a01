/* Position of each tensor in the flat parameter vector, and its division into tasks. */
#ifndef PARAMETERS_H
#define PARAMETERS_H

#include "architecture.h"

/**
 * Offsets in floats, in the order of the tables in model_tables.h; matrices are [out][in]. Layers
 * are alike, so one set of offsets relative to the layer serves all. A tensor that the model lacks
 * lies where the next one does; without a classifier of its own, it is the embedding.
 */
typedef struct {
#define OFFSET(name, kind, rows, columns, is_matrix, present) int name;
    PARAMETERS_BEFORE(OFFSET)
    PARAMETERS_OF_LAYER(OFFSET) /* relative to the layer */
    PARAMETERS_AFTER(OFFSET)
#undef OFFSET
    int layers;     /* first layer */
    int layer_size; /* floats of one layer */
    int total;
    /* Matrices that lie one after another and multiply as one; relative to the layer. */
    int qkv;    /* [query_dim + 2 kv_dim][dim] */
    int ffn_in; /* [ffn_rows][dim] */
} parameter_layout;

parameter_layout parameter_layout_of(const architecture *shape);

/** Some whole rows of one tensor: the unit of all work that goes parameter by parameter. */
typedef struct {
    int offset;
    int rows;
    int columns;
    int kind;      /* PARAMETER_..., of which there is one in each layer */
    int is_matrix; /* matrices decay and are quantised; norm gains are not */
    /* The chunks of the same tensor: this one is among them. */
    int first_chunk;
    int chunk_count;
} parameter_chunk;

/** Cuts the parameters into chunks and returns their number; `chunks` may be null to count only. */
int parameter_chunks(const architecture *shape, parameter_chunk *chunks);

#endif
