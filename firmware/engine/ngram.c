#include "ngram.h"

#include <stddef.h>

#include "fixed_point.h"
#include "placement.h"
#include "sections.h"
#include "vector_loops.h"

uint32_t sm_ngram_bytes(const sm_image_header *header) {
    /* Rows are read by whole words of up to eight elements. */
    return header->ngram_rows == 0 ? 0u : 4u * ((header->ngram_width + 7u) / 8u * 8u);
}

void sm_ngram_init(sm_engine *engine, void *memory) {
    const sm_image_header *header = engine->model->header;
    engine->row_sum = NULL;
    engine->has_rows = false;
    for (uint32_t i = 0; i < SM_NGRAM_LONGEST; i++) engine->recent[i] = 0;
    if (header->ngram_rows == 0) return;
    engine->row_sum = memory;
    engine->row_bits = 0;
    while (UINT32_C(1) << engine->row_bits < header->ngram_rows) engine->row_bits++;
}

void sm_ngram_note(sm_engine *engine, uint32_t token, uint32_t position) {
    uint16_t *recent = engine->recent;
    for (uint32_t i = SM_NGRAM_LONGEST - 1u; i > 0; i--) {
        recent[i] = position == 0 ? (uint16_t)token : recent[i - 1];
    }
    recent[0] = (uint16_t)token;
}

/** sum[i] += element * factor, for the eight elements of a word of int4. */
static inline void add_int4(uint32_t word, int32_t factor, int32_t *sum) {
    sum[0] += ((int32_t)(word << 28) >> 28) * factor;
    sum[1] += ((int32_t)(word << 24) >> 28) * factor;
    sum[2] += ((int32_t)(word << 20) >> 28) * factor;
    sum[3] += ((int32_t)(word << 16) >> 28) * factor;
    sum[4] += ((int32_t)(word << 12) >> 28) * factor;
    sum[5] += ((int32_t)(word << 8) >> 28) * factor;
    sum[6] += ((int32_t)(word << 4) >> 28) * factor;
    sum[7] += ((int32_t)word >> 28) * factor;
}

static void add_row(const sm_model *model, const sm_tensor *table, uint32_t row, int32_t *sum) {
    const uint8_t *values = sm_tensor_values(model, table) + row * table->stride;
    const uint8_t scale = sm_section(model, table->section)[table->scales_offset + row];
    const int32_t factor = (16 + (scale & 15)) << (scale >> 4);
    if (table->format == SM_FORMAT_INT8_ROWS) {
        for (uint32_t i = 0; i < table->columns; i++) sum[i] += (int8_t)values[i] * factor;
        return;
    }
    const uint32_t *words = (const uint32_t *)(const void *)values;
    for (int32_t *end = sum + table->columns; sum < end; sum += 8) add_int4(*words++, factor, sum);
}

void sm_ngram_read(sm_engine *engine, uint32_t layer) {
    static const struct {
        enum sm_layer_slot slot;
        uint32_t order;
    } tables[] = {
#define TABLE(slot, order) {slot, order},
        SM_NGRAM_TABLES(TABLE)
#undef TABLE
    };
    const sm_model *model = engine->model;
    const sm_image_header *header = model->header;
    int32_t *sum = engine->row_sum;
    engine->has_rows = false;
    for (uint32_t i = 0; i < sm_ngram_bytes(header) / 4u; i++) sum[i] = 0;
    for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++) {
        const sm_tensor *table = sm_layer_tensor(model, layer, tables[i].slot);
        if (table->rows == 0) continue;
        engine->has_rows = true;
        const uint32_t row = sm_ngram_row(layer, tables[i].order, engine->recent, engine->row_bits);
        add_row(model, table, row, sum);
    }
    if (header->ngram_into != SM_NGRAM_RESIDUAL || !engine->has_rows) return;
    sm_ngram_add(engine, engine->residual);
    engine->has_rows = false;
    engine->residual_bits[0] = sm_all_bits(engine->residual, header->dim);
    engine->residual_bits[1] = 0;
}

SM_HOT void sm_ngram_add(const sm_engine *engine, int32_t *values) {
    if (!engine->has_rows) return;
    const uint32_t width = engine->model->header->ngram_width;
    for (uint32_t i = 0; i < width; i++) values[i] = sm_clamp(values[i] + engine->row_sum[i]);
}
