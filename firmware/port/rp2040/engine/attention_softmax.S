/*
 * The softmax of attention_kernel.h: 18 cycles a score. Interpolator 0 takes a distance apart: lane 0
 * gives the address of the table's entry for its fraction, lane 1 the shift for the rest.
 */
#include "interpolators.inc"
#include "macros.inc"

/* The score in \score becomes a weight, and is added to the sum r6. Uses r1. */
.macro weigh score:req
    muls \score, r4             /* -mantissa */
    add \score, r8              /* highest * mantissa */
    str \score, [r7, #ACCUMULATOR0]
    ldr \score, [r7, #PEEK_LANE0]
    ldr r1, [r7, #PEEK_LANE1]
    ldrh \score, [\score]
    lsrs \score, r1
    adds r6, r6, \score
.endm

/* The same for the two scores at r0. */
.macro weigh_two
    ldr r2, [r0]
    lsrs r3, r2, #16
    uxth r2, r2
    weigh r2
    weigh r3
    lsls r3, r3, #16
    orrs r2, r3
    stm r0!, {r2}
.endm

/* The highest of the upper halves so far, as whole words, is r5, and that of the lower halves r6. */
.macro include_in_highest word:req, place:req
    cmp \word, r5
    bhi .Lupper\place
.Lthen\place:
    lsls \word, \word, #16
    cmp \word, r6
    bhi .Llower\place
.Lincluded\place:
.endm

/* What is seldom done, out of the way. */
.macro raise_highest word:req, place:req
.Lupper\place:
    movs r5, \word
    b .Lthen\place
.Llower\place:
    movs r6, \word
    b .Lincluded\place
.endm

/*
 * uint32_t sm_attention_softmax(scores r0, count r1, mantissa r2, shift r3, dropped [sp])
 *
 * A shift by a register takes its lowest byte: z / 256 and the dropped bits must be below 256. From a
 * shift of 17 on they are, as distance * mantissa is below 2^32. With smaller shifts a score is raised
 * to that which is below the highest by F = 2^(shift - 3) + 1, where there is no weight: for a mantissa
 * from 2^15 up to 2^16, z = F * mantissa >> shift is at least 2^12, and at most 2^13 + 2^14.
 */
function sm_attention_softmax, stack=36
    save_registers
    lsls r4, r1, #1
    adds r4, r4, r0             /* end of the scores */
    lsrs r5, r1, #1
    bcc 1f
    movs r5, #0                 /* the lowest score completes the last word */
    strh r5, [r4]
    adds r4, #2
1:  mov r10, r4
    mov r12, r1
    /* Two words a turn; where their number is odd, the first is alone. */
    movs r5, #0
    movs r6, #0
    mov r7, r10
    subs r7, r7, r0
    mov lr, r7                  /* bytes */
    movs r4, r0
    lsrs r7, r7, #3
    bcc 6f
    ldm r4!, {r7}
    include_in_highest r7, 1
    b 6f
    raise_highest r7, 1
    raise_highest r1, 2
    raise_highest r7, 3
5:  ldm r4!, {r1, r7}
    include_in_highest r1, 2
    include_in_highest r7, 3
6:  cmp r4, r10
    bne 5b
    cmp r5, r6
    bhs 5f
    movs r5, r6
5:  lsrs r5, r5, #16            /* highest score */
    movs r6, r5
    muls r6, r2
    mov r8, r6
    rsbs r4, r2, #0
    cmp r3, #17
    bhs 8f
    movs r1, #1
    lsls r1, r1, r3
    lsrs r1, r1, #3
    adds r1, #1                 /* F */
    subs r5, r5, r1
    bls 8f
    movs r1, r0
6:  ldrh r2, [r1]
    cmp r2, r5
    bhs 7f
    strh r5, [r1]
7:  adds r1, #2
    cmp r1, r10
    bne 6b
8:  ldr r7, =INTERPOLATORS
    ldr r5, =MASK(1, 8)
    subs r6, r3, #1
    orrs r5, r6
    str r5, [r7, #CONTROL_LANE0]
    ldr r5, =sm_exp2_table
    str r5, [r7, #BASE0]
    ldr r5, =MASK(0, 31) | CROSS_INPUT
    adds r3, #8
    cmp r3, #31
    bls 1f
    ldr r5, =MASK(31, 31) | CROSS_INPUT /* z / 256 is 0 */
    movs r3, #31
1:  orrs r5, r3
    str r5, [r7, #CONTROL_LANE1]
    ldr r5, [sp, #SAVED_BYTES]
    str r5, [r7, #BASE1]        /* dropped bits */
    movs r6, #0
    mov r1, lr
    lsrs r1, r1, #3
    bcc 3f
    weigh_two
    b 3f
2:  weigh_two
    weigh_two
3:  cmp r0, r10
    bne 2b
    mov r1, r12
    lsrs r1, r1, #1
    bcc 1f
    /* The score that completed the last word has no weight. */
    subs r0, #2
    ldrh r2, [r0]
    subs r6, r6, r2
    movs r1, #0
    strh r1, [r0]
1:  movs r0, r6
    restore_registers_and_return
end_function sm_attention_softmax
