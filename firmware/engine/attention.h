/* One attention layer for one position. */
#ifndef STARMIND_ATTENTION_H
#define STARMIND_ATTENTION_H

#include "engine.h"

/**
 * Attends from `position` to all positions up to it. On entry engine->quantized holds the normed
 * residual with its `scale`; the result is added to engine->residual.
 */
void sm_attention(sm_engine *engine, uint32_t layer, uint32_t position, sm_scale scale);

#endif
