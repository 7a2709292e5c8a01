/*
 * Tables of n-grams: the last tokens pick a row of each by a hash (ngram_hash.h). The rows of a
 * layer are added to its values, or to the residual stream before it.
 *
 * A row has a byte of scale: (16 + its low half) << its high half, in units of 2^-16, is what its
 * elements are multiplied with. Any byte is a scale, and no sum of rows overflows.
 */
#ifndef STARMIND_NGRAM_H
#define STARMIND_NGRAM_H

#include "engine.h"

/** Bytes of the arena for the sum of a layer's rows; none in a model without tables. */
uint32_t sm_ngram_bytes(const sm_image_header *header);

/** Binds sm_ngram_bytes of the arena. */
void sm_ngram_init(sm_engine *engine, void *memory);

/** Notes a token. Before position 0, the token there counts: the one that begins every text. */
void sm_ngram_note(sm_engine *engine, uint32_t token, uint32_t position);

/**
 * Reads the rows of a layer, before its matrices are streamed: adds them to the residual, or keeps
 * their sum for sm_ngram_add. Only for models with tables.
 */
void sm_ngram_read(sm_engine *engine, uint32_t layer);

/** Adds the sum that was kept to the values of the layer. */
void sm_ngram_add(const sm_engine *engine, int32_t *values);

#endif
