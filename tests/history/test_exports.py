"""Chats exported as Markdown, JSON and CSV."""

import csv
import io
import json

import pytest

from qa.history.exports import COLUMNS, FORMATS, as_csv, as_json, as_markdown
from qa.history.turn import Turn, turn_from_dict
from tests.support.html_safety import PAYLOADS, make_answer

TURNS = [
    Turn("Who?", make_answer(question="Who?", standalone_question="Who is Anna?", short="Anna")),
    Turn("Why?", make_answer(abstained=True)),
    Turn("What?", problem="broken"),
]


def lines(turns) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(as_csv("x", turns), newline="")))


def test_json_holds_every_turn_with_its_offsets():
    written = json.loads(as_json("Tea", TURNS))
    assert written["name"] == "Tea" and [turn_from_dict(turn) for turn in written["turns"]] == TURNS
    citation = written["turns"][0]["answer"]["citations"][0]
    assert citation["text"][citation["start"] : citation["end"]] == "Anna lives in Oslo."


def test_markdown_has_a_heading_and_every_question():
    text = as_markdown("Tea *time*", TURNS)
    assert text.startswith("# Tea \\*time\\*\n")
    assert "**Who is Anna?**" in text and "> Anna lives in Oslo. \\[1\\]" in text
    assert "Not said." in text and "**What?**\n\nbroken" in text


def test_csv_has_a_line_for_each_citation():
    found = lines(TURNS)
    assert list(found[0]) == list(COLUMNS) and len(found) == 3
    assert (found[0]["quote"], found[0]["start"], found[0]["end"]) == ("Anna lives in Oslo.", "0", "19")
    assert (found[1]["refused"], found[1]["quote"]) == ("True", "")
    assert found[2]["question"] == "What?"


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx"])
def test_no_cell_is_a_formula(cell):
    (line,) = lines([Turn(cell, make_answer(cell))])
    assert line["question"].startswith("'") and line["quote"].startswith("'")


@pytest.mark.parametrize("payload", PAYLOADS)
def test_every_format_takes_any_text(payload):
    for _, write in FORMATS.values():
        assert write(payload, [Turn(payload, make_answer(payload))])
    assert lines([Turn(payload, make_answer(payload))])[0]["quote"].removeprefix("'") == payload.removeprefix("'")
