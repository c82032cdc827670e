"""Date and publisher from a text's own words; a date merely mentioned does not count."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.ingest.metadata import HEAD_CHARS, dateline, iso_date, with_metadata
from qa.text.language import detect_language
from qa.types import make_document
from tests.support.paths import SEEDS


@pytest.mark.parametrize(
    ("text", "day", "agency"),
    [
        ("MOSCOW, January 14, 2022. /TASS/. Moscow expects", "2022-01-14", "TASS"),
        ("MOSCOW, January 14. /TASS/. Moscow expects", None, "TASS"),
        ("Jan. 27, 2022 (EIRNS)—In reply", "2022-01-27", "EIRNS"),
        ("LONDON, Jan 5 (Reuters) - The", None, "Reuters"),
        ("BEIJING, Jan. 14, 2022 (Xinhua) -- The", "2022-01-14", "Xinhua"),
        ("KYIV 14 January 2022 (BBC): It", "2022-01-14", "BBC"),
        ("WASHINGTON (AP) — The", None, "AP"),
        ("Title\n\nMOSCOW, May 3rd, 2021 /TASS/. It", "2021-05-03", "TASS"),
        ("Friday, 14 January 2022\nThe talks", "2022-01-14", None),
        ("Title\r\nPublished: Jan 14, 2022 10:22 GMT\r\nThe talks", "2022-01-14", None),
        ("Updated on Sept. 1, 2022, 9:05 a.m.", "2022-09-01", None),
        ("2022-01-14", "2022-01-14", None),
    ],
)
def test_datelines_and_date_lines_are_read(text, day, agency):
    assert dateline(text) == (day, agency)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "They met on January 14, 2022 in Geneva.",
        "On Jan. 27, 2022 (EIRNS) reported it.",
        "31 February 2022",
        "May 2022",
        "January 14",
        "2022-13-01",
        "Call 2022-01-14-77",
        "THE CAT (Felis catus) is an animal.",
        "NATO (the Alliance) met.",
        "x" * HEAD_CHARS + "\nJanuary 14, 2022\n",
        "It rained.\nMay the force be with you 4, 2022",
    ],
)
def test_other_dates_are_ignored(text):
    assert dateline(text) == (None, None)


@given(st.text(max_size=300), st.integers(1, 12), st.integers(1, 28), st.integers(1900, 2100))
def test_text_after_a_date_line_keeps_it(text, month, day, year):
    written = f"{year}-{month:02}-{day:02}"
    assert dateline(f"{written}\n{text.replace('/', '').replace('(', '')}") == (written, None)


def test_seed_datelines_and_languages():
    texts = {path.name[:3]: path.read_text("utf-8") for path in SEEDS.iterdir()}
    assert {name: dateline(text) for name, text in texts.items() if any(dateline(text))} == {
        "002": ("2022-01-27", "EIRNS"),
        "003": (None, "TASS"),
    }
    assert {detect_language(text) for text in texts.values()} == {"en"}


def document(text, **stated):
    return make_document(id="a", title="", text=text, source="a", media_type="text/plain", **stated)


def test_stated_metadata_overrides_the_text():
    text = "MOSCOW, January 14, 2022. /TASS/. It rained."
    found = with_metadata(document(text))
    assert (found.published, found.dated, found.publisher) == ("2022-01-14", "inferred", "TASS")
    found = with_metadata(document(text, published="2022-01-15", publisher="The Daily"))
    assert (found.published, found.dated, found.publisher) == ("2022-01-15", "stated", "The Daily")
    found = with_metadata(document("It rained."))
    assert (found.published, found.dated, found.publisher, found.text) == (None, None, None, "It rained.")


@pytest.mark.parametrize(
    ("stated", "day"), [("2022-01-14T10:00", "2022-01-14"), ("2022-01-14", "2022-01-14"), ("2022", None), ("", None)]
)
def test_iso_date_needs_a_day(stated, day):
    assert iso_date(stated) == day
