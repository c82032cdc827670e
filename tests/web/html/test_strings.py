"""The page's words: complete sentences, singular and plural, numbers with separators."""

import re

import pytest

from qa.web.html import strings

TEXTS = {name: value for name, value in vars(strings).items() if name.isupper() and isinstance(value, str)}


@pytest.mark.parametrize(("count", "said"), [(0, "0 documents"), (1, "1 document"), (1234, "1,234 documents")])
def test_counts_agree_with_their_noun(count, said):
    assert strings.documents(count) == said


def test_texts_are_not_empty_and_hold_no_markup():
    assert len(TEXTS) > 40
    assert [name for name, text in TEXTS.items() if not text.strip() or re.search(r"[<>{}]|&\w+;", text)] == []


def test_chat_is_the_only_word_for_a_chat():
    assert [name for name, text in TEXTS.items() if re.search(r"conversation|\btalks?\b", text, re.IGNORECASE)] == []


@pytest.mark.parametrize("uploaded", [True, False])
def test_deletion_says_what_happens_to_the_file(uploaded):
    said = strings.confirm_document_deletion(2, 1, uploaded)
    assert "2 passages, 1 document in the same file" in said
    assert ("the copy kept here?" in said) is uploaded and ("Your own file stays." in said) is not uploaded


def test_confidence_is_explained_as_a_rate():
    assert "of 100 answers this sure, about 80 were right" in strings.confidence_meaning(0.8)


def test_time_left_is_shown_only_if_known():
    assert "s left" not in strings.indexing_speed(3, 2.0, None)
    assert "about 5 s left" in strings.indexing_speed(3, 2.0, 5.0)
