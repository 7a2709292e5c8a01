/*
 * The inference engine: integer arithmetic only, no allocation, no I/O. The same source runs on
 * the RP2040, on the host and in WebAssembly and gives the same logits bit for bit.
 *
 * Real values between the matrices are int32 with 16 fractional bits ("Q16").
 */
#ifndef STARMIND_ENGINE_H
#define STARMIND_ENGINE_H

#include "cache.h"
#include "ngram_hash.h"
#include "parallel.h"

/** Fractional bits of the residual stream and of the logits. */
#define SM_FRACTION_BITS 16

/** Working memory of one model; the pointers lie in the caller's arena. */
typedef struct {
    const sm_model *model;
    int32_t *residual; /* [dim], Q16 */
    /* Its sm_all_bits, of each range of rows: what changes the residual measures it anew. */
    uint32_t residual_bits[SM_PARALLEL_RANGES];
    int8_t *quantized;      /* [widest matrix input], to a multiple of SM_KERNEL_VECTOR_PADDING */
    void *prepared;         /* its form for the kernel; sm_matrix_scratch_bytes */
    int32_t *scratch;       /* projections of a layer, and behind them the scores; or the logits */
    uint16_t *scores;       /* of each of two cores, inside scratch */
    uint32_t scores_stride; /* from those of the first to those of the second */
    int32_t *logits;        /* [vocab_size], Q16, inside scratch */
    sm_cache keys;
    sm_cache values;
    uint32_t cached_peak; /* largest magnitude in the cache */
    /* Largest Euclidean norms of a query and a key before they are rounded. */
    uint32_t query_norm_limit;
    uint32_t key_norm_limit;
    /* Where matrices are streamed (stream.h): two buffers, and what else is needed of the image. */
    uint8_t *pieces;
    uint32_t piece_bytes; /* of a buffer; 0 where no matrix is streamed */
    sm_model resident;    /* the model with header and descriptors in the arena */
    int16_t *rotation;    /* row of the rotary table of the present position; or NULL */
    /* Where a model has tables of n-grams (ngram.h). */
    int32_t *row_sum; /* [ngram_width], Q16: of the rows of a layer; or NULL */
    uint32_t row_bits;
    bool has_rows;                     /* the sum is still to be added */
    uint16_t recent[SM_NGRAM_LONGEST]; /* the last tokens, the newest first */
    uint16_t *history; /* [max_seq_len]: the tokens in the cache; NULL unless the context slides */
} sm_engine;

/** Bytes of arena that a model needs. */
uint32_t sm_arena_bytes(const sm_model *model);

/** Binds a model to an arena of sm_arena_bytes, 4-byte aligned. */
void sm_engine_init(sm_engine *engine, const sm_model *model, void *arena);

/**
 * Runs one token at `position` (0, 1, 2, ... in order) and fills the KV cache there, without
 * logits: for tokens whose successor is known.
 */
sm_status sm_engine_read(sm_engine *engine, uint32_t token, uint32_t position);

/**
 * Runs one token at `position` (0, 1, 2, ... in order) and fills the KV cache there. On success
 * engine->logits holds vocab_size values in Q16 until the next call; the sampler consumes them.
 */
sm_status sm_engine_forward(sm_engine *engine, uint32_t token, uint32_t position);

#endif
