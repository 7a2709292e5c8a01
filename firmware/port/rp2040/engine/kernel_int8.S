/*
 * The kernel for int8 of kernel.h. 3.4 cycles a product: eight sums are in registers, and a word of
 * four values is multiplied as it is shifted, without masking its bytes.
 *
 * With the bytes b0 to b3 of a word (biased, so not negative) and U0 to U3 the sums of their products
 * with the elements, modulo 2^32:
 *     V3 = sum of (word >> 24) * element = U3
 *     V2 = sum of (word >> 16) * element = U2 + 2^8 V3
 *     V1 = sum of (word >> 8) * element  = U1 + 2^8 V2
 *     V0 = sum of word * element         = U0 + 2^8 V1
 * The bias is corrected before: with c = -128 * (sum of all elements), V3 starts at c and each other
 * V at c + 2^8 times the start of the next. Then V3, V2 - 2^8 V3, V1 - 2^8 V2 and V0 - 2^8 V1 are the
 * sums. They are correct modulo 2^32 whatever overflows on the way, and below 2^29 (kernel.h).
 *
 * Prepared: the elements as words up to a multiple of four columns, then the sum of the elements of
 * each 32 columns.
 */
#include "macros.inc"

#define BLOCK_SHIFT 5 /* log2 of SM_KERNEL_COLUMNS */

/* void sm_kernel_int8_prepare(vector r0, columns r1, begin r2, end r3, scratch [sp]) */
function sm_kernel_int8_prepare, stack=20
    push {r4-r7, lr}
    ldr r4, [sp, #20]
    adds r1, #3
    lsrs r1, r1, #2
    lsls r1, r1, #4
    adds r1, r1, r4             /* sums of blocks */
    lsrs r5, r2, #BLOCK_SHIFT
    lsls r5, r5, #2
    adds r1, r1, r5
    mov lr, r1                  /* where those of this core begin */
    lsls r1, r2, #2
    adds r1, r1, r4             /* words to write */
    adds r3, r3, r0
    mov r12, r3                 /* end of the vector's elements */
    adds r0, r0, r2
    b 3f
1:  /* A block. r0 elements, r1 words, r2 their sum, r3 end of the block. */
    movs r2, #0
    movs r3, #1 << BLOCK_SHIFT
    adds r3, r3, r0
    cmp r3, r12
    bls 2f
    mov r3, r12
2:  ldm r0!, {r4}
    widen_four_elements sum=r2
    stm r1!, {r4-r7}
    cmp r0, r3
    blo 2b
    mov r4, lr
    stm r4!, {r2}
    mov lr, r4
3:  cmp r0, r12
    blo 1b
    pop {r4-r7, pc}
end_function sm_kernel_int8_prepare

/* Eight products: the next column of the tile at r0 with the next element at r1. */
.macro multiply_column
    ldm r0!, {r2, r3}
    ldm r1!, {r4}
    lsrs r5, r2, #24
    muls r5, r4
    add r11, r5
    lsrs r5, r2, #16
    muls r5, r4
    add r10, r5
    lsrs r5, r2, #8
    muls r5, r4
    add r9, r5
    muls r2, r4
    add r8, r2
    lsrs r5, r3, #24
    muls r5, r4
    adds r7, r7, r5
    lsrs r5, r3, #16
    muls r5, r4
    adds r6, r6, r5
    lsrs r5, r3, #8
    muls r5, r4
    add lr, r5
    muls r3, r4
    add r12, r3
.endm

/* Locals of sm_kernel_int8_multiply: offsets from its stack pointer. */
#define STARTS 0        /* of V0 to V3 */
#define ELEMENTS 16
#define ELEMENTS_END 20
#define ENTRY 24        /* into the unrolled loop */
#define SUMS 28
#define SUMS_END 32
#define LOCALS 36

/* void sm_kernel_int8_multiply(matrix r0, prepared r1, begin r2, end r3, sums [sp]) */
function sm_kernel_int8_multiply, stack=72
    save_registers_and_go_to_copy sm_kernel_int8_multiply
    sub sp, #LOCALS
    ldr r4, [sp, #LOCALS + SAVED_BYTES]
    str r4, [sp, #SUMS]
    subs r3, r3, r2
    bne 1f
    b .Lmultiplied
1:  adds r3, #7
    lsrs r3, r3, #3             /* tiles */
    lsls r3, r3, #5
    adds r3, r3, r4
    str r3, [sp, #SUMS_END]
    ldr r5, [r0, #8]            /* tile_bytes */
    lsrs r2, r2, #3
    muls r5, r2
    ldr r4, [r0, #4]            /* columns */
    ldr r0, [r0, #0]            /* tiles */
    adds r0, r0, r5
    str r1, [sp, #ELEMENTS]
    adds r4, #3
    lsrs r5, r4, #2             /* groups of four columns */
    lsls r2, r5, #4
    adds r2, r2, r1             /* end of the elements, sums of blocks */
    str r2, [sp, #ELEMENTS_END]
    /* The unrolled loop has two groups: an odd number of them begins with the second. */
    branch_address r1, .Ltwo_groups
    lsrs r5, r5, #1
    bcc 1f
    branch_address r1, .Lone_group
1:  str r1, [sp, #ENTRY]
    /* c, from the sums of the blocks. */
    adds r4, #28
    lsrs r4, r4, #BLOCK_SHIFT   /* blocks: columns + 31 before */
    movs r5, #0
2:  ldm r2!, {r3}
    subs r5, r5, r3
    subs r4, #1
    bne 2b
    lsls r5, r5, #7
    lsls r4, r5, #8
    adds r4, r4, r5
    lsls r3, r4, #8
    adds r3, r3, r5
    lsls r2, r3, #8
    adds r2, r2, r5
    mov r1, sp
    stm r1!, {r2-r5}            /* STARTS */

.Ltile:
    mov r1, sp
    ldm r1!, {r2-r5}
    mov r8, r2
    mov r9, r3
    mov r10, r4
    mov r11, r5
    mov r12, r2
    mov lr, r3
    movs r6, r4
    movs r7, r5
    ldr r1, [sp, #ELEMENTS]
    ldr r5, [sp, #ENTRY]
    bx r5
    .balign 4
.Ltwo_groups:
    .rept 4
    multiply_column
    .endr
    .balign 4
.Lone_group:
    .rept 4
    multiply_column
    .endr
    ldr r5, [sp, #ELEMENTS_END]
    cmp r1, r5
    beq 1f
    b .Ltwo_groups
1:  /* The sums of rows 4 to 7 from r12, lr, r6 and r7. */
    mov r2, r12
    mov r3, lr
    lsls r1, r3, #8
    subs r2, r2, r1
    lsls r1, r6, #8
    subs r3, r3, r1
    lsls r1, r7, #8
    subs r6, r6, r1
    ldr r1, [sp, #SUMS]
    adds r1, #16
    stm r1!, {r2, r3, r6, r7}
    str r1, [sp, #SUMS]
    movs r6, r1
    subs r1, #32
    /* Of rows 0 to 3 from r8 to r11. */
    mov r2, r8
    mov r3, r9
    mov r4, r10
    mov r5, r11
    lsls r7, r3, #8
    subs r2, r2, r7
    lsls r7, r4, #8
    subs r3, r3, r7
    lsls r7, r5, #8
    subs r4, r4, r7
    stm r1!, {r2-r5}
    ldr r5, [sp, #SUMS_END]
    cmp r6, r5
    beq .Lmultiplied
    b .Ltile
.Lmultiplied:
    add sp, #LOCALS
    restore_registers_and_return
end_copied sm_kernel_int8_multiply
