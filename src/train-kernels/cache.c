#include "cache.h"

#include "quantize.h"
#include "simd.h"

/** The engine multiplies two of 16 bits: 32,767 in all, or 181 for each. */
#define SCORE_LIMIT 32767
#define SCORE_LIMIT_ROOT 181

/** A norm that no vector reaches. */
#define NO_LIMIT 1e30f

head_limits head_limits_of(int head_dim, int cached_peak) {
    int root = 1;
    while (root * root < head_dim) root++;
    const int rounding = (root + 1) / 2;
    const float even = (float)(SCORE_LIMIT_ROOT - rounding);
    head_limits limits = {
        .query = {VECTOR_PEAK, even},
        .key = {(float)cached_peak, even},
        .value = {(float)cached_peak, NO_LIMIT},
    };
    const int longest_key = cached_peak * root;
    if (longest_key < SCORE_LIMIT_ROOT) {
        /* No key reaches the limit: a query may be longer. */
        const int query = SCORE_LIMIT / longest_key - rounding;
        limits.query.norm = (float)(query < 255 ? query : 255);
        limits.key.norm = NO_LIMIT;
    }
    return limits;
}

/** Steps of four vectors: the smallest powers of two with which they are within their limits. */
ALWAYS_INLINE f32x4 steps_of(vector_limits limits, int head_dim, int stride, const float *source) {
    f32x4 peak = splat(SMALLEST_MAGNITUDE), squares = splat(0.0f);
    for (int i = 0; i < head_dim; i++) {
        const f32x4 x = load(source + i * stride);
        peak = maximum(peak, absolute(x));
        squares = multiply_add(x, x, squares);
    }
    const f32x4 of_norm = square_root(squares) * splat(1.0f / limits.norm);
    return round_up_to_power_of_two(maximum(peak / splat(limits.peak), of_norm));
}

void quantize_queries(vector_limits limits, int head_dim, int columns, int stride, float *data) {
    for (int column = 0; column < columns; column += LANES) {
        const f32x4 step = steps_of(limits, head_dim, stride, data + column);
        const f32x4 inverse = splat(1.0f) / step;
        for (int i = 0; i < head_dim; i++) {
            float *place = data + i * stride + column;
            store(place, round_half_up(load(place) * inverse) * step);
        }
    }
}

void find_cache_steps(vector_limits limits, int head_dim, int columns, int stride,
                      const float *source, float *steps) {
    float largest = 0.0f;
    for (int column = 0; column < columns; column += LANES) {
        store(steps + column, steps_of(limits, head_dim, stride, source + column));
        for (int lane = 0; lane < LANES; lane++) {
            if (steps[column + lane] > largest) largest = steps[column + lane];
            steps[column + lane] = largest;
        }
    }
}

/** Rounds positions of a row; whole vectors, so that up to three more may be overwritten. */
ALWAYS_INLINE void round_positions(int begin, int end, float step, const float *source,
                                   float *target) {
    const f32x4 unit = splat(step), inverse = splat(1.0f / step);
    for (int t = begin; t < end; t += LANES) {
        store(target + t, round_half_up(load(source + t) * inverse) * unit);
    }
}

void extend_cache(int head_dim, int begin, int end, int stride, const float *source,
                  const float *steps, int number_stride, float *numbers) {
    const float step = steps[begin];
    const bool raised = begin > 0 && step > steps[begin - 1];
    for (int i = 0; i < head_dim; i++) {
        float *row = numbers + i * number_stride;
        if (raised) round_positions(0, begin, step, row, row);
        round_positions(begin, end, step, source + i * stride, row);
    }
}
