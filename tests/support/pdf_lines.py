"""Make runs and lines of a PDF's page by hand, for the tests of what is made of them."""

from qa.ingest.pdf.lines import Line
from qa.ingest.pdf.runs import Run

LETTER_WIDTH = 5
HEIGHT = 11


def run(text, left=60, y=100, size=11.0, order=0, bold=False, turn=0) -> Run:
    """Make a run whose letters are all 5 points wide; its baseline is at `y`, which counts from the top."""
    height = size * HEIGHT / 11
    return Run(text, left, left + LETTER_WIDTH * len(text), y - height, y, size, order, bold, turn)


def line(text, left=60, y=100, size=11.0, page=0, region=0, bold=False, edge=None) -> Line:
    """Make a line; cells are separated by bars, and 100 points apart."""
    cells = [run(cell, left + 100 * n, y, size, bold=bold) for n, cell in enumerate(text.split("|")) if cell]
    made = Line(cells, page, region)
    made.edge = made.right if edge is None else edge
    return made


def lines(*texts, y=100, leading=14, **more) -> list[Line]:
    """Make lines below one another that share the right edge of the longest."""
    made = [line(text, y=y + leading * n, **more) for n, text in enumerate(texts)]
    edge = max(one.right for one in made)
    for one in made:
        one.edge = edge
    return made
