/* Joins bytes, in pieces of any size, into whole UTF-8 characters. */
#ifndef STARMIND_APP_UTF8_STREAM_H
#define STARMIND_APP_UTF8_STREAM_H

#include <stdint.h>

typedef struct {
    uint8_t pending[4]; /* a character that is not complete yet */
    uint8_t length;
} utf8_stream;

typedef void (*utf8_sink)(const uint8_t *text, uint32_t length);

/**
 * Accepts bytes; passes complete characters to `sink`. U+FFFD stands for each byte that begins no
 * character and for each incomplete character, as the Encoding Standard requires.
 */
void utf8_stream_push(utf8_stream *stream, const uint8_t *bytes, uint32_t count, utf8_sink sink);

/** Ends the stream: passes U+FFFD for a pending character. */
void utf8_stream_finish(utf8_stream *stream, utf8_sink sink);

#endif
