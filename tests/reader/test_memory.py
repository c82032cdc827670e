"""How much memory is free, read from small files as Linux writes them."""

import pytest

from qa.reader import memory


@pytest.mark.parametrize(
    ("available", "limit", "used", "free"),
    [
        ("MemTotal: 9 kB\nMemAvailable:   4096 kB\n", None, None, 4096 * 1024),
        ("MemAvailable: 4096 kB\n", "max", "1000", 4096 * 1024),
        ("MemAvailable: 4096 kB\n", "3000", "1000", 2000),
        ("MemAvailable: 4096 kB\n", "3000", "4000", 0),
        ("MemTotal: 9 kB\n", None, None, None),
        (None, "3000", "1000", 2000),
        (None, None, None, None),
    ],
)
def test_the_tighter_limit_counts(tmp_path, monkeypatch, available, limit, used, free):
    for name, text in (("meminfo", available), ("memory.max", limit), ("memory.current", used)):
        if text is not None:
            (tmp_path / name).write_text(text, "ascii")
    monkeypatch.setattr(memory, "MEMINFO", tmp_path / "meminfo")
    monkeypatch.setattr(memory, "CONTROL_GROUP", tmp_path)
    assert memory.free_bytes() == free
