/* The activations of one thread. Every array is feature-major, [feature][stride]. */
#ifndef WORKSPACE_H
#define WORKSPACE_H

#include "architecture.h"
#include "arena.h"
#include "norm.h"

/** Queries of an attention block. */
#define QUERY_BLOCK 16

/** Tokens whose logits exist at the same time. */
#define HEAD_BLOCK 128

/** Added to leading dimensions, so that features do not fall on the same cache set. */
#define STRIDE_PADDING 16

/** Results of a layer's forward pass that its backward pass needs. */
typedef struct {
    float *input; /* [dim] residual stream before attention */
    norm_statistics attention_statistics;
    float *attention_input;    /* [dim] normalised; quantised when quantisation is on */
    float *qkv;                /* [qkv_dim] rotated; only queries are quantised here */
    float *log_sum_exp;        /* [n_heads] of the scaled scores of a query */
    float *attended;           /* [query_dim] */
    float *attended_quantized; /* [query_dim] the input of the output projection */
    float *middle;             /* [dim] residual stream before the feed-forward part */
    norm_statistics ffn_statistics;
    float *ffn_input; /* [dim] normalised; quantised when quantisation is on */
    float *ffn_in;    /* [ffn_rows] gate then up, or up alone, before the activation */
    float *hidden;    /* [hidden_dim] after the activation; quantised when quantisation is on */
} layer_activations;

typedef struct {
    const architecture *shape;
    int stride; /* leading dimension of every activation array, floats */
    uintptr_t layers;
    uint64_t layer_bytes;

    float *final_input; /* [dim] residual stream after the last layer */
    norm_statistics final_statistics;
    float *final_output; /* [dim] normalised; the input of the classifier */

    float *residual_gradient; /* [dim] of the residual stream */
    float *input_gradient;    /* [widest of dim, query_dim] of a matrix input */
    float *ffn_gradient;      /* [ffn_rows] */
    float *qkv_gradient;      /* [qkv_dim] */

    float *logits;          /* [vocab_size][HEAD_BLOCK + STRIDE_PADDING] */
    int score_stride;       /* keys of a sequence at most, padded */
    float *scores;          /* [QUERY_BLOCK][score_stride] */
    float *score_gradients; /* [QUERY_BLOCK][score_stride] */
    float *panel;           /* packed left operand of gemm_nn */

    /* The cache of one head in one sequence, when quantisation is on. */
    float *cached_keys;   /* [head_dim][score_stride] */
    float *cached_values; /* [head_dim][score_stride] */
    float *key_steps;     /* [score_stride] by the last position that is cached */
    float *value_steps;   /* [score_stride] */
} workspace;

/**
 * Lays a workspace out in an arena: room for `columns` tokens (a multiple of 4) in sequences of up
 * to `longest` tokens (padded likewise).
 */
workspace workspace_take(arena *from, const architecture *shape, int columns, int longest);

layer_activations workspace_layer(const workspace *space, int layer);

#endif
