/*
 * The engine on the host: speaks from a device image.
 *
 *   starmind-engine IMAGE TEMPERATURE_Q16 TOP_K TOP_P_Q16 SEED TOKENS PROMPT
 *
 * Prints a line for each token: its id and the CRC-32 of all logits so far.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "generate.h"

static void *read_file(const char *path, uint32_t *length) {
    FILE *file = fopen(path, "rb");
    if (!file) return NULL;
    void *bytes = NULL;
    if (fseek(file, 0, SEEK_END) == 0) {
        const long end = ftell(file);
        rewind(file);
        bytes = end > 0 ? malloc((size_t)end) : NULL;
        if (bytes && fread(bytes, 1, (size_t)end, file) == (size_t)end) {
            *length = (uint32_t)end;
        } else {
            free(bytes);
            bytes = NULL;
        }
    }
    fclose(file);
    return bytes;
}

static uint32_t number(const char *text) { return (uint32_t)strtoul(text, NULL, 10); }

static int fail(const char *what) {
    fprintf(stderr, "starmind-engine: %s\n", what);
    return 1;
}

static int speak(const void *image, uint32_t image_bytes, const sm_sampling *sampling,
                 uint32_t token_limit, const char *prompt) {
    sm_model model;
    sm_status status = sm_model_open(&model, image, image_bytes);
    if (status != SM_OK) return fail(model.problem);

    const uint32_t prompt_bytes = (uint32_t)strlen(prompt);
    const uint32_t capacity = 3 * prompt_bytes;
    uint16_t *tokens = malloc((capacity + 1u) * sizeof *tokens);
    void *arena = malloc(sm_arena_bytes(&model));
    int result = 0;
    if (!tokens || !arena) {
        result = fail("out of memory");
    } else {
        sm_engine engine;
        sm_generation generation;
        sm_engine_init(&engine, &model, arena);
        const uint32_t length =
            sm_encode(&model, (const uint8_t *)prompt, prompt_bytes, tokens, capacity);
        status = sm_generation_start(&generation, &engine, sampling, tokens, length, token_limit);
        if (status != SM_OK) result = fail(sm_status_text(status));
        generation.checks_logits = true;
        uint32_t token;
        while (status == SM_OK && generation.finish == SM_FINISH_NONE) {
            if (sm_generation_step(&generation, &token)) {
                printf("%u %08x\n", (unsigned)token, (unsigned)generation.logits_crc32);
            }
        }
    }
    free(tokens);
    free(arena);
    return result;
}

int main(int argc, char **argv) {
    if (argc != 8) {
        return fail("usage: IMAGE TEMPERATURE_Q16 TOP_K TOP_P_Q16 SEED TOKENS PROMPT");
    }
    uint32_t image_bytes = 0;
    void *image = read_file(argv[1], &image_bytes);
    if (!image) return fail("cannot read the image");
    const sm_sampling sampling = {number(argv[2]), number(argv[3]), number(argv[4]),
                                  number(argv[5])};
    const int result = speak(image, image_bytes, &sampling, number(argv[6]), argv[7]);
    free(image);
    return result;
}
