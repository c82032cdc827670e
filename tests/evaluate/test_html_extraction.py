"""The main-text benchmark: its definition by hand, and its floor."""

import gzip
import json

import pytest

from qa.evaluate.html_extraction import compare_texts, extraction_rows, f1_of_means
from qa.evaluate.scorecard import evaluate
from tests.support import sample_files
from tests.support.paths import required

FLOOR = 0.955
PARAGRAPH = "The minister said on Monday that the talks in Geneva had gone on for an hour and a half."


@pytest.mark.parametrize(
    ("read", "true", "precision", "recall"),
    [
        ("a b c d e", "a b c d e", 1, 1),
        ("a b c d e", "a, b; c! d", 1 / 2, 1),
        ("a b c d", "a b c d e f", 1, 1 / 3),
        ("a b c d a b c d", "a b c d", 1 / 5, 1),
        ("a b", "a b", 1, 1),
        ("a b c", "a b", 0, 0),
        ("A b", "a b", 0, 0),
    ],
)
def test_shingles_count_as_often_as_they_occur(read, true, precision, recall):
    assert compare_texts(read, true) == {"precision": precision, "recall": recall}


def test_page_without_text_has_no_precision():
    assert compare_texts("", "a b") == {"recall": 0}
    assert compare_texts("a b", "") == {"precision": 0}
    assert compare_texts("", "") == {}


def test_f1_is_computed_from_the_means():
    assert f1_of_means([{"precision": 1.0, "recall": 0.5}, {"recall": 1.0}]) == pytest.approx(2 * 0.75 / 1.75)
    assert f1_of_means([{"precision": 0.0, "recall": 0.0}]) == 0
    assert f1_of_means([{}]) == 0


def test_extraction_set_is_found_and_scored(tmp_path, hashing):
    (tmp_path / "html").mkdir()
    (tmp_path / "html" / "a.html.gz").write_bytes(gzip.compress(sample_files.html([PARAGRAPH])))
    (tmp_path / "ground-truth.json").write_text(json.dumps({"a": {"articleBody": PARAGRAPH}}))
    from qa import Assistant

    (tmp_path / "x.txt").write_text("Tea was served.")
    (scores,) = evaluate(tmp_path, tmp_path / "x.txt", lambda source: Assistant.open(source, encoder=hashing))
    assert (scores.task, scores.questions) == ("extraction", 1)
    assert scores.values == {"precision": 1.0, "recall": 1.0, "f1": 1.0}


def test_main_text_of_news_pages_reaches_the_floor():
    rows = list(extraction_rows(required("eval/article_extraction")))
    assert len(rows) == 181
    assert f1_of_means(rows) >= FLOOR
