/* The loops of vector_loops.h: 5, 8, 27 and 55 cycles an element. */
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

/* Locals: offsets from the stack pointer. */
#define UP_LEFT 0
#define UP_RIGHT 4
#define LOCALS 8

/* uint32_t sm_multiply_by_gate(hidden r0, count r1, up r2, gate r3) */
function sm_multiply_by_gate, stack=44
    save_registers
    sub sp, #LOCALS
    lsls r1, r1, #2
    adds r1, r1, r0
    mov lr, r1                  /* end of the hidden elements */
    movs r1, r2
    ldr r4, [r3, #UP]
    ldr r5, [r3, #UP + 4]
    ldr r6, [r3, #UP + 8]
    str r4, [sp, #UP_LEFT]
    str r5, [sp, #UP_RIGHT]
    mov r9, r6
    ldm r3!, {r2, r5}
    ldm r3!, {r4, r6, r7}
    mov r10, r4
    mov r11, r6
    mov r8, r7
    movs r6, r2                 /* table, with fraction bits r5 */
    movs r2, #0
    mov r12, r2                 /* peak */
    b 7f
1:  ldr r2, [r0]
    asrs r3, r2, #31
    movs r4, r2
    adds r4, r4, r3
    eors r4, r3                 /* magnitude */
    movs r3, r4
    lsrs r3, r3, r5
    cmp r3, #GATE_STEPS - 1
    bhi 5f
    movs r7, r3
    lsls r7, r7, r5
    subs r4, r4, r7
    lsls r3, r3, #1
    adds r3, r3, r6
    ldrh r7, [r3]
    ldrh r3, [r3, #2]
    subs r3, r3, r7
    muls r3, r4
    asrs r3, r3, r5
    adds r3, r3, r7
2:  cmp r2, #0
    bge 3f
    movs r7, #1
    lsls r7, r7, #15
    subs r3, r7, r3
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
    ldr r4, [sp, #UP_LEFT]
    lsls r3, r3, r4
    add r3, r9
    ldr r4, [sp, #UP_RIGHT]
    asrs r3, r3, r4
    muls r2, r3
4:  stm r0!, {r2}
    add_to_peak r2, r3, r12
7:  cmp r0, lr
    bne 1b
    mov r0, r12
    add sp, #LOCALS
    restore_registers_and_return
5:  movs r3, #1
    lsls r3, r3, #15
    b 2b
end_function sm_multiply_by_gate
