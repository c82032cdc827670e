"""Times taken in turns, so that whatever else the machine does falls on both sides alike; and the table of them."""

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

Work = Callable[[], object]


@dataclass(frozen=True)
class Figure:
    """One line of the table."""

    name: str
    value: float
    unit: str
    spread: tuple[float, float] | None = None
    """The least and the most of the rounds."""
    bar: float | None = None
    least: bool = True
    """Whether the bar is the least that the value may be; else the most."""
    note: str = ""
    passages: int | None = None
    """How many it was measured over, of a figure that is measured over several numbers of them."""

    @property
    def held(self) -> bool | None:
        """Whether the bar holds; None without one."""
        if self.bar is None:
            return None
        return self.value >= self.bar if self.least else self.value <= self.bar


def seconds(work: Work) -> float:
    """How long it takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def in_turns(ours: Work, theirs: Work, rounds: int) -> list[tuple[float, float]]:
    """Seconds of each, taken one after the other `rounds` times, after each has been run once."""
    ours()
    theirs()
    return [(seconds(ours), seconds(theirs)) for _ in range(rounds)]


def times_as_fast(name: str, pairs: Sequence[tuple[float, float]], bar: float | None = None, note: str = "") -> Figure:
    """How often ours is done while theirs is done once: the median over the rounds."""
    ratios = [theirs / ours for ours, theirs in pairs]
    return Figure(name, statistics.median(ratios), "x", (min(ratios), max(ratios)), bar, note=note)


def share_of_theirs(name: str, pairs: Sequence[tuple[float, float]], bar: float | None = None) -> Figure:
    """Our time as a share of theirs: the median over the rounds."""
    ratios = [ours / theirs for ours, theirs in pairs]
    return Figure(name, statistics.median(ratios), "of theirs", (min(ratios), max(ratios)), bar, least=False)


def quantile(values: Sequence[float], share: float) -> float:
    """The value below which that share of them lies."""
    ordered = sorted(values)
    return ordered[min(int(share * len(ordered)), len(ordered) - 1)]


def as_table(figures: Sequence[Figure]) -> str:
    """The figures under one another."""
    lines = []
    for figure in figures:
        spread = f" [{figure.spread[0]:.3g} to {figure.spread[1]:.3g}]" if figure.spread else ""
        bar = "" if figure.bar is None else f"  bar {'>=' if figure.least else '<='} {figure.bar:g}"
        verdict = {True: " held", False: " MISSED", None: ""}[figure.held]
        note = f"  ({figure.note})" if figure.note else ""
        name = f"{figure.passages:,} passages: {figure.name}" if figure.passages else figure.name
        lines.append(f"{name:<62} {figure.value:>9.4g} {figure.unit}{spread}{bar}{verdict}{note}")
    return "\n".join(lines)
