"""Messages between Node.js and this program, over a pipe.

A message is a 32-bit length, a JSON object of that length, and as many bytes as its field `bytes`
says: arrays one after another, little-endian. src/node/train/pytorch/messages.ts is the other end.
"""

import ctypes
import json
import os
import struct
import sys
from typing import BinaryIO, NamedTuple, Optional

import torch


class Message(NamedTuple):
    """A JSON object, and arrays."""

    header: dict
    body: bytes


class Pipe:
    """The standard streams, of which the output carries nothing but messages."""

    def __init__(self) -> None:
        self._input: BinaryIO = os.fdopen(os.dup(0), "rb")
        self._output: BinaryIO = os.fdopen(os.dup(1), "wb")
        # Libraries print, too; Node.js shows what comes by the other stream.
        os.dup2(2, 1)
        sys.stdout = sys.stderr

    def read(self) -> Optional[Message]:
        """The next message; None when Node.js has closed the pipe or has died."""
        prefix = self._input.read(4)
        if len(prefix) < 4:
            return None
        header = json.loads(self._input.read(struct.unpack("<I", prefix)[0]))
        body = self._input.read(header["bytes"])
        return Message(header, body) if len(body) == header["bytes"] else None

    def write(self, header: dict, body: bytes = b"") -> None:
        """Sends a message.

        Raises BrokenPipeError when nobody reads any more.
        """
        text = json.dumps({**header, "bytes": len(body)}).encode()
        self._output.write(struct.pack("<I", len(text)) + text + body)
        self._output.flush()


def floats_of(body: bytes) -> torch.Tensor:
    """The 32-bit floats of a body."""
    if len(body) == 0:
        return torch.empty(0)
    return torch.frombuffer(bytearray(body), dtype=torch.float32)


def tokens_of(body: bytes) -> torch.Tensor:
    """The 16-bit token ids of a body, as int64: torch has no unsigned type of 16 bits."""
    if len(body) == 0:
        return torch.empty(0, dtype=torch.int64)
    return torch.frombuffer(bytearray(body), dtype=torch.int16).to(torch.int64) & 0xFFFF


def bytes_of(tensor: torch.Tensor) -> bytes:
    """The elements of a tensor, row-major; needs no NumPy, which may be missing."""
    tensor = tensor.detach().cpu().contiguous()
    return ctypes.string_at(tensor.data_ptr(), tensor.numel() * tensor.element_size())
