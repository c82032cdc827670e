"""A damaged corpus is copied, then emptied, to be made anew from the documents."""

import shutil
import time
from pathlib import Path


def set_aside(folder: Path) -> Path:
    """Copy a corpus to a folder beside it, then empty its own; returns the copy.

    Raises:
        OSError: it cannot be copied; nothing is removed then.
    """
    copy = folder.with_name(f"{folder.name}.set-aside-{time.time_ns()}")
    shutil.copytree(folder, copy)
    for file in folder.iterdir():
        file.unlink()
    return copy
