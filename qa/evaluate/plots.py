"""Pictures of how far a confidence can be trusted, as SVG: a reliability diagram and a risk-coverage curve."""

from collections.abc import Sequence
from html import escape

import numpy as np
from numpy.typing import NDArray

PLOT_PX, LEFT_PX, TOP_PX = 300, 56, 40
"""Pixels: the plot's side, and the room to its left and above it."""

BINS = 10

# A grey that reads on white and on black, for a page may be either.
AXIS_COLOUR = "#808080"
COLOURS = ("#808080", "#3b82f6", "#f97316", "#10b981", "#a855f7", "#ef4444")

Point = tuple[float, float]
Ticks = Sequence[tuple[float, str]]
"""What is written along an axis, and at which share of it."""

SHARE_TICKS: Ticks = tuple((tick, f"{tick:g}") for tick in (0, 0.25, 0.5, 0.75, 1))


def reliability(confidences: Sequence[float], right: Sequence[bool]) -> list[tuple[float, float, int]]:
    """(mean confidence, share that was right, questions) of each tenth of the scale that has any.

    Raises:
        ValueError: of different lengths.
    """
    sure, was = _arrays(confidences, right)
    tenth = np.minimum((sure * BINS).astype(int), BINS - 1)
    bins = [tenth == number for number in range(BINS)]
    return [(float(sure[b].mean()), float(was[b].mean()), int(b.sum())) for b in bins if b.any()]


def calibration_error(confidences: Sequence[float], right: Sequence[bool]) -> float:
    """Expected calibration error (Guo et al. 2017), in [0, 1]: how far the tenths are from the diagonal."""
    return sum(n * abs(sure - was) for sure, was, n in reliability(confidences, right)) / max(len(confidences), 1)


def risk_coverage(confidences: Sequence[float], right: Sequence[bool]) -> list[tuple[float, float, float]]:
    """(share answered, share of these that is wrong, threshold) for every threshold, the highest first.

    Raises:
        ValueError: of different lengths.
    """
    sure, was = _arrays(confidences, right)
    order = np.argsort(-sure, kind="stable")
    wrong = np.cumsum(~was[order].astype(bool))
    last = np.append(sure[order][1:] != sure[order][:-1], True) if len(order) else np.zeros(0, bool)
    return [((n + 1) / len(order), float(wrong[n] / (n + 1)), float(sure[order[n]])) for n in np.flatnonzero(last)]


def draw_reliability(series: Sequence[tuple[str, Sequence[tuple[float, float, int]]]]) -> str:
    """An SVG with the diagonal that a calibrated confidence lies on."""
    lines = [(name, [(sure, was) for sure, was, _ in points], True) for name, points in series]
    return draw("Confidence", "Share that was right", [("calibrated", [(0, 0), (1, 1)], False), *lines])


def draw_risk_coverage(series: Sequence[tuple[str, Sequence[tuple[float, float, float]]]]) -> str:
    """An SVG: the more questions are answered, the more of the answers are wrong."""
    lines = [(name, [(covered, risk) for covered, risk, _ in points], False) for name, points in series]
    # The diagonal's grey is left out, so that a set has the same colour in both pictures.
    return draw("Share of questions answered", "Share of answers wrong", lines, colours=COLOURS[1:])


def draw(
    across: str,
    up: str,
    lines: Sequence[tuple[str, Sequence[Point], bool]],
    ticks_across: Ticks = SHARE_TICKS,
    ticks_up: Ticks = SHARE_TICKS,
    colours: Sequence[str] = COLOURS,
) -> str:
    """An SVG of lines, each (name, points as shares of both axes, whether the points are marked)."""
    width, height = LEFT_PX + PLOT_PX + 170, TOP_PX + PLOT_PX + 56
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        'font-family="sans-serif" font-size="12">',
        f'<rect x="{LEFT_PX}" y="{TOP_PX}" width="{PLOT_PX}" height="{PLOT_PX}" fill="none" stroke="{AXIS_COLOUR}"/>',
        _text(LEFT_PX + PLOT_PX / 2, TOP_PX + PLOT_PX + 42, across, "middle"),
        f'<g transform="rotate(-90 16 {TOP_PX + PLOT_PX / 2})">{_text(16, TOP_PX + PLOT_PX / 2, up, "middle")}</g>',
    ]
    parts += [_text(_x(tick), TOP_PX + PLOT_PX + 18, said, "middle") for tick, said in ticks_across]
    parts += [_text(LEFT_PX - 8, _y(tick) + 4, said, "end") for tick, said in ticks_up]
    for number, (name, points, dotted) in enumerate(lines):
        colour = colours[number % len(colours)]
        path = " ".join(f"{_x(a):.1f},{_y(b):.1f}" for a, b in points)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        if dotted:
            parts += [f'<circle cx="{_x(a):.1f}" cy="{_y(b):.1f}" r="3" fill="{colour}"/>' for a, b in points]
        at = TOP_PX + 14 + 20 * number
        parts.append(f'<rect x="{LEFT_PX + PLOT_PX + 14}" y="{at - 8}" width="14" height="4" fill="{colour}"/>')
        parts.append(_text(LEFT_PX + PLOT_PX + 34, at, name, "start"))
    return "\n".join([*parts, "</svg>\n"])


def _arrays(confidences: Sequence[float], right: Sequence[bool]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    if len(confidences) != len(right):
        raise ValueError(f"got {len(confidences)} confidences and {len(right)} outcomes, wanted as many")
    return np.asarray(confidences, dtype=np.float64), np.asarray(right, dtype=np.float64)


def _text(x: float, y: float, said: str, anchor: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{AXIS_COLOUR}">{escape(said)}</text>'


def _x(share: float) -> float:
    return LEFT_PX + PLOT_PX * share


def _y(share: float) -> float:
    return TOP_PX + PLOT_PX * (1 - share)
