/*
 * The kernel for ternary of kernel.h. 1.15 cycles a product: a load from a table has the sum of four
 * products, and the interpolators of the core make its addresses.
 *
 * Prepared: for each block of 16 columns a table of 81 entries, one for each index; an entry has for
 * each of the four groups of the block the sum of its elements, times the values that the index
 * stands for, plus BIAS: 0 to 1,016, in 16 bits. An entry is 8 bytes: an index is at bit 3 of a word,
 * so that it is a byte offset in the table when the bits around it are masked.
 *
 * Interpolator 0 makes addresses: lane 0 masks bits 3 to 9 of accumulator 1 and adds the table's
 * address (base 0); lane 1 shifts accumulator 1 by 7 bits. Popping lane 0 gives an address, and leaves
 * the next index at bit 3. Interpolator 1 steps from table to table: popping adds base 0 to
 * accumulator 0. Bases that the interpolators do not use hold variables: they are loaded in a cycle.
 */
#include "kernel_layout.h"
#include "interpolators.inc"
#include "macros.inc"

/* Two biases, in the halves of a word. */
#define TWO_BIASES (TERNARY_BIAS * 0x10001)

/*
 * \result = element \k of the word \low + 2^16 * element \k of the word \high. Uses r7.
 */
.macro pair_elements result:req, low:req, high:req, k:req
    .if \k == 3
    asrs r7, \high, #24
    .else
    lsls r7, \high, #24 - 8 * \k
    asrs r7, r7, #24
    .endif
    lsls r7, r7, #16
    .if \k == 3
    asrs \result, \low, #24
    .elseif \k == 0
    sxtb \result, \low
    .else
    lsls \result, \low, #24 - 8 * \k
    asrs \result, \result, #24
    .endif
    adds \result, \result, r7
.endm

/* Three entries become those whose indexes differ by a step: groups 0 and 1, then 2 and 3. */
.macro step_entries first:req, second:req
    add r0, \first
    add r1, \second
    add r2, \first
    add r3, \second
    add r4, \first
    add r5, \second
.endm

/* Locals of sm_kernel_ternary_prepare: offsets from its stack pointer. */
#define VECTOR 0
#define VECTOR_END 4
#define TABLE 8
#define PAIRS 12        /* elements 0 of the groups 0 and 1; 0 of 2 and 3; 1 of 0 and 1; ... */
#define LOCALS (PAIRS + 32)

/* void sm_kernel_ternary_prepare(vector r0, columns r1, begin r2, end r3, scratch [sp]) */
function sm_kernel_ternary_prepare, stack=80
    save_registers
    sub sp, #LOCALS
    adds r3, r3, r0
    str r3, [sp, #VECTOR_END]
    adds r0, r0, r2
    lsrs r2, r2, #4
    ldr r4, =TERNARY_TABLE_BYTES
    muls r2, r4
    ldr r6, [sp, #LOCALS + SAVED_BYTES]
    adds r6, r6, r2
    b 4f
1:  /* A block: the vector at r0, its table at r6. */
    str r6, [sp, #TABLE]
    ldm r0!, {r1-r4}
    str r0, [sp, #VECTOR]
    add r5, sp, #PAIRS
    .irp k, 0, 1, 2, 3
    pair_elements r0, r1, r2, \k
    pair_elements r6, r3, r4, \k
    stm r5!, {r0, r6}
    .endr
    /*
     * r8 to r12 and lr become the steps from index to index: element 1; element 2 less twice element
     * 1; element 3 less twice elements 1 and 2. r2 and r3 become the entry with all values -1.
     */
    ldr r2, =TWO_BIASES
    movs r3, r2
    add r7, sp, #PAIRS + 8
    ldm r7!, {r0, r1}           /* elements 1 */
    mov r8, r0
    mov r9, r1
    subs r2, r2, r0
    subs r3, r3, r1
    lsls r0, r0, #1
    lsls r1, r1, #1
    ldm r7!, {r4, r5}           /* elements 2 */
    subs r2, r2, r4
    subs r3, r3, r5
    subs r6, r4, r0
    mov r10, r6
    subs r6, r5, r1
    mov r11, r6
    lsls r4, r4, #1
    lsls r5, r5, #1
    adds r0, r0, r4
    adds r1, r1, r5
    ldm r7!, {r4, r5}           /* elements 3 */
    subs r2, r2, r4
    subs r3, r3, r5
    subs r4, r4, r0
    mov r12, r4
    subs r5, r5, r1
    mov lr, r5
    /* The first three entries: element 0 times -1, 0 and 1. */
    ldr r6, [sp, #PAIRS]
    ldr r7, [sp, #PAIRS + 4]
    subs r0, r2, r6
    subs r1, r3, r7
    adds r4, r2, r6
    adds r5, r3, r7
    ldr r6, [sp, #TABLE]
    movs r7, #3
2:  .irp row, 0, 1, 2
    .if \row
    step_entries r10, r11
    .endif
    stm r6!, {r0-r5}
    step_entries r8, r9
    stm r6!, {r0-r5}
    step_entries r8, r9
    stm r6!, {r0-r5}
    .endr
    subs r7, #1
    beq 3f
    step_entries r12, lr
    b 2b
3:  ldr r0, [sp, #VECTOR]
    ldr r3, [sp, #VECTOR_END]
4:  cmp r0, r3
    bhs 5f
    b 1b
5:  add sp, #LOCALS
    restore_registers_and_return
end_function sm_kernel_ternary_prepare

/* Variables in bases that the interpolators do not use. */
#define SUMS BASE2
#define TABLES_END SECOND + BASE1
#define SUMS_END SECOND + BASE2

/* Sixteen products: adds those of \word, which is destroyed, to \sum. */
.macro multiply_word word:req, sum:req
    str \word, [r7, #ACCUMULATOR1]
    .irp group, 0, 1, 2, 3
    ldr \word, [r7, #POP_LANE0]
    ldrh \word, [\word, #2 * \group]
    add \sum, \word
    .endr
.endm

/* Locals of sm_kernel_ternary_multiply: offsets from its stack pointer. */
#define TABLES 0
#define START 4         /* of a sum: the biases of all entries */
#undef LOCALS
#define LOCALS 8

/* void sm_kernel_ternary_multiply(matrix r0, prepared r1, begin r2, end r3, sums [sp]) */
function sm_kernel_ternary_multiply, stack=44
    save_registers_and_go_to_copy sm_kernel_ternary_multiply
    sub sp, #LOCALS
    ldr r7, =INTERPOLATORS
    ldr r4, =MASK(3, 9) | CROSS_INPUT
    str r4, [r7, #CONTROL_LANE0]
    ldr r4, =SHIFT(7) | MASK(0, 31)
    str r4, [r7, #CONTROL_LANE1]
    movs r4, #0
    str r4, [r7, #BASE1]
    ldr r4, =SHIFT(0) | MASK(0, 31)
    str r4, [r7, #SECOND + CONTROL_LANE0]
    ldr r5, =TERNARY_TABLE_BYTES
    str r5, [r7, #SECOND + BASE0]
    ldr r4, [sp, #LOCALS + SAVED_BYTES]
    str r4, [r7, #SUMS]
    subs r3, r3, r2
    bne 1f
    b .Lmultiplied
1:  adds r3, #7
    lsrs r3, r3, #3             /* tiles */
    lsls r3, r3, #5
    adds r3, r3, r4
    str r3, [r7, #SUMS_END]
    ldr r3, [r0, #8]            /* tile_bytes */
    lsrs r2, r2, #3
    muls r2, r3
    lsrs r3, r3, #5             /* blocks */
    muls r5, r3
    adds r5, r5, r1
    str r5, [r7, #TABLES_END]
    ldr r4, =-TERNARY_BIAS * TERNARY_GROUPS
    muls r4, r3
    str r4, [sp, #START]
    str r1, [sp, #TABLES]
    ldr r0, [r0, #0]            /* tiles */
    adds r0, r0, r2

.Ltile:
    ldr r1, [sp, #TABLES]
    str r1, [r7, #BASE0]
    str r1, [r7, #SECOND + ACCUMULATOR0]
    ldr r5, [sp, #START]
    movs r6, r5
    mov r8, r5
    mov r9, r5
    mov r10, r5
    mov r11, r5
    mov r12, r5
    mov lr, r5
.Lblock:
    ldm r0!, {r1-r4}
    multiply_word r1, r8
    multiply_word r2, r9
    multiply_word r3, r10
    multiply_word r4, r11
    ldm r0!, {r1-r4}
    multiply_word r1, r12
    multiply_word r2, lr
    multiply_word r3, r5
    multiply_word r4, r6
    ldr r1, [r7, #SECOND + POP_LANE0]
    str r1, [r7, #BASE0]
    ldr r2, [r7, #TABLES_END]
    cmp r1, r2
    bne .Lblock
    ldr r4, [r7, #SUMS]
    mov r1, r8
    mov r2, r9
    mov r3, r10
    stm r4!, {r1-r3}
    mov r1, r11
    mov r2, r12
    mov r3, lr
    stm r4!, {r1-r3, r5, r6}
    str r4, [r7, #SUMS]
    ldr r1, [r7, #SUMS_END]
    cmp r4, r1
    beq .Lmultiplied
    b .Ltile
.Lmultiplied:
    add sp, #LOCALS
    restore_registers_and_return
end_copied sm_kernel_ternary_multiply
