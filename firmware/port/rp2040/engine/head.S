/* The loop of head.h: 29 cycles for each element of a pair, and 24 for others; 5 of them to measure. */
#include "macros.inc"

#define BLOCK_BITS 14           /* SM_BLOCK_BITS */

/* Adds \value, which is destroyed, to the squares r6 and holds it in the peak r12. Uses \sign. */
.macro measure value:req, sign:req
    asrs \sign, \value, #31
    adds \value, \value, \sign
    eors \value, \sign
    cmp \value, r12
    bhi 8f
9:  muls \value, \value
    lsrs \value, \value, #14
    adds r6, r6, \value
    .subsection 1
8:  mov r12, \value
    b 9b
    .previous
.endm

/* Locals: offsets from the stack pointer. */
#define RESULT 0
#define PAIRS_END 4
#define END 8
#define LOCALS 12

/* sm_head_size sm_prepare_head(result r0, head r1, count r2, rotation r3) */
function sm_prepare_head, stack=48
    save_registers
    sub sp, #LOCALS
    str r0, [sp, #RESULT]
    movs r0, r1
    mov r8, r2
    lsls r4, r2, #2
    adds r4, r4, r0
    str r4, [sp, #END]
    /* Bits of the magnitudes, as sm_all_bits: two elements a turn. */
    movs r5, #0
    lsrs r2, r2, #1
    bcc 2f
    ldm r1!, {r6}
    asrs r5, r6, #31
    eors r5, r6
    b 2f
1:  ldm r1!, {r6, r7}
    asrs r2, r6, #31
    eors r6, r2
    orrs r5, r6
    asrs r2, r7, #31
    eors r7, r2
    orrs r5, r7
2:  cmp r1, r4
    bne 1b
    /* r7 exponent, r2 shift to the right. */
    movs r7, #0
    movs r2, #0
    lsrs r6, r5, #BLOCK_BITS
    beq 4f
3:  adds r7, #1
    lsrs r6, r6, #1
    bne 3b
    movs r2, r7
    b 7f
4:  cmp r5, #0
    beq 7f
    lsls r5, r5, #32 - BLOCK_BITS
    bmi 7f
5:  subs r7, #1
    lsls r5, r5, #1
    bpl 5b
    rsbs r5, r7, #0
    movs r1, r0
6:  ldr r6, [r1]
    lsls r6, r5
    stm r1!, {r6}
    cmp r1, r4
    bne 6b
7:  ldr r1, [sp, #RESULT]
    str r7, [r1]
    mov r6, r8                  /* squares start with 1 for each */
    movs r7, #0
    mov r12, r7                 /* peak */
    mov lr, r2
    movs r7, #1
    lsls r7, r2
    lsrs r7, r7, #1
    mov r8, r7                  /* half of the last place of the block */
    ldm r3!, {r1, r4, r5}
    lsls r4, r4, #2
    beq .Lwithout_pair
    mov r10, r4                 /* bytes from an element to its partner */
    adds r4, r4, r0
    str r4, [sp, #PAIRS_END]
    mov r11, r5
    movs r4, #1
    lsls r4, r5
    lsrs r4, r4, #1
    mov r9, r4                  /* half of the last place of the angles */
.Lpair:
    ldr r2, [r0]
    mov r7, r10
    ldr r3, [r0, r7]
    mov r7, lr
    add r2, r8
    add r3, r8
    asrs r2, r7
    asrs r3, r7
    ldrh r4, [r1]
    sxth r4, r4
    ldrh r5, [r1, #2]
    sxth r5, r5
    adds r1, #4
    movs r7, r2
    muls r7, r5
    muls r2, r4
    muls r5, r3
    muls r3, r4
    subs r2, r2, r5
    adds r3, r3, r7
    add r2, r9
    add r3, r9
    mov r7, r11
    asrs r2, r7
    asrs r3, r7
    mov r7, r10
    str r3, [r0, r7]
    stm r0!, {r2}
    measure r2, r4
    measure r3, r4
    ldr r7, [sp, #PAIRS_END]
    cmp r0, r7
    bne .Lpair
    add r0, r10
.Lwithout_pair:
    ldr r3, [sp, #END]
    mov r7, lr
    b 2f
1:  ldr r2, [r0]
    add r2, r8
    asrs r2, r7
    stm r0!, {r2}
    measure r2, r4
2:  cmp r0, r3
    bne 1b
    ldr r0, [sp, #RESULT]
    mov r1, r12
    str r1, [r0, #4]
    str r6, [r0, #8]
    add sp, #LOCALS
    restore_registers_and_return
end_function sm_prepare_head
