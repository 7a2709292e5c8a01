#include "feed_forward.h"
#include "simd.h"

typedef struct {
    f32x4 value, slope;
} value_and_slope;

/** 2 sqrt(2 / pi): the tanh form of GELU is x * sigmoid(GELU_SCALE * (x + GELU_CUBIC x^3)). */
#define GELU_SCALE 1.5957691216f
#define GELU_CUBIC 0.044715f

ALWAYS_INLINE value_and_slope activate(const activation_kind kind, f32x4 x) {
    const f32x4 one = splat(1.0f), zero = splat(0.0f);
    switch (kind) {
    case ACTIVATION_RELU: {
        const i32x4 positive = x > zero;
        return (value_and_slope){maximum(x, zero), (f32x4)(positive & (i32x4)one)};
    }
    case ACTIVATION_RELU2: {
        const f32x4 rectified = maximum(x, zero);
        return (value_and_slope){rectified * rectified, rectified + rectified};
    }
    case ACTIVATION_GELU: {
        const f32x4 square = x * x;
        const f32x4 s =
            sigmoid(splat(GELU_SCALE) * x * multiply_add(square, splat(GELU_CUBIC), one));
        const f32x4 inner = splat(GELU_SCALE) * multiply_add(square, splat(3.0f * GELU_CUBIC), one);
        return (value_and_slope){x * s, s + x * s * (one - s) * inner};
    }
    case ACTIVATION_SILU:
    default: {
        const f32x4 s = sigmoid(x);
        const f32x4 value = x * s;
        return (value_and_slope){value, s + value * (one - s)};
    }
    }
}

ALWAYS_INLINE void forward_as(const activation_kind kind, const architecture *shape, int columns,
                              int stride, const float *ffn_in, float *hidden) {
    for (int row = 0; row < shape->hidden_dim; row++) {
        const float *in = ffn_in + row * stride;
        const float *up = in + shape->hidden_dim * stride;
        float *out = hidden + row * stride;
        for (int column = 0; column < columns; column += LANES) {
            const f32x4 value = activate(kind, load(in + column)).value;
            store(out + column, shape->gated ? value * load(up + column) : value);
        }
    }
}

ALWAYS_INLINE void backward_as(const activation_kind kind, const architecture *shape, int columns,
                               int stride, const float *ffn_in, float *gradient) {
    const int up_rows = shape->gated ? shape->hidden_dim * stride : 0;
    for (int row = 0; row < shape->hidden_dim; row++) {
        const float *in = ffn_in + row * stride;
        float *in_gradient = gradient + row * stride;
        for (int column = 0; column < columns; column += LANES) {
            const value_and_slope activated = activate(kind, load(in + column));
            const f32x4 hidden_gradient = load(in_gradient + up_rows + column);
            if (shape->gated) {
                store(in_gradient + up_rows + column, hidden_gradient * activated.value);
                store(in_gradient + column,
                      hidden_gradient * load(in + up_rows + column) * activated.slope);
            } else {
                store(in_gradient + column, hidden_gradient * activated.slope);
            }
        }
    }
}

/** Calls `function` with the activation as a constant, so that each gets a loop of its own. */
#define SPECIALIZE(function, ...)                                                                  \
    switch (shape->activation) {                                                                   \
    case ACTIVATION_SILU: function(ACTIVATION_SILU, __VA_ARGS__); break;                           \
    case ACTIVATION_RELU: function(ACTIVATION_RELU, __VA_ARGS__); break;                           \
    case ACTIVATION_RELU2: function(ACTIVATION_RELU2, __VA_ARGS__); break;                         \
    case ACTIVATION_GELU: function(ACTIVATION_GELU, __VA_ARGS__); break;                           \
    }

void feed_forward(const architecture *shape, int columns, int stride, const float *ffn_in,
                  float *hidden) {
    SPECIALIZE(forward_as, shape, columns, stride, ffn_in, hidden)
}

void feed_forward_backward(const architecture *shape, int columns, int stride, const float *ffn_in,
                           float *gradient) {
    SPECIALIZE(backward_as, shape, columns, stride, ffn_in, gradient)
}
