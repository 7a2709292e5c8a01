/*
 * Matrices that lie in memory from which single words come slowly and long pieces fast, as the
 * flash of the RP2040 by DMA. The engine takes them piece by piece; while the cores multiply with
 * one piece, the port fetches the next.
 *
 * Between sm_stream_begin and sm_stream_end nothing else may be read from that memory, code
 * included: what the engine needs of an image meanwhile is in its arena (engine.c), or in the
 * weights section, which the port has copied.
 *
 * engine/portable/stream.c reads the matrices where they lie; a port with a file of that name in
 * port/NAME/engine replaces it.
 */
#ifndef STARMIND_STREAM_H
#define STARMIND_STREAM_H

#include <stdint.h>

/** Ports define it as 0 where no model streams: then all that serves it is left out. */
#ifndef SM_STREAMS
#define SM_STREAMS 1
#endif

/** Bytes of a piece, unless a single tile is larger. */
#define SM_PIECE_BYTES 4096u

/** Whole tiles of a matrix: a multiple of 4 bytes; no bytes: none. */
typedef struct {
    const uint8_t *bytes;
    uint32_t count;
} sm_piece;

/** Begins to fetch a piece into the first of two buffers that lie one after the other. */
void sm_stream_begin(void *buffers, uint32_t buffer_bytes, sm_piece first);

/**
 * Returns where the bytes of a piece are once they are there, and begins to fetch `next`. They stay
 * until the call after the next one. A piece that was not announced is fetched now.
 */
const uint8_t *sm_stream_take(sm_piece piece, sm_piece next);

/** Ends it: the memory may be read again. */
void sm_stream_end(void);

#endif
