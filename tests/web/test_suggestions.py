"""Suggested questions are made from the documents, answered by them, and few."""

import pytest

from qa import Assistant
from qa.errors import QAError
from qa.web import chat
from qa.web.html.page import render_thread
from qa.web.suggestions import MAX_CANDIDATES, MAX_SUGGESTIONS, question_from, suggest_questions
from tests.support.html_safety import make_answer


@pytest.mark.parametrize(
    ("sentence", "question"),
    [
        ("Talks with Anna took place in Oslo and lasted 1.5 hours.", "How long did Talks with Anna last?"),
        ("The first conference took place in Oslo.", "Where did the first conference take place?"),
        ("On Jan. 12, a council meeting was held with all members.", "When was a council meeting held?"),
        ("The old bridge was built by hand in 1891.", "When was the old bridge built?"),
        ("He only shrugged his shoulders, and that’s it.", "Who shrugged his shoulders?"),
        ("Gradio is a library for building pages in Python.", "What is Gradio?"),
        ("He said that nobody would come.", None),
        ("It was held in 1999.", None),
        ("", None),
    ],
)  # fmt: skip
def test_question_is_made_from_sentence_that_answers_it(sentence, question):
    found = question_from(sentence, "the first and the old")
    assert (found and found[1]) == question


def test_suggestions_of_builtin_corpus_are_answered(seeds):
    found = suggest_questions(seeds)
    assert 2 <= len(found) <= MAX_SUGGESTIONS
    assert not any(seeds.ask(question).abstained for question in found)


def test_refused_questions_are_not_suggested_few_are_tried(seeds, monkeypatch):
    asked = []
    monkeypatch.setattr(seeds, "ask", lambda question: asked.append(question) or make_answer(abstained=True))
    assert suggest_questions(seeds) == ()
    assert 2 <= len(asked) <= MAX_CANDIDATES


def test_corpus_without_matching_sentences_has_no_suggestions(tmp_path, hashing):
    (tmp_path / "x.txt").write_text("1 2 3. 4 5 6.", "utf-8")
    with Assistant.open(tmp_path / "x.txt", encoder=hashing) as opened:
        assert suggest_questions(opened) == ()
        assert "Try one" not in render_thread([], chat.read_document_list(opened))


def test_suggestions_differ_in_kind_first(tmp_path, hashing):
    bridges = "The red bridge was built by hand in 1891. The blue bridge was built by hand in 1892."
    (tmp_path / "x.txt").write_text(f"{bridges} Gradio is a library for building pages in Python.", "utf-8")
    with Assistant.open(tmp_path / "x.txt", encoder=hashing, min_confidence=0) as opened:
        first, second, *_ = suggest_questions(opened)
    assert {first.split()[0], second.split()[0]} == {"When", "What"}


def test_unanswerable_corpus_gives_no_error(seeds, monkeypatch):
    def fails(question):
        raise QAError("no")

    monkeypatch.setattr(seeds, "ask", fails)
    assert suggest_questions(seeds) == ()
