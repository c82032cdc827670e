"""Bring the runs of a page into reading order: regions of the page, columns one after another."""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import median

from qa.ingest.pdf.runs import Run

MIN_COLUMN_ROWS = 3
"""Runs that each of two columns has at least."""

MIN_COLUMN_CHARS = 18
"""Median length in characters from which a column holds prose; the cells of a table are shorter."""

MIN_FILLED = 0.6
"""Median share of the longest line's width that lines have if they are prose."""

MIN_DRAWN_ROWS = 8
"""Rows from which two columns of short lines, drawn one after the other, are no table."""

EDGE_STEP_POINTS = 4
"""Left edges of runs that are closer than this are the same."""

MAX_DEPTH = 8


def regions(runs: list[Run], depth: int = 0) -> Iterator[list[Run]]:
    """Yield groups of runs in reading order; within a group, lines go from side to side, and from top to bottom."""
    bands = None if depth > MAX_DEPTH or not _side_by_side(runs) else _best_bands(runs)
    if not bands:
        yield runs
        return
    for whole, left, right in bands:
        for part in (whole, left, right):
            if part:
                yield from regions(part, depth + 1)


def _side_by_side(runs: Sequence[Run]) -> bool:
    """Say whether enough runs stand beside one another for there to be columns."""
    if len(runs) < 2 * MIN_COLUMN_ROWS:
        return False
    ordered = sorted(runs, key=lambda run: run.top)
    pairs = 0
    for before, run in pairwise(ordered):
        if run.top < before.bottom - 0.3 * (before.bottom - before.top) and not _overlap(before, run):
            pairs += 1
    return pairs >= MIN_COLUMN_ROWS - 1


def _overlap(one: Run, other: Run) -> bool:
    """Say whether one of the runs is above the other, at least in part."""
    return one.left < other.right and other.left < one.right


Band = tuple[list[Run], list[Run], list[Run]]
"""Runs that go over both columns, those of the left column, those of the right column; two of the three are empty or
the first is."""


def _best_bands(runs: list[Run]) -> list[Band] | None:
    """Cut the page at the gutter with the most text in columns on both sides; None if there is no gutter."""
    edges = Counter(round(run.left / EDGE_STEP_POINTS) for run in runs)
    ordered = sorted(runs, key=lambda run: run.top)
    best: tuple[int, list[Band]] | None = None
    for edge, count in edges.items():
        if count < MIN_COLUMN_ROWS:
            continue
        gutter = (edge - 1) * EDGE_STEP_POINTS
        if sum(run.right <= gutter + 1 for run in runs) < MIN_COLUMN_ROWS:
            continue
        bands = list(_bands(ordered, gutter))
        chars = sum(len(run.text) for _, left, right in bands if left and right for run in (*left, *right))
        if chars and (best is None or chars > best[0]):
            best = (chars, bands)
    return best[1] if best else None


def _bands(runs: Sequence[Run], gutter: float) -> Iterator[Band]:
    """Yield the bands that runs across `gutter` leave, from top to bottom, as the runs are."""
    whole: list[Run] = []
    left: list[Run] = []
    right: list[Run] = []
    for run in [*runs, None]:
        if run is not None and not (run.left < gutter - 1 and run.right > gutter + 1):
            (left if run.right <= gutter + 1 else right).append(run)
            continue
        if left or right:
            if _are_columns(left, right):
                yield whole, [], []
                yield [], left, right
                whole = []
            else:
                whole += [*left, *right]
            left, right = [], []
        if run is not None:
            whole.append(run)
    yield whole, [], []


def _are_columns(left: list[Run], right: list[Run]) -> bool:
    if min(len(left), len(right)) < MIN_COLUMN_ROWS:
        return False
    if _is_prose(left) and _is_prose(right):
        return True
    if max(run.order for run in left) > min(run.order for run in right):
        return False
    aligned = _aligned_share(left, right)
    return aligned < 0.6 or (min(len(left), len(right)) >= MIN_DRAWN_ROWS and not _has_numbers(right))


def _is_prose(runs: list[Run]) -> bool:
    """Say whether the lines of a column are long, and most of them fill it."""
    width = max(run.right - run.left for run in runs)
    return (
        median(len(run.text) for run in runs) >= MIN_COLUMN_CHARS
        and median(run.right - run.left for run in runs) >= MIN_FILLED * width
    )


def _aligned_share(left: list[Run], right: list[Run]) -> float:
    """Return the share of the runs on the shorter side that have a run at the same height on the other."""
    fewer, more = sorted((left, right), key=len)
    heights = {round(run.bottom / 2) for run in more}
    return sum(bool({round(run.bottom / 2) + step for step in (-1, 0, 1)} & heights) for run in fewer) / len(fewer)


def _has_numbers(runs: list[Run]) -> bool:
    return sum(any(c.isdigit() for c in run.text) for run in runs) > len(runs) / 2
