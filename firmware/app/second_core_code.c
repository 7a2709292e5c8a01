/*
 * Copies of the matrix and attention kernels for the second core, beside its stack. Cores that
 * fetch from the same four banks wait for each other in a twelfth of all cycles; the second core's
 * own bank serves it alone. Kernels that few models use have no copy: the bank has no room for
 * them. second_core_room.ld adds up what is copied.
 */
#include "second_core_code.h"

#include "model_config.h"

#if STARMIND_CORES > 1

#define COPIED(X)                                                                                  \
    X(sm_kernel_int8_multiply)                                                                     \
    X(sm_kernel_int4_multiply)                                                                     \
    X(sm_kernel_ternary_multiply)                                                                  \
    X(sm_attention_int8_scores)                                                                    \
    X(sm_attention_int8_values)

/* What the macros in macros.inc define: code that may lie anywhere, and where its copy is. */
#define DECLARE(name)                                                                              \
    extern const uint32_t name##_begin[], name##_end[];                                            \
    extern uint32_t name##_jump;
COPIED(DECLARE)

/** Copies code, and lets the jump before its begin lead to the copy. Returns the copy's end. */
static uint32_t *copy(const uint32_t *begin, const uint32_t *end, uint32_t *jump, uint32_t *place) {
    *jump = (uint32_t)place - (uint32_t)jump;
    while (begin < end) *place++ = *begin++;
    return place;
}

uint32_t *second_core_copy_code(uint32_t *place) {
#define COPY(name) place = copy(name##_begin, name##_end, &name##_jump, place);
    COPIED(COPY)
    return place;
}

#endif
