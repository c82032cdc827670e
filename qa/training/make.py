"""Makes the reader's weights, all stages: python -m qa.training.make DATA --model all-mpnet-base-v2 --out FOLDER.

A larger network is trained on the questions; two runs from the encoder's own weights are averaged; two runs that go on
from the average, taught by the larger network, are averaged. Stopped, it goes on where it stood. What the stages leave
stays in FOLDER; the weights are its reader.safetensors.
"""

import argparse
from functools import partial
from pathlib import Path

import torch

from qa.errors import ReaderError
from qa.reader.network import CPU, Weights, save, torch_device
from qa.training.average import average
from qa.training.teacher import Teacher, trained
from qa.training.train import Recipe, train

ALONE = (Recipe(seed=1, epochs=5), Recipe(seed=2, epochs=3))
"""Runs of different length, whose average reads better than either."""

TAUGHT = (Recipe(seed=11, epochs=1.1, learning_rate=1.2e-4), Recipe(seed=12, epochs=1.1, learning_rate=1.2e-4))
"""Runs that go on from it; what one of them learns by chance the average keeps half of."""


def make(data: Path, model: Path, out: Path, *, device: torch.device = CPU, compiled: bool = False) -> Weights:
    """All stages, one after the other; those that are done are not done again.

    Raises:
        ReaderError: there is too little to learn from, or the larger network reads other tokens.
        OSError: it is not there, or nothing can be written.
    """
    kept = out / "teacher.safetensors"
    teacher = (Teacher.load(model, kept) if kept.is_file() else trained(data, model, kept, device=device)).to(device)
    run = partial(train, data, kept=out, device=device, compiled=compiled)
    first = average([run(out / f"alone-{recipe.seed}", recipe) for recipe in ALONE])
    return average([run(out / f"taught-{recipe.seed}", recipe, teacher=teacher, first=first) for recipe in TAUGHT])


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, help="a folder of SQuAD-format files")
    parser.add_argument("--model", type=Path, required=True, metavar="FOLDER", help="for example all-mpnet-base-v2")
    parser.add_argument("--out", type=Path, required=True, metavar="FOLDER", help="where all that is made goes")
    parser.add_argument("--device", default="cpu", help="cpu, or cuda for a GPU (default: %(default)s)")
    parser.add_argument("--compile", action="store_true", help="a fifth faster; needs a C++ compiler")
    given = parser.parse_args()
    try:
        device = torch_device(given.device)
        weights = make(given.data, given.model, given.out, device=device, compiled=given.compile)
    except (ReaderError, OSError) as error:
        parser.exit(1, f"{error}\n")
    save(weights, given.out / "reader.safetensors")


if __name__ == "__main__":
    main()
