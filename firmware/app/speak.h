/* Runs a generate command and streams its tokens. */
#ifndef STARMIND_APP_SPEAK_H
#define STARMIND_APP_SPEAK_H

#include "command.h"
#include "engine.h"

/** Sends a token record each, then done; or an error record. Calls `stopped` between tokens. */
void speak(sm_engine *engine, const command *request, bool (*stopped)(void));

#endif
