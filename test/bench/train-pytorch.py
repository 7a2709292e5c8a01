"""Trains the shapes of train.ts with PyTorch, and prints its speeds as one JSON object.

Standard input: {"threads", "seconds", "shapes": {name: {"architecture", "batch", "context"}}}.
Standard output: {"version", "blas", "shapes": {name: {"second", "cpu_second"}}}: tokens a second of each.
"""

import json
import math
import sys
import time

import torch
import torch.nn.functional as F
from torch import nn


def rms_norm(x, gain):
    return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + 1e-5) * gain


def rotate(x, cosines, sines):
    first, second = x.chunk(2, dim=-1)
    return torch.cat((first * cosines - second * sines, second * cosines + first * sines), -1)


class Layer(nn.Module):
    def __init__(self, shape):
        super().__init__()
        self.heads, self.kv_heads = shape["n_heads"], shape["n_kv_heads"]
        self.head_dim = shape["head_dim"]
        dim, hidden = shape["dim"], shape["hidden_dim"]
        width = (self.heads + 2 * self.kv_heads) * self.head_dim
        self.attention_norm = nn.Parameter(torch.ones(dim))
        self.ffn_norm = nn.Parameter(torch.ones(dim))
        self.qkv = nn.Linear(dim, width, bias=False)
        self.output = nn.Linear(self.heads * self.head_dim, dim, bias=False)
        self.gate_up = nn.Linear(dim, 2 * hidden, bias=False)
        self.down = nn.Linear(hidden, dim, bias=False)

    def attend(self, x, cosines, sines, future):
        batch, length, _ = x.shape
        split = self.qkv(x).view(batch, length, -1, self.head_dim).transpose(1, 2)
        q, k, v = split.split((self.heads, self.kv_heads, self.kv_heads), dim=1)
        if self.head_dim > 1:
            q, k = rotate(q, cosines, sines), rotate(k, cosines, sines)
        sharing = self.heads // self.kv_heads
        k, v = k.repeat_interleave(sharing, 1), v.repeat_interleave(sharing, 1)
        scores = q @ k.transpose(2, 3) / math.sqrt(self.head_dim) + future
        attended = (scores.softmax(-1) @ v).transpose(1, 2)
        return self.output(attended.reshape(batch, length, -1))

    def forward(self, x, cosines, sines, future):
        x = x + self.attend(rms_norm(x, self.attention_norm), cosines, sines, future)
        gate, up = self.gate_up(rms_norm(x, self.ffn_norm)).chunk(2, dim=-1)
        return x + self.down(F.silu(gate) * up)


class Model(nn.Module):
    def __init__(self, shape, context):
        super().__init__()
        self.embedding = nn.Embedding(shape["vocab_size"], shape["dim"])
        self.layers = nn.ModuleList(Layer(shape) for _ in range(shape["n_layers"]))
        self.final_norm = nn.Parameter(torch.ones(shape["dim"]))
        pairs = shape["head_dim"] // 2
        angles = torch.outer(
            torch.arange(context), 10000 ** (-torch.arange(pairs) / max(1, pairs))
        )
        self.cosines, self.sines = angles.cos(), angles.sin()
        self.future = torch.full((context, context), -math.inf).triu(1)

    def forward(self, tokens):
        x = self.embedding(tokens)
        for layer in self.layers:
            x = layer(x, self.cosines, self.sines, self.future)
        return rms_norm(x, self.final_norm) @ self.embedding.weight.T


def tokens_per(shape, batch, context, seconds):
    model = Model(shape, context)
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3, betas=(0.9, 0.99))
    tokens = torch.arange(batch * (context + 1)).square() % shape["vocab_size"]
    tokens = tokens.view(batch, context + 1)
    speeds = []
    cpu = time.process_time()
    end = time.perf_counter() + seconds
    while time.perf_counter() < end or len(speeds) < 3:
        start = time.perf_counter()
        logits = model(tokens[:, :-1])
        loss = F.cross_entropy(logits.reshape(-1, shape["vocab_size"]), tokens[:, 1:].reshape(-1))
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        speeds.append(batch * context / (time.perf_counter() - start))
    done = len(speeds) * batch * context
    return {
        "second": round(sorted(speeds)[len(speeds) // 2]),
        "cpu_second": round(done / (time.process_time() - cpu)),
    }


def blas():
    try:
        with open("/proc/self/maps", encoding="utf-8") as maps:
            mapped = maps.read()
    except OSError:
        return "unknown"
    return next((name for name in ("openblas", "mkl", "blas") if name in mapped), "own")


request = json.load(sys.stdin)
torch.set_num_threads(request["threads"])
speeds = {
    name: tokens_per(each["architecture"], each["batch"], each["context"], request["seconds"])
    for name, each in request["shapes"].items()
}
json.dump({"version": torch.__version__, "blas": blas(), "shapes": speeds}, sys.stdout)
