"""The network: the forward pass of src/train-kernels/model.c, in floats or in device arithmetic.

Shapes: batch B, time T, features C, vocabulary V, key/value heads K, query heads of each S, features
of a head D.
"""

import math
from typing import Callable, Dict, List, NamedTuple, Optional

import torch
import torch.nn.functional as F

from ngram import ngram_row
from rounding import (
    WeightFormat,
    cache_levels,
    head_limits,
    round_matrix,
    round_queries,
    round_rows,
    round_vectors,
)

# normEpsilon and ropeTheta of src/core/model/tensors.ts.
NORM_EPSILON = 1e-5
ROPE_THETA = 10_000

ACTIVATIONS: Dict[str, Callable[[torch.Tensor], torch.Tensor]] = {
    "silu": F.silu,
    "relu": F.relu,
    "relu2": lambda x: F.relu(x).square(),
    # The tanh form, spelt out: old versions of torch lack it for some devices.
    "gelu": lambda x: x * torch.sigmoid(1.5957691216 * x * (1 + 0.044715 * x * x)),
}


class TensorSpec(NamedTuple):
    """A tensor of a checkpoint, in its order."""

    slot: str
    layer: Optional[int]
    shape: List[int]
    # None for what is not rounded.
    format: Optional[WeightFormat]
    # The last tokens pick a row, which is rounded alone.
    is_hashed: bool

    @property
    def is_matrix(self) -> bool:
        """Matrices decay and are rounded whole."""
        return self.format is not None and not self.is_hashed

    @property
    def key(self) -> str:
        return self.slot if self.layer is None else f"{self.layer}.{self.slot}"


Weights = Dict[str, torch.Tensor]


class Model:
    """The arithmetic of one architecture; the weights are the caller's, by the keys of specs."""

    def __init__(
        self, shape: dict, specs: List[TensorSpec], cached_peak: int, longest: int, device: torch.device
    ) -> None:
        self.shape = shape
        self.specs = specs
        self.limits = head_limits(shape["head_dim"], cached_peak)
        self.activate = ACTIVATIONS[shape["activation"]]
        pairs = shape["head_dim"] // 2
        powers = -2 * torch.arange(pairs, dtype=torch.float64) / shape["head_dim"]
        angles = torch.outer(torch.arange(longest, dtype=torch.float64), ROPE_THETA**powers)
        # [T][pairs]
        self.cosines = angles.cos().float().to(device)
        self.sines = angles.sin().float().to(device)
        self.future = torch.full((longest, longest), -math.inf, device=device).triu(1)
        hashed = [spec for spec in specs if spec.is_hashed]
        self.tables = {
            layer: [spec for spec in hashed if spec.layer == layer] for layer in {each.layer for each in hashed}
        }

    def rounded(self, weights: Weights) -> Weights:
        """The weights as the device holds them."""
        return {
            spec.key: round_matrix(weights[spec.key], spec.format) if spec.is_matrix else weights[spec.key]
            for spec in self.specs
        }

    def logits(self, weights: Weights, tokens: torch.Tensor, is_device: bool) -> torch.Tensor:
        """Logits [B][T][V] after each of the tokens [B][T]; weights have been rounded."""
        enter = round_vectors if is_device else (lambda x: x)
        x = F.embedding(tokens, weights["embedding"])
        if self.shape["position"] == "learned":
            x = x + weights["position"][: tokens.shape[1]]
        for layer in range(self.shape["n_layers"]):

            def of(slot: str, layer: int = layer) -> torch.Tensor:
                return weights[f"{layer}.{slot}"]

            # 1. to 3. Rows of n-grams; norm, attention, back onto the residual stream.
            rows = self._rows(weights, layer, tokens, is_device)
            into_values = rows is not None and self.shape["ngram_tables"]["into"] == "values"
            if rows is not None and not into_values:
                x = with_rows(x, rows)
            normed = enter(self._norm(x, of("attention_norm")))
            value = F.linear(normed, of("value"))
            if into_values:
                value = with_rows(value, rows)
            attended = self._attend(normed, of("query"), of("key"), value, is_device)
            x = x + F.linear(enter(attended), of("output"))
            # 4. Norm, feed-forward, back onto the residual stream.
            normed = enter(self._norm(x, of("ffn_norm")))
            if self.shape["gated"]:
                hidden = self.activate(F.linear(normed, of("gate"))) * F.linear(normed, of("up"))
            else:
                hidden = self.activate(F.linear(normed, of("up")))
            x = x + F.linear(enter(hidden), of("down"))
        is_tied = self.shape["tie_embeddings"]
        classifier = weights["embedding" if is_tied else "classifier"]
        return F.linear(enter(self._norm(x, weights["final_norm"])), classifier)

    def picked(self, spec: TensorSpec, tokens: torch.Tensor) -> torch.Tensor:
        """Rows of a table that the tokens [B][T] and those before them pick, [B][T]."""
        order, rows = int(spec.slot[len("ngram_") :]), spec.shape[0]
        recent = [before(tokens, back) for back in range(order)]
        return ngram_row(spec.layer or 0, order, recent, rows.bit_length() - 1)

    def _rows(
        self, weights: Weights, layer: int, tokens: torch.Tensor, is_device: bool
    ) -> Optional[torch.Tensor]:
        """Sums of the rows of a layer's tables, [B][T][width]."""
        total = None
        for spec in self.tables.get(layer, []):
            rows = F.embedding(self.picked(spec, tokens), weights[spec.key])
            if is_device and spec.format:
                rows = round_rows(rows, spec.format)
            total = rows if total is None else total + rows
        return total

    def _norm(self, x: torch.Tensor, gain: torch.Tensor) -> torch.Tensor:
        if self.shape["norm"] == "layernorm":
            x = x - x.mean(-1, keepdim=True)
        return x * torch.rsqrt(x.square().mean(-1, keepdim=True) + NORM_EPSILON) * gain

    def _rotate(self, x: torch.Tensor) -> torch.Tensor:
        """Rotates pairs of x [..., T][D], the halves of a head; an odd last feature stays."""
        pairs, time = self.shape["head_dim"] // 2, x.shape[-2]
        first, second, rest = x.split((pairs, pairs, x.shape[-1] - 2 * pairs), -1)
        cosines, sines = self.cosines[:time], self.sines[:time]
        return torch.cat(
            (first * cosines - second * sines, second * cosines + first * sines, rest), -1
        )

    def _attend(
        self,
        x: torch.Tensor,
        query: torch.Tensor,
        key: torch.Tensor,
        value: torch.Tensor,
        is_device: bool,
    ) -> torch.Tensor:
        """Attention of x [B][T][C] by two matrices, over values [B][T][K D]: [B][T][K S D]."""
        batch, time, _ = x.shape
        groups, head_dim = self.shape["n_kv_heads"], self.shape["head_dim"]

        def heads(vectors: torch.Tensor) -> torch.Tensor:
            return vectors.view(batch, time, -1, head_dim).transpose(1, 2)

        q, k, v = heads(F.linear(x, query)), heads(F.linear(x, key)), heads(value)
        if self.shape["position"] == "rope":
            q, k = self._rotate(q), self._rotate(k)
        if is_device:
            q = round_queries(q, self.limits.query)
            keys, values = cache_levels(k, self.limits.key), cache_levels(v, self.limits.value)
        else:
            keys, values = [(None, k)], [(None, v)]
        # [B][K][S][T][D] by [B][K][1][D][T]
        q = q.reshape(batch, groups, -1, time, head_dim)
        scores = by_level(keys, lambda k: q @ k.unsqueeze(2).transpose(3, 4))
        weights = (scores / math.sqrt(head_dim) + self.future[:time, :time]).softmax(-1)
        attended = by_level(values, lambda v: weights @ v.unsqueeze(2))
        return attended.reshape(batch, -1, time, head_dim).transpose(1, 2).reshape(batch, time, -1)


def before(tokens: torch.Tensor, back: int) -> torch.Tensor:
    """The tokens [B][T] so many places before; before the beginning, the first one counts."""
    time = tokens.shape[1]
    back = min(back, time)
    return torch.cat((tokens[:, :1].expand(-1, back), tokens[:, : time - back]), 1)


def with_rows(x: torch.Tensor, rows: torch.Tensor) -> torch.Tensor:
    """Adds rows to the first features of x."""
    return x + F.pad(rows, (0, x.shape[-1] - rows.shape[-1]))


def by_level(levels: list, product: Callable[[torch.Tensor], torch.Tensor]) -> torch.Tensor:
    """A product [B][K][S][T][...] with what each query finds in the cache."""
    (_, first), *others = levels
    result = product(first)
    for queries, found in others:
        result = torch.where(queries[:, :, None, :, None], product(found), result)
    return result
