"""Answers as text and Markdown."""

import re

import pytest

from qa.history.rendering import (
    LEVELS,
    answer_as_markdown,
    answer_as_text,
    citation_details,
    confidence_in_words,
    confidence_level,
    source_details,
)
from qa.types import Citation, Document
from tests.support.html_safety import PAYLOADS, make_answer


def test_refusal_lists_nearest_passages_as_no_answer():
    assert "Nearest passages, not an answer:" in answer_as_text(make_answer(abstained=True))
    assert answer_as_text(make_answer(abstained=True, passages=())) == "Not said."


def test_terminal_answer_has_numbered_sources_on_one_line():
    text = answer_as_text(make_answer("Anna\nlives."))
    assert "[1] Anna lives." in text and "characters 0-11" in text and text.endswith("Sure (80%)")


def test_markdown_has_question_quotes_and_references():
    citation = Citation(1, "a", "On *tea*", "https://news.example/a_b", "2022-01-14", 3, 4, 20, "1. It rained\n# so.")
    assert answer_as_markdown(make_answer(citations=(citation,), standalone_question="Why?")) == (
        "**Why?**\n\n> 1\\. It rained \\# so. \\[1\\]\n\n"
        "1. *On \\*tea\\**, 2022-01-14, page 3, <https://news.example/a_b>, characters 4–20"
    )
    assert answer_as_markdown(make_answer("No_", abstained=True)) == "**No\\_**\n\nNot said."


@pytest.mark.parametrize("payload", PAYLOADS)
def test_markup_in_documents_is_escaped(payload):
    written = answer_as_markdown(make_answer(payload))
    bare = re.sub(r"\\.", "", written).replace("**", "").replace("> ", "")
    assert not re.search(r"[\[<`$]|!\[|^#", bare, re.MULTILINE)


@pytest.mark.parametrize(
    ("confidence", "words"),
    [(1.0, "Very sure (100%)"), (0.9, "Very sure (90%)"), (0.89, "Sure (89%)"), (0.5, "Fairly sure (50%)"),
     (0.25, "Unsure (25%)"), (0.0, "Very unsure (0%)")],
)  # fmt: skip
def test_confidence_in_words(confidence, words):
    assert confidence_in_words(confidence) == words


def test_every_level_starts_at_its_probability():
    assert [confidence_level(least) for least, _ in LEVELS] == list(range(len(LEVELS)))


@pytest.mark.parametrize(
    ("source", "shown"),
    [("/home/anna/private/a.txt", "a.txt"), ("C:\\docs\\a.txt", "a.txt"), ("http://[broken", "[broken"),
     ("https://user@news.example/x/y", "news.example")],
)  # fmt: skip
def test_details_name_the_file_or_the_host(source, shown):
    citation = Citation(1, "a", "Title", source, "2022-01-14", 3, 0, 1, "A")
    assert citation_details(citation, "page 3") == ["2022-01-14", "page 3", shown]


@pytest.mark.parametrize(
    ("published", "publisher", "dated", "shown"),
    [("2022-01-14", "TASS", "inferred", "TASS · 2022-01-14 (inferred) · a.txt"), (None, "TASS", None, "TASS · a.txt"),
     ("2022-01-14", None, "stated", "2022-01-14 · a.txt"), (None, None, None, "a.txt"),
     (None, "<b>", None, "<b> · a.txt")],
)  # fmt: skip
def test_source_shows_publisher_and_date(published, publisher, dated, shown):
    citation = Citation(1, "a", "Title", "a.txt", published, None, 0, 1, "A", publisher, dated)
    assert " · ".join(citation_details(citation, "")) == shown
    answer = make_answer(citations=(citation,))
    assert f"    {shown.replace(' · ', ', ')}, characters 0-1" in answer_as_text(answer)
    assert "<b>" not in answer_as_markdown(answer)
    document = Document("d", "T", "text", "a.txt", published, "text/plain", "0" * 64, publisher, "en", dated)
    assert [*source_details(document), "a.txt"] == citation_details(citation, "")


@pytest.mark.parametrize(
    ("copies", "shown"),
    [((), ""), (("x/b.txt",), "also printed in b.txt"), (("b", "c"), "also printed in b, c"),
     (("b", "c", "d", "e"), "also printed in b, c and 2 more")],
)  # fmt: skip
def test_source_names_its_near_duplicates(copies, shown):
    citation = Citation(1, "a", "Title", "a.txt", None, None, 0, 1, "A", copies=copies)
    assert source_details(citation) == ([shown] if shown else [])
