"""Tell how much memory is free, where the system says so without further packages."""

from pathlib import Path

MEMINFO = Path("/proc/meminfo")
CONTROL_GROUP = Path("/sys/fs/cgroup")


def free_bytes() -> int | None:
    """Return the bytes that a process can still use: the system's, or its control group's where those are fewer.

    None where the system does not tell, as on macOS and Windows.
    """
    found = [size for size in (_of_system(), _of_group()) if size is not None]
    return min(found) if found else None


def _of_system() -> int | None:
    try:
        lines = MEMINFO.read_text("ascii").splitlines()
        return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable:"))
    except (OSError, ValueError, StopIteration):
        return None


def _of_group() -> int | None:
    """Return what the control group leaves; file pages that can be dropped count as used, so it is a lower bound."""
    try:
        limit = int((CONTROL_GROUP / "memory.max").read_text("ascii"))  # "max" where there is no limit
        return max(limit - int((CONTROL_GROUP / "memory.current").read_text("ascii")), 0)
    except (OSError, ValueError):
        return None
