"""AdamW and Muon, as in src/train-kernels/adamw.c and muon.c."""

import math
from typing import Dict, List, NamedTuple

import torch

# Keeps AdamW's division apart from 0.
ADAMW_EPSILON = 1e-8

# How slowly Muon's mean of the gradients moves.
MOMENTUM = 0.95

# Keeps Muon's division by the norm apart from 0.
NORM_EPSILON = 1e-7

# Jordan's quintic x -> a x + b x^3 + c x^5 on singular values, and its iterations.
QUINTIC = (3.4445, -4.7750, 2.0315)
ITERATIONS = 5

# Root mean square of AdamW's directions, to which those of Muon are scaled.
ADAMW_DIRECTION = 0.2


class Parameter(NamedTuple):
    """A tensor under training: views of all parameters, gradients and moments."""

    key: str
    value: torch.Tensor
    gradient: torch.Tensor
    first: torch.Tensor
    second: torch.Tensor
    is_matrix: bool
    by_muon: bool
    # Only the rows that a step has read are updated.
    is_hashed: bool


class Settings(NamedTuple):
    """What stays the same for a whole training."""

    betas: List[float]
    weight_decay: float
    # Learning rate of hashed tables, as a multiple of that of the rest.
    ngram_rate: float


class Optimizer:
    """Updates parameters in place."""

    def __init__(self, parameters: List[Parameter], settings: Settings) -> None:
        self._settings = settings
        self._adamw = [each for each in parameters if not each.by_muon and not each.is_hashed]
        self._hashed = [each for each in parameters if each.is_hashed]
        self._muon: Dict[torch.Size, List[Parameter]] = {}
        for each in parameters:
            if each.by_muon:
                self._muon.setdefault(each.value.shape, []).append(each)

    @torch.no_grad()
    def step(self, number: int, rate: float, rows_read: Dict[str, torch.Tensor]) -> None:
        """The step of a number from 1, with gradients that have been clipped."""
        for table in self._hashed:
            self._update_rows(table, rows_read[table.key], number, rate)
        for parameter in self._adamw:
            self._update_by_adamw(parameter, number, rate)
        for alike in self._muon.values():
            self._update_by_muon(alike, rate)

    def _update_rows(self, table: Parameter, rows: torch.Tensor, number: int, rate: float) -> None:
        """AdamW's rule without decay; the moments of other rows rest."""
        (beta1, beta2), gradient = self._settings.betas, table.gradient[rows]
        first = table.first[rows].mul_(beta1).add_(gradient, alpha=1 - beta1)
        second = table.second[rows].mul_(beta2).addcmul_(gradient, gradient, value=1 - beta2)
        table.first[rows] = first
        table.second[rows] = second
        root = (second / (1 - beta2**number)).sqrt_().add_(ADAMW_EPSILON)
        table.value[rows] -= rate * self._settings.ngram_rate / (1 - beta1**number) * first / root

    def _update_by_adamw(self, parameter: Parameter, number: int, rate: float) -> None:
        (beta1, beta2), gradient = self._settings.betas, parameter.gradient
        first = parameter.first.mul_(beta1).add_(gradient, alpha=1 - beta1)
        second = parameter.second.mul_(beta2).addcmul_(gradient, gradient, value=1 - beta2)
        root = (second / (1 - beta2**number)).sqrt_().add_(ADAMW_EPSILON)
        if parameter.is_matrix:
            parameter.value.mul_(1 - rate * self._settings.weight_decay)
        parameter.value.addcdiv_(first, root, value=-rate / (1 - beta1**number))

    def _update_by_muon(self, alike: List[Parameter], rate: float) -> None:
        """Updates all matrices of one shape together."""
        gradients = torch.stack([each.gradient for each in alike])
        momentum = torch.stack([each.first for each in alike])
        momentum.mul_(MOMENTUM).add_(gradients, alpha=1 - MOMENTUM)
        directions = orthogonalised(MOMENTUM * momentum + (1 - MOMENTUM) * gradients)
        scale = ADAMW_DIRECTION * math.sqrt(max(directions.shape[1:]))
        for index, each in enumerate(alike):
            each.first.copy_(momentum[index])
            each.value.mul_(1 - rate * self._settings.weight_decay)
            each.value.add_(directions[index], alpha=-rate * scale)


def orthogonalised(matrices: torch.Tensor) -> torch.Tensor:
    """Nearest orthogonal matrices of matrices [count][rows][columns]."""
    if matrices.shape[1] > matrices.shape[2]:
        return orthogonalised(matrices.transpose(1, 2)).transpose(1, 2)
    a, b, c = QUINTIC
    x = matrices / (matrices.square().sum((1, 2), keepdim=True).sqrt() + NORM_EPSILON)
    for _ in range(ITERATIONS):
        square = x @ x.transpose(1, 2)
        x = a * x + (b * square + c * (square @ square)) @ x
    return x
