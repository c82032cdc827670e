"""The language of a text, and of a question that is not in English."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.text.language import _identifier, detect_language, foreign_language
from tests.support.paths import SEEDS


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
def test_language_is_detected(text, name):
    assert detect_language(text) == name


def test_plain_english_needs_no_identifier(monkeypatch):
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
def test_foreign_question_is_recognised(question, found):
    assert foreign_language(question) == found


def test_english_question_start_needs_no_identifier(monkeypatch):
    monkeypatch.setattr("qa.text.language._identifier", lambda: pytest.fail("was asked"))
    assert foreign_language("What is the population of Ukraine?") is None
    assert foreign_language(" how long did Präsident Müller's Rede last?") is None


@given(st.text(max_size=60))
def test_any_question_has_a_language_or_none(question):
    assert foreign_language(question) is None or foreign_language(question).islower()
