"""Make the reader's weights in all stages: python -m qa.training.make DATA --model all-mpnet-base-v2 --out FOLDER.

First a larger network, the teacher, is trained on the questions. Then two runs from the encoder's own weights are
averaged. Last, two runs that continue from the average and learn from the teacher (distillation) are averaged. A
stopped command resumes where it was. All intermediate files stay in FOLDER; the weights are its reader.safetensors.
"""

import argparse
from functools import partial
from pathlib import Path

import torch

from qa.errors import ReaderError
from qa.reader.network import CPU, Weights, save, torch_device
from qa.training.average import average
from qa.training.teacher import Teacher, make_teacher
from qa.training.train import Recipe, train

BASE_RUNS = (Recipe(seed=1, epochs=5), Recipe(seed=2, epochs=3))
"""Runs of different length from the encoder's weights; their average reads better than either."""

DISTILLED_RUNS = (Recipe(seed=11, epochs=1.1, learning_rate=1.2e-4), Recipe(seed=12, epochs=1.1, learning_rate=1.2e-4))
"""Runs that continue from that average; averaging them halves what one run learns by chance."""


def make(data: Path, model: Path, out: Path, *, device: torch.device = CPU, compiled: bool = False) -> Weights:
    """Run all stages in order, skipping those that are done already.

    Raises:
        ReaderError: there are too few questions, or the teacher's tokens are not the reader's.
        OSError: `model` is missing, or `out` cannot be written.
    """
    file = out / "teacher.safetensors"
    teacher = (Teacher.load(model, file) if file.is_file() else make_teacher(data, model, file, device=device)).to(
        device
    )
    run = partial(train, data, cache_folder=out, device=device, compiled=compiled)
    first = average([run(out / f"base-{recipe.seed}", recipe) for recipe in BASE_RUNS])
    return average(
        [
            run(out / f"distilled-{recipe.seed}", recipe, teacher=teacher, initial_weights=first)
            for recipe in DISTILLED_RUNS
        ]
    )


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, help="a folder of SQuAD-format files")
    parser.add_argument("--model", type=Path, required=True, metavar="FOLDER", help="for example all-mpnet-base-v2")
    parser.add_argument(
        "--out", type=Path, required=True, metavar="FOLDER", help="folder for the weights and all intermediate files"
    )
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
