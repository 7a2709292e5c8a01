#include "image.h"

#include <stddef.h>

#include "sections.h"
#include "tokenizer.h"

const char *sm_status_text(sm_status status) {
    switch (status) {
    case SM_OK: return "ok";
    case SM_ERROR_TRUNCATED: return "the model image is cut short";
    case SM_ERROR_MAGIC: return "there is no model image";
    case SM_ERROR_VERSION: return "the model image was written for another engine version";
    case SM_ERROR_CHECKSUM: return "the model image is damaged (CRC-32 differs)";
    case SM_ERROR_SHAPE: return "the model image has an impossible shape or offset";
    case SM_ERROR_UNSUPPORTED: return "the model image uses a format this engine does not know";
    case SM_ERROR_TOKEN: return "token id outside the vocabulary";
    case SM_ERROR_CONTEXT: return "position beyond the context";
    }
    return "unknown status";
}

uint32_t sm_crc32(uint32_t crc, const void *bytes, uint32_t length) {
    /* Half-byte table: 64 bytes instead of a kilobyte, and still no loop over bits. */
    static const uint32_t table[16] = {
        0x00000000, 0x1db71064, 0x3b6e20c8, 0x26d930ac, 0x76dc4190, 0x6b6b51f4,
        0x4db26158, 0x5005713c, 0xedb88320, 0xf00f9344, 0xd6d6a3e8, 0xcb61b38c,
        0x9b64c2b0, 0x86d3d2d4, 0xa00ae278, 0xbdbdf21c,
    };
    const uint8_t *next = bytes;
    crc = ~crc;
    for (uint32_t i = 0; i < length; i++) {
        crc ^= next[i];
        crc = (crc >> 4) ^ table[crc & 15u];
        crc = (crc >> 4) ^ table[crc & 15u];
    }
    return ~crc;
}

/** Whether [offset, offset + length) lies inside `size` bytes. */
static bool fits(uint32_t offset, uint64_t length, uint32_t size) {
    return offset <= size && length <= size - offset;
}

static bool shapes_are_possible(const sm_image_header *header) {
    const uint32_t widths[] = {
        header->dim,
        header->hidden_dim,
        header->max_seq_len,
        (uint32_t)header->n_heads * header->head_dim,
        (uint32_t)header->n_kv_heads * header->head_dim,
    };
    for (size_t i = 0; i < sizeof widths / sizeof widths[0]; i++) {
        if (widths[i] == 0 || widths[i] > SM_MAX_WIDTH) return false;
    }
    if (header->vocab_size == 0 || header->vocab_size > SM_MAX_VOCABULARY) return false;
    if (header->n_layers == 0 || header->n_layers > SM_MAX_LAYERS) return false;
    const uint64_t cached =
        (uint64_t)header->n_layers * header->max_seq_len * header->n_kv_heads * header->head_dim;
    return header->n_heads % header->n_kv_heads == 0 && cached <= SM_MAX_CACHED;
}

/** Whether a stored factor is in the range that the engine's arithmetic takes. */
static bool factor_is_possible(sm_scale factor) {
    return factor.mantissa <= 0xffffu && factor.exponent >= -64 && factor.exponent <= 64;
}

/** Whether a tensor has the expected shape and lies inside its section. */
static bool tensor_fits(const sm_image_header *header, const sm_tensor *tensor, uint8_t format,
                        uint32_t rows, uint32_t columns) {
    if (tensor->rows != rows || (rows != 0 && tensor->columns != columns)) return false;
    if (rows == 0) return true;
    if (tensor->format != format || tensor->section > SM_SECTION_COLD) return false;
    const uint32_t size =
        tensor->section == SM_SECTION_WEIGHTS ? header->weights_bytes : header->cold_bytes;
    const uint64_t elements = (uint64_t)rows * columns;
    if (format == SM_FORMAT_INT16) {
        return tensor->values_offset % 2 == 0 && fits(tensor->values_offset, elements * 2, size);
    }
    return tensor->scales_offset % 2 == 0 && fits(tensor->values_offset, elements, size) &&
           fits(tensor->scales_offset, (uint64_t)rows * 2, size);
}

static bool tensors_fit(const sm_model *model) {
    const sm_image_header *h = model->header;
    const sm_tensor *t = model->tensors;
    const uint32_t query = sm_query_width(h);
    const uint32_t kv = sm_kv_width(h);
    const uint32_t positions = h->position == SM_POSITION_LEARNED ? h->max_seq_len : 0u;
    const uint32_t pairs = h->head_dim / 2u;
    const uint32_t rotations = h->position == SM_POSITION_ROPE && pairs ? h->max_seq_len : 0u;
    const uint32_t classes = h->tied ? 0u : h->vocab_size;
    /* Rotations shift right by this much. */
    const int32_t rotary_bits = -t[SM_SLOT_ROTARY].exponent;
    if (rotations && (rotary_bits < 0 || rotary_bits > 15)) return false;
    bool ok = tensor_fits(h, &t[SM_SLOT_EMBEDDING], SM_FORMAT_INT8, h->vocab_size, h->dim) &&
              tensor_fits(h, &t[SM_SLOT_POSITION], SM_FORMAT_INT8, positions, h->dim) &&
              tensor_fits(h, &t[SM_SLOT_ROTARY], SM_FORMAT_INT16, rotations, pairs * 2u) &&
              tensor_fits(h, &t[SM_SLOT_FINAL_NORM], SM_FORMAT_INT16, 1, h->dim) &&
              tensor_fits(h, &t[SM_SLOT_CLASSIFIER], SM_FORMAT_INT8, classes, h->dim);
    for (uint32_t layer = 0; ok && layer < h->n_layers; layer++) {
        const sm_tensor *l = sm_layer_tensor(model, layer, SM_LAYER_ATTENTION_NORM);
        const uint32_t gate = h->gated ? h->hidden_dim : 0u;
        ok = tensor_fits(h, &l[SM_LAYER_ATTENTION_NORM], SM_FORMAT_INT16, 1, h->dim) &&
             tensor_fits(h, &l[SM_LAYER_QUERY], SM_FORMAT_INT8, query, h->dim) &&
             tensor_fits(h, &l[SM_LAYER_KEY], SM_FORMAT_INT8, kv, h->dim) &&
             tensor_fits(h, &l[SM_LAYER_VALUE], SM_FORMAT_INT8, kv, h->dim) &&
             tensor_fits(h, &l[SM_LAYER_OUTPUT], SM_FORMAT_INT8, h->dim, query) &&
             tensor_fits(h, &l[SM_LAYER_FFN_NORM], SM_FORMAT_INT16, 1, h->dim) &&
             tensor_fits(h, &l[SM_LAYER_GATE], SM_FORMAT_INT8, gate, h->dim) &&
             tensor_fits(h, &l[SM_LAYER_UP], SM_FORMAT_INT8, h->hidden_dim, h->dim) &&
             tensor_fits(h, &l[SM_LAYER_DOWN], SM_FORMAT_INT8, h->dim, h->hidden_dim);
    }
    return ok;
}

static bool sections_fit(const sm_image_header *header) {
    const uint32_t size = header->image_bytes;
    const uint32_t offsets[] = {header->tensors_offset, header->tokenizer_offset,
                                header->cold_offset, header->weights_offset};
    for (size_t i = 0; i < sizeof offsets / sizeof offsets[0]; i++) {
        if (offsets[i] % 4 != 0) return false;
    }
    return fits(header->tensors_offset, (uint64_t)header->tensor_count * sizeof(sm_tensor), size) &&
           fits(header->tokenizer_offset, header->tokenizer_bytes, size) &&
           fits(header->cold_offset, header->cold_bytes, size) &&
           fits(header->weights_offset, header->weights_bytes, size);
}

sm_status sm_model_open(sm_model *model, const void *image, uint32_t available) {
    const uint8_t *bytes = image;
    const sm_image_header *header = image;
    if (available < sizeof *header) return SM_ERROR_TRUNCATED;
    if (header->magic != SM_IMAGE_MAGIC) return SM_ERROR_MAGIC;
    if (header->version != SM_IMAGE_VERSION) return SM_ERROR_VERSION;
    if (header->header_bytes != sizeof *header) return SM_ERROR_SHAPE;
    if (header->image_bytes > available) return SM_ERROR_TRUNCATED;
    if (header->image_bytes < sizeof *header) return SM_ERROR_SHAPE;
    const uint32_t checked_from = offsetof(sm_image_header, crc32) + sizeof header->crc32;
    if (sm_crc32(0, bytes + checked_from, header->image_bytes - checked_from) != header->crc32) {
        return SM_ERROR_CHECKSUM;
    }
    if (header->norm > SM_NORM_LAYER || header->position > SM_POSITION_NONE ||
        header->activation > SM_ACTIVATION_GELU || header->gated > 1 || header->tied > 1) {
        return SM_ERROR_UNSUPPORTED;
    }
    if (!shapes_are_possible(header) || !sections_fit(header) ||
        !factor_is_possible(header->norm_factor) || !factor_is_possible(header->attention_factor)) {
        return SM_ERROR_SHAPE;
    }
    if (header->tensor_count != SM_SLOT_LAYERS + (uint32_t)header->n_layers * SM_LAYER_SLOTS) {
        return SM_ERROR_SHAPE;
    }
    model->header = header;
    model->tensors = (const sm_tensor *)(const void *)(bytes + header->tensors_offset);
    model->tokenizer = bytes + header->tokenizer_offset;
    model->cold = bytes + header->cold_offset;
    model->weights = bytes + header->weights_offset;
    if (!tensors_fit(model)) return SM_ERROR_SHAPE;
    return sm_tokenizer_check(model);
}

void sm_model_use_weights(sm_model *model, const void *weights) { model->weights = weights; }
