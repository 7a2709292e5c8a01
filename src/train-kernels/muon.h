/*
 * Muon: momentum whose direction is orthogonalised, for the matrices between the embedding and the
 * classifier (Jordan and others 2024). AdamW bounds the change of each weight; Muon bounds the
 * change of the matrix as a map, so that directions with small gradients learn as fast as those
 * with large ones.
 */
#ifndef MUON_H
#define MUON_H

#include <stdbool.h>

#include "adamw.h"
#include "arena.h"

/** Working memory of an update. */
typedef struct {
    float *direction; /* [short side][long side], both padded to LANES, as the other three */
    float *product;   /* [short side][long side] */
    float *square;    /* [short side][short side] */
    float *quartic;   /* [short side][short side] */
    float *panel;     /* packed left operand of gemm_nn */
} muon_workspace;

/** Lays out a workspace for any matrix of a layer of this shape. */
muon_workspace muon_workspace_take(arena *from, const architecture *shape);

/** Whether Muon updates parameters of this kind: matrices of the layers. */
bool muon_updates(const parameter_chunk *chunk);

/**
 * Updates the tensor [rows][columns] that begins at `offset` in each of the flat vectors.
 * `gradient_scale` multiplies the gradients, to clip them.
 */
void muon_update(int offset, int rows, int columns, const training_step *step, float gradient_scale,
                 const float *gradients, float *parameters, float *momentum,
                 const muon_workspace *space);

#endif
