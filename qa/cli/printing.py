"""Print ledgers and scores as text."""

from collections.abc import Sequence
from typing import Any

from qa.store.queries import Entry


def ledger_as_text(entries: Sequence[Entry], copies: Sequence[Sequence[str]] = ()) -> str:
    """One line a file: status, passages, when (UTC), how long, name and why; then which documents are near-copies."""
    lines = [
        f"{entry.status:9} {entry.passages:7,} passages  {entry.at[:16]}  {entry.seconds:6.1f} s  {visible(entry.name)}"
        f"{'  ' + visible(entry.reason) if entry.reason else ''}"
        for entry in entries
    ]
    return "\n".join([*lines, *(f"near-copies of one text: {', '.join(map(visible, ids))}" for ids in copies)])


def visible(name: str) -> str:
    """A name on one line, with whatever would hide or turn a part of it written out."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in name)


def scores_as_text(scores: Sequence[dict[str, Any]]) -> str:
    """A table of sets and their scores, with intervals where there are any."""
    lines = []
    for one in scores:
        lines.append(f"{one['set']} ({one['task']}, {one['questions']} questions)")
        for key, value in one.items():
            if isinstance(value, float):
                low_high = one["intervals"].get(key)
                spread = f"  [{low_high[0]:.3f}, {low_high[1]:.3f}]" if low_high else ""
                lines.append(f"  {key:20} {value:.4f}{spread}")
        lines.append(
            "  " + "latency_ms".ljust(20) + " " + ", ".join(f"{k} {v:.1f}" for k, v in one["latency_ms"].items())
        )
    return "\n".join(lines)
