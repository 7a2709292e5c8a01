/*
 * Text to tokens and back, from the tokenizer section of the device image.
 *
 *   sm_tokenizer_header
 *   uint16 byte_token[256]        0xffff: the byte has no token and is escaped
 *   uint16 merges[merge_count][4] left, right, product, rank; sorted by (left, right);
 *                                 the leftmost of equal rank is applied first
 *   uint32 token_offset[token_count + 1], into the bytes that follow
 *   uint8  token_bytes[]
 */
#ifndef STARMIND_TOKENIZER_H
#define STARMIND_TOKENIZER_H

#include "image.h"

#define SM_NO_TOKEN 0xffffu

/**
 * The text is encoded as SentencePiece does: a space stands before it, pieces end before spaces
 * alone, and a character of several bytes that is a token needs no merges.
 */
#define SM_TOKENIZER_WORDS 1u

typedef struct {
    uint32_t token_count;
    uint32_t merge_count;
    uint16_t end_token;    /* end of text; also begins every text */
    uint16_t escape_token; /* SM_NO_TOKEN when every byte has a token */
    uint16_t nibble_base;  /* token of nibble 0; the other 15 follow */
    uint16_t flags;        /* SM_TOKENIZER_WORDS or 0 */
} sm_tokenizer_header;

_Static_assert(sizeof(sm_tokenizer_header) == 16, "sm_tokenizer_header is a stored layout");

/**
 * Encodes `length` bytes of text. Returns the number of tokens, or capacity + 1 when they do not
 * fit; a piece needs room for a token a byte before it is merged, and SM_TOKENIZER_WORDS for one
 * more. Works in `tokens` alone.
 */
uint32_t sm_encode(const sm_model *model, const uint8_t *text, uint32_t length, uint16_t *tokens,
                   uint32_t capacity);

/**
 * Escapes span three tokens, so decoding a stream needs state. An incomplete escape decodes to no
 * byte, its first nibble included.
 */
typedef struct {
    uint8_t seen; /* tokens seen of an unfinished escape: 0, 1 or 2 */
    uint8_t byte; /* the escaped byte, as far as it is complete */
} sm_decoder;

void sm_decoder_init(sm_decoder *decoder);

/** Bytes of the next token of a stream; *length may be 0. Valid until the next call. */
const uint8_t *sm_decode(sm_decoder *decoder, const sm_model *model, uint32_t token,
                         uint32_t *length);

/** Checks the tokenizer section of an opened image; part of sm_model_open. */
sm_status sm_tokenizer_check(const sm_model *model);

#endif
