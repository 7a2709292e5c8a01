#include "stream.h"

void sm_stream_begin(void *buffers, uint32_t buffer_bytes, sm_piece first) {
    (void)buffers;
    (void)buffer_bytes;
    (void)first;
}

const uint8_t *sm_stream_take(sm_piece piece, sm_piece next) {
    (void)next;
    return piece.bytes;
}

void sm_stream_end(void) {}
