/*
 * Records to the host: RS, a JSON object, LF (application/json-seq). A terminal shows them as
 * lines, a program finds them in any noise.
 */
#ifndef STARMIND_APP_RECORD_H
#define STARMIND_APP_RECORD_H

#include <stdint.h>

#define RECORD_SEPARATOR 0x1e

/** Begins a record of the given kind; fields follow, then record_end. */
void record_begin(const char *kind);
void record_string(const char *key, const char *value);
void record_number(const char *key, uint32_t value);
/** Writes a number given in thousandths. */
void record_thousandths(const char *key, uint64_t value);
/** Bytes as lower-case hexadecimal digits. */
void record_hex(const char *key, const uint8_t *bytes, uint32_t count);
/** A nested object; its fields follow, then record_close. */
void record_open(const char *key);
void record_close(void);
/** A string field whose text comes in pieces of UTF-8: open, any number of texts, close. */
void record_text_open(const char *key);
void record_text(const uint8_t *text, uint32_t length);
void record_text_close(void);
void record_end(void);

/** An error record: a stable code and a sentence. */
void record_error(const char *code, const char *message);

#endif
