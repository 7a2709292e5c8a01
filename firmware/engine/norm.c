#include "parallel.h"
#include "placement.h"
#include "sections.h"
#include "vector.h"
#include "vector_loops.h"

/** 1e-5, added to the mean square, with 32 fractional bits. */
#define NORM_EPSILON_Q32 UINT32_C(42950)

/** A vector to multiply by gains, and what is found on the way in each range. */
typedef struct {
    const int32_t *values;
    const int16_t *gains;
    sm_block block;
    int32_t *scaled;
    sm_scaled found[SM_PARALLEL_RANGES];
} scaling;

SM_HOT static void scale_some(void *context, uint32_t begin, uint32_t end) {
    scaling *s = context;
    /* Gains reach 2^15, values 2^15: the product keeps 15 bits. */
    s->found[sm_range_number(begin)] = sm_scale_by_gains(s->values + begin, end - begin, &s->block,
                                                         s->gains + begin, s->scaled + begin);
}

/** Subtracts the mean of values of SM_BLOCK_BITS. */
SM_HOT static void centre(int32_t *values, uint32_t count) {
    int32_t sum = 0;
    for (uint32_t i = 0; i < count; i++) sum += values[i];
    const int32_t mean = sum / (int32_t)count;
    for (uint32_t i = 0; i < count; i++) values[i] -= mean;
}

SM_HOT sm_rounding sm_norm(const sm_model *model, const sm_tensor *gains, const int32_t *residual,
                           uint32_t bits, int32_t *scratch) {
    const uint32_t dim = model->header->dim;
    scaling s = {.values = residual, .gains = sm_int16_row(model, gains, 0), .scaled = scratch};
    s.block = sm_block_of(sm_bit_length(bits));
    const int32_t shift = s.block.exponent;
    if (model->header->norm == SM_NORM_LAYERNORM) {
        for (uint32_t i = 0; i < dim; i++) scratch[i] = sm_in_block(&s.block, residual[i]);
        centre(scratch, dim);
        s.values = scratch;
        s.block = sm_block_of(0);
    }
    sm_parallel(scale_some, &s, dim, SM_VECTOR_GRANULE);

    /* Sum of squares in units of 2^(2 shift - 32), with the epsilon scaled to the same units. */
    uint64_t squares = s.found[0].squares + s.found[1].squares;
    const uint32_t epsilon = dim * NORM_EPSILON_Q32; /* below 2^31: dim is at most 2^15 */
    if (shift < 0) {
        squares += (uint64_t)epsilon << (-2 * shift);
    } else if (shift < 16) {
        squares += epsilon >> (2 * shift);
    }

    /* value * gain / sqrt(squares / dim): sqrt(dim) comes with the image. */
    const uint32_t peak = s.found[0].peak > s.found[1].peak ? s.found[0].peak : s.found[1].peak;
    sm_rounding rounding = sm_rounding_of(scratch, 15 + gains->exponent, peak);
    if (rounding.scale.mantissa == 0) return rounding;
    const sm_scale root = sm_scale_square_root(squares, 0);
    const sm_scale scaled = sm_scale_multiply(rounding.scale, model->header->norm_factor);
    rounding.scale = sm_scale_divide(scaled, root);
    return rounding;
}
