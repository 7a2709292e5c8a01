/* One attention layer for one position. */
#ifndef STARMIND_ATTENTION_H
#define STARMIND_ATTENTION_H

#include "engine.h"
#include "vector.h"

/**
 * Attends from `position` to all positions up to it, with the normed residual; the result is added
 * to engine->residual.
 */
void sm_attention(sm_engine *engine, uint32_t layer, uint32_t position, const sm_rounding *normed);

#endif
