/*
 * The device image: one model with its tokenizer, as it lies in flash.
 *
 * Everything is little-endian and the image starts on a 4-byte boundary. src/core/export/image.ts
 * writes what this file describes; image_format.h has the records, generated from its tables.
 *
 *   sm_image_header   fixed size, shapes, options and sampling
 *   sm_tensor[]       one descriptor per tensor, in the order of enum sm_tensor_slot
 *   tokenizer         token bytes and merges (see tokenizer.h)
 *   cold section      tensors that are read one row a token and stay in flash
 *   weights section   tensors that are read whole for every token; copied to SRAM on request
 *   stream section    matrices that are read whole for every token and stay in flash (stream.h);
 *                     their scales are in the weights section
 *
 * Matrices are stored in the tiles of kernel.h, `stride` bytes apart. In the formats with scales
 * (SM_SCALES_ROW) a row has a uint16 mantissa: element = value * mantissa[row] * 2^exponent. Norm
 * gains and rotary tables are row-major int16 without scales, `stride` bytes a row: element =
 * value * 2^exponent. The rotary table is [max_seq_len][head_dim / 2][cos, sin].
 * Rows of n-gram tables are row-major int8 or int4 (the first element in the low half of a byte),
 * each from a word on, with a byte of scale a row (SM_SCALES_BYTE): see ngram.h.
 */
#ifndef STARMIND_IMAGE_H
#define STARMIND_IMAGE_H

#include <stdbool.h>
#include <stdint.h>

#include "image_format.h"

/** Upper limits that keep every intermediate value inside 32 bits. */
#define SM_MAX_WIDTH 32767u
#define SM_MAX_VOCABULARY 65535u
#define SM_MAX_LAYERS 255u
/** Positions of an int4 cache: weights that are shared out among more of them would vanish. */
#define SM_MAX_NARROW_POSITIONS 1024u
#define SM_MAX_NGRAM_ROWS (UINT32_C(1) << 17)
#define SM_MAX_CACHED (UINT32_C(1) << 28)

/** Limits of an image's sampling options, as in the schema of model.json. Fractions are Q16. */
#define SM_MAX_TEMPERATURE (UINT32_C(10) << 16)
#define SM_MAX_TOP_P (UINT32_C(1) << 16)

typedef enum {
    SM_OK = 0,
    SM_ERROR_TRUNCATED,   /* the image is larger than the memory that holds it */
    SM_ERROR_MAGIC,       /* no model image here (erased flash, another file) */
    SM_ERROR_VERSION,     /* written for another version of the engine */
    SM_ERROR_CHECKSUM,    /* CRC-32 differs: damaged or partly written */
    SM_ERROR_SHAPE,       /* a size, an offset or an option that cannot be */
    SM_ERROR_UNSUPPORTED, /* a format or option this engine does not know */
    SM_ERROR_TOKEN,       /* a token id outside the vocabulary */
    SM_ERROR_CONTEXT,     /* a position at or beyond max_seq_len */
} sm_status;

/** A short English phrase for a status, for error records. */
const char *sm_status_text(sm_status status);

/** An opened image: the header, and where its sections lie in memory. */
typedef struct {
    const sm_image_header *header;
    const sm_tensor *tensors;
    const uint8_t *tokenizer;
    const uint8_t *cold;
    const uint8_t *weights;
    const uint8_t *stream;
    /** After sm_model_open: the error, which names unknown formats. */
    const char *problem;
} sm_model;

/**
 * Checks an image and opens it: magic, version, CRC-32, every shape and every offset, so that no
 * later read is outside it, or of an unaligned word. `available` is the number of readable bytes at
 * `image`, which is 4-byte aligned.
 */
sm_status sm_model_open(sm_model *model, const void *image, uint32_t available);

/** Name of a format, below SM_FORMAT_COUNT. */
const char *sm_format_name(uint8_t format);

/** Number of tensors that an opened model has in a format. */
uint32_t sm_tensors_in_format(const sm_model *model, uint8_t format);

/** Points an opened model at a copy of its weights section, 4-byte aligned. */
void sm_model_use_weights(sm_model *model, const void *weights);

/** CRC-32 (IEEE 802.3, reflected) of `length` bytes that follow those `crc` stands for; 0: none. */
uint32_t sm_crc32(uint32_t crc, const void *bytes, uint32_t length);

#endif
