/* The device protocol: greets the host, reads commands, generates. */
#ifndef STARMIND_APP_SERVICE_H
#define STARMIND_APP_SERVICE_H

#include "model_store.h"

/** Version of the records and commands; raised when a host must know. */
#define PROTOCOL_VERSION 2u
#define FIRMWARE_VERSION "0.1.0"

/** Serves commands for ever. */
_Noreturn void service_run(model_store *store);

#endif
