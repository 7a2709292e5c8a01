/*
 * From the sums of a kernel to values in Q16: each row's sum times the scale of the row and that of
 * the vector.
 *
 * engine/portable/scale_rows_right.c has the loops that nearly all products take, in plain C; a
 * port replaces it like a kernel (kernel.h), bit for bit. engine/scale_rows.c does the rest.
 */
#ifndef STARMIND_SCALE_ROWS_H
#define STARMIND_SCALE_ROWS_H

#include <stdbool.h>
#include <stdint.h>

/**
 * output[i] = sums[i] * mantissa of row i * 2^exponent, rounded and held within SM_LIMIT, or where
 * `add` is set sm_clamp(output[i] + that), for i < count. The mantissa of row i is
 * (row_scales[i] * mantissa + 2^15) >> 16, with mantissa < 2^16: the scales of row and vector meet
 * in 16 bits. |sums[i]| <= limit <= 2^30; where `add` is set |output[i]| <= SM_LIMIT. `output` may
 * be `sums`.
 *
 * Sums that leave the product in 32 bits (limit < 2^15, as those of ternary matrices) are
 * multiplied exactly. So are sums of up to SM_NARROW_EXCESS bits more, as those of int4 matrices
 * with up to 258 columns and of int8 with up to 16, for which `mantissa` is rounded to as many bits
 * less: to 2^-13 of its value at the most. Other products lose their low 16 bits, as in
 * sm_multiply, where at least one more is dropped; else they are exact.
 */
void sm_scale_rows(const uint16_t *row_scales, const int32_t *sums, uint32_t count, int32_t *output,
                   uint32_t mantissa, int32_t exponent, uint32_t limit, bool add);

/*
 * The same for exponent = -16 - shift with shift from 1 to 30: the value is the product without its
 * low 16 bits, plus 2^(shift - 1), shifted right by `shift`. Neither product nor value needs a
 * clamp: |sum| <= 2^30 and the row's mantissa < 2^16 make |product| <= 2^30 - 2^14.
 */
typedef void sm_scale_rows_right(const uint16_t *row_scales, const int32_t *sums, uint32_t count,
                                 int32_t *output, uint32_t mantissa, uint32_t shift);
sm_scale_rows_right sm_scale_rows_right_set;
sm_scale_rows_right sm_scale_rows_right_add;

/*
 * The same for |sum| < 2^(15 + e), mantissa < 2^(16 - e) and exponent = -shift with shift from 1 to
 * SM_NARROW_SHIFT: the value is the whole product, plus 2^(shift - 1), shifted right. The product
 * is at most (2^(15 + e) - 1) (2^(16 - e) - 1), which leaves room for 2^16 below 2^31; after the
 * shift it is at most SM_LIMIT.
 */
#define SM_NARROW_SHIFT 17u
#define SM_NARROW_EXCESS 3u
sm_scale_rows_right sm_scale_rows_narrow_set;
sm_scale_rows_right sm_scale_rows_narrow_add;

/*
 * The same for |sum| < 2^(14 + shift), at most 2^30, and exponent = -shift with shift from 1 to
 * SM_WHOLE_SHIFT: the value is the whole product, plus 2^(shift - 1), shifted right. It is
 * (sum >> 16) * mantissa << (16 - shift), plus the product of the low half, which with the half is
 * below 2^32, shifted. The value is at most 2^(14 + shift) * 2^16 >> shift = 2^30; as the mantissa
 * is below 2^16, it is less, and so is the first part.
 */
#define SM_WHOLE_SHIFT 16u
sm_scale_rows_right sm_scale_rows_whole_set;
sm_scale_rows_right sm_scale_rows_whole_add;

#endif
