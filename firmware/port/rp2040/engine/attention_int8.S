/*
 * The kernels for an int8 cache of attention_kernel.h. Scores: 2.1 cycles a product; a multiplication
 * has the products of two positions. Values: 3.5 cycles.
 */
#include "macros.inc"

/*
 * Scores. The bytes b0 to b3 of a word are those of positions 0, 2, 1 and 3. Two accumulators sum
 *     U = ((word >> 8) & 0x00ff00ff) * element = (b1 + 2^16 b3) * element
 *     V = word * element                       = (b0 + 2^16 b2) * element + 2^8 U
 * U starts at C = (1 + 2^16) * (-128 * (sum of all elements) + SM_SCORE_BIAS) and V at (1 + 2^8) C.
 * So U and V - 2^8 U end, modulo 2^32, with two biased scores each, which are 0 to 65535: the lower
 * one without a carry (attention_kernel.h). These are positions 2 and 3, and 0 and 1.
 */
#define ELEMENTS_OF_TURN 4
#define ELEMENT_CODE_BYTES 28

/* Four products of \word, which is destroyed, with r4. */
.macro multiply_keys word:req, upper:req, lower:req
    lsrs r5, \word, #8
    ands r5, r6
    muls r5, r4
    add \upper, r5
    muls \word, r4
    add \lower, \word
.endm

/* Locals: offsets from the stack pointer. */
#define QUERY 0
#define QUERY_END 4
#define ENTRY 8         /* into the unrolled loop */
#define SCORES_END 12
#define LOCALS 16

/* void sm_attention_int8_scores(keys r0, head_dim r1, query r2, count r3, scores [sp]) */
function sm_attention_int8_scores, stack=52
    save_registers_and_go_to_copy sm_attention_int8_scores
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
    lsls r5, r5, #7
    movs r3, #1
    lsls r3, r3, #15            /* SM_SCORE_BIAS */
    adds r5, r5, r3
    lsls r3, r5, #16
    adds r5, r5, r3
    mov r12, r5                 /* C */
    lsls r3, r5, #8
    adds r5, r5, r3
    mov lr, r5
    /* Skip so many elements of the first turn. */
    rsbs r1, r1, #0
    movs r3, #ELEMENTS_OF_TURN - 1
    ands r1, r3
    movs r3, #ELEMENT_CODE_BYTES
    muls r1, r3
    branch_address r3, .Lelements
    adds r1, r1, r3
    str r1, [sp, #ENTRY]
    ldr r6, =0x00ff00ff

.Lkeys:
    mov r8, lr
    mov r9, r12
    mov r10, lr
    mov r11, r12
    ldr r1, [sp, #QUERY]
    ldr r4, [sp, #ENTRY]
    bx r4
    .balign 4
.Lelements:
    .rept ELEMENTS_OF_TURN
    ldm r0!, {r2, r3}
    ldm r1!, {r4}
    multiply_keys r2, r9, r8
    multiply_keys r3, r11, r10
    .endr
    .if . - .Lelements - ELEMENTS_OF_TURN * ELEMENT_CODE_BYTES
    .error "ELEMENT_CODE_BYTES is not what an element has"
    .endif
    ldr r4, [sp, #QUERY_END]
    cmp r1, r4
    bne .Lelements
    mov r3, r9
    lsls r4, r3, #8
    mov r2, r8
    subs r2, r2, r4
    mov r5, r11
    lsls r1, r5, #8
    mov r4, r10
    subs r4, r4, r1
    stm r7!, {r2-r5}
    ldr r1, [sp, #SCORES_END]
    cmp r7, r1
    bne .Lkeys
    add sp, #LOCALS
    restore_registers_and_return
end_copied sm_attention_int8_scores

/*
 * Values. As kernel_int8.S has rows, a tile has elements; positions are its columns, and weights the
 * vector. V3 starts at c = -128 * (sum of all weights), each other V at c + 2^8 times the start of the
 * next. Whatever overflows on the way, the outputs are correct modulo 2^32, and below 2^31.
 */
#define POSITIONS_OF_TURN 4
#define WIDE_CODE_BYTES 48
#define NARROW_CODE_BYTES 26

/* Four products of \word, which is destroyed, with r4. */
.macro multiply_values word:req, v3:req, v2:req, v1:req, v0:req
    lsrs r5, \word, #24
    muls r5, r4
    add \v3, r5
    lsrs r5, \word, #16
    muls r5, r4
    add \v2, r5
    lsrs r5, \word, #8
    muls r5, r4
    add \v1, r5
    muls \word, r4
    add \v0, \word
.endm

/* Locals: offsets from the stack pointer. */
#define STARTS 0        /* of V0 to V3 */
#define WEIGHTS 16      /* where those of the first turn would begin */
#define WEIGHTS_END 20
#define SKIPPED 24      /* positions of the first turn */
#define TILE 28
#define TILE_BYTES 32   /* of tiles of eight elements */
#define OUTPUT 36
#define LEFT 40         /* elements */
#define PARTIAL 44      /* outputs of a tile that the head does not fill */
#undef LOCALS
#define LOCALS 76

/*
 * void sm_attention_int8_values(values r0, positions r1, head_dim r2, weights r3, count [sp],
 *                               sum [sp, 4], output [sp, 8])
 */
function sm_attention_int8_values, stack=112
    save_registers_and_go_to_copy sm_attention_int8_values
    sub sp, #LOCALS
    str r0, [sp, #TILE]
    lsls r1, r1, #3
    str r1, [sp, #TILE_BYTES]
    str r2, [sp, #LEFT]
    ldr r4, [sp, #LOCALS + SAVED_BYTES]
    lsls r5, r4, #1
    adds r5, r5, r3
    str r5, [sp, #WEIGHTS_END]
    rsbs r4, r4, #0
    movs r5, #POSITIONS_OF_TURN - 1
    ands r4, r5
    str r4, [sp, #SKIPPED]
    lsls r4, r4, #1
    subs r3, r3, r4
    str r3, [sp, #WEIGHTS]
    ldr r4, [sp, #LOCALS + SAVED_BYTES + 8]
    str r4, [sp, #OUTPUT]
    ldr r5, [sp, #LOCALS + SAVED_BYTES + 4]
    lsls r5, r5, #7
    rsbs r5, r5, #0             /* c */
    lsls r4, r5, #8
    adds r4, r4, r5
    lsls r3, r4, #8
    adds r3, r3, r5
    lsls r2, r3, #8
    adds r2, r2, r5
    mov r1, sp
    stm r1!, {r2-r5}            /* STARTS */

.Lvalues:
    ldr r0, [sp, #TILE]
    mov r1, sp
    ldm r1!, {r2-r5}
    mov r8, r2
    mov r9, r3
    mov r10, r4
    mov r11, r5
    ldr r1, [sp, #SKIPPED]
    ldr r6, [sp, #LEFT]
    cmp r6, #4
    bhi 1f
    b .Lnarrow_tile
1:
    mov r12, r2
    mov lr, r3
    movs r6, r4
    movs r7, r5
    movs r4, #WIDE_CODE_BYTES
    muls r4, r1
    branch_address r5, .Lwide
    adds r5, r5, r4
    ldr r1, [sp, #WEIGHTS]
    bx r5
    .balign 4
.Lwide:
    .irp position, 0, 1, 2, 3
    ldm r0!, {r2, r3}
    ldrh r4, [r1, #2 * \position]
    multiply_values r2, r11, r10, r9, r8
    multiply_values r3, r7, r6, lr, r12
    .endr
    .if . - .Lwide - POSITIONS_OF_TURN * WIDE_CODE_BYTES
    .error "WIDE_CODE_BYTES is not what a position has"
    .endif
    adds r1, #2 * POSITIONS_OF_TURN
    ldr r5, [sp, #WEIGHTS_END]
    cmp r1, r5
    bne .Lwide
    ldr r1, [sp, #OUTPUT]
    ldr r4, [sp, #LEFT]
    cmp r4, #8
    bhs 1f
    add r1, sp, #PARTIAL
1:  adds r1, #16
    /* Elements 4 to 7 from r12, lr, r6 and r7. */
    mov r3, lr
    lsls r4, r3, #8
    mov r2, r12
    subs r2, r2, r4
    lsls r4, r6, #8
    subs r3, r3, r4
    lsls r4, r7, #8
    subs r6, r6, r4
    stm r1!, {r2, r3, r6, r7}
    subs r1, #32
    b .Lfirst_four

.Lnarrow_tile:
    movs r4, #NARROW_CODE_BYTES
    muls r4, r1
    branch_address r5, .Lnarrow
    adds r5, r5, r4
    ldr r1, [sp, #WEIGHTS]
    bx r5
    .balign 4
.Lnarrow:
    .irp position, 0, 1, 2, 3
    ldm r0!, {r2}
    ldrh r4, [r1, #2 * \position]
    multiply_values r2, r11, r10, r9, r8
    .endr
    .if . - .Lnarrow - POSITIONS_OF_TURN * NARROW_CODE_BYTES
    .error "NARROW_CODE_BYTES is not what a position has"
    .endif
    adds r1, #2 * POSITIONS_OF_TURN
    ldr r5, [sp, #WEIGHTS_END]
    cmp r1, r5
    bne .Lnarrow
    ldr r1, [sp, #OUTPUT]
    cmp r6, #4
    beq .Lfirst_four
    add r1, sp, #PARTIAL
.Lfirst_four:
    /* Elements 0 to 3 from r8 to r11. */
    mov r5, r11
    lsls r6, r5, #8
    mov r4, r10
    mov r3, r9
    mov r2, r8
    lsls r7, r4, #8
    subs r4, r4, r6
    lsls r6, r3, #8
    subs r3, r3, r7
    subs r2, r2, r6
    stm r1!, {r2-r5}
    /* The outputs are where they belong, or a last tile's are in PARTIAL. */
    ldr r0, [sp, #OUTPUT]
    ldr r4, [sp, #LEFT]
    subs r1, #16
    cmp r0, r1
    bne 2f
    adds r0, #32
    str r0, [sp, #OUTPUT]
    ldr r1, [sp, #TILE]
    ldr r2, [sp, #TILE_BYTES]
    adds r1, r1, r2
    str r1, [sp, #TILE]
    subs r4, #8
    str r4, [sp, #LEFT]
    ble 3f
    b .Lvalues
2:  ldm r1!, {r2}
    stm r0!, {r2}
    subs r4, #1
    bne 2b
3:  add sp, #LOCALS
    restore_registers_and_return
end_copied sm_attention_int8_values
