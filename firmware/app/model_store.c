#include "model_store.h"

#include "model_config.h"
#include "pico.h"

/* In bss, under their own names, so that the linked sizes can be compared with the estimate. */
#if STARMIND_WEIGHTS_BYTES > 0
static uint32_t starmind_weights[STARMIND_WEIGHTS_BYTES / 4];
#endif
static uint32_t starmind_arena[STARMIND_ARENA_BYTES / 4];

/** In flash, in a section of its own; see port/rp2040/model_image.S. */
extern const uint8_t starmind_model_image[];

uint32_t model_store_weights_bytes(void) { return STARMIND_WEIGHTS_BYTES; }

uint32_t model_store_arena_bytes(void) { return sizeof starmind_arena; }

/** Copies the weights section to SRAM where there is room for it; else it is read from flash. */
static void load_weights(sm_model *model) {
#if STARMIND_WEIGHTS_BYTES > 0
    const uint32_t bytes = model->header->weights_bytes;
    if (bytes > sizeof starmind_weights) return;
    const uint32_t *source = (const uint32_t *)(const void *)model->weights;
    for (uint32_t i = 0; i < bytes / 4; i++) starmind_weights[i] = source[i];
    sm_model_use_weights(model, starmind_weights);
#else
    (void)model;
#endif
}

void model_store_open(model_store *store) {
    const uint32_t address = (uint32_t)starmind_model_image;
    const uint32_t available = XIP_BASE + PICO_FLASH_SIZE_BYTES - address;
    const sm_status status = sm_model_open(&store->model, starmind_model_image, available);
    store->problem = NULL;
    if (status != SM_OK) {
        store->problem = sm_status_text(status);
        return;
    }
    if (sm_arena_bytes(&store->model) > sizeof starmind_arena) {
        store->problem = "the model needs more working memory than this firmware keeps";
        return;
    }
    load_weights(&store->model);
    sm_engine_init(&store->engine, &store->model, starmind_arena);
}
