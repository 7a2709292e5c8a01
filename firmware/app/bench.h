/* Times the model's matrices, whole tokens at several context lengths, and the sampler. */
#ifndef STARMIND_APP_BENCH_H
#define STARMIND_APP_BENCH_H

#include "engine.h"

/** Sends a bench record for each measurement. The KV cache is overwritten. */
void bench_run(sm_engine *engine);

#endif
