"""A picture of how index and search grow with the corpus, from the figures of the part scale."""

import math
from collections.abc import Sequence

from measure import Figure
from scale import BOTH, DENSE, INDEX, SLOW

from qa.evaluate.plots import draw

SERIES = {
    INDEX: "1,000 passages indexed",
    DENSE: "search by meaning",
    BOTH: "by meaning and by word",
    SLOW: "the same, 95 of 100",
}
"""The figures that are drawn, all in milliseconds: microseconds a passage are milliseconds a thousand."""


def draw_growth(figures: Sequence[Figure]) -> str:
    """An SVG, both of its axes logarithmic; of figures without a number of passages it takes no notice.

    Raises:
        ValueError: fewer than two numbers of passages were measured.
    """
    told = [figure for figure in figures if figure.passages and figure.name in SERIES]
    sizes = sorted({figure.passages for figure in told})
    if len(sizes) < 2:
        raise ValueError("nothing grows: fewer than two numbers of passages were measured")
    across, up = _Scale(sizes), _Scale([figure.value for figure in told])
    lines = [
        (said, [(across.share(f.passages), up.share(f.value)) for f in told if f.name == name], True)
        for name, said in SERIES.items()
    ]
    return draw("Passages", "Milliseconds", lines, across.ticks(), up.ticks())


class _Scale:
    """Powers of ten from under the least value to over the largest."""

    def __init__(self, values: Sequence[float]) -> None:
        self.low = math.floor(math.log10(min(values)) + 1e-9)
        self.high = max(math.ceil(math.log10(max(values)) - 1e-9), self.low + 1)

    def share(self, value: float) -> float:
        return (math.log10(value) - self.low) / (self.high - self.low)

    def ticks(self) -> list[tuple[float, str]]:
        return [(self.share(10.0**power), f"{10.0**power:,.15g}") for power in range(self.low, self.high + 1)]
