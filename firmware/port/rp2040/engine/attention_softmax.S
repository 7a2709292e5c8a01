/* The softmax of attention_kernel.h: 19 cycles a score. */
#include "macros.inc"

/* The score in \score becomes a weight, and is added to the sum. Uses r1. */
.macro weigh score:req
    muls \score, r4             /* -mantissa */
    add \score, r8              /* highest * mantissa */
    lsrs \score, \score, r5     /* 2 z */
    add \score, r11             /* dropped bits, as distance */
    lsrs r1, \score, #9
    ands \score, r6
    ldrh \score, [r7, \score]
    lsrs \score, \score, r1
    add r9, \score
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
.macro include_in_highest word:req
    cmp \word, r5
    bls 1f
    movs r5, \word
1:  lsls \word, \word, #16
    cmp \word, r6
    bls 1f
    movs r6, \word
1:
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
    bcc 3f
    ldm r4!, {r7}
    include_in_highest r7
    b 3f
2:  ldm r4!, {r1, r7}
    include_in_highest r1
    include_in_highest r7
3:  cmp r4, r10
    bne 2b
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
8:  subs r5, r3, #1
    ldr r6, =255 << 1
    ldr r7, =sm_exp2_table
    movs r1, #0
    mov r9, r1
    ldr r1, [sp, #SAVED_BYTES]
    lsls r1, r1, #9
    mov r11, r1
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
    rsbs r2, r2, #0
    add r9, r2
    movs r1, #0
    strh r1, [r0]
1:  mov r0, r9
    restore_registers_and_return
end_function sm_attention_softmax
