/*
 * Stands in for DMA: copies each piece into a buffer when it is announced, and spoils the other
 * buffer first, so that a piece which is used after its time gives other numbers.
 */
#include "stream.h"

#include <string.h>

static uint8_t *buffers[2];
static uint32_t buffer_size;
static uint32_t turn;
static sm_piece announced;

static void fetch(sm_piece piece) {
    announced = piece;
    memset(buffers[turn], 0xa5, buffer_size);
    if (piece.count > 0) memcpy(buffers[turn], piece.bytes, piece.count);
}

void sm_stream_begin(void *both_buffers, uint32_t buffer_bytes, sm_piece first) {
    buffers[0] = both_buffers;
    buffers[1] = buffers[0] + buffer_bytes;
    buffer_size = buffer_bytes;
    turn = 0;
    fetch(first);
}

const uint8_t *sm_stream_take(sm_piece piece, sm_piece next) {
    if (piece.bytes != announced.bytes) fetch(piece);
    const uint8_t *fetched = buffers[turn];
    turn ^= 1u;
    fetch(next);
    return fetched;
}

void sm_stream_end(void) {}
