"""Language, day and publisher from a text's own words; a day that is merely mentioned is none of publication."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.ingest.metadata import HEAD_CHARS, dateline, iso_date, with_metadata
from qa.text.language import _identifier, detect_language, foreign_language
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
def test_datelines_and_lines_that_are_dates(text, day, agency):
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
def test_no_other_date_counts(text):
    assert dateline(text) == (None, None)


@given(st.text(max_size=300), st.integers(1, 12), st.integers(1, 28), st.integers(1900, 2100))
def test_any_text_after_a_line_that_is_a_date_leaves_the_date(text, month, day, year):
    written = f"{year}-{month:02}-{day:02}"
    assert dateline(f"{written}\n{text.replace('/', '').replace('(', '')}") == (written, None)


def test_the_built_in_reports():
    texts = {path.name[:3]: path.read_text("utf-8") for path in SEEDS.iterdir()}
    assert {name: dateline(text) for name, text in texts.items() if any(dateline(text))} == {
        "002": ("2022-01-27", "EIRNS"),
        "003": (None, "TASS"),
    }
    assert {detect_language(text) for text in texts.values()} == {"en"}


def document(text, **stated):
    return make_document(id="a", title="", text=text, source="a", media_type="text/plain", **stated)


def test_what_the_file_states_goes_before_what_its_text_tells():
    text = "MOSCOW, January 14, 2022. /TASS/. It rained."
    told = with_metadata(document(text))
    assert (told.published, told.dated, told.publisher) == ("2022-01-14", "inferred", "TASS")
    told = with_metadata(document(text, published="2022-01-15", publisher="The Daily"))
    assert (told.published, told.dated, told.publisher) == ("2022-01-15", "stated", "The Daily")
    told = with_metadata(document("It rained."))
    assert (told.published, told.dated, told.publisher, told.text) == (None, None, None, "It rained.")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("The minister said that the answer had come on Wednesday.", "en"),
        ("Der Minister sagte, die Antwort sei am Mittwoch gekommen.", "de"),
        ("Le ministre a dit que la réponse était arrivée mercredi.", "fr"),
        ("Министр сказал, что ответ пришёл в среду.", "ru"),
        ("日本語の文章はここにあります。とても長いです。今日は天気がいいですね。", "ja"),
        ("", None),
        ("12, 13, 15 and 2022-01-14", None),
        ("Tea.", None),
    ],
)
def test_languages(text, name):
    assert detect_language(text) == name


def test_plain_english_needs_no_identifier_and_what_only_quotes_it_does(monkeypatch):
    for path in SEEDS.iterdir():
        for part in path.read_text("utf-8").split("\n\n"):
            if len(part) > 200 and (told := detect_language(part)) is not None:
                assert told == _identifier().classify(part)[0] == "en"
    quoting = (
        "Der Minister sagte auf Englisch: “We have the answer.” Danach ging er mit seinen Leuten wieder an die Arbeit."
    )
    assert detect_language(quoting) == "de"
    monkeypatch.setattr("qa.text.language._identifier", lambda: pytest.fail("was asked"))
    assert detect_language("The minister said that the answer of the alliance had come on Wednesday.") == "en"


@pytest.mark.parametrize(
    ("stated", "day"), [("2022-01-14T10:00", "2022-01-14"), ("2022-01-14", "2022-01-14"), ("2022", None), ("", None)]
)
def test_iso_day(stated, day):
    assert iso_date(stated) == day


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("Who shrugged his shoulders?", None),
        ("NATO Stoltenberg", None),
        ("Segrgey lavrov minister", None),
        ("What does the Élysée say about Macron?", None),
        ("who", None),
        ("?", None),
        ("Кто пожал плечами?", "und"),
        ("من يصلح الساعات؟", "und"),
        ("北约什么时候回应?", "zh"),
        ("Qui a haussé les épaules ?", "fr"),
        ("Gdzie odbyło się spotkanie?", "pl"),
        ("Wann fand das erste Treffen der Minister statt?", "de"),
    ],
)
def test_a_question_that_surely_is_not_in_english(question, found):
    assert foreign_language(question) == found


def test_a_question_that_begins_in_english_needs_no_identifier(monkeypatch):
    monkeypatch.setattr("qa.text.language._identifier", lambda: pytest.fail("was asked"))
    assert foreign_language("What is the population of Ukraine?") is None
    assert foreign_language(" how long did Präsident Müller's Rede last?") is None


@given(st.text(max_size=60))
def test_any_question_has_a_language_or_none(question):
    assert foreign_language(question) is None or foreign_language(question).islower()
