"""Where files that can be made again are kept."""

import os
from pathlib import Path

import platformdirs


def cache_folder() -> Path:
    """Where derived files go: `QA_HOME`/cache when that is set, else the user's cache directory."""
    home = os.environ.get("QA_HOME")
    return Path(home).expanduser() / "cache" if home else Path(platformdirs.user_cache_dir("cited-qa"))
