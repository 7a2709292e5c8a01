/*
 * Streams matrices from the flash: the SSI reads words one after the other and DMA puts them into a
 * buffer (RP2040 datasheet, 4.10 and 2.5; pico-examples, flash/ssi_dma). In quad mode without a
 * command, as the boot stage of most boards leaves the SSI for its cache, a word takes 8 clocks of
 * the flash. Behind another boot stage the matrices are read through the cache instead.
 *
 * While the SSI streams it cannot serve the cache, so interrupts, whose handlers lie in flash, are
 * held off from sm_stream_begin to sm_stream_end: for a layer, or the classifier. WFI waits for the
 * end of a piece all the same: an interrupt that is held off ends it.
 */
#include "stream.h"

#if SM_STREAMS

#include <stdbool.h>

#include "hardware/regs/addressmap.h"
#include "hardware/regs/dma.h"
#include "hardware/regs/dreq.h"
#include "hardware/regs/intctrl.h"
#include "hardware/regs/m0plus.h"
#include "hardware/regs/ssi.h"
#include "placement.h"

/** The channel of DMA; the program uses no other. */
#define CHANNEL 0u

static inline volatile uint32_t *ssi(uint32_t offset) {
    return (volatile uint32_t *)(XIP_SSI_BASE + offset);
}

static inline volatile uint32_t *channel(uint32_t offset) {
    return (volatile uint32_t *)(DMA_BASE + offset + CHANNEL * DMA_CH1_READ_ADDR_OFFSET);
}

static inline volatile uint32_t *processor(uint32_t offset) {
    return (volatile uint32_t *)(PPB_BASE + offset);
}

static uint8_t *buffers[2];
/** The buffer into which the announced piece goes. */
static uint32_t turn;
static sm_piece announced;
/** Bits of the mode that keeps the flash in continuous reads: below each address. */
static uint32_t mode;
static bool streams;
static uint32_t masked_before;

/** Whether the SSI reads the flash in quad mode without a command. */
static bool reads_continuously(void) {
    const uint32_t format = (*ssi(SSI_CTRLR0_OFFSET) & SSI_CTRLR0_SPI_FRF_BITS);
    const uint32_t quad = SSI_CTRLR0_SPI_FRF_VALUE_QUAD << SSI_CTRLR0_SPI_FRF_LSB;
    return format == quad && !(*ssi(SSI_SPI_CTRLR0_OFFSET) & SSI_SPI_CTRLR0_INST_L_BITS);
}

/** Sets up how many words the SSI reads after an address; 1 without DMA is what the cache needs. */
SM_HOT static void set_up(uint32_t words, uint32_t dma) {
    *ssi(SSI_SSIENR_OFFSET) = 0;
    *ssi(SSI_CTRLR1_OFFSET) = words - 1u;
    *ssi(SSI_DMACR_OFFSET) = dma;
    *ssi(SSI_SSIENR_OFFSET) = 1;
}

SM_HOT static void fetch(sm_piece piece) {
    announced = piece;
    if (piece.count == 0) return;
    const uint32_t words = piece.count / 4u;
    set_up(words, SSI_DMACR_RDMAE_BITS | SSI_DMACR_TDMAE_BITS);
    *channel(DMA_CH0_READ_ADDR_OFFSET) = XIP_SSI_BASE + SSI_DR0_OFFSET;
    *channel(DMA_CH0_WRITE_ADDR_OFFSET) = (uint32_t)buffers[turn];
    *channel(DMA_CH0_TRANS_COUNT_OFFSET) = words;
    /* The SSI has the first byte of a word highest. */
    *channel(DMA_CH0_CTRL_TRIG_OFFSET) =
        DMA_CH0_CTRL_TRIG_BSWAP_BITS | DREQ_XIP_SSIRX << DMA_CH0_CTRL_TRIG_TREQ_SEL_LSB |
        CHANNEL << DMA_CH0_CTRL_TRIG_CHAIN_TO_LSB | DMA_CH0_CTRL_TRIG_INCR_WRITE_BITS |
        DMA_CH0_CTRL_TRIG_DATA_SIZE_VALUE_SIZE_WORD << DMA_CH0_CTRL_TRIG_DATA_SIZE_LSB |
        DMA_CH0_CTRL_TRIG_EN_BITS;
    *ssi(SSI_DR0_OFFSET) = ((uint32_t)piece.bytes - XIP_BASE) << 8 | mode;
}

SM_HOT static void await_fetched(void) {
    while (*channel(DMA_CH0_CTRL_TRIG_OFFSET) & DMA_CH0_CTRL_TRIG_BUSY_BITS) {
        __asm volatile("wfi" ::: "memory");
    }
    *(volatile uint32_t *)(DMA_BASE + DMA_INTS0_OFFSET) = 1u << CHANNEL;
    *processor(M0PLUS_NVIC_ICPR_OFFSET) = 1u << DMA_IRQ_0;
}

static inline bool lies_in_flash(sm_piece piece) {
    return (uint32_t)piece.bytes >= XIP_BASE && (uint32_t)piece.bytes < SRAM_BASE;
}

SM_HOT void sm_stream_begin(void *both_buffers, uint32_t buffer_bytes, sm_piece first) {
    streams = reads_continuously() && lies_in_flash(first);
    if (!streams) return;
    buffers[0] = both_buffers;
    buffers[1] = buffers[0] + buffer_bytes;
    turn = 0;
    mode = *ssi(SSI_SPI_CTRLR0_OFFSET) >> SSI_SPI_CTRLR0_XIP_CMD_LSB;
    __asm volatile("mrs %0, primask\n\tcpsid i" : "=r"(masked_before)::"memory");
    *(volatile uint32_t *)(DMA_BASE + DMA_INTE0_OFFSET) = 1u << CHANNEL;
    *processor(M0PLUS_NVIC_ISER_OFFSET) = 1u << DMA_IRQ_0;
    fetch(first);
}

SM_HOT const uint8_t *sm_stream_take(sm_piece piece, sm_piece next) {
    if (!streams) return piece.bytes;
    if (piece.bytes != announced.bytes) {
        if (announced.count) await_fetched();
        fetch(piece);
    }
    await_fetched();
    const uint8_t *fetched = buffers[turn];
    turn ^= 1u;
    fetch(next);
    return fetched;
}

SM_HOT void sm_stream_end(void) {
    if (!streams) return;
    streams = false;
    if (announced.count) await_fetched();
    announced.count = 0;
    set_up(1, 0);
    *(volatile uint32_t *)(DMA_BASE + DMA_INTE0_OFFSET) = 0;
    *processor(M0PLUS_NVIC_ICER_OFFSET) = 1u << DMA_IRQ_0;
    *processor(M0PLUS_NVIC_ICPR_OFFSET) = 1u << DMA_IRQ_0;
    __asm volatile("msr primask, %0" ::"r"(masked_before) : "memory");
}

#endif
