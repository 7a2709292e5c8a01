"""Trains a model for src/node/train/pytorch, which says step by step what to do.

Runs alone, or in several processes of torchrun, of which the first talks to Node.js: the others
hear every message from it.
"""

import signal
import sys
import traceback
from typing import Optional, Tuple

import torch

from messages import Message, Pipe
from ranks import Ranks
from trainer import Trainer


class Service:
    """Answers messages, in their order."""

    def __init__(self, ranks: Ranks) -> None:
        self._ranks = ranks
        self._trainer: Optional[Trainer] = None

    def answer(self, message: Message) -> Tuple[dict, bytes]:
        header, body = message
        kind = header["type"]
        if kind == "open":
            if header["threads"]:
                torch.set_num_threads(max(1, header["threads"] // self._ranks.local_count))
            self._trainer = Trainer(message, self._ranks)
            return {"type": "done", "processes": self._ranks.count}, b""
        trainer = self._trainer
        if trainer is None:
            raise ValueError("There is no model yet.")
        if kind == "steps":
            return {"type": "done"}, trainer.run_steps(header["steps"], body)
        if kind == "evaluate":
            return {"type": "done"}, trainer.evaluate(header["windows"], header["arithmetic"], body)
        if kind == "read":
            return {"type": "done"}, trainer.read(header["names"])
        if kind == "write":
            trainer.write(header["names"], body)
            return {"type": "done"}, b""
        raise ValueError(f"There is no message {kind}.")


def is_memory(error: Exception) -> bool:
    return "out of memory" in str(error) or "can't allocate memory" in str(error)


def serve(ranks: Ranks, pipe: Optional[Pipe]) -> None:
    """Answers until Node.js closes the pipe. An error is an answer, too."""
    service = Service(ranks)
    while True:
        message = ranks.share_message(pipe.read() if pipe else None)
        if message is None:
            return
        try:
            header, body = service.answer(message)
        except Exception as error:
            if pipe is None:
                raise
            traceback.print_exc()
            what = f"{type(error).__name__}: {error}"
            header, body = {"type": "error", "what": what, "isMemory": is_memory(error)}, b""
        if pipe:
            pipe.write(header, body)


def main() -> None:
    # Ctrl+C reaches Node.js as well, which ends the training with a checkpoint.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Before anything prints.
    pipe = Pipe()
    ranks = Ranks()
    try:
        serve(ranks, pipe if ranks.is_first else None)
    except BrokenPipeError:
        sys.exit(1)
    ranks.leave()


if __name__ == "__main__":
    main()
