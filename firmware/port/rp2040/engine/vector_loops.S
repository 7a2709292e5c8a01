/* The loops of vector_loops.h: 5, 9, 20 and 45 cycles an element. */
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

/* Adds the bits of \value, which is destroyed, to r2. Uses r3. */
.macro add_bits value:req
    asrs r3, \value, #31
    eors \value, r3
    orrs r2, \value
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
.Lbits:
    .irp value, r4, r5, r6, r7
    add_bits \value
    .endr
    mov r3, r12
    subs r3, r3, r0
    beq 2f
    lsls r3, r3, #27            /* an odd number of turns: one is alone */
    bpl 1f
    ldm r0!, {r4-r7}
    b .Lbits
1:  ldm r0!, {r4-r7}
    .irp value, r4, r5, r6, r7
    add_bits \value
    .endr
    ldm r0!, {r4-r7}
    .irp value, r4, r5, r6, r7
    add_bits \value
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

/* r0 = the largest magnitude from \highest and \lowest. Uses r1. */
.macro peak_of_range highest:req, lowest:req
    mov r0, \highest
    mov r1, \lowest
    rsbs r1, r1, #0
    cmp r0, r1
    bge 1f
    movs r0, r1
1:
.endm

/*
 * One value in the block, \value: adds its square to r11 and r6, multiplies it by the gain at r1,
 * and holds that between the lowest so far, r8, and the highest, r12. Uses r7.
 */
.macro scale_by_gain value:req, gain:req, place:req
    movs r7, \value
    muls r7, r7
    adds r6, r6, r7
    bcs .Lcarry\place
.Lcarried\place:
    ldrh r7, [r1, #\gain]
    sxth r7, r7
    muls \value, r7
    asrs \value, \value, #15
    cmp \value, r12
    bgt .Lhighest\place
.Lnot_highest\place:
    cmp \value, r8
    blt .Llowest\place
.Lnot_lowest\place:
.endm

/* What is seldom done, out of the way. */
.macro widen_range value:req, place:req
.Lcarry\place:
    movs r7, #1
    add r11, r7
    b .Lcarried\place
.Lhighest\place:
    mov r12, \value
    b .Lnot_highest\place
.Llowest\place:
    mov r8, \value
    b .Lnot_lowest\place
.endm

/*
 * The values from r0 up to lr, the first alone where their number r2 is odd. \to_block brings a
 * value into the block.
 */
.macro scale_all_by_gains to_block:req, direction:req
    lsls r7, r2, #31
    movs r2, r3
    cmp r7, #0
    beq 2f
    ldm r0!, {r3}
    \to_block r3
    scale_by_gain r3, 0, _single_\direction
    adds r1, #2
    stm r2!, {r3}
    b 2f
    widen_range r3, _single_\direction
    widen_range r3, _first_\direction
    widen_range r4, _second_\direction
1:  ldm r0!, {r3, r4}
    \to_block r3
    \to_block r4
    scale_by_gain r3, 0, _first_\direction
    scale_by_gain r4, 2, _second_\direction
    adds r1, #4
    stm r2!, {r3, r4}
2:  cmp r0, lr
    bne 1b
    b .Lscaled
.endm

.macro shift_left_into_block value:req
    lsls \value, r5
.endm

.macro shift_right_into_block value:req
    add \value, r10
    asrs \value, r5
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
    lsls r4, r2, #2
    adds r4, r4, r0
    mov lr, r4                  /* end of the values */
    ldm r3!, {r4, r5, r6}
    mov r10, r6
    ldr r1, [sp, #SAVED_BYTES + 4]
    ldr r3, [sp, #SAVED_BYTES + 8]
    movs r6, #0                 /* squares, lower word */
    mov r11, r6
    mov r12, r6                 /* highest */
    mov r8, r6                  /* lowest */
    cmp r4, #0
    beq .Lto_the_right
    movs r5, r4
    scale_all_by_gains shift_left_into_block, left
.Lto_the_right:
    scale_all_by_gains shift_right_into_block, right
.Lscaled:
    peak_of_range r12, r8
    movs r5, r0
    ldr r0, [sp, #SAVED_BYTES]
    str r6, [r0]
    mov r6, r11
    str r6, [r0, #4]
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
#define HIDDEN 8
#define UP 24
#define GATE_STEPS 256

/* Variables in registers of interpolator 1, which are loaded in a cycle. */
#define RIGHT SECOND + ACCUMULATOR0
#define AFTER SECOND + ACCUMULATOR1     /* 15, less the shift to the left */
#define UP_LEFT SECOND + BASE0
#define UP_RIGHT SECOND + BASE1

/* The gate of the element r2 becomes r3, and the element in its block times that r2. Uses r4, r6. */
.macro open_gate
    asrs r6, r2, #31
    adds r4, r2, r6
    eors r4, r6                 /* magnitude */
    cmp r4, r9
    bhs 5f
    str r4, [r7, #ACCUMULATOR0]
    ldr r3, [r7, #PEEK_LANE0]
    ldr r4, [r7, #PEEK_LANE1]
    ldrh r6, [r3]
    ldrh r3, [r3, #2]
    subs r3, r3, r6
    muls r3, r4
    asrs r3, r5
    adds r3, r3, r6
2:  cmp r2, #0
    bge 3f
    rsbs r3, r3, #0
    add r3, r12                 /* 1, less the gate */
3:  add r2, r8
    ldr r4, [r7, #RIGHT]
    asrs r2, r4
    muls r2, r3
    ldr r4, [r7, #AFTER]
    asrs r2, r4
    .subsection 1
5:  mov r3, r12
    b 2b
    .previous
.endm

/*
 * uint32_t sm_multiply_by_gate(hidden r0, count r1, up r2, gate r3)
 *
 * Interpolator 0 takes a magnitude apart: lane 0 gives the address of the table's entry, and lane 1 the
 * fraction. The shifts of a block to the left come last, exactly: the element times its gate has room
 * for 29 bits, and that times the other 29 too.
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
    mov r11, r4                 /* half of its last place */
    ldr r4, [r3, #HIDDEN]
    movs r2, #15
    subs r2, r2, r4
    str r2, [r7, #AFTER]
    ldr r4, [r3, #HIDDEN + 4]
    str r4, [r7, #RIGHT]
    ldr r4, [r3, #HIDDEN + 8]
    mov r8, r4                  /* half of its last place */
    ldm r3!, {r2, r5}
    str r2, [r7, #BASE0]
    movs r2, #0
    str r2, [r7, #BASE1]
    mov r10, r2                 /* peak */
    subs r2, r5, #1
    ldr r4, =MASK(1, 8)
    orrs r4, r2
    str r4, [r7, #CONTROL_LANE0]
    lsls r2, r2, #10            /* the highest bit of the mask */
    ldr r4, =SHIFT(0) | CROSS_INPUT
    orrs r4, r2
    str r4, [r7, #CONTROL_LANE1]
    movs r2, #1
    lsls r4, r2, #15
    mov r12, r4                 /* an open gate */
    lsls r2, r2, #8             /* GATE_STEPS */
    lsls r2, r5
    mov r9, r2                  /* the first magnitude beyond the table */
    cmp r1, #0
    beq .Lwithout_up
    b .Lwith_up
1:  ldr r2, [r0]
    open_gate
    ldm r1!, {r3}
    add r3, r11
    ldr r4, [r7, #UP_RIGHT]
    asrs r3, r4
    muls r2, r3
    ldr r4, [r7, #UP_LEFT]
    lsls r2, r4
    stm r0!, {r2}
    asrs r3, r2, #31
    adds r2, r2, r3
    eors r2, r3
    cmp r2, r10
    bhi .Lraise_peak
.Lwith_up:
    cmp r0, lr
    bne 1b
.Lgates_passed:
    mov r0, r10
    restore_registers_and_return
.Lraise_peak:
    mov r10, r2
    b .Lwith_up
1:  ldr r2, [r0]
    open_gate
    stm r0!, {r2}
    asrs r3, r2, #31
    adds r2, r2, r3
    eors r2, r3
    cmp r2, r10
    bls .Lwithout_up
    mov r10, r2
.Lwithout_up:
    cmp r0, lr
    bne 1b
    b .Lgates_passed
end_function sm_multiply_by_gate
