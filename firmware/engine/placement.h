/*
 * Placement of code and tables. Ports define these on the compiler's command line; by default the
 * linker decides. On the RP2040 hot code in flash would wait for the XIP cache.
 */
#ifndef STARMIND_PLACEMENT_H
#define STARMIND_PLACEMENT_H

#include "stream.h"

#ifndef SM_HOT
#define SM_HOT
#endif
#ifndef SM_HOT_DATA
#define SM_HOT_DATA
#endif

/*
 * Data of options that few models have: it leaves SRAM to the models and waits for the cache of the
 * flash, unless flash cannot be read for a while.
 */
#if SM_STREAMS
#define SM_RARE_DATA SM_HOT_DATA
#else
#define SM_RARE_DATA
#endif

#endif
