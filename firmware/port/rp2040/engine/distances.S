/*
 * The loops of distances.h: 4 cycles a logit for the highest; 4 for one that is far, with three
 * others, and about 60 for one that is near.
 */
#include "macros.inc"

#define BIN_SHIFT 6     /* SM_BIN_BITS */
#define FAR_SHIFT 12    /* SM_FARTHEST has all bits below */
#define LOGITS_OF_TURN 4

#define BINS_BYTES 512  /* of SM_BINS */

/* void sm_clear_bins(bins r0) */
function sm_clear_bins, stack=12
    push {r4, r5, lr}
    movs r1, #0
    movs r2, #0
    movs r3, #0
    movs r4, #0
    ldr r5, =BINS_BYTES
    adds r5, r5, r0
1:  .rept 4
    stm r0!, {r1-r4}
    .endr
    cmp r0, r5
    bne 1b
    pop {r4, r5, pc}
end_function sm_clear_bins

/* int32_t sm_highest(values r0, count r1) */
function sm_highest, stack=16
    push {r4-r6, lr}
    lsls r6, r1, #2
    adds r6, r6, r0             /* end */
    movs r2, #1
    lsls r2, r2, #31
    movs r3, #LOGITS_OF_TURN - 1
    ands r1, r3
    b 2f
1:  ldm r0!, {r3}               /* what is no whole turn comes first */
    subs r1, #1
    cmp r3, r2
    ble 2f
    movs r2, r3
2:  cmp r1, #0
    bne 1b
    b 4f
3:  ldm r0!, {r1, r3-r5}
    .irp value, r1, r3, r4, r5
    cmp \value, r2
    bgt 5f
6:
    .subsection 1
5:  movs r2, \value
    b 6b
    .previous
    .endr
4:  cmp r0, r6
    bne 3b
    movs r0, r2
    pop {r4-r6, pc}
end_function sm_highest

/* Locals: offsets from the stack pointer. */
#define BINS 0
#define WEIGHT 4        /* so far */
#define NUMBERED 8      /* where token 0 would be, and a word */
#define FIRST 12        /* near token */
#define RESULT 16
#define LOCALS 20

/* sm_reach sm_distances(result r0, logits r1, count r2, first r3, scale [sp], bins [sp, 4]) */
function sm_distances, stack=56
    save_registers
    sub sp, #LOCALS
    str r0, [sp, #RESULT]
    str r1, [sp, #FIRST]
    ldr r4, [sp, #LOCALS + SAVED_BYTES + 4]
    str r4, [sp, #BINS]
    movs r4, #0
    str r4, [sp, #WEIGHT]
    movs r0, r1
    lsls r3, r3, #2
    subs r3, r1, r3
    adds r3, #4
    str r3, [sp, #NUMBERED]
    lsls r3, r2, #2
    adds r3, r3, r0
    mov r12, r3                 /* end of the logits */
    ldr r3, [sp, #LOCALS + SAVED_BYTES]
    ldm r3!, {r4-r6}
    ldm r3!, {r7}
    mov r8, r4                  /* top */
    mov r10, r6                 /* before */
    mov r11, r7                 /* after */
    ldr r3, [r3]
    mov r9, r3                  /* mantissa */
    subs r6, r4, r5             /* what is far is not above it */
    bvc 1f
    movs r6, #1
    lsls r6, r6, #31
1:  ldr r7, =sm_exp2_table
    movs r3, #LOGITS_OF_TURN - 1
    ands r2, r3
    lsls r2, r2, #2
    adds r2, r2, r0
    mov lr, r2                  /* what is no whole turn comes first */
    b 7f
2:  ldm r0!, {r2-r5}
    cmp r2, r6
    bgt 4f
    cmp r3, r6
    bgt 4f
    cmp r4, r6
    bgt 4f
    cmp r5, r6
    bgt 4f
3:  cmp r0, r12
    bne 2b
    ldr r0, [sp, #RESULT]
    ldr r2, [sp, #FIRST]
    subs r1, r1, r2
    lsrs r1, r1, #2
    ldr r2, [sp, #WEIGHT]
    str r1, [r0]
    str r2, [r0, #4]
    add sp, #LOCALS
    restore_registers_and_return
    /* One by one up to lr. r1 is where the next near token goes. */
4:  mov lr, r0
    subs r0, #4 * LOGITS_OF_TURN
5:  ldm r0!, {r2}
    cmp r2, r6
    ble 7f
    mov r3, r8
    subs r3, r3, r2
    mov r5, r10
    lsrs r3, r5
    mov r5, r9
    muls r3, r5
    mov r5, r11
    lsrs r3, r5
    lsrs r4, r3, #FAR_SHIFT
    bne 7f
    ldr r4, [sp, #NUMBERED]
    subs r4, r0, r4
    lsls r4, r4, #14
    orrs r4, r3
    stm r1!, {r4}
    lsrs r5, r3, #8
    uxtb r4, r3
    lsls r4, r4, #1
    ldrh r4, [r7, r4]
    lsrs r4, r5
    ldr r5, [sp, #WEIGHT]
    adds r5, r5, r4
    str r5, [sp, #WEIGHT]
    lsrs r3, r3, #BIN_SHIFT
    lsls r3, r3, #3
    ldr r5, [sp, #BINS]
    adds r3, r3, r5
    ldm r3!, {r2, r5}
    adds r2, #1
    adds r5, r5, r4
    subs r3, #8
    stm r3!, {r2, r5}
7:  cmp r0, lr
    bne 5b
    b 3b
end_function sm_distances
