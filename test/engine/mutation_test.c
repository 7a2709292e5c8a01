/*
 * mutation_test IMAGE [ROUNDS]: changes header, descriptors and tokenizer of a valid image, updates
 * its checksum, and runs every image that opens. The sanitizers catch reads outside it.
 */
#include <stddef.h>
#include <string.h>

#include "check.h"
#include "generate.h"

#define ROUNDS 4000
#define TOKENS 3

static uint8_t *read_image(const char *path, uint32_t *length) {
    FILE *file = fopen(path, "rb");
    CHECK(file && fseek(file, 0, SEEK_END) == 0);
    *length = (uint32_t)ftell(file);
    rewind(file);
    uint8_t *bytes = malloc(*length);
    CHECK(bytes && fread(bytes, 1, *length, file) == *length);
    fclose(file);
    return bytes;
}

/** A number of any size: small ones, those near limits and powers of two, and any others. */
static uint32_t any_number(unsigned *state) {
    const uint32_t bits = next_random(state) >> 27;
    const uint32_t number = next_random(state) >> bits;
    switch (next_random(state) >> 30) {
    case 0: return number;
    case 1: return (UINT32_C(1) << bits) - (number & 1u);
    case 2: return (number & 0xffu) * 4u;
    default: return 0u - (number & 0xffu);
    }
}

/** A place for a change: not in the weights, which may have any values. */
static uint32_t any_place(const sm_image_header *header, unsigned *state) {
    const uint32_t head = header->tokenizer_offset;
    const uint32_t words = head + (next_random(state) >> 31 ? header->tokenizer_bytes : 0u);
    return next_random(state) % (words / 4u) * 4u;
}

static void change(uint8_t *image, const sm_image_header *header, unsigned *state) {
    const uint32_t place = any_place(header, state);
    const uint32_t number = any_number(state);
    /* Whole fields, and bytes within them. */
    const uint32_t size = next_random(state) >> 31 ? 4u : next_random(state) >> 31 ? 2u : 1u;
    const uint32_t shift = size == 4u ? 0u : (next_random(state) >> 30) / size * size;
    memcpy(image + place + shift, &number, size);
}

/** Generates a little, when the arena is not absurd. Returns whether it did. */
static bool speak(const sm_model *model) {
    const uint32_t bytes = sm_arena_bytes(model);
    if (bytes > (UINT32_C(1) << 22)) return false;
    void *arena = malloc(bytes);
    CHECK(arena);
    sm_engine engine;
    sm_engine_init(&engine, model, arena);
    uint16_t tokens[64];
    const uint8_t text[] = {'O', 'n', 'c', 'e', 0xe9};
    const uint32_t length = sm_encode(model, text, sizeof text, tokens, 64);
    const sm_sampling sampling = sm_default_sampling(model->header);
    sm_generation generation;
    if (sm_generation_start(&generation, &engine, &sampling, tokens, length, TOKENS) == SM_OK) {
        uint32_t token;
        sm_decoder decoder;
        sm_decoder_init(&decoder);
        while (generation.finish == SM_FINISH_NONE) {
            uint32_t count;
            if (!sm_generation_step(&generation, &token)) continue;
            (void)sm_decode(&decoder, model, token, &count);
        }
    }
    free(arena);
    return true;
}

int main(int argc, char **argv) {
    CHECK(argc == 2 || argc == 3);
    const long rounds = argc == 3 ? atol(argv[2]) : ROUNDS;
    uint32_t length;
    uint8_t *original = read_image(argv[1], &length);
    /* An allocation of its own, so that the sanitizer catches a read behind it. */
    uint8_t *image = malloc(length);
    CHECK(image);
    unsigned state = 99;
    unsigned spoke = 0, refused = 0;
    for (long round = 0; round < rounds; round++) {
        memcpy(image, original, length);
        const uint32_t changes = 1u + (next_random(&state) >> 30);
        for (uint32_t i = 0; i < changes; i++) {
            change(image, (const sm_image_header *)(const void *)original, &state);
        }
        sm_image_header *header = (sm_image_header *)(void *)image;
        header->magic = SM_IMAGE_MAGIC;
        header->version = SM_IMAGE_VERSION;
        header->header_bytes = sizeof *header;
        header->image_bytes = length;
        const uint32_t from = offsetof(sm_image_header, content_hash);
        header->crc32 = sm_crc32(0, image + from, length - from);
        sm_model model;
        const sm_status status = sm_model_open(&model, image, length);
        CHECK(model.problem != NULL && model.problem[0] != '\0');
        if (status == SM_OK)
            spoke += speak(&model);
        else
            refused++;
    }
    printf("%u spoke, %u were refused\n", spoke, refused);
    CHECK(spoke > 0 && refused > 0);
    free(image);
    free(original);
    return 0;
}
