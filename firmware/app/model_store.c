#include "model_store.h"

#include "model_config.h"
#include "pico.h"
#include "stream.h"

/* In bss, under names of their own, so that the linked sizes can be compared with the estimate. */
#ifdef STARMIND_POOL_BYTES
/* The program for any model: the arena comes first, and the rest of the pool is for the weights. */
static uint32_t starmind_pool[STARMIND_POOL_BYTES / 4];
#else
#if STARMIND_WEIGHTS_BYTES > 0
static uint32_t starmind_weights[STARMIND_WEIGHTS_BYTES / 4];
#endif
static uint32_t starmind_arena[STARMIND_ARENA_BYTES / 4];
#endif

/** In flash, in a section of its own; see port/rp2040/model_image.S. */
extern const uint8_t starmind_model_image[];

#ifdef STARMIND_POOL_BYTES

static uint32_t weights_in_pool;

uint32_t model_store_weights_bytes(void) { return weights_in_pool; }
uint32_t model_store_arena_bytes(void) { return sizeof starmind_pool - weights_in_pool; }
uint32_t model_store_pool_bytes(void) { return sizeof starmind_pool; }

static uint32_t *arena_of(uint32_t bytes) {
    return bytes <= sizeof starmind_pool ? starmind_pool : NULL;
}

/** Room for weights in SRAM, or NULL where there is too little. */
static uint32_t *room_for_weights(uint32_t arena, uint32_t bytes) {
    const uint32_t used = (arena + 3u) & ~UINT32_C(3);
    if (bytes > sizeof starmind_pool - used) return NULL;
    weights_in_pool = bytes;
    return starmind_pool + used / 4;
}

#else

uint32_t model_store_weights_bytes(void) { return STARMIND_WEIGHTS_BYTES; }
uint32_t model_store_arena_bytes(void) { return sizeof starmind_arena; }
uint32_t model_store_pool_bytes(void) { return 0; }

static uint32_t *arena_of(uint32_t bytes) {
    return bytes <= sizeof starmind_arena ? starmind_arena : NULL;
}

static uint32_t *room_for_weights(uint32_t arena, uint32_t bytes) {
    (void)arena;
#if STARMIND_WEIGHTS_BYTES > 0
    return bytes <= sizeof starmind_weights ? starmind_weights : NULL;
#else
    (void)bytes;
    return NULL;
#endif
}

#endif

/** Copies the weights section to SRAM. False where there is no room for it. */
static bool load_weights(sm_model *model) {
    const uint32_t bytes = model->header->weights_bytes;
    uint32_t *room = room_for_weights(sm_arena_bytes(model), bytes);
    if (!room) return false;
    const uint32_t *source = (const uint32_t *)(const void *)model->weights;
    for (uint32_t i = 0; i < bytes / 4; i++) room[i] = source[i];
    sm_model_use_weights(model, room);
    return true;
}

void model_store_open(model_store *store) {
    const uint32_t address = (uint32_t)starmind_model_image;
    const uint32_t available = XIP_BASE + PICO_FLASH_SIZE_BYTES - address;
    const sm_status status = sm_model_open(&store->model, starmind_model_image, available);
    store->problem = NULL;
    if (status != SM_OK) {
        store->problem = store->model.problem;
        return;
    }
    if (!SM_STREAMS && store->model.header->stream_bytes > 0) {
        store->problem = "the model streams matrices from flash, which this firmware cannot";
        return;
    }
    uint32_t *arena = arena_of(sm_arena_bytes(&store->model));
    if (!arena) {
        store->problem = "the model needs more working memory than this firmware keeps";
        return;
    }
    /* Where there is no room, weights are read from flash: not while matrices are streamed. */
    if (!load_weights(&store->model) && store->model.header->stream_bytes > 0) {
        store->problem = "the model needs more memory for weights than this firmware keeps";
        return;
    }
    sm_engine_init(&store->engine, &store->model, arena);
}
