"""Every place on disk that is written to."""

import os
from pathlib import Path

import platformdirs


def home() -> Path:
    """Where everything is kept: `QA_HOME` when that is set, else the user's data directory."""
    given = os.environ.get("QA_HOME")
    return Path(given).expanduser() if given else Path(platformdirs.user_data_dir("cited-qa"))
