/*
 * The kernels for an int4 cache of attention_kernel.h: 2.25 cycles a product, as a multiplication has
 * two products.
 *
 * Four accumulators sum the nibbles k and k + 4 of words, in the halves of a word, times an element or
 * a weight. The first of them sums word * element with all nibbles, which saves a mask: accumulator k
 * adds 16^k times its own sum to it, and is taken from it at the end. The others start at C and the
 * first at (1 + 16 + 16^2 + 16^3) C, so that each ends, modulo 2^32, with two sums, the lower one
 * without a carry.
 */
#include "macros.inc"

/* Eight products of r2, which is destroyed, with r4. r5 masks two nibbles. */
.macro multiply_nibbles
    lsrs r3, r2, #4
    ands r3, r5
    muls r3, r4
    add r9, r3
    lsrs r3, r2, #8
    ands r3, r5
    muls r3, r4
    add r10, r3
    lsrs r3, r2, #12
    ands r3, r5
    muls r3, r4
    add r11, r3
    muls r2, r4
    add r8, r2
.endm

/* r2, r3, r4 and r6 become the sums of the four accumulators. */
.macro separate_accumulators
    mov r6, r11
    mov r4, r10
    mov r3, r9
    lsls r2, r6, #4
    adds r2, r2, r4
    lsls r2, r2, #4
    adds r2, r2, r3
    lsls r2, r2, #4
    rsbs r2, r2, #0
    add r2, r8
.endm

#define TURN 4          /* elements or positions of an unrolled loop */
#define CODE_BYTES 32

/* Locals: offsets from the stack pointer. */
#define QUERY 0
#define QUERY_END 4
#define ENTRY 8         /* into the unrolled loop */
#define SCORES_END 12
#define LOCALS 16

/*
 * void sm_attention_int4_scores(keys r0, head_dim r1, query r2, count r3, scores [sp])
 *
 * C = (1 + 2^16) * (-8 * (sum of all elements) + SM_SCORE_BIAS): scores are 0 to 65535.
 */
function sm_attention_int4_scores, stack=52
    save_registers
    sub sp, #LOCALS
    ldr r7, [sp, #LOCALS + SAVED_BYTES]
    adds r3, #7
    lsrs r3, r3, #3             /* tiles */
    lsls r3, r3, #4
    adds r3, r3, r7
    str r3, [sp, #SCORES_END]
    str r2, [sp, #QUERY]
    lsls r4, r1, #2
    adds r4, r4, r2
    str r4, [sp, #QUERY_END]
    movs r5, #0
1:  ldm r2!, {r3}
    subs r5, r5, r3
    cmp r2, r4
    bne 1b
    lsls r5, r5, #3
    movs r3, #1
    lsls r3, r3, #15            /* SM_SCORE_BIAS */
    adds r5, r5, r3
    lsls r3, r5, #16
    adds r5, r5, r3
    mov r12, r5                 /* C */
    ldr r3, =0x1111
    muls r5, r3
    mov lr, r5
    /* Skip so many elements of the first turn. */
    rsbs r1, r1, #0
    movs r3, #TURN - 1
    ands r1, r3
    lsls r1, r1, #5             /* CODE_BYTES */
    ldr r3, =.Lelements + 1 /* Thumb */
    adds r1, r1, r3
    str r1, [sp, #ENTRY]
    ldr r5, =0x000f000f

.Lkeys:
    mov r8, lr
    mov r9, r12
    mov r10, r12
    mov r11, r12
    ldr r1, [sp, #QUERY]
    ldr r4, [sp, #ENTRY]
    bx r4
    .balign 4
.Lelements:
    .rept TURN
    ldm r0!, {r2}
    ldm r1!, {r4}
    multiply_nibbles
    .endr
    .if . - .Lelements - TURN * CODE_BYTES
    .error "CODE_BYTES is not what an element has"
    .endif
    ldr r4, [sp, #QUERY_END]
    cmp r1, r4
    bne .Lelements
    separate_accumulators
    stm r7!, {r2-r4, r6}
    ldr r1, [sp, #SCORES_END]
    cmp r7, r1
    bne .Lkeys
    add sp, #LOCALS
    restore_registers_and_return
end_function sm_attention_int4_scores

#undef LOCALS
#define WEIGHTS 0       /* where those of the first turn would begin */
#define WEIGHTS_END 4
#define PADDING 8       /* words of a tile that are not read */
#define OUTPUT 12
#define LEFT 16         /* elements */
#define PARTIAL 20      /* outputs of a tile that the head does not fill */
#undef ENTRY
#define ENTRY 52
#define LOCALS 56

/*
 * void sm_attention_int4_values(values r0, positions r1, head_dim r2, weights r3, count [sp],
 *                               sum [sp, 4], output [sp, 8])
 *
 * C = (1 + 2^16) * -8 * (sum of all weights) + 2^15: the lower half ends 2^15 above its sum.
 */
function sm_attention_int4_values, stack=92
    save_registers
    sub sp, #LOCALS
    str r2, [sp, #LEFT]
    ldr r4, [sp, #LOCALS + SAVED_BYTES]
    subs r1, r1, r4
    lsls r1, r1, #2
    str r1, [sp, #PADDING]
    lsls r5, r4, #1
    adds r5, r5, r3
    str r5, [sp, #WEIGHTS_END]
    rsbs r4, r4, #0
    movs r5, #TURN - 1
    ands r4, r5
    lsls r5, r4, #1
    subs r3, r3, r5
    str r3, [sp, #WEIGHTS]
    lsls r4, r4, #5             /* CODE_BYTES */
    ldr r5, =.Lpositions + 1 /* Thumb */
    adds r5, r5, r4
    str r5, [sp, #ENTRY]
    ldr r7, [sp, #LOCALS + SAVED_BYTES + 8]
    ldr r5, [sp, #LOCALS + SAVED_BYTES + 4]
    lsls r5, r5, #3
    rsbs r5, r5, #0
    lsls r4, r5, #16
    adds r5, r5, r4
    movs r4, #1
    lsls r4, r4, #15
    adds r5, r5, r4
    mov r12, r5                 /* C */
    ldr r4, =0x1111
    muls r5, r4
    mov lr, r5
    ldr r5, =0x000f000f

.Lvalues:
    mov r8, lr
    mov r9, r12
    mov r10, r12
    mov r11, r12
    ldr r1, [sp, #WEIGHTS]
    ldr r4, [sp, #ENTRY]
    bx r4
    .balign 4
.Lpositions:
    .irp position, 0, 1, 2, 3
    ldm r0!, {r2}
    ldrh r4, [r1, #2 * \position]
    multiply_nibbles
    .endr
    .if . - .Lpositions - TURN * CODE_BYTES
    .error "CODE_BYTES is not what a position has"
    .endif
    adds r1, #2 * TURN
    ldr r4, [sp, #WEIGHTS_END]
    cmp r1, r4
    bne .Lpositions
    ldr r4, [sp, #PADDING]
    adds r0, r0, r4
    str r7, [sp, #OUTPUT]
    ldr r4, [sp, #LEFT]
    cmp r4, #8
    bhs 1f
    add r7, sp, #PARTIAL
1:  separate_accumulators
    asrs r1, r2, #16
    mov r8, r1
    asrs r1, r3, #16
    mov r9, r1
    asrs r1, r4, #16
    mov r10, r1
    asrs r1, r6, #16
    mov r11, r1
    uxth r2, r2
    uxth r3, r3
    uxth r4, r4
    uxth r6, r6
    movs r1, #1
    lsls r1, r1, #15
    subs r2, r2, r1
    subs r3, r3, r1
    subs r4, r4, r1
    subs r6, r6, r1
    stm r7!, {r2-r4, r6}
    mov r2, r8
    mov r3, r9
    mov r4, r10
    mov r6, r11
    stm r7!, {r2-r4, r6}
    ldr r4, [sp, #LEFT]
    subs r4, #8
    bmi 2f
    str r4, [sp, #LEFT]
    bne .Lvalues
    b 4f
2:  adds r4, #8
    ldr r0, [sp, #OUTPUT]
    add r1, sp, #PARTIAL
3:  ldm r1!, {r2}
    stm r0!, {r2}
    subs r4, #1
    bne 3b
4:  add sp, #LOCALS
    restore_registers_and_return
end_function sm_attention_int4_values

/* uint32_t sm_attention_share(weights r0, count r1, inverse r2) */
function sm_attention_share, stack=12
    push {r4, r5, lr}
    adds r1, #1
    lsrs r1, r1, #1
    lsls r1, r1, #2
    adds r1, r1, r0             /* end of the weights */
    movs r5, #0
1:  ldr r3, [r0]
    lsrs r4, r3, #16
    uxth r3, r3
    muls r3, r2
    lsrs r3, r3, #16
    adds r5, r5, r3
    muls r4, r2
    lsrs r4, r4, #16
    adds r5, r5, r4
    lsls r4, r4, #16
    orrs r3, r4
    stm r0!, {r3}
    cmp r0, r1
    bne 1b
    movs r0, r5
    pop {r4, r5, pc}
end_function sm_attention_share
