"""Scores against their floors."""

import json
import math

import pytest

from qa.errors import EvaluationError
from qa.evaluate.scorecard import Scores
from qa.evaluate.thresholds import below_floors, read_floors


def scores(name="seeds", **values):
    return Scores(name, "answer", 3, values, {}, {}, {})


def test_floors_are_read_from_json(tmp_path):
    file = tmp_path / "floors.json"
    file.write_text(json.dumps({"seeds": {"f1": 0.5, "cited_at_1": 1}}))
    assert read_floors(file) == {"seeds": {"f1": 0.5, "cited_at_1": 1.0}}


@pytest.mark.parametrize(
    "content", ["", "[]", "{}x", '{"seeds": 1}', '{"seeds": {"f1": "x"}}', '{"s": {"f1": null}}', "\udcff"]
)
def test_unreadable_floors_are_an_error(tmp_path, content):
    file = tmp_path / "floors.json"
    file.write_bytes(content.encode("utf-8", "surrogateescape"))
    with pytest.raises(EvaluationError, match=r"floors\.json has no floors"):
        read_floors(file)
    with pytest.raises(EvaluationError, match="absent"):
        read_floors(tmp_path / "absent")


@pytest.mark.parametrize(
    ("key", "got", "least", "held"),
    [
        ("f1", 0.5, 0.5, True),
        ("f1", 0.51, 0.5, True),
        ("f1", 0.49, 0.5, False),
        ("f1", math.nan, 0.5, False),
        ("false_refusal", 0.1, 0.2, True),
        ("false_refusal", 0.2, 0.2, True),
        ("false_refusal", 0.3, 0.2, False),
        ("false_refusal", math.nan, 0.2, False),
    ],
)
def test_score_below_its_floor_is_reported(key, got, least, held):
    lines = below_floors([scores(**{key: got})], {"seeds": {key: least}})
    assert lines == ([] if held else [f"seeds: {key} is {got:.4f}, its floor is {least:.4f}"])


def test_missing_score_fails_and_missing_floor_passes():
    floors = {"seeds": {"f1": 0.1}, "absent": {"f1": 0.1}}
    assert below_floors([scores(auroc=1.0), scores("other", f1=0.0)], floors) == [
        "seeds: f1 is nan, its floor is 0.1000"
    ]
    assert below_floors([scores("other", f1=0.0)], {}) == []
