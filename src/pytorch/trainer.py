"""A model under training: what src/core/train/kernels.ts asks of an engine.

All parameters lie in one tensor, in the order of checkpoints, and so do gradients and moments, so
that the processes add their gradients up in one go.
"""

import sys
from typing import Callable, Dict, List, Optional, Tuple

import torch
import torch.nn.functional as F

from messages import Message, bytes_of, floats_of, tokens_of
from model import Model, TensorSpec, Weights
from optimizer import Optimizer, Parameter, Settings
from ranks import Ranks
from rounding import WeightFormat

# Tokens and logits of one pass at most, which bound its memory.
PASS_TOKENS = 16_384
PASS_LOGITS = 2**25


def specs_of(described: List[dict]) -> List[TensorSpec]:
    def spec(tensor: dict) -> TensorSpec:
        stored = tensor["format"]
        weight_format = stored and WeightFormat(stored["peak"], stored["ofMean"], stored["divisor"])
        return TensorSpec(
            tensor["slot"], tensor["layer"], tensor["shape"], weight_format, tensor["isHashed"]
        )

    return [spec(tensor) for tensor in described]


def views_of(flat: torch.Tensor, specs: List[TensorSpec]) -> Dict[str, torch.Tensor]:
    """The tensors that lie one after another in `flat`."""
    sizes = [torch.Size(spec.shape).numel() for spec in specs]
    return {
        spec.key: part.view(spec.shape) for spec, part in zip(specs, flat.detach().split(sizes))
    }


class Teacher:
    """A model whose distribution over the next token a training follows; computes in floats."""

    def __init__(self, described: dict, weights: bytes, longest: int, device: torch.device) -> None:
        specs = specs_of(described["tensors"])
        self.weight: float = described["weight"]
        self._model = Model(described["architecture"], specs, 127, longest, device)
        self._weights = views_of(floats_of(weights).to(device), specs)

    def distribution(self, tokens: torch.Tensor) -> torch.Tensor:
        """[tokens][V]"""
        with torch.no_grad():
            return self._model.logits(self._weights, tokens, False).float().softmax(-1).flatten(0, 1)


class Trainer:
    def __init__(self, message: Message, ranks: Ranks) -> None:
        options, device = message.header, ranks.device
        self._ranks = ranks
        self._batch: int = options["batch"]
        self._context: int = options["context"]
        self._clip: float = options["gradientClip"]
        architecture = options["architecture"]
        self._vocab_size: int = architecture["vocab_size"]
        self._longest = max(self._context, architecture["max_seq_len"])
        self._specs = specs_of(options["tensors"])
        cached_peak = options["cachedPeak"]
        self._model = Model(architecture, self._specs, cached_peak, self._longest, device)
        size = sum(torch.Size(spec.shape).numel() for spec in self._specs)
        self._state = {
            name: torch.zeros(size, device=device)
            for name in ("parameters", "gradients", "first", "second")
        }
        self._gradients = self._state["gradients"]
        # Tables stand last; their gradients are scaled with the others, but not part of the norm.
        in_tables = sum(torch.Size(spec.shape).numel() for spec in self._specs if spec.is_hashed)
        self._normed = self._gradients[: size - in_tables]
        self._weights: Weights = {
            key: view.requires_grad_()
            for key, view in views_of(self._state["parameters"], self._specs).items()
        }
        self._optimizer = Optimizer(self._parameters(options), Settings(options["betas"], options["weightDecay"], options["ngramRate"]))
        teacher = options["teacher"]
        self._teacher = Teacher(teacher, message.body, self._context, device) if teacher else None
        # Evaluations and device arithmetic stay in 32 bits: rounded numbers have to be exact.
        self._is_half = device.type == "cuda" and torch.cuda.is_bf16_supported()
        self._compiled = self._compile() if device.type == "cuda" else None

    def _parameters(self, options: dict) -> List[Parameter]:
        by_muon = {tensor["slot"] for tensor in options["tensors"] if tensor["byMuon"]}
        gradients = views_of(self._gradients, self._specs)
        first = views_of(self._state["first"], self._specs)
        second = views_of(self._state["second"], self._specs)
        found = []
        for spec in self._specs:
            key, value = spec.key, self._weights[spec.key]
            # Backward passes add to the views.
            value.grad = gradients[key]
            found.append(
                Parameter(
                    *(key, value, gradients[key], first[key], second[key]),
                    *(spec.is_matrix, spec.slot in by_muon, spec.is_hashed),
                )
            )
        return found

    def _compile(self) -> Optional[Callable[..., torch.Tensor]]:
        compiler = getattr(torch, "compile", None)
        return compiler(self._float_logits) if compiler else None

    def read(self, names: List[str]) -> bytes:
        """`parameters`, or the `first` and `second` moments."""
        return b"".join(bytes_of(self._state[name]) for name in names)

    def write(self, names: List[str], body: bytes) -> None:
        parts = floats_of(body).chunk(len(names))
        for name, part in zip(names, parts):
            self._state[name].copy_(part)

    def run_steps(self, steps: List[dict], body: bytes) -> bytes:
        """Losses, then norms of the gradients, a double for each step."""
        tokens = tokens_of(body).view(len(steps), self._batch, self._context + 1)
        results = [self._run_step(step, each) for step, each in zip(steps, tokens)]
        return bytes_of(torch.stack([torch.stack(column) for column in zip(*results)]))

    def _run_step(self, step: dict, tokens: torch.Tensor) -> Tuple[torch.Tensor, torch.Tensor]:
        """Mean loss, and the norm of the gradients before clipping."""
        self._gradients.zero_()
        own = tokens[self._ranks.share_of(self._batch)].to(self._ranks.device)
        loss = torch.zeros((), dtype=torch.float64, device=self._ranks.device)
        is_device = step["arithmetic"] == "device"
        for part in own.split(self._sequences_of_pass(self._context)):
            loss += self._backward(part, is_device)
        self._ranks.add_up(self._gradients)
        self._ranks.add_up(loss)
        norm = torch.linalg.vector_norm(self._normed, dtype=torch.float64)
        if self._clip > 0:
            self._gradients.mul_(torch.where(norm > self._clip, self._clip / norm, 1.0).float())
        self._optimizer.step(step["number"], step["rate"], self._rows_read(tokens))
        return loss / (self._batch * self._context), norm

    def _rows_read(self, tokens: torch.Tensor) -> Dict[str, torch.Tensor]:
        """The rows of each table that a step [B][T + 1] has read, on whatever process."""
        inputs = tokens[:, :-1].to(self._ranks.device)
        return {
            spec.key: self._model.picked(spec, inputs).unique()
            for spec in self._specs
            if spec.is_hashed
        }

    def _sequences_of_pass(self, length: int) -> int:
        tokens = min(PASS_TOKENS, PASS_LOGITS // self._vocab_size)
        return max(1, tokens // length)

    def _backward(self, tokens: torch.Tensor, is_device: bool) -> torch.Tensor:
        """Adds the gradients of some sequences [B][T + 1]; the sum of their losses."""
        inputs, targets = tokens[:, :-1], tokens[:, 1:].flatten()
        if is_device:
            logits = self._model.logits(self._model.rounded(self._weights), inputs, True)
        else:
            logits = self._training_logits(inputs)
        logits = logits.float().flatten(0, 1)
        loss = F.cross_entropy(logits, targets, reduction="sum")
        drawn = loss
        if self._teacher:
            wanted = self._teacher.distribution(inputs)
            taught = -(wanted * F.log_softmax(logits, -1)).sum()
            drawn = loss + self._teacher.weight * (taught - loss)
        (drawn / (self._batch * self._context)).backward()
        return loss.detach().double()

    def _float_logits(self, inputs: torch.Tensor) -> torch.Tensor:
        with torch.autocast("cuda", dtype=torch.bfloat16, enabled=self._is_half):
            return self._model.logits(self._weights, inputs, False)

    def _training_logits(self, inputs: torch.Tensor) -> torch.Tensor:
        if self._ranks.device.type != "cuda":
            return self._model.logits(self._weights, inputs, False)
        if self._compiled is not None:
            try:
                return self._compiled(inputs)
            except Exception as error:
                print(f"torch.compile does not work here: {error}", file=sys.stderr)
                self._compiled = None
        return self._float_logits(inputs)

    @torch.no_grad()
    def evaluate(self, windows: List[List[int]], arithmetic: str, body: bytes) -> bytes:
        """Nats of the scored targets of each window [targets, first scored target], doubles."""
        is_device = arithmetic == "device"
        weights = self._model.rounded(self._weights) if is_device else self._weights
        streams = tokens_of(body).split([length + 1 for length, _ in windows])
        nats = torch.zeros(len(windows), dtype=torch.float64, device=self._ranks.device)
        # Windows of one pass are about as long: what is shorter is padded behind its end.
        order = sorted(range(len(windows)), key=lambda index: windows[index][0])
        own = order[self._ranks.share_of(len(order))]
        for first in range(0, len(own), self._sequences_of_pass(self._longest)):
            chosen = own[first : first + self._sequences_of_pass(self._longest)]
            nats[torch.tensor(chosen, device=nats.device)] = self._score(
                weights, [streams[index] for index in chosen], [windows[index] for index in chosen], is_device
            )
        self._ranks.add_up(nats)
        return bytes_of(nats)

    def _score(
        self, weights: Weights, streams: List[torch.Tensor], windows: List[List[int]], is_device: bool
    ) -> torch.Tensor:
        device = self._ranks.device
        tokens = torch.nn.utils.rnn.pad_sequence(streams, batch_first=True).to(device)
        logits = self._model.logits(weights, tokens[:, :-1], is_device)
        losses = F.cross_entropy(logits.transpose(1, 2), tokens[:, 1:], reduction="none")
        lengths, firsts = torch.tensor(windows, device=device).unsqueeze(-1).unbind(1)
        places = torch.arange(losses.shape[1], device=device)
        return losses.double().masked_fill((places >= lengths) | (places < firsts), 0).sum(1)
