/* A generation, one token a step: reads the prompt, then generates until a limit. */
#ifndef STARMIND_GENERATE_H
#define STARMIND_GENERATE_H

#include "engine.h"
#include "sampler.h"
#include "tokenizer.h"

typedef enum {
    SM_FINISH_NONE = 0,
    SM_FINISH_END_OF_TEXT,
    SM_FINISH_TOKEN_LIMIT,
    SM_FINISH_CONTEXT, /* the KV cache is full, and the context does not slide */
} sm_finish;

typedef struct {
    sm_engine *engine;
    sm_sampler sampler;
    const uint16_t *prompt; /* after the end token that begins every text */
    uint32_t prompt_length;
    uint32_t token_limit;  /* tokens to generate after the prompt */
    uint32_t position;     /* of the next token in the KV cache */
    uint32_t reread_until; /* tokens of the history before it are read again, from `position` on */
    uint32_t tokens_run;   /* tokens of the text run so far, each counted once */
    uint32_t spoken;
    uint32_t next_token;
    sm_finish finish;
    bool checks_logits;    /* set after the start to compute logits_crc32 */
    bool ranks;            /* set after the start to compute rank */
    uint32_t rank;         /* of the last token, 1 for the likeliest */
    uint32_t logits_crc32; /* of the logits of all positions so far */
} sm_generation;

/**
 * Starts a generation. The prompt must have at most max_seq_len - 1 tokens, stays the caller's
 * and must outlive the generation.
 */
sm_status sm_generation_start(sm_generation *generation, sm_engine *engine,
                              const sm_sampling *sampling, const uint16_t *prompt,
                              uint32_t prompt_length, uint32_t token_limit);

/**
 * Runs the model on one token. When the cache is full and the context slides, these are for some
 * steps the tokens that stay (see generate.c). Returns true when it has generated a token, in
 * *token. Returns false while it reads the prompt and when the generation has finished (see
 * finish). *token is never the end token.
 */
bool sm_generation_step(sm_generation *generation, uint32_t *token);

#endif
