"""Draw how indexing and search times grow with the corpus, from the figures of the part `scale`."""

import math
from collections.abc import Sequence

from figures import Figure
from scale import BOTH, DENSE, INDEX, SLOW

from qa.evaluate.plots import draw

SERIES = {
    INDEX: "1,000 passages indexed",
    DENSE: "search by meaning",
    BOTH: "by meaning and by word",
    SLOW: "the same, 95 of 100",
}
"""The figures to draw and their labels, all in milliseconds: microseconds a passage are milliseconds a thousand."""


def draw_growth(figures: Sequence[Figure]) -> str:
    """Return an SVG with two logarithmic axes; figures without a number of passages are ignored.

    Raises:
        ValueError: fewer than two numbers of passages were measured.
    """
    drawn = [figure for figure in figures if figure.passages and figure.name in SERIES]
    sizes = sorted({figure.passages for figure in drawn})
    if len(sizes) < 2:
        raise ValueError("cannot draw growth: fewer than two numbers of passages were measured; type: --only scale")
    across, up = _Scale(sizes), _Scale([figure.value for figure in drawn])
    lines = [
        (label, [(across.share(f.passages), up.share(f.value)) for f in drawn if f.name == name], True)
        for name, label in SERIES.items()
    ]
    return draw("Passages", "Milliseconds", lines, across.ticks(), up.ticks())


class _Scale:
    """A logarithmic axis, from the power of ten below the lowest value to the one above the highest."""

    def __init__(self, values: Sequence[float]) -> None:
        self.low = math.floor(math.log10(min(values)) + 1e-9)
        self.high = max(math.ceil(math.log10(max(values)) - 1e-9), self.low + 1)

    def share(self, value: float) -> float:
        return (math.log10(value) - self.low) / (self.high - self.low)

    def ticks(self) -> list[tuple[float, str]]:
        return [(self.share(10.0**power), f"{10.0**power:,.15g}") for power in range(self.low, self.high + 1)]
