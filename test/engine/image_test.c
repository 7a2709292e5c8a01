#include "image.h"

#include <stddef.h>
#include <string.h>

#include "check.h"

static void crc_is_the_standard_one(void) {
    CHECK(sm_crc32(0, "123456789", 9) == 0xcbf43926u);
    const uint32_t first = sm_crc32(0, "1234", 4);
    CHECK(sm_crc32(first, "56789", 5) == 0xcbf43926u);
}

static void foreign_bytes_are_named(void) {
    static uint32_t erased[64];
    sm_model model;
    memset(erased, 0xff, sizeof erased);
    CHECK(sm_model_open(&model, erased, sizeof erased) == SM_ERROR_MAGIC);
    CHECK(sm_model_open(&model, erased, 8) == SM_ERROR_TRUNCATED);
    sm_image_header header = {.magic = SM_IMAGE_MAGIC, .version = SM_IMAGE_VERSION + 1};
    CHECK(sm_model_open(&model, &header, sizeof header) == SM_ERROR_VERSION);
    CHECK(strcmp(model.problem, sm_status_text(SM_ERROR_VERSION)) == 0);
    header.version = SM_IMAGE_VERSION - 1;
    CHECK(sm_model_open(&model, &header, sizeof header) == SM_ERROR_VERSION);
    header.version = SM_IMAGE_VERSION;
    header.header_bytes = sizeof header;
    header.image_bytes = sizeof header + 1;
    CHECK(sm_model_open(&model, &header, sizeof header) == SM_ERROR_TRUNCATED);
    header.image_bytes = sizeof header;
    CHECK(sm_model_open(&model, &header, sizeof header) == SM_ERROR_CHECKSUM);
}

/**
 * Headers of random numbers with a valid checksum: the engine refuses them, and reads no byte
 * outside them.
 */
static void impossible_headers_are_refused(void) {
    unsigned state = 11;
    for (int i = 0; i < 200000; i++) {
        sm_image_header header;
        uint8_t *bytes = (uint8_t *)&header;
        for (size_t j = 0; j < sizeof header; j++) {
            bytes[j] =
                (uint8_t)(next_random(&state) >> 24 & (next_random(&state) >> 30 ? 3u : 0xffu));
        }
        header.magic = SM_IMAGE_MAGIC;
        header.version = SM_IMAGE_VERSION;
        header.header_bytes = sizeof header;
        header.image_bytes = sizeof header;
        header.norm = header.activation = header.gated = header.tied = header.when_full = 0;
        header.temperature = header.top_p = 0;
        const size_t checked_from = offsetof(sm_image_header, content_hash);
        header.crc32 = sm_crc32(0, bytes + checked_from, (uint32_t)(sizeof header - checked_from));
        sm_model model;
        CHECK(sm_model_open(&model, &header, sizeof header) != SM_OK);
    }
}

int main(void) {
    crc_is_the_standard_one();
    foreign_bytes_are_named();
    impossible_headers_are_refused();
    return 0;
}
