"""Check scores against recorded floors."""

import json
import math
from collections.abc import Sequence
from pathlib import Path

from qa.errors import EvaluationError
from qa.evaluate.scorecard import Scores

LOWER_IS_BETTER = ("false_refusal", "calibration_error")

Floors = dict[str, dict[str, float]]
"""Set to metric to the lowest score allowed; the highest allowed for a metric in LOWER_IS_BETTER."""


def read_floors(file: Path) -> Floors:
    """Read floors from a JSON file such as {"seeds": {"cited_at_1": 0.8}}.

    Raises:
        EvaluationError: the file cannot be read or has another layout.
    """
    try:
        loaded = json.loads(file.read_text("utf-8"))
        return {name: {key: float(floor) for key, floor in floors.items()} for name, floors in loaded.items()}
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise EvaluationError(f"{file} has no floors ({error}); wanted JSON like {{'seeds': {{'f1': 0.5}}}}") from error


def below_floors(scores: Sequence[Scores], floors: Floors) -> list[str]:
    """Return a line for each score that is missing or worse than its floor."""
    lines = []
    for one in scores:
        for key, floor in floors.get(one.name, {}).items():
            got = one.values.get(key, math.nan)
            passed = got <= floor if key in LOWER_IS_BETTER else got >= floor
            if not passed:
                lines.append(f"{one.name}: {key} is {got:.4f}, its floor is {floor:.4f}")
    return lines
