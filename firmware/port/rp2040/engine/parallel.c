/*
 * Divides work between the two cores of the RP2040. The first core sends the address of a share
 * through the FIFO between the cores (SIO; RP2040 datasheet 2.3.1.4), does its own part meanwhile
 * and waits for the answer in the other FIFO.
 *
 * Both cores wait in WFE and not in a loop of loads: a core that polls fetches instructions from
 * the SRAM banks from which the other one works. SEV after a word wakes the receiver, and an event
 * that comes before the WFE ends it at once, so that none is lost. Other events (interrupts, the
 * locks of the pico-sdk) only make it look once more.
 *
 * The cores have no caches and no write buffers: what a core has stored before it writes to the
 * FIFO is in SRAM when the other one reads the word. Only the compiler must keep the order.
 */
#include "parallel.h"

#include <stdbool.h>

#include "hardware/regs/addressmap.h"
#include "hardware/regs/sio.h"
#include "placement.h"
#include "sm_second_core.h"

typedef struct {
    sm_range_function *work;
    void *context;
    uint32_t begin;
    uint32_t end;
} share;

static bool second_core_is_used;

static inline volatile uint32_t *sio(uint32_t offset) {
    return (volatile uint32_t *)(SIO_BASE + offset);
}

static inline void send(uint32_t word) {
    __asm volatile("" ::: "memory");
    *sio(SIO_FIFO_WR_OFFSET) = word;
    __asm volatile("sev");
}

static inline uint32_t receive(void) {
    while (!(*sio(SIO_FIFO_ST_OFFSET) & SIO_FIFO_ST_VLD_BITS)) __asm volatile("wfe");
    const uint32_t word = *sio(SIO_FIFO_RD_OFFSET);
    __asm volatile("" ::: "memory");
    return word;
}

void sm_second_core_use(void) { second_core_is_used = true; }

SM_HOT _Noreturn void sm_second_core_run(void) {
    for (;;) {
        const share *mine = (const share *)receive();
        mine->work(mine->context, mine->begin, mine->end);
        send(0);
    }
}

SM_HOT void sm_parallel(sm_range_function *work, void *context, uint32_t count, uint32_t granule) {
    /* Half of the items, to the nearest granule: either core may have more. */
    const uint32_t half = (count / 2 + granule / 2) & ~(granule - 1u);
    if (!second_core_is_used || count <= granule) {
        work(context, 0, count);
        return;
    }
    const share other = {work, context, half, count};
    send((uint32_t)&other);
    work(context, 0, half);
    (void)receive();
}
