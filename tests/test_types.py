"""The package's value types are immutable and convert to JSON."""

import json
from dataclasses import FrozenInstanceError, fields

import pytest

import qa.types
from qa.types import Answer, Citation, Document, DocumentSummary, Hit, Passage, join_pages, make_document, page_at

PASSAGE = Passage("d", 0, 5, "Anna.", ((0, 5),))
HIT = Hit(PASSAGE, 0.5, 0.25, 1.5, 1, None, (PASSAGE,))
CITATION = Citation(1, "d", "D", "d.txt", None, None, 0, 5, "Anna.")
ANSWER = Answer("q", "q", "Anna. [1]", None, (CITATION,), (HIT,), 0.9, False, "f")
REFUSAL = Answer("Qui?", "Qui?", "No.", None, (), (HIT,), 0.1, True, "f", ("qui",), "fr")
DOCUMENT = Document("d", "D", "Anna.", "d.txt", "2022-01-14", "text/plain", "0" * 64)
SUMMARY = DocumentSummary("d", "D", 1)
EVERY = [PASSAGE, HIT, CITATION, ANSWER, DOCUMENT, SUMMARY]


@pytest.mark.parametrize("value", EVERY, ids=lambda value: type(value).__name__)
def test_values_are_immutable(value):
    with pytest.raises(FrozenInstanceError):
        setattr(value, fields(value)[0].name, "other")
    assert not hasattr(value, "__dict__")


@pytest.mark.parametrize("value", EVERY, ids=lambda value: type(value).__name__)
def test_to_dict_has_every_field_and_is_json(value):
    converted = value.to_dict()
    assert list(converted) == [field.name for field in fields(value)]
    assert json.loads(json.dumps(converted))


def test_nested_values_become_dicts():
    converted = json.loads(json.dumps(ANSWER.to_dict()))
    assert converted["citations"] == [{**CITATION.to_dict(), "copies": []}]
    assert converted["passages"][0]["passage"]["sentences"] == [[0, 5]]
    assert converted["passages"][0]["duplicates"][0]["text"] == "Anna."


def test_answer_dict_has_exactly_the_documented_keys():
    assert list(ANSWER.to_dict()) == [
        "question",
        "standalone_question",
        "text",
        "short",
        "citations",
        "passages",
        "confidence",
        "abstained",
        "corpus_fingerprint",
        "missing_terms",
        "question_language",
    ]


def test_refusal_dict_has_missing_terms_and_language():
    converted = json.loads(json.dumps(REFUSAL.to_dict()))
    assert (converted["missing_terms"], converted["question_language"]) == (["qui"], "fr")
    assert (ANSWER.to_dict()["missing_terms"], ANSWER.to_dict()["question_language"]) == ((), None)


def test_values_with_equal_fields_are_equal():
    assert Passage("d", 0, 5, "Anna.", ((0, 5),)) == PASSAGE


@pytest.mark.parametrize("name", ["Answer", "Citation", "Document", "DocumentSummary", "Hit", "Passage"])
def test_every_type_has_its_own_docstring(name):
    documented = getattr(qa.types, name).__doc__
    assert documented and not documented.startswith(f"{name}(")  # not the signature that `dataclass` writes


def test_make_document_replaces_lone_surrogates_in_place():
    document = make_document(id="d", title="", text="a\ud83db", source="d.txt", media_type="text/plain")
    assert (document.text, document.title) == ("a\ufffdb", "d")


def test_only_paged_documents_have_page_numbers():
    pages = {"id": "d", "title": "D", "text": join_pages(["one\f", "two"]), "source": "d"}
    paged, plain = (make_document(**pages, media_type=media_type) for media_type in ("application/pdf", "text/plain"))
    assert [page_at(paged, offset) for offset in (0, 4, 5)] == [1, 1, 2]
    assert page_at(plain, 5) is None
