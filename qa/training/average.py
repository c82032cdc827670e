"""Average the weights of several runs: python -m qa.training.average RUN… --out FILE.

Runs that start from the same weights and see the data in a different order end near one another. The weights between
them read better than those of any single run (model soups, Wortsman et al. 2022).
"""

import argparse
from collections.abc import Sequence
from pathlib import Path

import torch
from safetensors.torch import load_file

from qa.errors import ReaderError
from qa.reader.network import Weights, save


def average(runs: Sequence[Weights]) -> Weights:
    """Average each tensor over the runs, in float32.

    Raises:
        ReaderError: there is no run, or the runs have different networks.
    """
    shapes = [{name: value.shape for name, value in run.items()} for run in runs]
    if not shapes or any(shape != shapes[0] for shape in shapes):
        raise ReaderError(f"got {len(runs)} runs, wanted one or more of the same network")
    return {name: torch.stack([run[name].float() for run in runs]).mean(dim=0) for name in runs[0]}


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("runs", type=Path, nargs="+", help="reader.safetensors files that qa.training.train wrote")
    parser.add_argument("--out", type=Path, required=True)
    given = parser.parse_args()
    try:
        averaged = average([load_file(run) for run in given.runs])
    except (ReaderError, OSError) as error:
        parser.exit(1, f"{error}\n")
    save(averaged, given.out)


if __name__ == "__main__":
    main()
