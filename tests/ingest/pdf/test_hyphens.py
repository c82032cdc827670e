"""Check which hyphens at line ends are kept."""

import pytest

from qa.ingest.pdf.hyphens import Hyphens, plain


@pytest.mark.parametrize(
    ("before", "after", "joined"),
    [
        ("the govern-", "ment of", ("the government", "of")),
        ("the govern\ufffe", "ment, who", ("the government,", "who")),
        ("state-of-the-", "art crane", ("state-of-the-art", "crane")),
        ("a well-", "known man", ("a well-known", "man")),
        ("twenty-", "five", ("twenty-five", "")),
        ("the post-", "Soviet time", ("the post-Soviet", "time")),
    ],
)
def test_word_is_joined(before, after, joined):
    assert Hyphens([]).join(before, after) == joined


@pytest.mark.parametrize(("before", "after"), [("the 10-", "12 May"), ("no hyphen", "here"), ("a dash -", "here")])
def test_no_word_is_divided(before, after):
    assert Hyphens([]).join(before, after) is None


def test_words_of_the_document_decide():
    assert Hyphens(["a micro-wave and"]).join("micro-", "wave") == ("micro-wave", "")
    assert Hyphens(["cooperation is"]).join("co-", "operation") == ("cooperation", "")


def test_marked_hyphens_become_plain():
    assert plain("a\ufffeb\xadc") == "a-b-c"
