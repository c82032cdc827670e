"""An answer as HTML: what is quoted, what is hovered over, and how a refusal differs."""

import pytest

from qa.history.turn import Turn
from qa.types import Citation
from qa.web.html.answers import render_answer, render_quote_cards, render_sources
from tests.support.html_safety import OURS, PAYLOADS, Tags, assert_inert, make_answer, stripped


def shown(answer, place=0, **more) -> str:
    turn = Turn(answer.question, answer, **more)
    return render_answer(turn, answer, place, "Searched 3 passages for:") + render_quote_cards(turn, answer, place)


@pytest.mark.parametrize("payload", PAYLOADS)
@pytest.mark.parametrize("abstained", [False, True])
def test_payloads_stay_text_everywhere(payload, abstained):
    answer = make_answer(
        payload, abstained=abstained, standalone_question=f"{payload} then", short=payload, missing_terms=(payload,)
    )
    html = shown(answer, around=((payload, payload),))
    assert_inert(html + render_sources(answer), OURS)


def test_an_answer_quotes_marks_and_says_how_sure_it_is():
    html = shown(make_answer(short="Oslo"))
    assert 'dir="auto">Oslo<' in html and 'class="qa-short"' in html
    assert 'data-qa-open="1"' in html and html.count("qa-bar-on") == 4
    assert ">Sure</span>" in html and "80%" in html
    assert "Searched for:" not in html
    assert 'data-qa-open="1"' in render_sources(make_answer())


def test_a_long_answer_is_set_smaller():
    assert "qa-short-long" in shown(make_answer(short="Oslo " * 20))


def test_what_is_copied_is_the_answer_as_text_and_as_markdown():
    found = dict.fromkeys(value for name, value in Tags(shown(make_answer())).attributes if name == "data-qa-copy")
    assert len(found) == 2 and all("Anna lives in Oslo." in text for text in found)
    assert any(text.startswith("**") for text in found)


def test_a_marker_shows_its_source_with_the_sentences_beside_the_quote():
    html = shown(make_answer(), 4, around=(("Before it.", "After\nit."),))
    assert 'data-qa-quote-card="qa-quote-card-4-1"' in html and 'id="qa-quote-card-4-1"' in html
    assert "Before it. Anna lives in Oslo. After it." in stripped(html)


def test_a_citation_without_neighbours_shows_its_quote():
    assert "qa-neighbour" not in shown(make_answer())
    assert "<mark>Anna lives in Oslo.</mark>" in shown(make_answer())


def test_a_follow_up_shows_how_it_was_understood_to_be_edited():
    html = shown(make_answer(standalone_question="And Boris? (Anna)"))
    assert "Searched for: And Boris? (Anna)" in stripped(html)
    assert 'data-qa-edit="And Boris? (Anna)"' in html


def test_a_refusal_looks_like_none_of_the_answers():
    refusal = make_answer(abstained=True, missing_terms=("peru", "quito"))
    html = shown(refusal)
    assert "qa-refusal" in html and "qa-quote" not in html and "qa-confidence" not in html
    assert "Searched 3 passages for: Anna lives in Oslo." in stripped(html)
    assert "peru" in html and "quito" in html and "No document mentions" in html
    beside = render_sources(refusal)
    assert "not an answer" in beside and beside.count("data-qa-near") == 3
    assert "data-qa-open" not in beside


def test_a_refusal_without_passages_or_missing_words_shows_neither():
    empty = make_answer(abstained=True, passages=())
    assert render_sources(empty) == ""
    assert "No document mentions" not in shown(empty)


def test_a_spoken_line_is_neither_quoted_nor_weighed():
    html = shown(make_answer(citations=(), text="Hello!"))
    assert "Hello!" in html and "qa-quote" not in html and "qa-confidence" not in html and "data-qa-copy" not in html


def test_a_card_says_where_its_source_is_from():
    citation = Citation(1, "a", "Title", "https://user@news.example/x/y", "2022-01-14", 3, 0, 1, "A")
    shown = stripped(render_sources(make_answer(citations=(citation,)))).strip()
    assert shown.endswith("2022-01-14 · page 3 · news.example")
