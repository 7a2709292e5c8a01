#include "record.h"

#include <stdbool.h>

#include "pico/stdio.h"

/* Send characters in blocks: every call of the SDK acquires its locks. */
static char block[128];
static uint32_t used;
static bool needs_comma;

static void flush(void) {
    if (used) stdio_put_string(block, (int)used, false, false);
    used = 0;
}

static void put(char character) {
    if (used == sizeof block) flush();
    block[used++] = character;
}

static void put_text(const char *text) {
    while (*text) put(*text++);
}

static void put_hex_digit(uint32_t value) { put("0123456789abcdef"[value & 15u]); }

static void put_escaped(uint8_t byte) {
    switch (byte) {
    case '"': put_text("\\\""); break;
    case '\\': put_text("\\\\"); break;
    case '\n': put_text("\\n"); break;
    case '\r': put_text("\\r"); break;
    case '\t': put_text("\\t"); break;
    default:
        if (byte < 0x20 || byte == 0x7f) {
            put_text("\\u00");
            put_hex_digit(byte >> 4);
            put_hex_digit(byte);
        } else {
            put((char)byte);
        }
    }
}

static void put_number(uint64_t value) {
    char digits[20];
    uint32_t count = 0;
    do {
        digits[count++] = (char)('0' + value % 10);
        value /= 10;
    } while (value);
    while (count) put(digits[--count]);
}

static void put_key(const char *key) {
    if (needs_comma) put(',');
    needs_comma = true;
    put('"');
    put_text(key);
    put_text("\":");
}

void record_begin(const char *kind) {
    put(RECORD_SEPARATOR);
    put('{');
    needs_comma = false;
    record_string("record", kind);
}

void record_string(const char *key, const char *value) {
    put_key(key);
    put('"');
    while (*value) put_escaped((uint8_t)*value++);
    put('"');
}

void record_number(const char *key, uint32_t value) {
    put_key(key);
    put_number(value);
}

void record_thousandths(const char *key, uint64_t value) {
    put_key(key);
    put_number(value / 1000);
    const uint32_t fraction = (uint32_t)(value % 1000);
    put('.');
    put((char)('0' + fraction / 100));
    put((char)('0' + fraction / 10 % 10));
    put((char)('0' + fraction % 10));
}

void record_hex(const char *key, const uint8_t *bytes, uint32_t count) {
    put_key(key);
    put('"');
    for (uint32_t i = 0; i < count; i++) {
        put_hex_digit(bytes[i] >> 4);
        put_hex_digit(bytes[i]);
    }
    put('"');
}

void record_open(const char *key) {
    put_key(key);
    put('{');
    needs_comma = false;
}

void record_close(void) {
    put('}');
    needs_comma = true;
}

void record_text_open(const char *key) {
    put_key(key);
    put('"');
}

void record_text(const uint8_t *text, uint32_t length) {
    for (uint32_t i = 0; i < length; i++) put_escaped(text[i]);
}

void record_text_close(void) { put('"'); }

void record_end(void) {
    put('}');
    put('\n');
    flush();
}

void record_error(const char *code, const char *message) {
    record_begin("error");
    record_string("code", code);
    record_string("message", message);
    record_end();
}
