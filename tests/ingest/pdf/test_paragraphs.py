"""Check which lines form a paragraph."""

import pytest

from qa.ingest.pdf.hyphens import Hyphens
from qa.ingest.pdf.paragraphs import continues, join_lines
from tests.support.pdf_lines import line, lines

FULL = "The minister said on Monday that the talks in Geneva had gone"


def goes_on(first, second, **more):
    one, two = lines(first, second, **more)
    return continues([one], two, 14, 11)


@pytest.mark.parametrize("second", ["on for an hour and a half.", "On Tuesday they went on for half an hour."])
def test_full_line_continues(second):
    assert goes_on(FULL, second)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("They met.", FULL),
        (FULL, "• the first of the points"),
        ("- the first of the points that they had agreed on in Geneva", "- the second"),
        ("Customer: Bruno Affleck, of the shop at the northern harbour", "Total: 861.00 EUR"),
    ],
)
def test_next_line_begins_a_paragraph(first, second):
    assert not goes_on(first, second)


def test_wrapped_line_may_begin_with_a_dash():
    assert goes_on(FULL, "- or so he said - on for an hour.")


def test_larger_distance_or_size_ends_a_paragraph():
    assert not goes_on(FULL, "on for an hour.", leading=30)
    assert not continues([line(FULL)], line("on for an hour.", y=114, size=8), 14, 11)


def test_unfinished_sentence_goes_on_on_the_next_page():
    assert continues([line(FULL, page=0)], line("on for an hour.", page=1), 14, 11)
    assert continues([line(f"{FULL} from", page=0)], line("Geneva to Oslo.", page=1), 14, 11)
    assert not continues([line(f"{FULL}.", page=0)], line("on for an hour.", page=1), 14, 11)
    assert not continues([line(FULL, page=0)], line("• on for an hour.", page=1), 14, 11)
    assert not continues([line(FULL, page=0)], line("on for an hour.", page=2), 14, 11)


def test_caption_does_not_go_on_on_the_next_page():
    assert not continues([line("Figure 1: How the bridge was built", page=0)], line("and so on", page=1), 14, 11)


def test_page_end_is_a_form_feed_after_the_word():
    found = [line("that the engi-", page=0), line("neer who signed", page=1), line("it came.", page=1, y=114)]
    assert join_lines(found, Hyphens([])) == "that the engineer\fwho signed it came."
