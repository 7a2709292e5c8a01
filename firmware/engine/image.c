#include "image.h"

#include <stddef.h>

#include "kernel.h"
#include "kernel_layout.h"
#include "sections.h"
#include "tokenizer.h"

const char *sm_status_text(sm_status status) {
    switch (status) {
    case SM_OK: return "ok";
    case SM_ERROR_TRUNCATED: return "the model image is cut short";
    case SM_ERROR_MAGIC: return "there is no model image";
    case SM_ERROR_VERSION: return "the model image was written for another engine version";
    case SM_ERROR_CHECKSUM: return "the model image is damaged (CRC-32 differs)";
    case SM_ERROR_SHAPE: return "the model image has an impossible shape, offset or option";
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
    if (header->kv_cache == SM_FORMAT_INT4 && header->max_seq_len > SM_MAX_NARROW_POSITIONS) {
        return false;
    }
    const uint64_t cached =
        (uint64_t)header->n_layers * header->max_seq_len * header->n_kv_heads * header->head_dim;
    return header->n_heads % header->n_kv_heads == 0 && cached <= SM_MAX_CACHED;
}

/** Whether the tables of n-grams are as a model may have them; 0 rows: there are none. */
static bool tables_are_possible(const sm_image_header *header) {
    const uint32_t rows = header->ngram_rows;
    if (rows == 0) return true;
    const uint32_t target =
        header->ngram_into == SM_NGRAM_VALUES ? sm_kv_width(header) : header->dim;
    return rows >= 2 && rows <= SM_MAX_NGRAM_ROWS && (rows & (rows - 1u)) == 0 &&
           header->ngram_width > 0 && header->ngram_width <= target;
}

/** Whether a stored factor is in the range of the engine's arithmetic. */
static bool factor_is_possible(sm_scale factor) {
    return factor.mantissa >= 0x8000u && factor.mantissa <= 0xffffu && factor.exponent >= -64 &&
           factor.exponent <= 64;
}

/** Whether the image's default sampling is valid, as that of a request must be. */
static bool sampling_is_possible(const sm_image_header *header) {
    return header->temperature <= SM_MAX_TEMPERATURE && header->top_p <= SM_MAX_TOP_P;
}

typedef struct {
    uint8_t bits;
    uint8_t rows;    /* of a tile; 1: rows are stored alone */
    uint8_t columns; /* padded to a multiple of it */
    uint8_t alignment;
    uint8_t scale_layout;
    const char *name;
} format_properties;

static const format_properties formats[SM_FORMAT_COUNT] = {
#define FORMAT(name, text, bits, rows, columns, alignment, scale_layout)                           \
    [SM_FORMAT_##name] = {bits, rows, columns, alignment, scale_layout, text},
    SM_FORMATS(FORMAT)
#undef FORMAT
};

const char *sm_format_name(uint8_t format) { return formats[format].name; }

uint32_t sm_tensors_in_format(const sm_model *model, uint8_t format) {
    uint32_t count = 0;
    for (uint32_t i = 0; i < model->header->tensor_count; i++) {
        if (model->tensors[i].rows != 0 && model->tensors[i].format == format) count++;
    }
    return count;
}

static sm_status refuse(sm_model *model, const char *problem) {
    model->problem = problem;
    return SM_ERROR_UNSUPPORTED;
}

/** Bytes from one tile, or row, of a format to the next. */
static uint32_t stride_of(const format_properties *format, uint32_t columns) {
    const uint32_t padded = (columns + format->columns - 1u) / format->columns * format->columns;
    return format->rows * padded * format->bits / 8u;
}

static uint32_t section_bytes(const sm_image_header *header, uint8_t section) {
    return section == SM_SECTION_WEIGHTS  ? header->weights_bytes
           : section == SM_SECTION_STREAM ? header->stream_bytes
                                          : header->cold_bytes;
}

/** Whether a tensor's tiles and scales lie inside its section, on the boundaries of its format. */
static bool tensor_fits(const sm_image_header *header, const sm_tensor *tensor) {
    const format_properties *format = &formats[tensor->format];
    if (tensor->section >= SM_SECTION_COUNT || tensor->group_size != 0) return false;
    /* Kernels read a piece of whole words. */
    if (tensor->section == SM_SECTION_STREAM && format->rows != SM_KERNEL_ROWS) return false;
    const uint32_t size = section_bytes(header, tensor->section);
    const uint32_t scales_size = section_bytes(header, sm_scales_section(tensor));
    const uint32_t tiles = (tensor->rows + format->rows - 1u) / format->rows;
    if (tensor->alignment != format->alignment) return false;
    if (tensor->stride != stride_of(format, tensor->columns)) return false;
    if (tensor->values_offset % format->alignment != 0) return false;
    if (!fits(tensor->values_offset, (uint64_t)tiles * tensor->stride, size)) return false;
    if (tensor->scale_layout == SM_SCALES_NONE) return true;
    if (tensor->scale_layout == SM_SCALES_BYTE) {
        return fits(tensor->scales_offset, tensor->rows, scales_size);
    }
    return tensor->scales_offset % 2 == 0 &&
           fits(tensor->scales_offset, (uint64_t)tensor->rows * 2, scales_size);
}

/** Whether every index of a ternary matrix is one of the kernel's tables, and no other bit is set.
 */
static bool indexes_are_valid(const sm_model *model, const sm_tensor *tensor) {
    const uint32_t *word = (const uint32_t *)(const void *)sm_tensor_values(model, tensor);
    const uint32_t tiles = (tensor->rows + SM_KERNEL_ROWS - 1u) / SM_KERNEL_ROWS;
    const uint32_t *const end = word + tiles * (tensor->stride / sizeof *word);
    for (; word < end; word++) {
        if (*word & 0x80000007u) return false;
        for (uint32_t indexes = *word >> 3; indexes != 0; indexes >>= 7) {
            if ((indexes & 127u) >= TERNARY_ENTRIES) return false;
        }
    }
    return true;
}

/** Checks a tensor; a model without it has rows == 0 in its place. */
static sm_status check_tensor(sm_model *model, const sm_tensor *tensor, bool is_matrix,
                              uint32_t rows, uint32_t columns, bool present) {
    if (!present) return tensor->rows == 0 ? SM_OK : SM_ERROR_SHAPE;
    if (tensor->format >= SM_FORMAT_COUNT || tensor->scale_layout >= SM_SCALES_COUNT) {
        return refuse(model, "the model image uses a format this engine does not know");
    }
    const format_properties *format = &formats[tensor->format];
    if (tensor->scale_layout == SM_SCALES_GROUP) {
        return refuse(model, "the model image has a scale for each group of columns, which this "
                             "engine cannot run");
    }
    const bool is_expected = is_matrix == (format->rows == SM_KERNEL_ROWS) &&
                             tensor->scale_layout == format->scale_layout && tensor->rows == rows &&
                             tensor->columns == columns;
    if (!is_expected || !tensor_fits(model->header, tensor)) return SM_ERROR_SHAPE;
    if (tensor->format == SM_FORMAT_TERNARY && !indexes_are_valid(model, tensor)) {
        return SM_ERROR_SHAPE;
    }
    return SM_OK;
}

/** Whether sines and cosines are at most 1, so that rotated vectors keep the ranges of attention.c.
 */
static bool rotations_are_possible(const sm_model *model) {
    const sm_tensor *rotary = &model->tensors[SM_SLOT_ROTARY];
    if (rotary->rows == 0) return true;
    if (rotary->exponent > 0 || rotary->exponent < -15) return false;
    const int32_t one = INT32_C(1) << -rotary->exponent;
    for (uint32_t row = 0; row < rotary->rows; row++) {
        const int16_t *angles = sm_int16_row(model, rotary, row);
        for (uint32_t i = 0; i < rotary->columns; i++) {
            if (angles[i] > one || angles[i] < -one) return false;
        }
    }
    return true;
}

/** Checks a table of n-grams, which a layer may lack; the header says how all of them are stored.
 */
static sm_status check_table(const sm_model *model, const sm_tensor *table) {
    const sm_image_header *header = model->header;
    if (table->rows == 0) return SM_OK;
    const bool is_expected =
        table->rows == header->ngram_rows && table->columns == header->ngram_width &&
        table->format == header->ngram_format && table->scale_layout == SM_SCALES_BYTE &&
        table->section == SM_SECTION_COLD;
    return is_expected && tensor_fits(header, table) ? SM_OK : SM_ERROR_SHAPE;
}

/**
 * Whether all that a pass reads beside streamed matrices is in the weights section, which the port
 * copies: the flash cannot be read meanwhile. Rows of n-grams are read before.
 */
static bool stays_readable(const sm_model *model) {
    const sm_image_header *header = model->header;
    if (header->stream_bytes == 0) return true;
    const sm_tensor *tensors = model->tensors;
    const sm_tensor *classifier = &tensors[header->tied ? SM_SLOT_EMBEDDING : SM_SLOT_CLASSIFIER];
    if (classifier->section == SM_SECTION_COLD) return false;
    if (tensors[SM_SLOT_FINAL_NORM].section == SM_SECTION_COLD) return false;
    for (uint32_t layer = 0; layer < header->n_layers; layer++) {
        const sm_tensor *slots = sm_layer_tensor(model, layer, SM_LAYER_ATTENTION_NORM);
        for (uint32_t slot = 0; slot <= SM_LAYER_DOWN; slot++) {
            if (slots[slot].rows != 0 && slots[slot].section == SM_SECTION_COLD) return false;
        }
    }
    return true;
}

static sm_status check_tensors(sm_model *model) {
    const sm_image_header *h = model->header;
    const sm_tensor *tensor = model->tensors;
    sm_status status = SM_OK;
#define CHECK_TENSOR(slot, is_matrix, rows, columns, present)                                      \
    if (status == SM_OK) {                                                                         \
        status = check_tensor(model, &tensor[slot], is_matrix, rows, columns, present);            \
    }
    SM_MODEL_TENSORS(CHECK_TENSOR)
    for (uint32_t layer = 0; status == SM_OK && layer < h->n_layers; layer++) {
        tensor = sm_layer_tensor(model, layer, SM_LAYER_ATTENTION_NORM);
        SM_LAYER_TENSORS(CHECK_TENSOR)
#define CHECK_TABLE(slot, order)                                                                   \
    if (status == SM_OK) status = check_table(model, &tensor[slot]);
        SM_NGRAM_TABLES(CHECK_TABLE)
    }
#undef CHECK_TABLE
#undef CHECK_TENSOR
    if (status != SM_OK) return status;
    if (!stays_readable(model)) return SM_ERROR_SHAPE;
    return rotations_are_possible(model) ? SM_OK : SM_ERROR_SHAPE;
}

static bool sections_fit(const sm_image_header *header) {
    const uint32_t size = header->image_bytes;
    const uint32_t offsets[] = {header->tensors_offset, header->tokenizer_offset,
                                header->cold_offset, header->weights_offset, header->stream_offset};
    for (size_t i = 0; i < sizeof offsets / sizeof offsets[0]; i++) {
        if (offsets[i] % 4 != 0) return false;
    }
    return fits(header->tensors_offset, (uint64_t)header->tensor_count * sizeof(sm_tensor), size) &&
           fits(header->tokenizer_offset, header->tokenizer_bytes, size) &&
           fits(header->cold_offset, header->cold_bytes, size) &&
           fits(header->weights_offset, header->weights_bytes, size) &&
           fits(header->stream_offset, header->stream_bytes, size) &&
           /* The port copies it in words. */
           header->weights_bytes % 4 == 0;
}

static sm_status open_image(sm_model *model, const void *image, uint32_t available) {
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
    if (header->norm >= SM_NORM_COUNT || header->position >= SM_POSITION_COUNT ||
        header->activation >= SM_ACTIVATION_COUNT || header->gated > 1 || header->tied > 1 ||
        (header->kv_cache != SM_FORMAT_INT8 && header->kv_cache != SM_FORMAT_INT4) ||
        header->when_full >= SM_WHEN_FULL_COUNT || header->ngram_into >= SM_NGRAM_COUNT ||
        (header->ngram_rows != 0 && header->ngram_format != SM_FORMAT_INT8_ROWS &&
         header->ngram_format != SM_FORMAT_INT4_ROWS)) {
        return refuse(model, "the model image has an option this engine does not know");
    }
    if (!shapes_are_possible(header) || !tables_are_possible(header) || !sections_fit(header) ||
        !sampling_is_possible(header) || !factor_is_possible(header->norm_factor) ||
        !factor_is_possible(header->attention_factor)) {
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
    model->stream = bytes + header->stream_offset;
    const sm_status status = check_tensors(model);
    return status == SM_OK ? sm_tokenizer_check(model) : status;
}

sm_status sm_model_open(sm_model *model, const void *image, uint32_t available) {
    model->problem = NULL;
    const sm_status status = open_image(model, image, available);
    if (!model->problem) model->problem = sm_status_text(status);
    return status;
}

void sm_model_use_weights(sm_model *model, const void *weights) { model->weights = weights; }
