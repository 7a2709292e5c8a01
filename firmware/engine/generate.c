/*
 * A context that slides. When the cache is full, the older half of the text is forgotten, but for
 * its first tokens: attention settles on them where it finds nothing, and a model that loses them
 * loses its way (Xiao et al., Efficient Streaming Language Models with Attention Sinks, 2023). The
 * tokens that stay are run again from position 0, one a step, without logits: the first ones too,
 * since the exponents of the cache follow from all that it has held. So the cache is always that of
 * a text which begins with the first tokens and goes on with the newest, whatever encodes
 * positions, and the same on every port.
 */
#include "generate.h"

/** First tokens of a text that stay; fewer in a short context. */
#define MOST_SINKS 4u
#define SINK_SHARE 8u

static const sm_tokenizer_header *tokenizer_header(const sm_generation *generation) {
    return (const sm_tokenizer_header *)(const void *)generation->engine->model->tokenizer;
}

sm_status sm_generation_start(sm_generation *generation, sm_engine *engine,
                              const sm_sampling *sampling, const uint16_t *prompt,
                              uint32_t prompt_length, uint32_t token_limit) {
    const sm_image_header *header = engine->model->header;
    if (prompt_length >= header->max_seq_len) return SM_ERROR_CONTEXT;
    for (uint32_t i = 0; i < prompt_length; i++) {
        if (prompt[i] >= header->vocab_size) return SM_ERROR_TOKEN;
    }
    generation->engine = engine;
    sm_sampler_init(&generation->sampler, sampling);
    generation->prompt = prompt;
    generation->prompt_length = prompt_length;
    generation->token_limit = token_limit;
    generation->position = 0;
    generation->reread_until = 0;
    generation->tokens_run = 0;
    generation->spoken = 0;
    generation->next_token = tokenizer_header(generation)->end_token;
    generation->finish = token_limit == 0 ? SM_FINISH_TOKEN_LIMIT : SM_FINISH_NONE;
    generation->checks_logits = false;
    generation->logits_crc32 = 0;
    generation->ranks = false;
    generation->rank = 0;
    return SM_OK;
}

/** Makes room in a full cache; what stays is to be read again. */
static void slide(sm_generation *generation) {
    const uint32_t length = generation->engine->model->header->max_seq_len;
    uint16_t *history = generation->engine->history;
    const uint32_t share = length / SINK_SHARE;
    const uint32_t sinks = share < MOST_SINKS ? share : MOST_SINKS;
    const uint32_t dropped = (length - sinks + 1u) / 2u;
    for (uint32_t i = sinks + dropped; i < length; i++) history[i - dropped] = history[i];
    generation->position = 0;
    generation->reread_until = length - dropped;
}

bool sm_generation_step(sm_generation *generation, uint32_t *token) {
    if (generation->finish != SM_FINISH_NONE) return false;
    sm_engine *engine = generation->engine;
    const sm_image_header *header = engine->model->header;
    if (generation->position >= header->max_seq_len) {
        if (!engine->history) {
            generation->finish = SM_FINISH_CONTEXT;
            return false;
        }
        slide(generation);
    }
    if (generation->position < generation->reread_until) {
        const uint32_t position = generation->position++;
        (void)sm_engine_read(engine, engine->history[position], position);
        return false;
    }
    if (engine->history) {
        engine->history[generation->position] = (uint16_t)generation->next_token;
    }
    /* The start checked the prompt's tokens and the sampler picks from the vocabulary. */
    (void)sm_engine_forward(engine, generation->next_token, generation->position++);
    if (generation->checks_logits) {
        generation->logits_crc32 =
            sm_crc32(generation->logits_crc32, engine->logits, 4u * header->vocab_size);
    }
    if (generation->tokens_run++ < generation->prompt_length) {
        generation->next_token = generation->prompt[generation->tokens_run - 1];
        return false;
    }
    generation->next_token =
        sm_sampler_pick(&generation->sampler, engine->logits, header->vocab_size);
    if (generation->ranks) {
        generation->rank = sm_sampler_rank(&generation->sampler, engine->logits, header->vocab_size,
                                           generation->next_token);
    }
    if (generation->next_token == tokenizer_header(generation)->end_token) {
        generation->finish = SM_FINISH_END_OF_TEXT;
        return false;
    }
    *token = generation->next_token;
    generation->spoken++;
    if (generation->spoken == generation->token_limit) generation->finish = SM_FINISH_TOKEN_LIMIT;
    return true;
}
