"""Measure and draw, as SVG, how well confidence predicts correctness: reliability and risk-coverage."""

from collections.abc import Iterator, Sequence
from html import escape

import numpy as np
from numpy.typing import NDArray

PLOT_PX, LEFT_PX, TOP_PX = 300, 56, 40
"""Side of the plot, and the margins to its left and above it."""

BINS = 10
"""Bins of equal width over the scale of confidence, from 0 to 1."""

# A grey that is readable on a white page and on a black one.
AXIS_COLOUR = "#808080"
COLOURS = ("#808080", "#3b82f6", "#f97316", "#10b981", "#a855f7", "#ef4444")

Point = tuple[float, float]
Ticks = Sequence[tuple[float, str]]
"""(position as a share of the axis, label)."""

SHARE_TICKS: Ticks = tuple((tick, f"{tick:g}") for tick in (0, 0.25, 0.5, 0.75, 1))


def reliability(confidences: Sequence[float], correct: Sequence[bool]) -> list[tuple[float, float, int]]:
    """Return (mean confidence, share correct, number of questions) of each bin that is not empty.

    Raises:
        ValueError: the lengths differ.
    """
    confidence, outcome = _as_arrays(confidences, correct)
    numbers = np.minimum((confidence * BINS).astype(int), BINS - 1)
    bins = [numbers == number for number in range(BINS)]
    return [(float(confidence[b].mean()), float(outcome[b].mean()), int(b.sum())) for b in bins if b.any()]


def calibration_error(confidences: Sequence[float], correct: Sequence[bool]) -> float:
    """Return the expected calibration error (Guo et al. 2017), in [0, 1]: the bins' mean distance from the diagonal.

    Raises:
        ValueError: the lengths differ.
    """
    distances = (n * abs(confidence - share) for confidence, share, n in reliability(confidences, correct))
    return sum(distances) / max(len(confidences), 1)


def risk_coverage(confidences: Sequence[float], correct: Sequence[bool]) -> list[tuple[float, float, float]]:
    """Return (share answered, share of those that is wrong, threshold) for every threshold, highest first.

    Raises:
        ValueError: the lengths differ.
    """
    confidence, outcome = _as_arrays(confidences, correct)
    order = np.argsort(-confidence, kind="stable")
    ranked = confidence[order]
    wrong = np.cumsum(~outcome[order].astype(bool))
    last = np.append(ranked[1:] != ranked[:-1], True) if len(order) else np.zeros(0, bool)
    return [((n + 1) / len(order), float(wrong[n] / (n + 1)), float(ranked[n])) for n in np.flatnonzero(last)]


def draw_reliability(series: Sequence[tuple[str, Sequence[tuple[float, float, int]]]]) -> str:
    """Draw reliability curves as SVG, with the diagonal on which calibrated confidence lies."""
    lines = [(name, [(confidence, share) for confidence, share, _ in points], True) for name, points in series]
    return draw("Confidence", "Share that was right", [("calibrated", [(0, 0), (1, 1)], False), *lines])


def draw_risk_coverage(series: Sequence[tuple[str, Sequence[tuple[float, float, float]]]]) -> str:
    """Draw, as SVG, the share of wrong answers against the share of questions answered."""
    lines = [(name, [(coverage, risk) for coverage, risk, _ in points], False) for name, points in series]
    # Without the diagonal's grey, a set has the same colour in both pictures.
    return draw("Share of questions answered", "Share of answers wrong", lines, colours=COLOURS[1:])


def draw(
    x_label: str,
    y_label: str,
    lines: Sequence[tuple[str, Sequence[Point], bool]],
    x_ticks: Ticks = SHARE_TICKS,
    y_ticks: Ticks = SHARE_TICKS,
    colours: Sequence[str] = COLOURS,
) -> str:
    """Draw lines as SVG.

    Args:
        x_label: the label of the x axis.
        y_label: the label of the y axis.
        lines: of each, its name, its points as shares of both axes, and whether the points are marked.
        x_ticks: the labels along the x axis.
        y_ticks: the labels along the y axis.
        colours: of the lines, in turn.
    """
    width, height = LEFT_PX + PLOT_PX + 170, TOP_PX + PLOT_PX + 56
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        'font-family="sans-serif" font-size="12">',
        f'<rect x="{LEFT_PX}" y="{TOP_PX}" width="{PLOT_PX}" height="{PLOT_PX}" fill="none" stroke="{AXIS_COLOUR}"/>',
        _text(LEFT_PX + PLOT_PX / 2, TOP_PX + PLOT_PX + 42, x_label, "middle"),
        f'<g transform="rotate(-90 16 {_y(0.5)})">{_text(16, _y(0.5), y_label, "middle")}</g>',
    ]
    parts += [_text(_x(tick), TOP_PX + PLOT_PX + 18, label, "middle") for tick, label in x_ticks]
    parts += [_text(LEFT_PX - 8, _y(tick) + 4, label, "end") for tick, label in y_ticks]
    for number, (name, points, marked) in enumerate(lines):
        parts += _line(number, name, points, marked, colours[number % len(colours)])
    return "\n".join([*parts, "</svg>\n"])


def _line(number: int, name: str, points: Sequence[Point], marked: bool, colour: str) -> Iterator[str]:
    """Yield the elements of a line and of its entry in the legend."""
    path = " ".join(f"{_x(a):.1f},{_y(b):.1f}" for a, b in points)
    yield f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>'
    for a, b in points if marked else ():
        yield f'<circle cx="{_x(a):.1f}" cy="{_y(b):.1f}" r="3" fill="{colour}"/>'
    y = TOP_PX + 14 + 20 * number
    yield f'<rect x="{LEFT_PX + PLOT_PX + 14}" y="{y - 8}" width="14" height="4" fill="{colour}"/>'
    yield _text(LEFT_PX + PLOT_PX + 34, y, name, "start")


def _as_arrays(
    confidences: Sequence[float], correct: Sequence[bool]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    if len(confidences) != len(correct):
        raise ValueError(f"got {len(confidences)} confidences and {len(correct)} outcomes, wanted one outcome for each")
    return np.asarray(confidences, dtype=np.float64), np.asarray(correct, dtype=np.float64)


def _text(x: float, y: float, label: str, anchor: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{AXIS_COLOUR}">{escape(label)}</text>'


def _x(share: float) -> float:
    return LEFT_PX + PLOT_PX * share


def _y(share: float) -> float:
    return TOP_PX + PLOT_PX * (1 - share)
