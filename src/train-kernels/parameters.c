#include "parameters.h"

#include <stddef.h>

/** Floats of a chunk at most, unless one row has more. */
#define CHUNK_FLOATS 16384

parameter_layout parameter_layout_of(const architecture *shape) {
    parameter_layout layout;
    const int dim = shape->dim;

    int offset = 0;
    layout.attention_norm = offset, offset += dim;
    layout.qkv = offset, offset += qkv_dim(shape) * dim;
    layout.output = offset, offset += dim * query_dim(shape);
    layout.ffn_norm = offset, offset += dim;
    layout.ffn_in = offset, offset += ffn_rows(shape) * dim;
    layout.down = offset, offset += dim * shape->hidden_dim;
    layout.layer_size = offset;

    offset = 0;
    layout.embedding = offset, offset += shape->vocab_size * dim;
    layout.positions = offset;
    if (shape->position == POSITION_LEARNED) offset += shape->max_seq_len * dim;
    layout.layers = offset, offset += shape->n_layers * layout.layer_size;
    layout.final_norm = offset, offset += dim;
    layout.classifier = shape->tie_embeddings ? layout.embedding : offset;
    if (!shape->tie_embeddings) offset += shape->vocab_size * dim;
    layout.total = offset;
    return layout;
}

/** Chunks of one tensor, written from `chunks[count]` on; returns the new count. */
static int cut(parameter_chunk *chunks, int count, int offset, int rows, int columns,
               int is_matrix) {
    int rows_per_chunk = CHUNK_FLOATS / columns;
    if (rows_per_chunk < 1) rows_per_chunk = 1;
    for (int row = 0; row < rows; row += rows_per_chunk) {
        int height = rows - row < rows_per_chunk ? rows - row : rows_per_chunk;
        if (chunks != NULL) {
            chunks[count] = (parameter_chunk){offset + row * columns, height, columns, is_matrix};
        }
        count++;
    }
    return count;
}

int parameter_chunks(const architecture *shape, parameter_chunk *chunks) {
    const parameter_layout layout = parameter_layout_of(shape);
    const int dim = shape->dim;
    int count = cut(chunks, 0, layout.embedding, shape->vocab_size, dim, 1);
    if (shape->position == POSITION_LEARNED) {
        count = cut(chunks, count, layout.positions, shape->max_seq_len, dim, 1);
    }
    for (int layer = 0; layer < shape->n_layers; layer++) {
        const int start = layout.layers + layer * layout.layer_size;
        count = cut(chunks, count, start + layout.attention_norm, 1, dim, 0);
        count = cut(chunks, count, start + layout.qkv, qkv_dim(shape), dim, 1);
        count = cut(chunks, count, start + layout.output, dim, query_dim(shape), 1);
        count = cut(chunks, count, start + layout.ffn_norm, 1, dim, 0);
        count = cut(chunks, count, start + layout.ffn_in, ffn_rows(shape), dim, 1);
        count = cut(chunks, count, start + layout.down, dim, shape->hidden_dim, 1);
    }
    count = cut(chunks, count, layout.final_norm, 1, dim, 0);
    if (!shape->tie_embeddings) {
        count = cut(chunks, count, layout.classifier, shape->vocab_size, dim, 1);
    }
    return count;
}
