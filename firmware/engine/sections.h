/* Finding tensors and their numbers in an opened image. */
#ifndef STARMIND_SECTIONS_H
#define STARMIND_SECTIONS_H

#include "image.h"

static inline const uint8_t *sm_section(const sm_model *model, uint8_t section) {
    return section == SM_SECTION_WEIGHTS  ? model->weights
           : section == SM_SECTION_STREAM ? model->stream
                                          : model->cold;
}

/** The section of a tensor's scales: those of a streamed matrix are at hand. */
static inline uint8_t sm_scales_section(const sm_tensor *tensor) {
    return tensor->section == SM_SECTION_STREAM ? (uint8_t)SM_SECTION_WEIGHTS : tensor->section;
}

/** First tile or row of a tensor. */
static inline const uint8_t *sm_tensor_values(const sm_model *model, const sm_tensor *tensor) {
    return sm_section(model, tensor->section) + tensor->values_offset;
}

/* Offsets and strides of 16-bit data are checked to be even when the image is opened. */
static inline const int16_t *sm_int16_row(const sm_model *model, const sm_tensor *tensor,
                                          uint32_t row) {
    const uint8_t *values = sm_tensor_values(model, tensor) + row * tensor->stride;
    return (const int16_t *)(const void *)values;
}

static inline const uint16_t *sm_row_scales(const sm_model *model, const sm_tensor *tensor) {
    return (const uint16_t *)(const void *)(sm_section(model, sm_scales_section(tensor)) +
                                            tensor->scales_offset);
}

static inline const sm_tensor *sm_layer_tensor(const sm_model *model, uint32_t layer,
                                               enum sm_layer_slot slot) {
    return &model->tensors[SM_SLOT_LAYERS + layer * SM_LAYER_SLOTS + (uint32_t)slot];
}

/** Width of the attention output: all query heads. */
static inline uint32_t sm_query_width(const sm_image_header *header) {
    return (uint32_t)header->n_heads * header->head_dim;
}

static inline uint32_t sm_kv_width(const sm_image_header *header) {
    return (uint32_t)header->n_kv_heads * header->head_dim;
}

#endif
