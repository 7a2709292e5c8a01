/*
 * The kernel for int4 of kernel.h. 2.125 cycles a product: a multiplication has the products of two
 * rows, j and j + 4, in the halves of a word.
 *
 * The values are biased: nibbles n are 0 to 15. An accumulator of rows j and j + 4 sums
 * (n[j] + 2^16 n[j + 4]) * element over a block of at most 32 columns. It starts at
 *     C = (1 + 2^16) * -8 * (sum of the block's elements) + 2^15,
 * so that it ends, modulo 2^32, at S[j] + 2^15 + 2^16 S[j + 4] with S the sums of values. These are
 * below 2^15 (kernel.h): the lower half is S[j] + 2^15 without a carry, the upper half S[j + 4].
 *
 * The accumulator of rows 0 and 4 sums word * element with all nibbles, which saves a mask. Row j adds
 * 16^j times its own accumulator's sum, for which it starts at (1 + 16 + 16^2 + 16^3) C; at the end
 * the three others, shifted, are taken from it.
 *
 * Where the magnitudes of all elements sum to less than 2^12, as they nearly always do in vectors of up
 * to 64 elements, even sums with -8 are below 2^15 over all blocks: the accumulators then go on from
 * block to block, and start at the sum of the blocks' C with one 2^15.
 *
 * Otherwise a tile's sums over several blocks are with the interpolators, which divide a word into its halves and
 * add both in two cycles, for two of the accumulators. For the two others r12 and lr sum the whole
 * words T, modulo 2^32, and the interpolators' unused bases the upper halves H: the lower sum is
 * T - 2^16 H. Lower sums start at -2^15 for each block.
 *
 * Prepared: for each 32 columns the start of the accumulator with all nibbles, C, a word of two halves:
 * the way to the place in the unrolled loop from which it works on so many columns, and above it a bound
 * of the sum of magnitudes, at most 32 too high; and the elements as words, up to a multiple of four.
 */
#include "interpolators.inc"
#include "kernel_layout.h"
#include "macros.inc"

#define BLOCK_SHIFT 5           /* log2 of SM_KERNEL_COLUMNS */
#define HEADER_BYTES INT4_BLOCK_HEADER_BYTES
#define BLOCK_BYTES (HEADER_BYTES + (4 << BLOCK_SHIFT)) /* prepared */
#define COLUMN_CODE_BYTES 30    /* of the unrolled loop */

/* void sm_kernel_int4_prepare(vector r0, columns r1, begin r2, end r3, scratch [sp]) */
function sm_kernel_int4_prepare, stack=32
    push {r4-r7, lr}
    mov r4, r8
    mov r5, r9
    mov r6, r10
    push {r4-r6}
    ldr r4, =0x01010101
    mov r8, r4
    ldr r4, =0x00ff00ff
    mov r9, r4
    ldr r1, [sp, #32]
    adds r3, r3, r0
    mov r12, r3                 /* end of the vector's elements */
    adds r0, r0, r2
    lsrs r2, r2, #BLOCK_SHIFT
    movs r4, #BLOCK_BYTES
    muls r2, r4
    adds r1, r1, r2
    b 3f
1:  /* A block. r0 elements, r1 words, r2 sum, r3 end of the block, lr prepared block. */
    mov lr, r1
    adds r1, #HEADER_BYTES
    movs r2, #0
    movs r3, #1 << BLOCK_SHIFT
    mov r10, r3                 /* magnitudes, in the halves of a word */
    adds r3, r3, r0
    cmp r3, r12
    bls 2f
    mov r3, r12
2:  ldm r0!, {r4}
    /* The magnitudes of four elements, those of negative ones less 1. */
    lsrs r5, r4, #7
    mov r6, r8
    ands r5, r6
    lsls r6, r5, #8
    subs r6, r6, r5
    eors r6, r4
    mov r7, r9
    lsrs r5, r6, #8
    ands r6, r7
    ands r5, r7
    add r10, r6
    add r10, r5
    widen_four_elements sum=r2
    stm r1!, {r4-r7}
    cmp r0, r3
    blo 2b
    lsls r2, r2, #3
    rsbs r2, r2, #0
    lsls r3, r2, #16
    adds r3, r3, r2
    movs r2, #1
    lsls r2, r2, #15
    adds r3, r3, r2             /* C */
    ldr r2, =0x1111
    muls r2, r3
    mov r7, lr
    subs r5, r1, r7
    subs r5, #HEADER_BYTES
    lsrs r5, r5, #2             /* columns of the block */
    movs r4, #COLUMN_CODE_BYTES
    muls r5, r4
    ldr r4, =32 * COLUMN_CODE_BYTES
    subs r4, r4, r5
    mov r5, r10
    lsls r6, r5, #16
    adds r5, r5, r6
    lsrs r5, r5, #16
    lsls r5, r5, #16
    orrs r4, r5
    stm r7!, {r2-r4}
3:  cmp r0, r12
    blo 1b
    pop {r4-r6}
    mov r8, r4
    mov r9, r5
    mov r10, r6
    pop {r4-r7, pc}
end_function sm_kernel_int4_prepare

/* Eight products: the word \word of the tile, which is destroyed, with \element. */
.macro multiply_column word:req, element:req
    lsrs r6, \word, #4
    ands r6, r7
    muls r6, \element
    add r9, r6
    lsrs r6, \word, #8
    ands r6, r7
    muls r6, \element
    add r10, r6
    lsrs r6, \word, #12
    ands r6, r7
    muls r6, \element
    add r11, r6
    muls \word, \element
    add r8, \word
.endm

/* r2 = the sums of rows 0 and 4, from all accumulators. Uses r6. */
.macro isolate_rows_0_and_4
    mov r6, r11
    lsls r6, r6, #4
    add r6, r10
    lsls r6, r6, #4
    add r6, r9
    lsls r6, r6, #4
    mov r2, r8
    subs r2, r2, r6
.endm

/* Variables in bases that the interpolators do not use: the tile's sums of rows 6 and 7 so far. */
#define ROWS_6 BASE2
#define ROWS_7 SECOND + BASE2

/*
 * Give the block's sums of rows 0 and 4 (in r2), 1 and 5 to the interpolators at r7, and add those of
 * rows 2 and 6, 3 and 7 to r12 and lr. r4 and r5 become the tile's sums of rows 6 and 7 so far.
 */
.macro add_block
    str r2, [r7, #BASES_1_AND_0]
    mov r3, r9
    str r3, [r7, #SECOND + BASES_1_AND_0]
    add r12, r10
    add lr, r11
    mov r4, r10
    asrs r4, r4, #16
    ldr r6, [r7, #ROWS_6]
    adds r4, r4, r6
    mov r5, r11
    asrs r5, r5, #16
    ldr r6, [r7, #ROWS_7]
    adds r5, r5, r6
.endm

/* Locals of sm_kernel_int4_multiply: offsets from its stack pointer. */
#define NIBBLES 0       /* mask of two */
#define PREPARED 4
#define PREPARED_END 8  /* plus 1 where a tile has several sums */
#define UNBIAS 12       /* -2^15 for each block */
#define SUMS 16
#define SUMS_END 20
#define SIO 24
#define START 28        /* of accumulators that go on, and of the one with all nibbles */
#define START_OF_ALL 32
#define LOCALS 36

/* void sm_kernel_int4_multiply(matrix r0, prepared r1, begin r2, end r3, sums [sp]) */
function sm_kernel_int4_multiply, stack=72
    save_registers_and_go_to_copy sm_kernel_int4_multiply
    sub sp, #LOCALS
    ldr r7, [sp, #LOCALS + SAVED_BYTES]
    subs r3, r3, r2
    bne 1f
    b .Lmultiplied
1:  adds r3, #7
    lsrs r3, r3, #3             /* tiles */
    lsls r3, r3, #5
    adds r3, r3, r7
    str r3, [sp, #SUMS_END]
    ldr r5, [r0, #8]            /* tile_bytes */
    lsrs r2, r2, #3
    muls r5, r2
    ldr r4, [r0, #4]            /* columns */
    ldr r0, [r0, #0]            /* tiles */
    adds r0, r0, r5
    str r1, [sp, #PREPARED]
    movs r2, #15
    lsls r3, r2, #16
    orrs r2, r3
    str r2, [sp, #NIBBLES]
    mov r12, r7
    str r7, [sp, #SUMS]
    adds r4, #3
    lsrs r5, r4, #2
    lsls r5, r5, #4             /* bytes of the elements */
    adds r4, #28
    lsrs r4, r4, #BLOCK_SHIFT   /* blocks: columns + 31 before */
    lsls r3, r4, #15
    rsbs r3, r3, #0
    str r3, [sp, #UNBIAS]
    movs r6, #HEADER_BYTES
    muls r6, r4
    adds r5, r5, r6
    adds r5, r5, r1
    str r5, [sp, #PREPARED_END]
    /* r2 magnitudes of all blocks, r3 their C with one 2^15. */
    movs r2, #1
    lsls r2, r2, #15
    adds r3, r3, r2
    movs r2, #0
2:  ldrh r6, [r1, #10]
    adds r2, r2, r6
    ldr r6, [r1, #4]
    adds r3, r3, r6
    adds r1, #BLOCK_BYTES
    subs r4, #1
    bne 2b
    lsrs r2, r2, #12
    beq .Lset_start
    /* Lane 0 adds base 0, a lower half, to accumulator 0; lane 1 an upper half, which has a sign. */
    movs r7, #INTERPOLATORS >> 24
    lsls r7, r7, #24
    adds r7, #INTERPOLATORS & 255
    str r7, [sp, #SIO]
    movs r3, #MASK(0, 31) >> 10
    lsls r3, r3, #10
    str r3, [r7, #CONTROL_LANE0]
    str r3, [r7, #SECOND + CONTROL_LANE0]
    movs r4, #1
    lsls r4, r4, #15
    orrs r3, r4                 /* SIGNED */
    str r3, [r7, #CONTROL_LANE1]
    str r3, [r7, #SECOND + CONTROL_LANE1]
    adds r5, #1
    str r5, [sp, #PREPARED_END]
    b .Ltile

.Lset_start:
    str r3, [sp, #START]
    movs r4, #0x11
    muls r4, r3
    lsls r5, r4, #8
    adds r4, r4, r5
    str r4, [sp, #START_OF_ALL] /* 0x1111 C */

.Ltile_of_one_sum:
    /* r3 C. */
    mov r9, r3
    mov r10, r3
    mov r11, r3
    ldr r3, [sp, #START_OF_ALL]
    mov r8, r3
    ldr r1, [sp, #PREPARED]
    ldr r7, [sp, #NIBBLES]
.Lgo_on:
    ldrh r6, [r1, #8]
    adds r1, #HEADER_BYTES
    b .Lenter_block

.Ltile:
    ldr r6, [sp, #UNBIAS]
    movs r5, #0
    ldr r7, [sp, #SIO]
    str r6, [r7, #ACCUMULATOR0]
    str r5, [r7, #ACCUMULATOR1]
    str r6, [r7, #SECOND + ACCUMULATOR0]
    str r5, [r7, #SECOND + ACCUMULATOR1]
    str r5, [r7, #ROWS_6]
    str r5, [r7, #ROWS_7]
    mov r12, r6
    mov lr, r6
    ldr r1, [sp, #PREPARED]
.Lblock:
    ldm r1!, {r4-r6}
    mov r8, r4
    mov r9, r5
    mov r10, r5
    mov r11, r5
    uxth r6, r6
    ldr r7, [sp, #NIBBLES]
.Lenter_block:
    add pc, r6                  /* from 4 bytes further on */
    nop
.Lblock_begin:
    .rept 16
    ldm r0!, {r2, r3}
    ldm r1!, {r4, r5}
    multiply_column r2, r4
    multiply_column r3, r5
    .endr
.Lblock_end:
    .if .Lblock_end - .Lblock_begin - 32 * COLUMN_CODE_BYTES
    .error "COLUMN_CODE_BYTES is not what the loop has"
    .endif
    ldr r6, [sp, #PREPARED_END]
    lsrs r2, r6, #1
    bcs 1f
    cmp r1, r6
    beq .Lonly_sum
    b .Lgo_on
1:  subs r6, #1
    cmp r1, r6
    beq .Llast_block
    isolate_rows_0_and_4
    ldr r7, [sp, #SIO]
    add_block
    str r4, [r7, #ROWS_6]
    str r5, [r7, #ROWS_7]
    ldr r6, [r7, #POP_LANE0]
    ldr r6, [r7, #SECOND + POP_LANE0]
    b .Lblock

.Llast_block:
    isolate_rows_0_and_4
    ldr r7, [sp, #SIO]
    add_block
    /* r12 and lr have sums of rows 2 and 3 plus 2^16 times those of rows 6 and 7. */
    lsls r6, r4, #16
    mov r3, r12
    subs r3, r3, r6
    lsls r6, r5, #16
    mov r1, lr
    subs r6, r1, r6
    ldr r1, [r7, #PEEK_LANE0]
    ldr r2, [r7, #SECOND + PEEK_LANE0]
    mov r12, r0
    ldr r0, [sp, #SUMS]
    stm r0!, {r1-r3, r6}
    ldr r2, [r7, #PEEK_LANE1]
    ldr r3, [r7, #SECOND + PEEK_LANE1]
    stm r0!, {r2-r5}
    str r0, [sp, #SUMS]
    ldr r1, [sp, #SUMS_END]
    cmp r0, r1
    mov r0, r12
    beq .Lmultiplied
    b .Ltile

.Lonly_sum:
    isolate_rows_0_and_4
    mov r8, r2
    uxth r2, r2
    mov r3, r9
    uxth r3, r3
    mov r4, r10
    uxth r4, r4
    mov r5, r11
    uxth r5, r5
    movs r6, #1
    lsls r6, r6, #15
    subs r2, r2, r6
    subs r3, r3, r6
    subs r4, r4, r6
    subs r5, r5, r6
    mov r7, r12
    stm r7!, {r2-r5}
    mov r2, r8
    asrs r2, r2, #16
    mov r3, r9
    asrs r3, r3, #16
    mov r4, r10
    asrs r4, r4, #16
    mov r5, r11
    asrs r5, r5, #16
    stm r7!, {r2-r5}
    mov r12, r7
    ldr r6, [sp, #SUMS_END]
    ldr r3, [sp, #START]
    cmp r7, r6
    beq .Lmultiplied
    b .Ltile_of_one_sum
.Lmultiplied:
    add sp, #LOCALS
    restore_registers_and_return
end_copied sm_kernel_int4_multiply
