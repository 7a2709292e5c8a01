/* One feed-forward layer for one position. */
#ifndef STARMIND_FEED_FORWARD_H
#define STARMIND_FEED_FORWARD_H

#include "engine.h"

/**
 * On entry engine->quantized holds the normed residual with its `scale`; the result is added to
 * engine->residual.
 */
void sm_feed_forward(sm_engine *engine, uint32_t layer, sm_scale scale);

#endif
