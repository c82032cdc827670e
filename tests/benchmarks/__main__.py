"""Measure speed and memory: python tests/benchmarks [--only PART] [--json FILE] [--draw FILE] ...

Every ratio compares two sides that ran alternately in this run, so it carries over to similar machines. Figures in
milliseconds or bytes hold for this machine only.
"""

import argparse
import json
import os
import platform
import sys
from dataclasses import asdict
from importlib import import_module
from pathlib import Path

# Run the checkout, here and in child processes, whatever pip has installed.
ROOT = str(Path(__file__).resolve().parents[2])
sys.path.insert(0, ROOT)
os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [ROOT, os.environ.get("PYTHONPATH")]))

from figures import Figure, format_table

from embeddings.openvino_runtime.graph_cache import precision

PARTS = {
    "encoding": "encoding",
    "whole": "end_to_end",
    "edits": "edits",
    "scale": "scale",
    "peers": "peers",
    "pages": "html_pages",
    "pdf": "pdf_pages",
}
"""The module of each part."""

ON_REQUEST = ("pdf",)
"""Parts that need files of yours, so that they run only if they are named."""


def main() -> None:
    """Measure each part and print its figures as they come."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", choices=PARTS, action="append")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument(
        "--articles", type=Path, help="texts or pages to measure with, instead of the built-in reports' sentences"
    )
    parser.add_argument("--pdfs", type=Path, metavar="FOLDER", help="the PDFs of the part pdf, which needs pdftotext")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--draw", type=Path, metavar="FILE", help="draw the figures of the part scale (SVG)")
    parser.add_argument("--largest", type=int, default=1_000_000, help="passages of the part scale's largest corpus")
    given = parser.parse_args()
    print(
        f"{platform.processor() or platform.machine()}, {precision()}, Python {platform.python_version()}", flush=True
    )
    figures: list[Figure] = []
    for part in given.only or [part for part in PARTS if part not in ON_REQUEST]:
        print(f"\n{part}", flush=True)
        module = import_module(PARTS[part])
        if part == "scale":
            module.SIZES = tuple(size for size in module.SIZES if size <= given.largest)
        for figure in module.measure(given.pdfs if part in ON_REQUEST else given.articles, given.rounds):
            print(format_table([figure]), flush=True)
            figures.append(figure)
            if given.json:  # after each, since all of them take more than an hour
                rows = [asdict(one) | {"met": one.met} for one in figures]
                given.json.write_text(json.dumps(rows, indent=1), "utf-8")
    if given.draw:
        given.draw.write_text(import_module("growth").draw_growth(figures), "utf-8")


if __name__ == "__main__":
    main()
