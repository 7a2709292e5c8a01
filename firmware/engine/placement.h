/*
 * Placement of code and tables. Ports define these on the compiler's command line; by default the
 * linker decides. On the RP2040 hot code in flash would wait for the XIP cache.
 */
#ifndef STARMIND_PLACEMENT_H
#define STARMIND_PLACEMENT_H

#ifndef SM_HOT
#define SM_HOT
#endif
#ifndef SM_HOT_DATA
#define SM_HOT_DATA
#endif

#endif
