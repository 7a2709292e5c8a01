/* Gradient reduction and the AdamW update, chunk by chunk. */
#ifndef ADAMW_H
#define ADAMW_H

#include "parameters.h"

/** Keeps the division apart from 0, as in PyTorch. */
#define ADAMW_EPSILON 1e-8f

/**
 * Parameters that change from step to step. hand-over.ts writes them as 32-bit values in this
 * order.
 */
typedef struct {
    float learning_rate;
    float weight_decay;      /* of matrices; times the learning rate */
    float gradient_clip;     /* largest global norm; 0 switches clipping off */
    float beta1;             /* how slowly the mean of the gradients moves */
    float beta2;             /* and that of their squares */
    float first_correction;  /* 1 / (1 - beta1^step) */
    float second_correction; /* 1 / (1 - beta2^step) */
    float teacher_weight;    /* share of the teacher's distribution in the targets; 0 without one */
    float table_rate;        /* times the learning rate: the rate of n-gram tables */
    arithmetic arithmetic;   /* of the forward pass: its weights and activations */
} training_step;

_Static_assert(sizeof(training_step) == 10 * 4, "hand-over.ts writes ten words");

/**
 * Adds the slots' gradients[slots][slot_size] up into the first slot, in the order of the slots,
 * and returns the sum of the squares.
 */
double reduce_gradients(const parameter_chunk *chunk, float *gradients, int slots, int slot_size);

/** Updates a chunk. `gradient_scale` multiplies the gradients, to clip them. */
void adamw_update(const parameter_chunk *chunk, const training_step *step, float gradient_scale,
                  const float *gradients, float *parameters, float *first_moments,
                  float *second_moments);

#endif
