"""The processes that train together: one, or those that torchrun has started."""

import os
from datetime import timedelta
from typing import Optional

import torch
import torch.distributed as distributed

from messages import Message

# A training may be paused for days, in which the others wait for the first process.
PATIENCE = timedelta(days=365)


class Ranks:
    """This process among all of them; the first alone talks to Node.js."""

    def __init__(self) -> None:
        self.count = int(os.environ.get("WORLD_SIZE", "1"))
        self.rank = int(os.environ.get("RANK", "0"))
        self.local_count = int(os.environ.get("LOCAL_WORLD_SIZE", "1"))
        self.device = self._choose_device()
        self._talk = None
        if self.count > 1:
            backend = "nccl" if self.device.type == "cuda" else "gloo"
            distributed.init_process_group(backend, timeout=PATIENCE)
            self._talk = distributed.new_group(backend="gloo", timeout=PATIENCE)

    def _choose_device(self) -> torch.device:
        if torch.cuda.is_available() and self.local_count <= torch.cuda.device_count():
            device = torch.device("cuda", int(os.environ.get("LOCAL_RANK", "0")))
            torch.cuda.set_device(device)
            return device
        return torch.device("cpu")

    @property
    def is_first(self) -> bool:
        return self.rank == 0

    def share_message(self, message: Optional[Message]) -> Optional[Message]:
        """Hands a message of the first process to all of them."""
        if self.count == 1:
            return message
        shared = [message and tuple(message)]
        distributed.broadcast_object_list(shared, src=0, group=self._talk)
        return Message(*shared[0]) if shared[0] is not None else None

    def share_of(self, count: int) -> slice:
        """The part of `count` sequences that this process works on."""
        return slice(self.rank * count // self.count, (self.rank + 1) * count // self.count)

    def add_up(self, tensor: torch.Tensor) -> None:
        """Replaces a tensor on the device by its sum over all processes."""
        if self.count > 1:
            distributed.all_reduce(tensor)

    def leave(self) -> None:
        if self.count > 1:
            distributed.destroy_process_group()
