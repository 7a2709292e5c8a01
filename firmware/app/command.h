/*
 * Commands from the host: one a line, typed by a person or sent by a program.
 *
 *   generate [tokens=N] [temperature=T] [top_k=K] [top_p=P] [seed=S] [crc=1] [rank=1]
 *            [prompt=TEXT]
 *   stop | info | bench | bootsel
 *
 * prompt= takes the rest of the line, with \n, \t, \\ and \xHH as escapes.
 */
#ifndef STARMIND_APP_COMMAND_H
#define STARMIND_APP_COMMAND_H

#include <stdbool.h>

#include "sampler.h"

/** Longest line, its end not counted. */
#define COMMAND_LINE_BYTES 512u

typedef enum {
    COMMAND_GENERATE,
    COMMAND_STOP,
    COMMAND_INFO,
    COMMAND_BENCH,
    COMMAND_BOOTSEL,
} command_kind;

typedef struct {
    command_kind kind;
    sm_sampling sampling;
    uint32_t tokens;
    bool crc;              /* report the CRC-32 of the logits with every token */
    bool rank;             /* report the place of every token in the order of likelihood */
    const uint8_t *prompt; /* in the line, with its escapes resolved */
    uint32_t prompt_length;
} command;

/** Collects characters into lines. */
typedef struct {
    char line[COMMAND_LINE_BYTES + 1];
    uint32_t length;
    bool overlong;
} command_reader;

typedef enum { LINE_INCOMPLETE, LINE_COMPLETE, LINE_TOO_LONG } line_state;

/**
 * Accepts a character. A complete line is in reader->line, terminated by a zero; empty lines and
 * zeros, which an idle or broken line sends, are skipped. Call command_reader_clear when done with
 * it.
 */
line_state command_reader_push(command_reader *reader, char character);
void command_reader_clear(command_reader *reader);

/** Whether the line is one of this board's records, sent back by an echoing terminal. */
bool command_reader_holds_echo(const command_reader *reader);

/**
 * Parses a line in place; fields that it does not name keep their values in *parsed. Returns NULL,
 * or the error; *parsed is invalid then.
 */
const char *command_parse(char *line, command *parsed);

#endif
