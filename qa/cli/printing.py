"""Format ledgers and scores as text for the terminal."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # so that --help is instant
    from qa.store.queries import Entry

NOT_READ = ("failed", "skipped", "deleted", "forgotten")

MAX_OUTCOMES = 20
"""Files of one kind that are named; how many more there are is said."""


def ledger_as_text(entries: "Sequence[Entry]", copies: Sequence[Sequence[str]] = ()) -> str:
    """Format a ledger, one file per line, followed by the groups of near-duplicate documents.

    A line holds the file's status, its passages, when it was indexed (UTC), how long that took, its name, and why it
    was not indexed.
    """
    groups = (f"near-duplicates: {', '.join(map(escape_unprintable, ids))}" for ids in copies)
    return "\n".join([*map(_entry_line, entries), *groups])


def _entry_line(entry: "Entry") -> str:
    name = escape_unprintable(entry.name)
    counts = f"{entry.status:9} {entry.passages:7,} passages  {entry.at[:16]}  {entry.seconds:6.1f} s"
    said = [escape_unprintable(text) for text in (entry.reason, entry.note) if text]
    return "  ".join([counts, name, *said])


def outcome_lines(entries: "Sequence[Entry]") -> list[str]:
    """Name every file that failed, was skipped, or was read but for a part, with the reason in plain words."""
    told = [("failed", entry, entry.reason) for entry in entries if entry.status == "failed"]
    told += [("skipped", entry, entry.reason) for entry in entries if entry.status == "skipped"]
    told += [("note", entry, entry.note) for entry in entries if entry.note and entry.status not in NOT_READ]
    lines = []
    for kind in ("failed", "skipped", "note"):
        named = [(entry, why) for label, entry, why in told if label == kind]
        lines += [
            f"{kind}: {escape_unprintable(entry.name)} {escape_unprintable(why)}" for entry, why in named[:MAX_OUTCOMES]
        ]
        if more := len(named) - MAX_OUTCOMES:
            lines += [f"{kind}: {more:,} more files; qa status names them"] if more > 0 else []
    return lines


def escape_unprintable(name: str) -> str:
    """Keep a name on one line: escape every character that would hide part of it or change its direction."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in name)


def scores_as_text(scores: Sequence[dict[str, Any]]) -> str:
    """Format `Scores.to_dict` of each set: its scores, their 95 % intervals where there are any, and its times."""
    return "\n".join(line for one in scores for line in _score_lines(one))


def _score_lines(one: dict[str, Any]) -> Iterator[str]:
    yield f"{one['set']} ({one['task']}, {one.get('sample') or str(one['questions']) + ' questions'})"
    for key, value in one.items():
        if isinstance(value, float):
            bounds = one["intervals"].get(key)
            spread = f"  [{bounds[0]:.3f}, {bounds[1]:.3f}]" if bounds else ""
            yield f"  {key:20} {value:.4f}{spread}"
    for key in ("latency_ms", "time_seconds"):
        if times := one.get(key):
            yield f"  {key:20} " + ", ".join(f"{name} {value:.1f}" for name, value in times.items())
