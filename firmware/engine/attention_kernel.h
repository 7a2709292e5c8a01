/*
 * The contract of the attention kernels: one query head over the cached positions of its key/value
 * head. engine/portable/attention_*.c have them in plain C; a port that has a file of the same name
 * in port/NAME/engine replaces it by one that gives the same bits.
 *
 * Keys. Eight positions are a tile. In an int8 cache, each element of the head has eight bytes
 * there, value + 128; within four positions they are those of positions 0, 2, 1, 3. In an int4
 * cache it has eight nibbles, value + 8, those of positions 0, 2, 4, 6, 1, 3, 5, 7. So two
 * neighbours are 16 bits apart, and one multiplication makes two products.
 *
 * Values. In an int8 cache the elements of a head are divided into tiles of eight; up to four that
 * remain are a tile of four. A tile has as many bytes, value + 128, for each position, position
 * after position. In an int4 cache all tiles are of eight; a tile has one word for each position,
 * with the nibbles of elements 0 to 7 in their order, value + 8.
 *
 * Ranges. Query and key are scaled so that the product of their Euclidean norms is at most
 * SM_SCORE_LIMIT: by Cauchy and Schwarz no score is larger, and two of them fit one word. Kernels
 * may calculate modulo 2^16 a score, whatever the order. Weights are below 2^16 and their sum times
 * 128 below 2^31, so that sums of weighted values fit 32 bits. For an int4 cache weights are shared
 * out so that their sum is at most SM_SHARES: times 7 it is below 2^15, and two sums fit one word.
 */
#ifndef STARMIND_ATTENTION_KERNEL_H
#define STARMIND_ATTENTION_KERNEL_H

#include <stdint.h>

/** Positions of a tile of keys. */
#define SM_KEY_TILE 8u

/** Elements of a tile of values. */
#define SM_VALUE_TILE 8u

/** Largest magnitude of a score. */
#define SM_SCORE_LIMIT 32767

/** Added to a stored score, so that it is not negative. */
#define SM_SCORE_BIAS 32768

/** Sum of weights at most, once they are shared out. */
#define SM_SHARES 4096

/** Place of a position among the eight nibbles of a word. */
static inline uint32_t sm_key_nibble(uint32_t position) {
    const uint32_t place = position % SM_KEY_TILE;
    return place / 2u + place % 2u * 4u;
}

/** Place of a position among the four bytes that it shares a word with. */
static inline uint32_t sm_key_byte(uint32_t position) {
    const uint32_t place = position % 4u;
    return place == 1u || place == 2u ? 3u - place : place;
}

/** Elements of the next tile of values, where `left` of a head are left. */
static inline uint32_t sm_value_tile_width(uint32_t left) {
    return left > SM_VALUE_TILE / 2u ? SM_VALUE_TILE : SM_VALUE_TILE / 2u;
}

/** Bytes that one position of a head takes among the values. */
static inline uint32_t sm_value_bytes(uint32_t head_dim) { return (head_dim + 3u) / 4u * 4u; }

/*
 * scores[i] = query . key i + SM_SCORE_BIAS for the first `count` positions, and anything up to the
 * end of their last tile. `query` has head_dim elements.
 */
typedef void sm_attention_scores(const uint8_t *keys, uint32_t head_dim, const int32_t *query,
                                 uint32_t count, uint16_t *scores);
sm_attention_scores sm_attention_int8_scores;
sm_attention_scores sm_attention_int4_scores;

/**
 * Overwrites `count` scores with weights: the highest has 2^15 >> dropped, one that is lower by d
 * has 2^-z of it, z = (d * mantissa >> shift) / 256. Scores lie on a word; where their number is
 * odd, a zero follows the weights. 2 <= shift <= 31; mantissa < 2^16, and 2^15 at least where shift
 * <= 16. Returns the sum of the weights.
 */
uint32_t sm_attention_softmax(uint16_t *scores, uint32_t count, uint32_t mantissa, uint32_t shift,
                              uint32_t dropped);

/*
 * output[j] = sum over the first `count` positions of weight * value j; `sum` is that of the
 * weights. Tiles are `positions` positions long. `output` has head_dim elements.
 */
typedef void sm_attention_values(const uint8_t *values, uint32_t positions, uint32_t head_dim,
                                 const uint16_t *weights, uint32_t count, uint32_t sum,
                                 int32_t *output);
sm_attention_values sm_attention_int8_values;
sm_attention_values sm_attention_int4_values;

/**
 * Multiplies weights by inverse / 2^16, rounded down: with SM_SHARES * 2^16 / sum they become
 * shares of SM_SHARES. Weights are as sm_attention_softmax leaves them, with the zero. Returns
 * their sum.
 */
uint32_t sm_attention_share(uint16_t *weights, uint32_t count, uint32_t inverse);

#endif
