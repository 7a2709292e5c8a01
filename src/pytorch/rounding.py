"""Fake quantisation: a float is replaced by the nearest value that the device can hold.

The rules are those of src/train-kernels/quantize.c and cache.c, and of the inference engine behind
them. Gradients pass straight through.
"""

import math
from typing import Any, List, NamedTuple, Optional, Tuple

import torch

# Largest magnitude of an element of an int8 vector.
VECTOR_PEAK = 127

# Vectors whose largest magnitude is below this count as zero.
SMALLEST_MAGNITUDE = 1e-30

# Bits of the mantissa of a stored scale.
MANTISSA_BITS = 16

# Scales of rows that are stored alone: mantissas, shifts, and the step of both.
LEAST_MANTISSA = 16
MOST_MANTISSA = 31
MOST_SHIFT = 15
SCALE_STEP = 2.0**-16

# The engine multiplies two of 16 bits: 32,767 in all, or 181 for each.
SCORE_LIMIT = 32767
SCORE_LIMIT_ROOT = 181

# A norm that no vector reaches.
NO_LIMIT = 1e30


class WeightFormat(NamedTuple):
    """How a matrix is stored; see tensorFormats in src/core/model/formats.ts."""

    peak: int
    of_mean: bool
    divisor: float


class VectorLimits(NamedTuple):
    """How long a vector may be, in steps: its largest element, and its Euclidean norm."""

    peak: float
    norm: float


class HeadLimits(NamedTuple):
    query: VectorLimits
    key: VectorLimits
    value: VectorLimits


class _StraightThrough(torch.autograd.Function):
    @staticmethod
    def forward(context: Any, x: torch.Tensor, rounded: torch.Tensor) -> torch.Tensor:
        return rounded.view_as(rounded)

    @staticmethod
    def backward(context: Any, gradient: torch.Tensor) -> Tuple[torch.Tensor, None]:
        return gradient, None


def straight_through(x: torch.Tensor, rounded: torch.Tensor) -> torch.Tensor:
    """The values of `rounded`, whose gradient goes to `x` as it is."""
    return _StraightThrough.apply(x, rounded)


def round_half_up(x: torch.Tensor) -> torch.Tensor:
    return torch.floor(x + 0.5)


def round_vectors(x: torch.Tensor) -> torch.Tensor:
    """Rounds each vector of the last dimension to int8 with a scale of its own."""
    with torch.no_grad():
        largest = x.abs().amax(-1, keepdim=True).clamp_min(SMALLEST_MAGNITUDE)
        rounded = round_half_up(x * (VECTOR_PEAK / largest)) * (largest / VECTOR_PEAK)
    return straight_through(x, rounded)


def _shared_unit(largest: torch.Tensor) -> torch.Tensor:
    """The power of two in which the scales of a matrix are stored, given the largest of them."""
    exponent = torch.frexp(largest).exponent.double() - MANTISSA_BITS
    mantissa = round_half_up(largest * torch.exp2(-exponent))
    return torch.exp2(exponent + (mantissa >= 2**MANTISSA_BITS))


def round_matrix(weights: torch.Tensor, weight_format: WeightFormat) -> torch.Tensor:
    """Rounds a matrix [rows][columns] as the exporter does (src/core/quant/matrix.ts)."""
    with torch.no_grad():
        exact = weights.double()
        magnitudes = exact.abs()
        size = magnitudes.mean(1) if weight_format.of_mean else magnitudes.amax(1)
        scales = size / weight_format.divisor
        unit = _shared_unit(scales.max())
        stored = (round_half_up(scales / unit) * unit).unsqueeze(1)
        numbers = round_half_up(exact / torch.where(stored == 0, torch.ones_like(stored), stored))
        peak = weight_format.peak
        rounded = (numbers.clamp(-peak, peak) * stored).float()
    return straight_through(weights, rounded)


def round_rows(rows: torch.Tensor, row_format: WeightFormat) -> torch.Tensor:
    """Rounds rows [...][columns], each alone, as the exporter does (src/core/quant/rows.ts)."""
    with torch.no_grad():
        exact = rows.double()
        wanted = exact.abs().amax(-1, keepdim=True) / row_format.divisor / SCALE_STEP
        # The least shift with which the mantissa is within its bits.
        limits = (MOST_MANTISSA + 0.5) * torch.exp2(
            torch.arange(MOST_SHIFT, dtype=torch.float64, device=rows.device)
        )
        unit = torch.exp2((wanted >= limits).sum(-1, keepdim=True).double())
        mantissa = round_half_up(wanted / unit).clamp(LEAST_MANTISSA, MOST_MANTISSA)
        stored = mantissa * unit * SCALE_STEP
        numbers = round_half_up(exact / stored).clamp(-row_format.peak, row_format.peak)
        rounded = (numbers * stored).float()
    return straight_through(rows, rounded)


def head_limits(head_dim: int, cached_peak: int) -> HeadLimits:
    """Limits of queries and of what is cached; see set_limits of firmware/engine/engine.c."""
    root = math.isqrt(head_dim - 1) + 1
    rounding = (root + 1) // 2
    even = float(SCORE_LIMIT_ROOT - rounding)
    query = key = even
    longest_key = cached_peak * root
    if longest_key < SCORE_LIMIT_ROOT:
        # No key reaches the limit: a query may be longer.
        query, key = float(min(255, SCORE_LIMIT // longest_key - rounding)), NO_LIMIT
    return HeadLimits(
        VectorLimits(VECTOR_PEAK, query),
        VectorLimits(cached_peak, key),
        VectorLimits(cached_peak, NO_LIMIT),
    )


def _steps_of(x: torch.Tensor, limits: VectorLimits) -> torch.Tensor:
    """The smallest powers of two with which vectors [...][head_dim] are within their limits."""
    peak = x.abs().amax(-1).clamp_min(SMALLEST_MAGNITUDE)
    of_norm = x.square().sum(-1).sqrt() * (1 / limits.norm)
    bits = torch.maximum(peak / limits.peak, of_norm).contiguous().view(torch.int32)
    return ((bits + 0x7FFFFF) & ~0x7FFFFF).view(torch.float32)


def round_queries(x: torch.Tensor, limits: VectorLimits) -> torch.Tensor:
    """Rounds each query to its own power of two."""
    with torch.no_grad():
        step = _steps_of(x, limits).unsqueeze(-1)
        rounded = round_half_up(x / step) * step
    return straight_through(x, rounded)


def cache_levels(
    x: torch.Tensor, limits: VectorLimits
) -> List[Tuple[Optional[torch.Tensor], torch.Tensor]]:
    """Keys or values [batch][heads][time][head_dim] as the queries find them in the cache.

    A head has one step, which a longer vector raises; what is cached then is rounded once more. So
    each element of the result is what a head holds after as many raises as its index says, with
    the positions [batch][heads][time] whose queries see that, or None for all of them. Within it,
    positions that those queries do not see have no meaning.
    """
    with torch.no_grad():
        steps = _steps_of(x, limits).cummax(-1).values
        raises = torch.zeros_like(steps, dtype=torch.int64)
        raises[..., 1:] = (steps[..., 1:] > steps[..., :-1]).cumsum(-1)
        levels = int(raises.max()) + 1
    found: List[Tuple[Optional[torch.Tensor], torch.Tensor]] = []
    numbers = x.detach()
    for level in range(levels):
        with torch.no_grad():
            step = steps.masked_fill(raises > level, 0).amax(-1)[..., None, None]
            source = torch.where((raises < level).unsqueeze(-1), numbers, x)
            numbers = round_half_up(source / step) * step
        found.append((raises == level if levels > 1 else None, straight_through(x, numbers)))
    return found
