/* The one model of this board: its image in flash, its weights and working memory in SRAM. */
#ifndef STARMIND_APP_MODEL_STORE_H
#define STARMIND_APP_MODEL_STORE_H

#include "engine.h"

typedef struct {
    sm_model model;
    sm_engine engine;
    /** NULL when the model is ready, else why it is not. */
    const char *problem;
} model_store;

/** Opens the image and copies the model into memory. */
void model_store_open(model_store *store);

/** Bytes of the static buffers: weights copied to SRAM, and the engine's arena. */
uint32_t model_store_weights_bytes(void);
uint32_t model_store_arena_bytes(void);

/** Most bytes of the two together in the program for any model; 0 in other programs. */
uint32_t model_store_pool_bytes(void);

#endif
