"""Test a promise of the README at length: python tests/trials PART [--articles CORPUS.JSONL] ...

Every part prints what it did and found, and exits with code 1 if the promise was broken.
"""

import argparse
import os
import sys
from importlib import import_module
from pathlib import Path

# Run the checkout, here and in child processes, whatever pip has installed.
ROOT = str(Path(__file__).resolve().parents[2])
sys.path.insert(0, ROOT)
os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [ROOT, os.environ.get("PYTHONPATH")]))

PARTS = ("copies", "damage", "fuzz", "guided", "kills", "memory", "page", "readers")


def main() -> None:
    """Run one part."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parts = parser.add_subparsers(dest="part", required=True)
    for name in PARTS:
        module = import_module(name)
        options = parts.add_parser(name, help=module.__doc__.splitlines()[0], description=module.__doc__)
        options.add_argument("--articles", type=Path, help="a corpus.jsonl; by default, made of the built-in reports")
        options.add_argument("--seed", type=int, default=1)
        module.add_options(options)
    given = parser.parse_args()
    sys.exit(0 if import_module(given.part).run(given) else 1)


if __name__ == "__main__":
    main()
