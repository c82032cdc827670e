"""Time two sides alternately, so that whatever else the machine does affects both alike, and print the figures."""

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
    """The lowest and the highest of the rounds."""
    target: float | None = None
    higher_is_better: bool = True
    """Whether the target is the lowest value allowed; else it is the highest."""
    note: str = ""
    passages: int | None = None
    """The size of the corpus, for a figure that is measured at several sizes."""

    @property
    def met(self) -> bool | None:
        """Whether the target is met; None without a target."""
        if self.target is None:
            return None
        return self.value >= self.target if self.higher_is_better else self.value <= self.target


def seconds(work: Work) -> float:
    """Return how long the work takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def alternate(ours: Work, theirs: Work, rounds: int) -> list[tuple[float, float]]:
    """Run each once to warm up, then both in turn `rounds` times; return their seconds in pairs."""
    ours()
    theirs()
    return [(seconds(ours), seconds(theirs)) for _ in range(rounds)]


def speedup(name: str, pairs: Sequence[tuple[float, float]], target: float | None = None, note: str = "") -> Figure:
    """Return their time divided by ours: the median over the rounds."""
    ratios = [theirs / ours for ours, theirs in pairs]
    return Figure(name, statistics.median(ratios), "x", (min(ratios), max(ratios)), target, note=note)


def time_ratio(name: str, pairs: Sequence[tuple[float, float]], target: float | None = None) -> Figure:
    """Return our time divided by theirs: the median over the rounds."""
    ratios = [ours / theirs for ours, theirs in pairs]
    spread = (min(ratios), max(ratios))
    return Figure(name, statistics.median(ratios), "of theirs", spread, target, higher_is_better=False)


def quantile(values: Sequence[float], share: float) -> float:
    """Return the value below which that share of the values lies."""
    ordered = sorted(values)
    return ordered[min(int(share * len(ordered)), len(ordered) - 1)]


def format_table(figures: Sequence[Figure]) -> str:
    """Format the figures, one a line."""
    lines = []
    for figure in figures:
        spread = f" [{figure.spread[0]:.3g} to {figure.spread[1]:.3g}]" if figure.spread else ""
        relation = ">=" if figure.higher_is_better else "<="
        target = "" if figure.target is None else f"  target {relation} {figure.target:g}"
        verdict = {True: " met", False: " MISSED", None: ""}[figure.met]
        note = f"  ({figure.note})" if figure.note else ""
        name = f"{figure.passages:,} passages: {figure.name}" if figure.passages else figure.name
        lines.append(f"{name:<62} {figure.value:>9.4g} {figure.unit}{spread}{target}{verdict}{note}")
    return "\n".join(lines)
