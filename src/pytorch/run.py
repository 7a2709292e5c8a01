"""Starts several processes as torchrun does, with its options.

torchrun of torch 1.13 fails under Python 3.11, for which a flag of value 0 is no member of its
enumeration any more: it reads `redirect nothing` as None.
"""

from torch.distributed.elastic.multiprocessing import Std
from torch.distributed.launcher.api import elastic_launch
from torch.distributed.run import config_from_args, parse_args


def main() -> None:
    config, program, arguments = config_from_args(parse_args(None))
    # Later versions keep these elsewhere, and read them correctly.
    config.redirects = config.tee = Std.NONE
    elastic_launch(config=config, entrypoint=program)(*arguments)


if __name__ == "__main__":
    main()
