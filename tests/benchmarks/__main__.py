"""Prints what is measured against what: python tests/benchmarks [--only PART] [--json FILE] [--draw FILE] ...

Every ratio is of two things done in turns in this run, so it holds on other machines as far as these are alike;
figures in milliseconds or bytes are of this machine alone.
"""

import argparse
import json
import os
import platform
import sys
from dataclasses import asdict
from importlib import import_module
from pathlib import Path

# The checkout is what runs, here and in processes started from here, whatever pip has installed.
ROOT = str(Path(__file__).resolve().parents[2])
sys.path.insert(0, ROOT)
os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [ROOT, os.environ.get("PYTHONPATH")]))

from measure import Figure, as_table

from embeddings.openvino_runtime.graph_cache import precision

PARTS = ("encoding", "whole", "scale", "peers")


def main() -> None:
    """Measure each part and print its lines as they come."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", choices=PARTS, action="append")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument(
        "--articles", type=Path, help="texts to measure with, instead of the built-in reports' sentences"
    )
    parser.add_argument("--json", type=Path)
    parser.add_argument("--draw", type=Path, metavar="FILE", help="the part scale as a picture (SVG)")
    parser.add_argument("--largest", type=int, default=1_000_000, help="passages, of the part scale")
    given = parser.parse_args()
    print(
        f"{platform.processor() or platform.machine()}, {precision()}, Python {platform.python_version()}", flush=True
    )
    figures: list[Figure] = []
    for part in given.only or PARTS:
        print(f"\n{part}", flush=True)
        module = import_module(part)
        if part == "scale":
            module.SIZES = tuple(size for size in module.SIZES if size <= given.largest)
        for figure in module.measure(given.articles, given.rounds):
            print(as_table([figure]), flush=True)
            figures.append(figure)
            if given.json:  # after each, since all of them take an hour and more
                rows = [asdict(one) | {"held": one.held} for one in figures]
                given.json.write_text(json.dumps(rows, indent=1), "utf-8")
    if given.draw:
        given.draw.write_text(import_module("growth").draw_growth(figures), "utf-8")


if __name__ == "__main__":
    main()
