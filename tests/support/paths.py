"""Where things are: the repository, what is shared beside it, a home with the graphs already built."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

SEEDS = ROOT / "qa" / "seeds"

SHARED = ROOT.parent / "shared"

CONVERSATIONS = ROOT / "tests" / "data" / "conversations"


def with_graphs(home: Path) -> Path:
    """A home of its own but for the cache, where what is built once is: five seconds for each process that asks."""
    home.mkdir(exist_ok=True)
    shared = Path(os.environ["QA_HOME"]) / "cache"
    shared.mkdir(exist_ok=True)
    (home / "cache").symlink_to(shared, target_is_directory=True)
    return home


def required(path: str) -> Path:
    """A path under ../shared, which users do not have: skipped there, but a failure in CI."""
    place = SHARED / path
    if not place.exists():
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(f"{place} is not there")
    return place
