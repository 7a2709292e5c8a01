/* The loops of vector_loops.h: 5, 13, 14, 8, 27 and 49 cycles an element. */
#include "interpolators.inc"
#include "macros.inc"

#define ELEMENTS_OF_TURN 4

/*
 * Begins a loop of four elements a turn, with its label: of r1 elements from r0 on. The first turn
 * skips elements that are not there. r4 to r7 become its elements, r12 the end. Uses r1; leaves in \skipped
 * how many are skipped. The code of an element takes \code_bytes.
 */
.macro enter_turn label:req, code_bytes:req, skipped:req
    lsls r4, r1, #2
    adds r4, r4, r0
    mov r12, r4
    rsbs \skipped, r1, #0
    movs r4, #ELEMENTS_OF_TURN - 1
    ands \skipped, r4
    lsls r4, \skipped, #2
    subs r0, r0, r4
    movs r4, #\code_bytes
    muls r4, \skipped
    mov lr, r4
.endm

/* uint32_t sm_all_bits(values r0, count r1) */
function sm_all_bits, stack=20
    push {r4-r7, lr}
    movs r2, #0
    cmp r1, #0
    beq 2f
    enter_turn .Lbits, 6, r3
    ldr r3, =.Lbits + 1 /* Thumb */
    add r3, lr
    ldm r0!, {r4-r7}
    bx r3
    .balign 4
1:  ldm r0!, {r4-r7}
    .balign 4
.Lbits:
    .irp value, r4, r5, r6, r7
    asrs r3, \value, #31
    eors \value, r3
    orrs r2, \value
    .endr
    cmp r0, r12
    bne 1b
2:  movs r0, r2
    pop {r4-r7, pc}
end_function sm_all_bits

#define BLOCK_BITS 14           /* SM_BLOCK_BITS */

/*
 * int32_t sm_block_normalize(values r0, count r1)
 *
 * Two elements a turn; where their number is odd, the first is alone.
 */
function sm_block_normalize, stack=20
    push {r4-r7, lr}
    movs r7, #0                 /* exponent */
    movs r5, #0                 /* bits of magnitudes, as sm_all_bits */
    lsls r4, r1, #2
    adds r4, r4, r0
    mov r12, r4                 /* end */
    movs r2, r0
    lsrs r1, r1, #1
    bcc 1f
    ldm r2!, {r3}
    asrs r5, r3, #31
    eors r5, r3
1:  mov lr, r2                  /* the first pair */
    b 3f
2:  ldm r2!, {r3, r4}
    asrs r6, r3, #31
    eors r3, r6
    orrs r5, r3
    asrs r6, r4, #31
    eors r4, r6
    orrs r5, r4
3:  cmp r2, r12
    bne 2b
    lsrs r6, r5, #BLOCK_BITS
    beq 6f
4:  adds r7, #1
    lsrs r6, r6, #1
    bne 4b
    movs r6, #1
    lsls r6, r6, r7
    lsrs r6, r6, #1             /* half of the last place */
    cmp r0, lr
    beq 5f
    ldr r3, [r0]
    adds r3, r3, r6
    asrs r3, r3, r7
    stm r0!, {r3}
    b 5f
4:  ldr r3, [r0]
    ldr r4, [r0, #4]
    adds r3, r3, r6
    asrs r3, r3, r7
    adds r4, r4, r6
    asrs r4, r4, r7
    stm r0!, {r3, r4}
5:  cmp r0, r12
    bne 4b
    b 9f
6:  cmp r5, #0
    beq 9f
    lsls r5, r5, #32 - BLOCK_BITS
    bmi 9f
7:  subs r7, #1
    lsls r5, r5, #1
    bpl 7b
    rsbs r6, r7, #0
8:  ldr r3, [r0]
    lsls r3, r3, r6
    stm r0!, {r3}
    cmp r0, r12
    bne 8b
9:  movs r0, r7
    pop {r4-r7, pc}
end_function sm_block_normalize

/* sm_head_size sm_measure_head(result r0, head r1, count r2) */
function sm_measure_head, stack=16
    push {r4-r6, lr}
    lsls r3, r2, #2
    adds r3, r3, r1             /* end */
    movs r4, #0                 /* peak */
    b 3f
1:  ldm r1!, {r5}
    asrs r6, r5, #31
    adds r5, r5, r6
    eors r5, r6
    cmp r5, r4
    bls 2f
    movs r4, r5
2:  muls r5, r5
    lsrs r5, r5, #14
    adds r2, r2, r5             /* starts with 1 for each */
3:  cmp r1, r3
    bne 1b
    str r4, [r0]
    str r2, [r0, #4]
    pop {r4-r6, pc}
end_function sm_measure_head

/* void sm_round(values r0, count r1, shift r2, inverse r3, quantized [sp]) */
function sm_round, stack=24
    push {r4-r7, lr}
    mov r4, r8
    push {r4}
    cmp r1, #0
    beq 2f
    enter_turn .Lround, 10, r5
    movs r1, #1
    lsls r1, r1, #21
    mov r8, r1                  /* half */
    ldr r1, [sp, #24]
    subs r1, r1, r5
    ldr r5, =.Lround + 1 /* Thumb */
    add lr, r5
    ldm r0!, {r4-r7}
    bx lr
    .balign 4
1:  ldm r0!, {r4-r7}
    .balign 4
.Lround:
    .macro round_element value:req, place:req
    asrs \value, \value, r2
    muls \value, r3
    add \value, r8
    asrs \value, \value, #22
    strb \value, [r1, #\place]
    .endm
    round_element r4, 0
    round_element r5, 1
    round_element r6, 2
    round_element r7, 3
    adds r1, #ELEMENTS_OF_TURN
    cmp r0, r12
    bne 1b
2:  pop {r4}
    mov r8, r4
    pop {r4-r7, pc}
end_function sm_round

/* Largest magnitude so far in \peak and that of \value, which is destroyed. Uses \sign. */
.macro add_to_peak value:req, sign:req, peak:req
    asrs \sign, \value, #31
    adds \value, \value, \sign
    eors \value, \sign
    cmp \value, \peak
    bls 8f
    mov \peak, \value
8:
.endm

/*
 * sm_scaled sm_scale_by_gains(result r0, values r1, count r2, block r3, gains [sp], scaled [sp, 4])
 *
 * A block is its shifts to the left and to the right, and the half of the last place.
 */
function sm_scale_by_gains, stack=40
    push {r0}
    save_registers
    movs r0, r1
    lsls r2, r2, #2
    adds r2, r2, r0
    mov lr, r2                  /* end of the values */
    ldm r3!, {r4-r6}
    mov r8, r4
    mov r9, r5
    mov r10, r6
    ldr r1, [sp, #SAVED_BYTES + 4]
    ldr r2, [sp, #SAVED_BYTES + 8]
    movs r5, #0
    movs r6, #0                 /* squares */
    movs r7, #0
    mov r11, r5                 /* peak */
    b 2f
1:  ldm r0!, {r3}
    mov r4, r8
    lsls r3, r3, r4
    add r3, r10
    mov r4, r9
    asrs r3, r3, r4
    movs r4, r3
    muls r4, r4
    adds r6, r6, r4
    adcs r7, r5
    ldrsh r4, [r1, r5]
    adds r1, #2
    muls r3, r4
    asrs r3, r3, #15
    stm r2!, {r3}
    add_to_peak r3, r4, r11
2:  cmp r0, lr
    bne 1b
    ldr r0, [sp, #SAVED_BYTES]
    mov r5, r11
    str r6, [r0]
    str r7, [r0, #4]
    str r5, [r0, #8]
    pop {r4-r7}
    mov r8, r4
    mov r9, r5
    mov r10, r6
    mov r11, r7
    pop {r4-r7}
    pop {r1}
    add sp, #4
    bx r1
end_function sm_scale_by_gains

/* Of a gate: its table, fraction bits and block of the hidden layer come first; offsets in bytes. */
#define UP 24
#define GATE_STEPS 256

/* Variables in registers of interpolator 1, which are loaded in a cycle. */
#define UP_LEFT SECOND + BASE0
#define UP_RIGHT SECOND + BASE1
#define GATE_END SECOND + BASE2 /* the first magnitude beyond the table */

/*
 * uint32_t sm_multiply_by_gate(hidden r0, count r1, up r2, gate r3)
 *
 * Interpolator 0 takes a magnitude apart: lane 0 gives the address of the table's entry, and lane 1 the
 * fraction.
 */
function sm_multiply_by_gate, stack=36
    save_registers
    lsls r1, r1, #2
    adds r1, r1, r0
    mov lr, r1                  /* end of the hidden elements */
    movs r1, r2
    ldr r7, =INTERPOLATORS
    ldr r4, [r3, #UP]
    str r4, [r7, #UP_LEFT]
    ldr r4, [r3, #UP + 4]
    str r4, [r7, #UP_RIGHT]
    ldr r4, [r3, #UP + 8]
    mov r9, r4
    ldm r3!, {r2, r5}
    str r2, [r7, #BASE0]
    movs r2, #0
    str r2, [r7, #BASE1]
    mov r12, r2                 /* peak */
    subs r2, r5, #1
    ldr r4, =MASK(1, 8)
    orrs r4, r2
    str r4, [r7, #CONTROL_LANE0]
    lsls r2, r2, #10            /* the highest bit of the mask */
    ldr r4, =SHIFT(0) | CROSS_INPUT
    orrs r4, r2
    str r4, [r7, #CONTROL_LANE1]
    movs r2, #1
    lsls r2, r2, #8             /* GATE_STEPS */
    lsls r2, r2, r5
    str r2, [r7, #GATE_END]
    ldm r3!, {r2, r4, r6}
    mov r10, r2
    mov r11, r4
    mov r8, r6
    b 7f
1:  ldr r2, [r0]
    asrs r6, r2, #31
    adds r4, r2, r6
    eors r4, r6                 /* magnitude */
    ldr r3, [r7, #GATE_END]
    cmp r4, r3
    bhs 5f
    str r4, [r7, #ACCUMULATOR0]
    ldr r4, [r7, #PEEK_LANE1]
    ldr r3, [r7, #PEEK_LANE0]
    ldrh r6, [r3]
    ldrh r3, [r3, #2]
    subs r3, r3, r6
    muls r3, r4
    asrs r3, r3, r5
    adds r3, r3, r6
2:  cmp r2, #0
    bge 3f
    movs r6, #1
    lsls r6, r6, #15
    subs r3, r6, r3
3:  mov r4, r10
    lsls r2, r2, r4
    add r2, r8
    mov r4, r11
    asrs r2, r2, r4
    muls r2, r3
    asrs r2, r2, #15
    cmp r1, #0
    beq 4f
    ldm r1!, {r3}
    ldr r4, [r7, #UP_LEFT]
    lsls r3, r3, r4
    add r3, r9
    ldr r4, [r7, #UP_RIGHT]
    asrs r3, r3, r4
    muls r2, r3
4:  stm r0!, {r2}
    add_to_peak r2, r3, r12
7:  cmp r0, lr
    bne 1b
    mov r0, r12
    restore_registers_and_return
5:  movs r3, #1
    lsls r3, r3, #15
    b 2b
end_function sm_multiply_by_gate
