#include "utf8_stream.h"

#include <stdbool.h>

static const uint8_t replacement[] = {0xef, 0xbf, 0xbd};

/** Bytes of the character that begins with a byte; 0 for a byte that begins none. */
static uint32_t character_length(uint8_t first) {
    if (first < 0x80) return 1;
    if (first >= 0xc2 && first <= 0xdf) return 2;
    if (first >= 0xe0 && first <= 0xef) return 3;
    if (first >= 0xf0 && first <= 0xf4) return 4;
    return 0;
}

/** Whether a byte may follow `first` as the second: excludes overlong forms and surrogates. */
static bool may_follow(uint8_t first, uint8_t byte) {
    switch (first) {
    case 0xe0: return byte >= 0xa0 && byte <= 0xbf;
    case 0xed: return byte >= 0x80 && byte <= 0x9f;
    case 0xf0: return byte >= 0x90 && byte <= 0xbf;
    case 0xf4: return byte >= 0x80 && byte <= 0x8f;
    default: return (byte & 0xc0) == 0x80;
    }
}

static bool continues(const utf8_stream *stream, uint8_t byte) {
    if (stream->length == 1) return may_follow(stream->pending[0], byte);
    return (byte & 0xc0) == 0x80;
}

void utf8_stream_finish(utf8_stream *stream, utf8_sink sink) {
    if (stream->length) sink(replacement, sizeof replacement);
    stream->length = 0;
}

void utf8_stream_push(utf8_stream *stream, const uint8_t *bytes, uint32_t count, utf8_sink sink) {
    for (uint32_t i = 0; i < count; i++) {
        const uint8_t byte = bytes[i];
        if (stream->length && !continues(stream, byte)) utf8_stream_finish(stream, sink);
        if (!stream->length && character_length(byte) == 0) {
            sink(replacement, sizeof replacement);
            continue;
        }
        stream->pending[stream->length++] = byte;
        if (stream->length == character_length(stream->pending[0])) {
            sink(stream->pending, stream->length);
            stream->length = 0;
        }
    }
}
