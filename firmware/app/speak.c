#include "speak.h"

#include "generate.h"
#include "hardware/clocks.h"
#include "memory_map.h"
#include "pico/time.h"
#include "record.h"
#include "stopwatch.h"
#include "utf8_stream.h"

/** Longest prompt, in tokens; a line has no more bytes, and few bytes need three tokens. */
#define PROMPT_TOKENS COMMAND_LINE_BYTES

static uint16_t prompt[PROMPT_TOKENS];
static utf8_stream characters;

static void send_token(const sm_generation *generation, const command *request, uint32_t token,
                       sm_decoder *decoder, uint64_t started) {
    uint32_t length;
    const uint8_t *bytes = sm_decode(decoder, generation->engine->model, token, &length);
    record_begin("token");
    record_number("index", generation->spoken - 1);
    record_number("id", token);
    record_text_open("text");
    utf8_stream_push(&characters, bytes, length, record_text);
    /* The last token has no successor to complete a character. */
    if (generation->finish != SM_FINISH_NONE) utf8_stream_finish(&characters, record_text);
    record_text_close();
    record_number("us", (uint32_t)(time_us_64() - started));
    if (request->rank) record_number("rank", generation->rank);
    if (request->crc) {
        const uint32_t crc = __builtin_bswap32(generation->logits_crc32);
        record_hex("crc", (const uint8_t *)&crc, sizeof crc);
    }
    record_end();
}

static const char *reason_text(sm_finish finish) {
    switch (finish) {
    case SM_FINISH_END_OF_TEXT: return "end-of-text";
    case SM_FINISH_TOKEN_LIMIT: return "token-limit";
    case SM_FINISH_CONTEXT: return "context-full";
    case SM_FINISH_NONE: break;
    }
    return "stopped";
}

static void send_done(const sm_generation *generation, uint64_t microseconds, uint64_t cycles) {
    const uint64_t per_token = generation->tokens_run ? cycles / generation->tokens_run : 0;
    record_begin("done");
    record_number("tokens", generation->spoken);
    record_number("prompt_tokens", generation->prompt_length);
    record_string("reason", reason_text(generation->finish));
    record_number("microseconds", (uint32_t)microseconds);
    record_number("cycles_per_token", (uint32_t)per_token);
    record_thousandths("tokens_per_second",
                       per_token ? clock_get_hz(clk_sys) * UINT64_C(1000) / per_token : 0);
    memory_map_record_peaks();
    /* An incomplete character at the end of the text. */
    record_text_open("text");
    utf8_stream_finish(&characters, record_text);
    record_text_close();
    record_end();
}

/** Reports the length of a prompt and the limit; counts up to PROMPT_TOKENS + 1. */
static void refuse_prompt(const sm_engine *engine, sm_status status, uint32_t length) {
    record_begin("error");
    record_string("code", "prompt");
    record_string("message", sm_status_text(status));
    if (status == SM_ERROR_CONTEXT) {
        record_number("prompt_tokens", length);
        record_number("max_seq_len", engine->model->header->max_seq_len);
    }
    record_end();
}

void speak(sm_engine *engine, const command *request, bool (*stopped)(void)) {
    const uint32_t length =
        sm_encode(engine->model, request->prompt, request->prompt_length, prompt, PROMPT_TOKENS);
    sm_generation generation;
    const sm_status status = length > PROMPT_TOKENS
                                 ? SM_ERROR_CONTEXT
                                 : sm_generation_start(&generation, engine, &request->sampling,
                                                       prompt, length, request->tokens);
    if (status != SM_OK) {
        refuse_prompt(engine, status, length);
        return;
    }
    generation.checks_logits = request->crc;
    generation.ranks = request->rank;
    sm_decoder decoder;
    sm_decoder_init(&decoder);
    characters.length = 0;

    const uint64_t started = time_us_64();
    uint64_t cycles = 0;
    while (generation.finish == SM_FINISH_NONE && !stopped()) {
        uint32_t token;
        stopwatch watch;
        stopwatch_start(&watch);
        const bool spoke = sm_generation_step(&generation, &token);
        cycles += stopwatch_cycles(&watch);
        if (spoke) send_token(&generation, request, token, &decoder, started);
    }
    send_done(&generation, time_us_64() - started, cycles);
}
