/*
 * command_test [ROUNDS]: gives the board's reader of commands damaged lines, character by
 * character. The sanitizers catch reads and writes outside them; every line is parsed or refused by
 * name.
 */
#include "command.h"

#include <string.h>

#include "check.h"

enum { ROUNDS = 20000, LONGEST = 700 };

static const char *const lines[] = {
    "generate tokens=12 temperature=0.8 top_k=40 top_p=0.95 seed=7 crc=1 rank=0 prompt=Once "
    "\\n\\x41",
    "generate prompt=\\xE9\\t\\\\ a b",
    "stop",
    "info",
    "bench",
    "bootsel",
    "generate",
};

/** A valid line with bytes replaced, put in, left out, or repeated. Returns its length. */
static uint32_t damaged(char *line, unsigned *state) {
    const char *original = lines[(next_random(state) >> 16) % (sizeof lines / sizeof lines[0])];
    uint32_t length = 0;
    for (const char *next = original; *next != '\0' && length < LONGEST; next++) {
        const uint32_t what = (next_random(state) >> 16) % 40u;
        if (what == 0) continue;
        if (what == 1) next -= next > original ? 1 : 0;
        line[length++] = what == 2 ? (char)(next_random(state) >> 24) : *next;
        for (uint32_t i = what == 3 ? next_random(state) >> 23 : 0; i > 0 && length < LONGEST;
             i--) {
            line[length++] = *next;
        }
    }
    return length;
}

/** Lets the reader have a line; returns what became of it. */
static line_state give(command_reader *reader, const char *line, uint32_t length) {
    for (uint32_t i = 0; i < length; i++) {
        const line_state state = command_reader_push(reader, line[i]);
        if (state != LINE_INCOMPLETE) return state;
    }
    return command_reader_push(reader, '\n');
}

int main(int argc, char **argv) {
    const long rounds = argc > 1 ? atol(argv[1]) : ROUNDS;
    unsigned state = 5;
    unsigned parsed = 0, refused = 0;
    /* Allocations of their own, so that the sanitizer catches accesses beside them. */
    command_reader *reader = calloc(1, sizeof *reader);
    CHECK(reader);
    for (long round = 0; round < rounds; round++) {
        char line[LONGEST];
        const uint32_t length = damaged(line, &state);
        command_reader_clear(reader);
        if (give(reader, line, length) == LINE_COMPLETE) {
            (void)command_reader_holds_echo(reader);
            command found;
            memset(&found, 0, sizeof found);
            const char *error = command_parse(reader->line, &found);
            CHECK(error == NULL || error[0] != '\0');
            if (error == NULL && found.kind == COMMAND_GENERATE && found.prompt) {
                /* Read all of the prompt. */
                unsigned sum = 0;
                for (uint32_t i = 0; i < found.prompt_length; i++) sum += found.prompt[i];
                CHECK(found.prompt_length <= COMMAND_LINE_BYTES && sum < ~0u);
            }
            parsed += error == NULL;
            refused += error != NULL;
        }
    }
    free(reader);
    CHECK(parsed > 0 && refused > 0);
    printf("%u parsed, %u refused\n", parsed, refused);
    return 0;
}
