"""Text as it is searched and read, with exact offsets into what is stored."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from qa.text.reading import passage_reading, plain_numbers, read_text, reading, search_text
from qa.types import Passage

ROW = "Cleo Cruz |  | 1,680"


@pytest.mark.parametrize(
    ("stored", "read"),
    [
        ("Anna mends clocks.", "Anna mends clocks."),
        ("ﬁnal ＡＢＣ cafe\u0301", "final ABC café"),
        ("soft\u00adhyphen zero\u200bwidth", "softhyphen zerowidth"),
        ("non\u2011breaking", "non-breaking"),
        ("exam-\nple", "example"),
        ("exam\u00ad\r\n  ple", "example"),
        ("state-of-the-\nart", "state-of-the-art"),
        ("1914-\n1918", "1914-\n1918"),
        ("a list -\nof things", "a list -\nof things"),
        ("1998¹² was dry", "1998 was dry"),
        ("about 10³ m² of CO₂", "about 10^3 m^2 of CO2"),
    ],
)
def test_text_is_read_as_people_read_it(stored, read):
    assert reading(stored).text == read


@given(st.text(st.one_of(st.characters(), st.sampled_from("a-\n\u00ad\u0301¹²ﬁ 1,0|")), max_size=60))
@example("¹")
@example("e\u0301\u00ad")
def test_every_offset_leads_back_to_its_characters(text):
    read = reading(text)
    assert read.text == read_text(text)
    assert len(read.starts) == len(read.ends) == len(read.text)
    assert list(read.starts) == sorted(read.starts)
    for place, (start, end) in enumerate(zip(read.starts, read.ends, strict=True)):
        assert 0 <= start < end <= len(text)
        assert read.stored_span(place, place + 1) == (start, end)
        stored = unicodedata.normalize("NFKC", text[start:end])
        assert read.text[place] in (*stored, "-", "^"), (text[start:end], read.text[place])
    assert read.text != "" or not any(c.isalpha() for c in text)


@given(st.text(st.characters(max_codepoint=127, exclude_characters="-")))
def test_plain_text_is_read_as_stored(text):
    read = reading(text)
    assert read.text == text
    assert not text or read.stored_span(0, len(text)) == (0, len(text))


def test_words_are_searched_in_every_way_to_write_them():
    assert search_text("1,680 euros") == "1,680 euros 1680"
    assert search_text("12\u202f345\u202f678") == "12 345 678 12345678"
    assert search_text("exam-\nple") == "example exam-ple"
    assert search_text("5 m²") == "5 m^2 m2"
    assert search_text("3,14 and 1.5") == "3,14 and 1.5"


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("1,680", "1680"),
        ("12'345'678", "12345678"),
        ("3,14", "3,14"),
        ("1.680", "1.680"),
        ("May 5 100 men", "May 5 100 men"),
    ],
)
def test_only_certain_separators_are_dropped(text, plain):
    assert plain_numbers(text) == plain


def row(text=ROW, cells=((7, "Name"), (22, "Fee")), context="Fees"):
    return Passage("a", 7, 7 + len(text), text, ((7, 7 + len(text)),), context, cells)


def test_row_is_read_with_headers():
    read = passage_reading(row(), "Fees")
    assert read.text == "Fees\nName: Cleo Cruz; Fee: 1,680"
    place = read.text.index("1,680")
    assert ROW[slice(*read.stored_span(place, place + 5))] == "1,680"
    assert read.stored_span(place - 1, place + 5) is None
    assert read.stored_span(0, 4) is None
    assert [read.text[place:][:4] for place in read.added_runs()] == ["Fees", "; Fe"]


def test_row_without_headers_keeps_cells_apart():
    read = passage_reading(row(cells=((7, ""), (22, ""))))
    assert read.text == "Cleo Cruz; 1,680"
    assert read.stored_span(0, len(read.text)) is None


def test_cell_may_hold_what_separates_cells():
    text = "Rui | 9 | 50"
    read = passage_reading(row(text, ((7, "Who"), (13, "Fee"))))
    assert read.text == "Who: Rui; Fee: 9 | 50"


def test_context_is_read_before_a_passage():
    read = passage_reading(Passage("a", 0, 5, "Anna.", ((0, 5),)), "Part 1 › Clocks")
    assert read.text == "Part 1 › Clocks\nAnna."
    assert read.stored_span(len(read.text) - 5, len(read.text)) == (0, 5)
    assert passage_reading(Passage("a", 0, 5, "Anna.", ((0, 5),))).text == "Anna."
