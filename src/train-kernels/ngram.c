#include "ngram.h"

#include "ngram_hash.h"
#include "quantize.h"

static int has_layer(const ngram_shape *ngram, int layer) {
    return (int)(ngram->layers[layer / 32] >> (layer % 32) & 1u);
}

static int orders_of(const ngram_shape *ngram) { return __builtin_popcount(ngram->orders); }

int ngram_layers(const architecture *shape) {
    int count = 0;
    for (int i = 0; i < LAYER_WORDS; i++) count += __builtin_popcount(shape->ngram.layers[i]);
    return shape->ngram.orders ? count : 0;
}

int ngram_tables(const architecture *shape) {
    return ngram_layers(shape) * orders_of(&shape->ngram);
}

static int64_t table_elements(const ngram_shape *ngram) {
    return ((int64_t)1 << ngram->row_bits) * ngram->width;
}

int64_t ngram_elements(const architecture *shape) {
    return ngram_tables(shape) * table_elements(&shape->ngram);
}

/** How many layers with tables lie before one. */
static int layer_place(const ngram_shape *ngram, int layer) {
    int place = 0;
    for (int before = 0; before < layer; before++) place += has_layer(ngram, before);
    return place;
}

/** The layer with so many others with tables before it. */
static int layer_at(const ngram_shape *ngram, int place) {
    int layer = 0;
    while (!has_layer(ngram, layer) || layer_place(ngram, layer) < place) layer++;
    return layer;
}

/** The order with so many smaller ones. */
static uint32_t order_at(const ngram_shape *ngram, int place) {
    uint32_t left = ngram->orders;
    while (place-- > 0) left &= left - 1u;
    return (uint32_t)__builtin_ctz(left);
}

/** Row of a table at a position; before the beginning of the window, its first token counts. */
static uint32_t row_at(const ngram_shape *ngram, int layer, uint32_t order, const uint16_t *tokens,
                       int position) {
    uint16_t recent[SM_NGRAM_LONGEST];
    for (int back = 0; back < (int)order; back++) {
        recent[back] = tokens[position > back ? position - back : 0];
    }
    return sm_ngram_row((uint32_t)layer, order, recent, (uint32_t)ngram->row_bits);
}

/** target[i * stride] += row[i], rounded as the exporter does where `quantized` says so. */
static void add_row(const ngram_shape *ngram, bool quantized, const float *row, float *target,
                    int stride) {
    if (!quantized) {
        for (int i = 0; i < ngram->width; i++) target[i * stride] += row[i];
        return;
    }
    const double scale = lone_row_scale(ngram->divisor, ngram->width, row);
    for (int i = 0; i < ngram->width; i++) {
        target[i * stride] += round_to_scale(row[i], scale, ngram->peak);
    }
}

void ngram_forward(const pass *pass, int layer, float *target) {
    const model *model = pass->model;
    const ngram_shape *ngram = &model->shape.ngram;
    if (!ngram->orders || !has_layer(ngram, layer)) return;
    const int orders = orders_of(ngram), stride = pass->space->stride;
    const int first_table = layer_place(ngram, layer) * orders;
    for (int sequence = 0; sequence < pass->batch.sequences; sequence++) {
        const uint16_t *tokens = pass->batch.tokens + sequence * (pass->batch.length + 1);
        float *column = target + sequence * pass->sequence_columns;
        for (int t = 0; t < pass->batch.length; t++, column++) {
            for (int i = 0; i < orders; i++) {
                const uint32_t row = row_at(ngram, layer, order_at(ngram, i), tokens, t);
                const float *table = model->tables + (first_table + i) * table_elements(ngram);
                add_row(ngram, model->quantized, table + (int64_t)row * ngram->width, column,
                        stride);
            }
        }
    }
}

void ngram_backward(const pass *pass, int layer, const float *target_gradient) {
    const model *model = pass->model;
    const ngram_shape *ngram = &model->shape.ngram;
    if (!ngram->orders || !has_layer(ngram, layer)) return;
    const token_batch *batch = &pass->batch;
    const int stride = pass->space->stride;
    const int64_t place = (int64_t)layer_place(ngram, layer) * model->step_sequences;
    float *kept =
        model->ngram_gradients + (place + batch->first_sequence) * batch->length * ngram->width;
    for (int sequence = 0; sequence < batch->sequences; sequence++) {
        const float *column = target_gradient + sequence * pass->sequence_columns;
        for (int t = 0; t < batch->length; t++, column++, kept += ngram->width) {
            for (int i = 0; i < ngram->width; i++) kept[i] = column[i * stride];
        }
    }
}

ngram_lists ngram_lists_take(arena *from, const architecture *shape, int tokens) {
    ngram_lists lists;
    const uint64_t rows = (uint64_t)1 << shape->ngram.row_bits;
    lists.first = arena_take(from, rows * sizeof(int32_t));
    lists.next = arena_take(from, (uint64_t)tokens * sizeof(int32_t));
    lists.hit = arena_take(from, (uint64_t)tokens * sizeof(int32_t));
    lists.sum = arena_take_floats(from, 1, shape->ngram.width);
    return lists;
}

/** Lists the tokens of each row of a table, in their order. Returns the number of rows hit. */
static int list_tokens(const ngram_shape *ngram, int layer, uint32_t order, const ngram_step *read,
                       const ngram_lists *lists) {
    int hits = 0;
    for (int sequence = read->sequences - 1; sequence >= 0; sequence--) {
        const uint16_t *tokens = read->tokens + sequence * (read->length + 1);
        for (int t = read->length - 1; t >= 0; t--) {
            const uint32_t row = row_at(ngram, layer, order, tokens, t);
            const int token = sequence * read->length + t;
            if (lists->first[row] == 0) lists->hit[hits++] = (int32_t)row;
            lists->next[token] = lists->first[row];
            lists->first[row] = token + 1;
        }
    }
    return hits;
}

/** Sums the gradients of a row's tokens, in their order, and takes the row off the lists. */
static void gather_row(int width, const float *gradients, int row, const ngram_lists *lists) {
    for (int i = 0; i < width; i++) lists->sum[i] = 0.0f;
    for (int token = lists->first[row]; token > 0; token = lists->next[token - 1]) {
        const float *gradient = gradients + (int64_t)(token - 1) * width;
        for (int i = 0; i < width; i++) lists->sum[i] += gradient[i];
    }
    lists->first[row] = 0;
}

static void update_row(int width, const training_step *step, float gradient_scale,
                       const float *gradients, float *row, float *first_moments,
                       float *second_moments) {
    const float rate = step->learning_rate * step->table_rate;
    for (int i = 0; i < width; i++) {
        const float gradient = gradients[i] * gradient_scale;
        const float first = step->beta1 * first_moments[i] + (1.0f - step->beta1) * gradient;
        const float second =
            step->beta2 * second_moments[i] + (1.0f - step->beta2) * gradient * gradient;
        first_moments[i] = first;
        second_moments[i] = second;
        row[i] -= rate * first * step->first_correction /
                  (__builtin_sqrtf(second * step->second_correction) + ADAMW_EPSILON);
    }
}

/** Gradients of the sums of the layer that a table belongs to, [tokens][width]. */
static const float *layer_gradients(const ngram_shape *ngram, int table, const ngram_step *read) {
    const int64_t tokens = (int64_t)read->sequences * read->length;
    return read->gradients + table / orders_of(ngram) * tokens * ngram->width;
}

void ngram_update(const architecture *shape, int table, const ngram_step *read,
                  const training_step *step, float gradient_scale, const ngram_lists *lists,
                  float *tables, float *first_moments, float *second_moments) {
    const ngram_shape *ngram = &shape->ngram;
    const int orders = orders_of(ngram), layer = layer_at(ngram, table / orders);
    const float *gradients = layer_gradients(ngram, table, read);
    const int hits = list_tokens(ngram, layer, order_at(ngram, table % orders), read, lists);
    for (int i = 0; i < hits; i++) {
        const int row = lists->hit[i];
        const int64_t place = table * table_elements(ngram) + (int64_t)row * ngram->width;
        gather_row(ngram->width, gradients, row, lists);
        update_row(ngram->width, step, gradient_scale, lists->sum, tables + place,
                   first_moments + place, second_moments + place);
    }
}
