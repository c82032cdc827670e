"""Where the repository and the shared folder beside it are, and homes that share built graphs."""

import os
from pathlib import Path

import pytest

from embeddings.paths import cache_folder

ROOT = Path(__file__).resolve().parents[2]

SEEDS = ROOT / "qa" / "seeds"

SHARED = ROOT.parent / "shared"

CONVERSATIONS = ROOT / "tests" / "data" / "conversations"


def home_with_cache(home: Path) -> Path:
    """Make a home that shares only the current cache: building its graphs again takes five seconds a process."""
    home.mkdir(exist_ok=True)
    share_cache(home, cache_folder())
    return home


def share_cache(home: Path, cache: Path) -> None:
    """Let `home` use that cache folder, made if it is missing."""
    cache.mkdir(parents=True, exist_ok=True)
    (home / "cache").symlink_to(cache.resolve(), target_is_directory=True)


def required(path: str) -> Path:
    """Return a path under ../shared, which users do not have: without it the test is skipped, but fails in CI."""
    found = SHARED / path
    if not found.exists():
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(f"{found} is missing")
    return found
