"""What scores may not fall under again."""

import json
import math
from collections.abc import Sequence
from pathlib import Path

from qa.errors import EvaluationError
from qa.evaluate.scorecard import Scores

LOWER_IS_BETTER = ("false_refusal",)

Floors = dict[str, dict[str, float]]
"""The least score by set and measure; the most of a measure of which less is better."""


def read_floors(file: Path) -> Floors:
    """The least score of each measure of each set, from JSON: {"seeds": {"cited_at_1": 0.8}}.

    Raises:
        EvaluationError: it cannot be read as that.
    """
    try:
        given = json.loads(file.read_text("utf-8"))
        return {name: {key: float(least) for key, least in of.items()} for name, of in given.items()}
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise EvaluationError(
            f"{file} holds no floors ({error}); wanted JSON like {{'seeds': {{'f1': 0.5}}}}"
        ) from error


def below_floors(scores: Sequence[Scores], floors: Floors) -> list[str]:
    """A line for each score that is worse than its floor, or missing."""
    lines = []
    for one in scores:
        for key, least in floors.get(one.name, {}).items():
            got = one.values.get(key, math.nan)
            held = got <= least if key in LOWER_IS_BETTER else got >= least
            if not held:
                lines.append(f"{one.name}: {key} is {got:.4f}, its floor is {least:.4f}")
    return lines
