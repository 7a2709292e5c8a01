/* Tables of the activation functions; see feed_forward.c for their use. */
#ifndef STARMIND_TABLES_H
#define STARMIND_TABLES_H

#include <stdint.h>

/** Intervals of a gate table. */
#define SM_GATE_STEPS 256u
/** SiLU: x from 0 to 16 in steps of 2^-4; GELU: x from 0 to 8 in steps of 2^-5. */
#define SM_SILU_STEP_BITS 4u
#define SM_GELU_STEP_BITS 5u

extern const uint16_t sm_silu_gate[SM_GATE_STEPS + 1];
extern const uint16_t sm_gelu_gate[SM_GATE_STEPS + 1];

#endif
