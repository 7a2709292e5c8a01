#include "command.h"

#include <string.h>

#include "record.h"

line_state command_reader_push(command_reader *reader, char character) {
    if (character == '\r' || character == '\n') {
        if (reader->overlong) return LINE_TOO_LONG;
        if (reader->length == 0) return LINE_INCOMPLETE;
        reader->line[reader->length] = '\0';
        return LINE_COMPLETE;
    }
    if (character == '\0') return LINE_INCOMPLETE;
    if (reader->length == COMMAND_LINE_BYTES) {
        reader->overlong = true;
    } else {
        reader->line[reader->length++] = character;
    }
    return LINE_INCOMPLETE;
}

void command_reader_clear(command_reader *reader) {
    reader->length = 0;
    reader->overlong = false;
}

bool command_reader_holds_echo(const command_reader *reader) {
    /* A terminal that shows control characters echoes the separator as two carets. */
    return reader->line[0] == RECORD_SEPARATOR || strncmp(reader->line, "^^{", 3) == 0;
}

/** Parses a decimal number scaled by `unit`, at most `limit`; false when the text is none. */
static bool parse_decimal(const char *text, uint32_t unit, uint32_t limit, uint32_t *result) {
    uint64_t whole = 0;
    uint32_t digits = 0;
    for (; *text >= '0' && *text <= '9'; text++, digits++) {
        whole = whole * 10 + (uint32_t)(*text - '0');
        if (whole > UINT32_MAX) return false;
    }
    uint64_t value = whole * unit;
    if (*text == '.' && unit > 1) {
        /* More digits than six make no difference in 16 fractional bits. */
        uint64_t fraction = 0;
        uint32_t divisor = 1;
        for (text++; *text >= '0' && *text <= '9'; text++, digits++) {
            if (divisor == 1000000) continue;
            fraction = fraction * 10 + (uint32_t)(*text - '0');
            divisor *= 10;
        }
        value += (fraction * unit + divisor / 2) / divisor;
    }
    if (*text != '\0' || digits == 0 || value > limit) return false;
    *result = (uint32_t)value;
    return true;
}

static int hex_digit(char character) {
    if (character >= '0' && character <= '9') return character - '0';
    const char lower = (char)(character | 0x20);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

/** Resolves escapes in place. Returns the length, or -1 when one is malformed. */
static int32_t resolve_escapes(char *text) {
    char *out = text;
    for (const char *in = text; *in; in++) {
        if (*in != '\\') {
            *out++ = *in;
            continue;
        }
        switch (*++in) {
        case 'n': *out++ = '\n'; break;
        case 't': *out++ = '\t'; break;
        case '\\': *out++ = '\\'; break;
        case 'x': {
            const int high = hex_digit(in[1]);
            const int low = high < 0 ? -1 : hex_digit(in[2]);
            if (low < 0) return -1;
            *out++ = (char)(high << 4 | low);
            in += 2;
            break;
        }
        default: return -1;
        }
    }
    return (int32_t)(out - text);
}

#define Q16_ONE (UINT32_C(1) << 16)

/** Sets one option of generate. Returns NULL, or the error. */
static const char *parse_option(const char *key, const char *value, command *parsed) {
    uint32_t flag = 0;
    if (strcmp(key, "tokens") == 0) {
        return parse_decimal(value, 1, UINT32_MAX, &parsed->tokens) ? NULL : "tokens is no number";
    }
    if (strcmp(key, "temperature") == 0) {
        return parse_decimal(value, Q16_ONE, 10 * Q16_ONE, &parsed->sampling.temperature)
                   ? NULL
                   : "temperature is no number from 0 to 10";
    }
    if (strcmp(key, "top_k") == 0) {
        return parse_decimal(value, 1, UINT32_MAX, &parsed->sampling.top_k) ? NULL
                                                                            : "top_k is no number";
    }
    if (strcmp(key, "top_p") == 0) {
        return parse_decimal(value, Q16_ONE, Q16_ONE, &parsed->sampling.top_p)
                   ? NULL
                   : "top_p is no number from 0 to 1";
    }
    if (strcmp(key, "seed") == 0) {
        return parse_decimal(value, 1, UINT32_MAX, &parsed->sampling.seed) ? NULL
                                                                           : "seed is no number";
    }
    if (strcmp(key, "crc") == 0) {
        if (!parse_decimal(value, 1, 1, &flag)) return "crc is 0 or 1";
        parsed->crc = flag == 1;
        return NULL;
    }
    if (strcmp(key, "rank") == 0) {
        if (!parse_decimal(value, 1, 1, &flag)) return "rank is 0 or 1";
        parsed->rank = flag == 1;
        return NULL;
    }
    return "unknown option; there are tokens, temperature, top_k, top_p, seed, crc, rank and "
           "prompt";
}

static const char *parse_options(char *text, command *parsed) {
    while (*text) {
        char *value = strchr(text, '=');
        if (!value) return "an option is written name=value";
        *value++ = '\0';
        if (strcmp(text, "prompt") == 0) {
            const int32_t length = resolve_escapes(value);
            if (length < 0) return "the prompt has a malformed escape";
            parsed->prompt = (const uint8_t *)value;
            parsed->prompt_length = (uint32_t)length;
            return NULL;
        }
        char *next = value + strcspn(value, " ");
        if (*next) *next++ = '\0';
        const char *problem = parse_option(text, value, parsed);
        if (problem) return problem;
        text = next + strspn(next, " ");
    }
    return NULL;
}

const char *command_parse(char *line, command *parsed) {
    static const struct {
        const char *name;
        command_kind kind;
    } simple[] = {
        {"stop", COMMAND_STOP},
        {"info", COMMAND_INFO},
        {"bench", COMMAND_BENCH},
        {"bootsel", COMMAND_BOOTSEL},
    };
    char *rest = line + strcspn(line, " ");
    if (*rest) *rest++ = '\0';
    rest += strspn(rest, " ");
    if (strcmp(line, "generate") == 0) {
        parsed->kind = COMMAND_GENERATE;
        return parse_options(rest, parsed);
    }
    for (size_t i = 0; i < sizeof simple / sizeof simple[0]; i++) {
        if (strcmp(line, simple[i].name) != 0) continue;
        parsed->kind = simple[i].kind;
        return *rest ? "this command takes no options" : NULL;
    }
    return "unknown command; there are generate, stop, info, bench and bootsel";
}
