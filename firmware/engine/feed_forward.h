/* One feed-forward layer for one position. */
#ifndef STARMIND_FEED_FORWARD_H
#define STARMIND_FEED_FORWARD_H

#include "engine.h"
#include "vector.h"

/** Takes the normed residual; the result is added to engine->residual. */
void sm_feed_forward(sm_engine *engine, uint32_t layer, const sm_rounding *normed);

#endif
