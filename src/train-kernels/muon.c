#include "muon.h"

#include "gemm.h"
#include "simd.h"

/** How slowly the mean of the gradients moves. */
#define MOMENTUM 0.95f

/** Keeps the division by the norm apart from 0. */
#define NORM_EPSILON 1e-7f

/**
 * Coefficients and number of the iterations x -> a x + b x^3 + c x^5 on singular values: Jordan's
 * quintic, which moves all values from 0.01 to 1 to between 0.68 and 1.14 in five steps.
 */
#define QUINTIC_A 3.4445f
#define QUINTIC_B (-4.7750f)
#define QUINTIC_C 2.0315f
#define ITERATIONS 5

/**
 * An orthogonal matrix of r by c has elements of root mean square 1 / sqrt(max(r, c)); AdamW's
 * directions have about 0.2. Scaled to that, both optimisers share learning rate and decay (Liu and
 * others 2025, "Muon is scalable for LLM training").
 */
#define ADAMW_DIRECTION 0.2f

static int padded(int length) { return (length + LANES - 1) / LANES * LANES; }

static int longer(int a, int b) { return a > b ? a : b; }

muon_workspace muon_workspace_take(arena *from, const architecture *shape) {
    const int widest = longer(query_dim(shape), shape->hidden_dim);
    const int smaller = padded(shape->dim), larger = padded(longer(widest, shape->dim));
    muon_workspace space;
    space.direction = arena_take_floats(from, smaller, larger);
    space.product = arena_take_floats(from, smaller, larger);
    space.square = arena_take_floats(from, smaller, smaller);
    space.quartic = arena_take_floats(from, smaller, smaller);
    space.panel = arena_take_floats(from, smaller, smaller);
    return space;
}

bool muon_updates(const parameter_chunk *chunk) {
    switch (chunk->kind) {
    case PARAMETER_QUERY:
    case PARAMETER_KEY:
    case PARAMETER_VALUE:
    case PARAMETER_OUTPUT:
    case PARAMETER_GATE:
    case PARAMETER_UP:
    case PARAMETER_DOWN: return true;
    default: return false;
    }
}

/** The gradient that Nesterov's momentum looks ahead to; moves the mean. */
static float look_ahead(float gradient, float *momentum) {
    *momentum = MOMENTUM * *momentum + (1.0f - MOMENTUM) * gradient;
    return MOMENTUM * *momentum + (1.0f - MOMENTUM) * gradient;
}

/** Nearest orthogonal matrix of `direction` [rows][columns], rows <= columns, both padded. */
static void orthogonalise(int rows, int columns, const muon_workspace *space) {
    const int size = rows * columns;
    float *direction = space->direction;
    f32x4 squares = splat(0.0f);
    for (int i = 0; i < size; i += LANES) {
        squares = multiply_add(load(direction + i), load(direction + i), squares);
    }
    const f32x4 inverse = splat(1.0f / (__builtin_sqrtf(sum_of_lanes(squares)) + NORM_EPSILON));
    for (int i = 0; i < size; i += LANES) store(direction + i, load(direction + i) * inverse);

    for (int iteration = 0; iteration < ITERATIONS; iteration++) {
        const strided_matrix square = plain(space->square, rows);
        gemm_nt(rows, rows, columns, direction, columns, direction, columns, space->square, rows, 1,
                OVERWRITE);
        gemm_nn(rows, rows, rows, square, space->square, rows, space->quartic, rows, OVERWRITE,
                space->panel);
        for (int i = 0; i < rows * rows; i += LANES) {
            const f32x4 sum = multiply_add(splat(QUINTIC_B), load(space->square + i),
                                           splat(QUINTIC_C) * load(space->quartic + i));
            store(space->square + i, sum);
        }
        gemm_nn(rows, columns, rows, square, direction, columns, space->product, columns, OVERWRITE,
                space->panel);
        for (int i = 0; i < size; i += LANES) {
            store(direction + i,
                  multiply_add(splat(QUINTIC_A), load(direction + i), load(space->product + i)));
        }
    }
}

void muon_update(int offset, int rows, int columns, const training_step *step, float gradient_scale,
                 const float *gradients, float *parameters, float *momentum,
                 const muon_workspace *space) {
    const bool is_tall = rows > columns;
    const int height = padded(is_tall ? columns : rows), width = padded(is_tall ? rows : columns);
    /* Where element (row, column) lies in the direction, whose rows are the short side. */
    const int row_stride = is_tall ? 1 : width, column_stride = is_tall ? width : 1;

    for (int i = 0; i < height * width; i += LANES) store(space->direction + i, splat(0.0f));
    for (int row = 0; row < rows; row++) {
        const int start = offset + row * columns;
        for (int column = 0; column < columns; column++) {
            space->direction[row * row_stride + column * column_stride] =
                look_ahead(gradients[start + column] * gradient_scale, &momentum[start + column]);
        }
    }
    orthogonalise(height, width, space);

    const float rate = step->learning_rate;
    const float scale = ADAMW_DIRECTION * __builtin_sqrtf((float)longer(rows, columns));
    for (int row = 0; row < rows; row++) {
        float *values = parameters + offset + row * columns;
        for (int column = 0; column < columns; column++) {
            const float direction =
                scale * space->direction[row * row_stride + column * column_stride];
            values[column] -= rate * (direction + step->weight_decay * values[column]);
        }
    }
}
