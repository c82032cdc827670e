"""Recognise the text of a scanned page (OCR), with an optional package that carries its models and works offline."""

from collections.abc import Callable
from functools import cache
from statistics import median
from typing import Any

import pypdfium2

from embeddings.errors import MissingDependency
from qa.ingest.pdf.runs import Run

PIXELS_PER_POINT = 2.0
"""Resolution at which a page is drawn: 144 dots per inch."""

MAX_PIXELS = 3_000
"""Longest side of the drawn page; a larger one is drawn smaller."""

MIN_SCORE = 0.5
"""Lines that the recogniser is less sure of, from 0 to 1, are left out."""

SAME_SIZE = 1.35
"""Lines whose heights differ by a lower factor have the same font size."""

ASCENT = 0.8
"""A line's font size as a share of its box's height."""


def recognise(page: pypdfium2.PdfPage) -> list[Run]:
    """Return the lines of text on a page as runs, in the order in which they were found.

    Raises:
        MissingDependency: the package for text recognition is not installed.
    """
    scale = min(PIXELS_PER_POINT, MAX_PIXELS / max(*page.get_size(), 1))
    image = page.render(scale=scale, may_draw_forms=False).to_numpy()
    found = _recogniser()(image)
    if found.txts is None or found.boxes is None:
        return []
    runs: list[Run] = []
    for text, score, corners in zip(found.txts, found.scores, found.boxes, strict=True):
        if score < MIN_SCORE or not text.strip():
            continue
        left, right = float(corners[:, 0].min()) / scale, float(corners[:, 0].max()) / scale
        top, bottom = float(corners[:, 1].min()) / scale, float(corners[:, 1].max()) / scale
        runs.append(Run(" ".join(text.split()), left, right, top, bottom, (bottom - top) * ASCENT, len(runs)))
    return _with_usual_size(runs)


def _with_usual_size(runs: list[Run]) -> list[Run]:
    """Give lines of about the usual height the same size, for a box is only as high as the letters in it."""
    usual = median(run.size for run in runs) if runs else 0.0
    for run in runs:
        if usual / SAME_SIZE < run.size < usual * SAME_SIZE:
            run.size = usual
    return runs


@cache
def _recogniser() -> Callable[..., Any]:
    try:
        from rapidocr import EngineType, RapidOCR
    except ImportError as error:
        raise MissingDependency("text recognition needs a package; type: pip install 'cited-qa[ocr]'") from error
    engines = {f"{part}.engine_type": EngineType.OPENVINO for part in ("Det", "Cls", "Rec")}
    return RapidOCR(params=engines | {"Global.log_level": "critical"})
