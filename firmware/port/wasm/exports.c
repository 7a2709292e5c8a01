/*
 * The engine as a WebAssembly module. The caller grows the memory, places an image behind
 * `heap_base`, then the engine's state and arena behind the image.
 */
#include "generate.h"

#define EXPORT(name) __attribute__((export_name(#name)))

extern uint8_t __heap_base;

static sm_model model;
static sm_engine engine;
static sm_generation generation;
static sm_decoder decoder;
static uint32_t decoded_length;

EXPORT(heap_base) uint32_t heap_base(void) { return (uint32_t)&__heap_base; }

EXPORT(model_open) sm_status model_open(const void *image, uint32_t bytes) {
    return sm_model_open(&model, image, bytes);
}

EXPORT(max_seq_len) uint32_t max_seq_len(void) { return model.header->max_seq_len; }

/** After model_open: the error of the image. */
EXPORT(model_problem) const char *model_problem(void) { return model.problem; }

EXPORT(arena_bytes) uint32_t arena_bytes(void) { return sm_arena_bytes(&model); }

EXPORT(engine_init) void engine_init(void *arena) { sm_engine_init(&engine, &model, arena); }

EXPORT(forward) sm_status forward(uint32_t token, uint32_t position) {
    return sm_engine_forward(&engine, token, position);
}

EXPORT(logits) const int32_t *logits(void) { return engine.logits; }

EXPORT(encode)
uint32_t encode(const uint8_t *text, uint32_t length, uint16_t *tokens, uint32_t capacity) {
    return sm_encode(&model, text, length, tokens, capacity);
}

EXPORT(decode_start) void decode_start(void) { sm_decoder_init(&decoder); }

EXPORT(decode) const uint8_t *decode(uint32_t token) {
    return sm_decode(&decoder, &model, token, &decoded_length);
}

EXPORT(decoded_bytes) uint32_t decoded_bytes(void) { return decoded_length; }

EXPORT(generation_start)
sm_status generation_start(uint32_t temperature, uint32_t top_k, uint32_t top_p, uint32_t seed,
                           const uint16_t *prompt, uint32_t prompt_length, uint32_t token_limit) {
    const sm_sampling sampling = {temperature, top_k, top_p, seed};
    const sm_status status =
        sm_generation_start(&generation, &engine, &sampling, prompt, prompt_length, token_limit);
    generation.checks_logits = true;
    return status;
}

/** The generated token; -1: none in this step; -2: the generation has finished. */
EXPORT(generation_step) int32_t generation_step(void) {
    uint32_t token;
    if (sm_generation_step(&generation, &token)) return (int32_t)token;
    return generation.finish == SM_FINISH_NONE ? -1 : -2;
}

EXPORT(generation_finish) sm_finish generation_finish(void) { return generation.finish; }

EXPORT(logits_crc32) uint32_t logits_crc32(void) { return generation.logits_crc32; }

EXPORT(status_text) const char *status_text(sm_status status) { return sm_status_text(status); }
