/* The loop of distances.h: 40 cycles a token, 14 where it is far. */
#include "macros.inc"

#define BIN_SHIFT 6     /* SM_BIN_BITS */
#define FAR_SHIFT 12    /* SM_FARTHEST has all bits below */

/* uint32_t sm_distances(logits r0, count r1, scale r2, bins r3) */
function sm_distances, stack=36
    save_registers
    lsls r1, r1, #2
    adds r1, r1, r0
    mov lr, r1                  /* end of the logits */
    movs r1, r3
    ldm r2!, {r3-r7}
    mov r8, r3                  /* top */
    mov r9, r4                  /* limit */
    mov r10, r5                 /* before */
    mov r11, r6                 /* after */
    movs r6, r7                 /* mantissa */
    ldr r7, =sm_exp2_table
    movs r3, #0
    mov r12, r3                 /* weight */
    b 4f
1:  ldr r2, [r0]
    mov r3, r8
    subs r3, r3, r2
    cmp r3, r9
    bhs 3f
    mov r5, r10
    lsrs r3, r3, r5
    muls r3, r6
    mov r5, r11
    lsrs r3, r3, r5
    lsrs r4, r3, #FAR_SHIFT
    bne 3f
    stm r0!, {r3}
    lsrs r4, r3, #BIN_SHIFT
    lsls r4, r4, #3
    adds r4, r4, r1
    lsrs r5, r3, #8
    uxtb r3, r3
    lsls r3, r3, #1
    ldrh r3, [r7, r3]
    lsrs r3, r3, r5
    add r12, r3
    ldm r4!, {r2, r5}
    adds r2, #1
    adds r5, r5, r3
    subs r4, #8
    stm r4!, {r2, r5}
    cmp r0, lr
    bne 1b
    b 5f
3:  ldr r3, =(1 << FAR_SHIFT) - 1
    stm r0!, {r3}
4:  cmp r0, lr
    bne 1b
5:  mov r0, r12
    restore_registers_and_return
end_function sm_distances
