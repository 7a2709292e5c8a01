/*
 * The device image: one model with its tokenizer, as it lies in flash.
 *
 * Everything is little-endian and the image starts on a 4-byte boundary. src/core/export/image.ts
 * writes what this file describes; the layouts are asserted on both sides.
 *
 *   sm_image_header   fixed size, shapes and options
 *   sm_tensor[]       one descriptor per tensor, in the order of enum sm_tensor_slot
 *   tokenizer         token bytes and merges (see tokenizer.h)
 *   cold section      tensors that are read one row a token and stay in flash
 *   weights section   tensors that are read whole for every token; copied to SRAM on request
 */
#ifndef STARMIND_IMAGE_H
#define STARMIND_IMAGE_H

#include <stdbool.h>
#include <stdint.h>

#define SM_IMAGE_MAGIC 0x504d5453u /* "STMP" */
#define SM_IMAGE_VERSION 1u
#define SM_HASH_BYTES 8

/** Upper limits that keep every intermediate value inside 32 bits. */
#define SM_MAX_WIDTH 32767u
#define SM_MAX_VOCABULARY 65535u
#define SM_MAX_LAYERS 255u
#define SM_MAX_CACHED (UINT32_C(1) << 28)

typedef enum {
    SM_OK = 0,
    SM_ERROR_TRUNCATED,   /* the image is larger than the memory it is said to lie in */
    SM_ERROR_MAGIC,       /* no model image here (erased flash, another file) */
    SM_ERROR_VERSION,     /* written for another version of the engine */
    SM_ERROR_CHECKSUM,    /* CRC-32 differs: damaged or partly written */
    SM_ERROR_SHAPE,       /* a size or an offset that cannot be */
    SM_ERROR_UNSUPPORTED, /* a format or option this engine does not know */
    SM_ERROR_TOKEN,       /* a token id outside the vocabulary */
    SM_ERROR_CONTEXT,     /* a position at or beyond max_seq_len */
} sm_status;

/** A short English phrase for a status, for error records. */
const char *sm_status_text(sm_status status);

enum { SM_NORM_RMS = 0, SM_NORM_LAYER = 1 };
enum { SM_POSITION_ROPE = 0, SM_POSITION_LEARNED = 1, SM_POSITION_NONE = 2 };
enum {
    SM_ACTIVATION_SILU = 0,
    SM_ACTIVATION_RELU = 1,
    SM_ACTIVATION_RELU2 = 2,
    SM_ACTIVATION_GELU = 3
};
enum { SM_FORMAT_INT8 = 0, SM_FORMAT_INT16 = 1 };
enum { SM_SECTION_WEIGHTS = 0, SM_SECTION_COLD = 1 };

/** A positive real number: mantissa * 2^exponent, mantissa below 2^16 (at least 2^15 unless 0). */
typedef struct {
    uint32_t mantissa;
    int32_t exponent;
} sm_scale;

typedef struct {
    uint32_t magic;
    uint16_t version;
    uint16_t header_bytes;
    uint32_t image_bytes;
    uint32_t crc32; /* of everything after this field, up to image_bytes */
    uint8_t model_hash[SM_HASH_BYTES];
    uint8_t tokenizer_hash[SM_HASH_BYTES];
    uint32_t vocab_size;
    uint16_t dim;
    uint16_t hidden_dim;
    uint16_t n_layers;
    uint16_t n_heads;
    uint16_t n_kv_heads;
    uint16_t head_dim;
    uint16_t max_seq_len;
    uint8_t norm;
    uint8_t position;
    uint8_t activation;
    uint8_t gated;
    uint8_t tied;
    uint8_t reserved;
    uint32_t tensor_count;
    uint32_t tensors_offset; /* from the start of the image */
    uint32_t tokenizer_offset;
    uint32_t tokenizer_bytes;
    uint32_t cold_offset;
    uint32_t cold_bytes;
    uint32_t weights_offset;
    uint32_t weights_bytes;
    sm_scale norm_factor;      /* sqrt(dim) */
    sm_scale attention_factor; /* log2(e) / sqrt(head_dim) */
} sm_image_header;

_Static_assert(sizeof(sm_image_header) == 104, "sm_image_header is a stored layout");

/**
 * A stored tensor. Matrices are int8, row-major, with one uint16 scale mantissa per row:
 * element = value * row_scale * 2^exponent. Norm gains and rotary tables are int16 without row
 * scales: element = value * 2^exponent.
 */
typedef struct {
    uint32_t values_offset; /* within its section */
    uint32_t scales_offset; /* within its section; unused for int16 */
    uint32_t rows;
    uint32_t columns;
    int16_t exponent;
    uint8_t format;
    uint8_t section;
} sm_tensor;

_Static_assert(sizeof(sm_tensor) == 20, "sm_tensor is a stored layout");

/** Tensors that are not part of a layer, then the layers; absent tensors have rows == 0. */
enum sm_tensor_slot {
    SM_SLOT_EMBEDDING = 0,
    SM_SLOT_POSITION, /* learned positions */
    SM_SLOT_ROTARY,   /* [max_seq_len][head_dim / 2][cos, sin], int16 */
    SM_SLOT_FINAL_NORM,
    SM_SLOT_CLASSIFIER, /* absent when tied */
    SM_SLOT_LAYERS,
};

/** Tensors of one layer, counted from SM_SLOT_LAYERS + layer * SM_LAYER_SLOTS. */
enum sm_layer_slot {
    SM_LAYER_ATTENTION_NORM = 0,
    SM_LAYER_QUERY,
    SM_LAYER_KEY,
    SM_LAYER_VALUE,
    SM_LAYER_OUTPUT,
    SM_LAYER_FFN_NORM,
    SM_LAYER_GATE, /* absent unless gated */
    SM_LAYER_UP,
    SM_LAYER_DOWN,
    SM_LAYER_SLOTS,
};

/** An opened image: the header, and where its sections lie in memory. */
typedef struct {
    const sm_image_header *header;
    const sm_tensor *tensors;
    const uint8_t *tokenizer;
    const uint8_t *cold;
    const uint8_t *weights;
} sm_model;

/**
 * Checks an image and opens it: magic, version, CRC-32, every shape and every offset, so that
 * nothing later reads outside it. `available` is the number of readable bytes at `image`.
 */
sm_status sm_model_open(sm_model *model, const void *image, uint32_t available);

/** Points an opened model at a copy of its weights section, 4-byte aligned. */
void sm_model_use_weights(sm_model *model, const void *weights);

/** CRC-32 (IEEE 802.3, reflected) of `length` bytes that follow those `crc` stands for; 0: none. */
uint32_t sm_crc32(uint32_t crc, const void *bytes, uint32_t length);

#endif
