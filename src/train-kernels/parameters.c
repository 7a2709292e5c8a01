#include "parameters.h"

#include <stddef.h>

/** Floats of a chunk at most, unless one row has more. */
#define CHUNK_FLOATS 16384

parameter_layout parameter_layout_of(const architecture *shape) {
    parameter_layout layout;
#define PLACE(name, kind, rows, columns, is_matrix, present)                                       \
    layout.name = offset;                                                                          \
    if (present) offset += (rows) * (columns);

    int offset = 0;
    PARAMETERS_OF_LAYER(PLACE)
    layout.layer_size = offset;

    offset = 0;
    PARAMETERS_BEFORE(PLACE)
    layout.layers = offset;
    offset += shape->n_layers * layout.layer_size;
    PARAMETERS_AFTER(PLACE)
    layout.total = offset;
#undef PLACE

    if (shape->tie_embeddings) layout.classifier = layout.embedding;
    layout.qkv = layout.query;
    layout.ffn_in = layout.gate;
    return layout;
}

/** Chunks of one tensor, written from `chunks[count]` on; returns the new count. */
static int cut(parameter_chunk *chunks, int count, int offset, int kind, int rows, int columns,
               int is_matrix) {
    int rows_per_chunk = CHUNK_FLOATS / columns;
    if (rows_per_chunk < 1) rows_per_chunk = 1;
    const int first_chunk = count;
    const int chunk_count = (rows + rows_per_chunk - 1) / rows_per_chunk;
    for (int row = 0; row < rows; row += rows_per_chunk) {
        int height = rows - row < rows_per_chunk ? rows - row : rows_per_chunk;
        if (chunks != NULL) {
            chunks[count] = (parameter_chunk){
                .offset = offset + row * columns,
                .rows = height,
                .columns = columns,
                .kind = kind,
                .is_matrix = is_matrix,
                .first_chunk = first_chunk,
                .chunk_count = chunk_count,
            };
        }
        count++;
    }
    return count;
}

int parameter_chunks(const architecture *shape, parameter_chunk *chunks) {
    const parameter_layout layout = parameter_layout_of(shape);
#define CUT(name, kind, rows, columns, is_matrix, present)                                         \
    if (present) count = cut(chunks, count, start + layout.name, kind, rows, columns, is_matrix);

    int count = 0, start = 0;
    PARAMETERS_BEFORE(CUT)
    for (int layer = 0; layer < shape->n_layers; layer++) {
        start = layout.layers + layer * layout.layer_size;
        PARAMETERS_OF_LAYER(CUT)
    }
    start = 0;
    PARAMETERS_AFTER(CUT)
#undef CUT
    return count;
}
