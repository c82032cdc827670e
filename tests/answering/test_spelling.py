"""Misspelt words are searched in the documents' own spelling."""

import random
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.answering.spelling import MIN_LETTERS, respelt
from qa.answering.wordings import HITS
from qa.text.words import words
from tests.store.test_corpus import put
from tests.support.documents import document


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("Jens Stoltenburg", "Jens Stoltenberg"),
        ("Ukrane", "Ukraine"),
        ("ukrane", "Ukraine"),
        ("Anthonny Blinkin", "Anthony Blinken"),
        ("Lavrow", "Lavrov"),
        ("Lavrovv's talks", "Lavrov's talks"),
        ("Where is Genva?", "Where is Geneva?"),
        ("Moscwo", "Moscow"),
        ("What are secuirty guarantes?", "What are security guarantees?"),
        ("negotations in Brusels", "negotiations in Brussels"),
    ],
)
def test_unknown_word_becomes_the_nearest_known_one(seeds, typed, expected):
    assert respelt(typed, seeds.corpus.vocabulary) == expected


@pytest.mark.parametrize(
    "typed",
    [
        # Every spelling found in some document, even a mistake.
        "Segrgey Lavrov",
        "Sergey Lavrov",
        "Sergei Lavrov",
        "Antony Blinken",
        "Anthony Blinken",
        "LAVROV",
        "Lavrov's",
        "Lavrov’s",
        "Blinkens",
        "negotiating",
    ],
)
def test_word_in_a_document_is_never_changed(seeds, typed):
    assert respelt(typed, seeds.corpus.vocabulary) == typed


@pytest.mark.parametrize(
    "typed",
    [
        "What is the capital of Botswana?",
        "Who plays the xylophone?",
        "natp usq osce",
        "What did they ask for in writing?",  # a document has "written"
        "2O21 19999 1.55",
        "Avrov",
        "Кто пожал плечами?",
        "من هز كتفيه؟",
        "x" * 2_000,
        "?",
        "",
    ],
)
def test_short_numeric_and_distant_words_are_unchanged(seeds, typed):
    assert respelt(typed, seeds.corpus.vocabulary) == typed


@pytest.mark.parametrize(
    "typed",
    """tanks Tanks token tokens Austria Slovenia Slovénia Cameron Cooper fourth mourning princes refuge treat
    Davies adopted planes""".split(),
)
def test_common_word_is_never_mistaken_for_a_typo(corpus, typed):
    texts = (
        "Talks were taken to Australia and Slovakia, and to Cameroon.",
        "The fort is of copper. Each morning the princess and a refugee threat to leave. Plans adapted by Davis.",
    )
    put(corpus, "a.txt", *[document(text, id=str(n)) for n, text in enumerate(texts)])
    assert respelt(typed, corpus.vocabulary) == typed
    assert respelt("taiks", corpus.vocabulary) == "Talks"


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("Anthony", "Antony"),
        ("anthony", "Antony"),
        ("Stephen's", "Stefen's"),
        ("organised", "organized"),
        ("organising", "organized"),
        ("the defence", "the defense"),
        ("defences", "defense"),
        ("harbours", "Harbor"),
        ("theatre", "theaters"),
        ("programmes", "programmes"),
        # The index already matches these to the documents' spelling.
        ("Sergei", "Sergei"),
        ("travelled", "travelled"),
    ],
)
def test_spelling_variant_follows_the_documents(corpus, typed, expected):
    text = "Sergey and Antony organized a defense; Stefen traveled to the theaters of Pearl Harbor."
    put(corpus, "a.txt", document("Organic food.", id="b"), document(text, id="a"))
    assert respelt(typed, corpus.vocabulary) == expected


def test_more_frequent_word_wins_a_tie(corpus):
    put(corpus, "a.txt", document("The castor is rare.", id="a"), document("The cantor sings.", id="b"))
    put(corpus, "b.txt", document("A cantor may rest.", id="c"))
    assert respelt("captor", corpus.vocabulary) == "cantor"


def test_word_found_only_in_a_title_is_known(corpus):
    put(corpus, "a.txt", document("She mends clocks.", id="a", title="Margarethe"))
    assert respelt("Margarete", corpus.vocabulary) == "Margarethe"


def test_empty_corpus_changes_nothing(corpus):
    assert respelt("Who mends clocks in Geneva?", corpus.vocabulary) == "Who mends clocks in Geneva?"


@given(st.text() | st.lists(st.sampled_from("Lavrow 1.5 Ukrane o'clock é \0 \" ﬁnal İstanbul".split())).map(" ".join))
def test_text_between_words_is_unchanged(seeds, question):
    corrected = respelt(question, seeds.corpus.vocabulary)
    assert [c for c in corrected if not c.isalpha()] == [c for c in question if not c.isalpha()] or any(
        len(word) >= MIN_LETTERS for word in words(question)
    )
    assert respelt(corrected, seeds.corpus.vocabulary) == corrected


def test_assistant_respells_only_for_a_surer_answer(seeds):
    question = "How long did the talks between Lavrow and Blinkin in Genva last?"
    understood = seeds.understand(question)
    assert understood in (question, "How long did the talks between Lavrov and Blinken in Geneva last?")
    confidences = {text: seeds.ask(text).confidence for text in (question, respelt(question, seeds.corpus.vocabulary))}
    assert seeds.ask(question).confidence == pytest.approx(max(confidences.values()))


def test_refused_question_keeps_its_original_spelling(seeds):
    question = "Who baked bread for Lavrow?"
    respelt_question = respelt(question, seeds.corpus.vocabulary)
    assert respelt_question == "Who baked bread for Lavrov?"
    confidences = [
        seeds.answerer.answer(wording, seeds.search(wording, HITS)).confidence
        for wording in (question, respelt_question)
    ]
    assert confidences[0] < confidences[1] < seeds.min_confidence
    answer = seeds.ask(question)
    assert answer.abstained and answer.standalone_question == question
    assert "lavrow" in answer.missing_terms


def test_answer_about_a_similar_word_is_refused(seeds):
    answer = seeds.ask("How many tanks did Russia move to the border?")
    assert answer.abstained and answer.standalone_question == answer.question
    assert "tanks" in answer.missing_terms


def test_most_typos_are_corrected(seeds):
    """Each typo is one edit inside a word: a letter omitted, two letters swapped or one changed."""
    text = " ".join(seeds.document(listed.id).text for listed in seeds.corpus.documents())
    known = {word.lower() for word in re.findall(r"[A-Za-z]+", text)}
    rng = random.Random(0)
    typos = {}
    for word in rng.sample(sorted(word for word in known if len(word) >= 6), 60):
        position = rng.randrange(1, len(word) - 1)
        swapped = word[:position] + word[position + 1] + word[position] + word[position + 2 :]
        for typo in (
            word[:position] + word[position + 1 :],
            swapped,
            word[:position] + rng.choice("aeiou") + word[position + 1 :],
        ):
            if typo not in known:
                typos[typo] = word
    corrected = [typo for typo, word in typos.items() if respelt(typo, seeds.corpus.vocabulary).lower() == word]
    assert len(typos) > 150 and len(corrected) >= 0.78 * len(typos)
