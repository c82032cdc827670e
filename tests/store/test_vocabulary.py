"""The words of a corpus."""

import pytest

from qa.store import vocabulary
from qa.store.vocabulary import Vocabulary
from tests.store.test_corpus import put
from tests.support.documents import document


@pytest.fixture
def worded(corpus):
    """Three documents, one with a title that its text does not repeat."""
    put(corpus, "a.txt", document("Anna guarantees clocks. She mends them.", id="a"))
    put(corpus, "b.txt", document("Boris guaranteed a boat.", id="b"), document("Élan.", id="c", title="Gustav"))
    return corpus


def test_missing_words_are_returned_in_order(worded):
    asked = ["boris", "zebra", "clock", "guarantee", "gustav", "apple", "elan"]
    assert worded.vocabulary.missing(asked) == ["zebra", "apple"]
    assert worded.vocabulary.missing(iter(asked)) == ["zebra", "apple"]
    assert worded.vocabulary.missing([]) == []


@pytest.mark.parametrize("word", ["", '"', "*", "a OR b", "NEAR(", "__", "😀", "x" * 5_000])
def test_any_word_may_be_looked_up(worded, word):
    assert worded.vocabulary.missing([word]) == [word]
    assert worded.vocabulary.texts_with_term(word) == ""


def test_terms_of_a_letter_have_passage_counts(worded):
    assert worded.vocabulary.terms_starting_with("g") == {"guarante": 2, "gustav": 1}
    assert worded.vocabulary.terms_starting_with("e") == {"elan": 1}
    assert worded.vocabulary.terms_starting_with("q") == worded.vocabulary.terms_starting_with("é") == {}
    assert worded.vocabulary.terms_starting_with("b") == {"b": 1, "boat": 1, "bori": 1}


def test_every_term_has_a_passage(worded):
    terms = [term for letter in "abcdefghijklmnopqrstuvwxyz" for term in worded.vocabulary.terms_starting_with(letter)]
    assert len(terms) > 10
    for term in terms:
        assert worded.vocabulary.texts_with_term(term), term
    assert worded.vocabulary.texts_with_term("guarante").endswith(
        ("guarantees clocks. She mends them.", "guaranteed a boat.")
    )
    assert worded.vocabulary.texts_with_term("gustav") == "Gustav\n\nÉlan."
    assert worded.vocabulary.texts_with_term("guarantee") == worded.vocabulary.texts_with_term("zebra") == ""


def test_terms_of_deleted_documents_are_gone(worded):
    worded.remove_files("b.txt")
    assert worded.vocabulary.terms_starting_with("g") == {"guarante": 1}
    assert worded.vocabulary.texts_with_term("gustav") == ""
    assert worded.vocabulary.missing(["boris"]) == ["boris"]


def test_rarest_words_are_those_that_can_be_scored(corpus, monkeypatch):
    texts = ["all"] * 50 + ["all most"] * 30 + ["all most some"] * 10 + ["all most some rare"]
    put(corpus, "a.txt", *[document(text, id=str(n)) for n, text in enumerate(texts)])
    asked = ["all", "rare", "most", "some", "all", "none"]
    assert corpus.vocabulary.rarest(asked) == ["none", "rare", "some", "most", "all"]
    for scored, told in [(52, 3), (53, 4), (143, 4), (144, 5), (0, 1), (1, 2)]:
        monkeypatch.setattr(vocabulary, "MAX_SCORED_PASSAGES", scored)
        assert len(Vocabulary(corpus._rows).rarest(asked)) == told, scored
    assert Vocabulary(corpus._rows).rarest([]) == []


def test_words_in_every_passage_are_not_scored(corpus, monkeypatch):
    put(corpus, "a.txt", *[document("all of it", id=str(n)) for n in range(30)])
    monkeypatch.setattr(vocabulary, "MAX_SCORED_PASSAGES", 29)
    assert corpus.matching(["all", "of"], 5) == {}
    monkeypatch.setattr(vocabulary, "MAX_SCORED_PASSAGES", 60)
    corpus.vocabulary._frequency.cache_clear()
    assert len(corpus.matching(["all", "of"], 5)) == 5
