/*
 * The loops of scale_rows.h: 19 cycles a row, 26 where it adds to the output; 12 and 19 for narrow
 * sums, 18 for whole products. Four rows a turn; a count that is no multiple of four begins inside the turn.
 */
#include "macros.inc"

#define ROWS_OF_TURN 4

/*
 * One row: the scale at r0 + \scale_offset and the sum at r1 give r6. r3 mantissa of the vector, r4
 * shift, r8 2^15, r9 2^(shift - 1).
 */
.macro scale_row scale_offset:req
    ldrh r5, [r0, #\scale_offset]
    muls r5, r3
    add r5, r8
    lsrs r5, r5, #16            /* mantissa of the row */
    ldm r1!, {r6}
    uxth r7, r6
    muls r7, r5
    add r7, r8
    lsrs r7, r7, #16
    asrs r6, r6, #16
    muls r6, r5
    adds r6, r6, r7             /* product */
    add r6, r9
    asrs r6, r6, r4
.endm

/* The same for a sum whose product fits a word. */
.macro scale_narrow_row scale_offset:req
    ldrh r5, [r0, #\scale_offset]
    muls r5, r3
    add r5, r8
    lsrs r5, r5, #16
    ldm r1!, {r6}
    muls r6, r5
    add r6, r9
    asrs r6, r6, r4
.endm

/* The same for a whole product, with 16 - shift in lr. */
.macro scale_whole_row scale_offset:req
    ldrh r5, [r0, #\scale_offset]
    muls r5, r3
    add r5, r8
    lsrs r5, r5, #16
    ldm r1!, {r6}
    uxth r7, r6
    muls r7, r5
    add r7, r9
    lsrs r7, r7, r4
    asrs r6, r6, #16
    muls r6, r5
    mov r5, lr
    lsls r6, r6, r5
    adds r6, r6, r7
.endm

/* Overwrites the output at r2. */
.macro set_row scale:req, scale_offset:req
    \scale \scale_offset
    stm r2!, {r6}
.endm

/* Adds to the output at r2 and holds it between r10, SM_LIMIT, and r11, -SM_LIMIT. */
.macro add_row scale:req, scale_offset:req
    \scale \scale_offset
    ldr r7, [r2]
    adds r6, r6, r7
    cmp r6, r10
    bgt 1f
    cmp r6, r11
    blt 2f
3:  stm r2!, {r6}
    .subsection 1
1:  mov r6, r10
    b 3b
2:  mov r6, r11
    b 3b
    .previous
.endm

/*
 * void NAME(row_scales r0, sums r1, count r2, output r3, mantissa [sp], shift [sp, 4]), for rows of
 * \row_bytes of code.
 */
.macro scale_rows name:req, row:req, scale:req, row_bytes:req
    function \name, stack=36
    save_registers
    cmp r2, #0
    beq .Lend_\name
    movs r4, #1
    lsls r5, r4, #30
    subs r5, #1
    mov r10, r5
    rsbs r5, r5, #0
    mov r11, r5
    lsls r5, r4, #15
    mov r8, r5
    ldr r4, [sp, #SAVED_BYTES + 4]
    movs r5, #1
    lsls r5, r5, r4
    lsrs r5, r5, #1
    mov r9, r5
    movs r5, #16
    subs r5, r5, r4
    mov lr, r5
    lsls r5, r2, #1
    adds r5, r5, r0
    mov r12, r5                 /* end of the scales */
    /* Skip so many rows of the first turn. */
    rsbs r5, r2, #0
    movs r6, #ROWS_OF_TURN - 1
    ands r5, r6
    lsls r6, r5, #1
    subs r0, r0, r6
    movs r6, #\row_bytes
    muls r5, r6
    ldr r6, =.Lturn_\name + 1 /* Thumb */
    adds r6, r6, r5
    movs r2, r3
    ldr r3, [sp, #SAVED_BYTES]
    bx r6
    .balign 4
.Lturn_\name:
    .irp offset, 0, 2, 4, 6
    \row \scale, \offset
    .endr
    .if . - .Lturn_\name - ROWS_OF_TURN * \row_bytes
    .error "row_bytes is not what a row has"
    .endif
    adds r0, #2 * ROWS_OF_TURN
    cmp r0, r12
    bne .Lturn_\name
.Lend_\name:
    restore_registers_and_return
    end_function \name
.endm

scale_rows sm_scale_rows_right_set, set_row, scale_row, 30
scale_rows sm_scale_rows_right_add, add_row, scale_row, 42
scale_rows sm_scale_rows_narrow_set, set_row, scale_narrow_row, 18
scale_rows sm_scale_rows_narrow_add, add_row, scale_narrow_row, 30
scale_rows sm_scale_rows_whole_set, set_row, scale_whole_row, 30
scale_rows sm_scale_rows_whole_add, add_row, scale_whole_row, 42
