"""Only retrieved text that the corpus still stores unchanged can be cited."""

import hashlib

import pytest

from qa.answering.citing import MAX_MISSING_TERMS, MAX_TERM_CHARS, MAX_TERMS_LOOKED_UP, REFUSAL, cite, small_talk_answer
from qa.answering.protocol import Quote, Reply
from qa.answering.retrieval import Retriever
from qa.errors import CitationError, DamagedCorpus
from qa.ingest.indexing import index

SENTENCE = "She mends clocks."


@pytest.fixture
def hits(indexed):
    found = Retriever(indexed).search("Anna mends clocks in Oslo")
    return tuple(hit for hit in found if hit.passage.document_id == "anna.txt")


@pytest.fixture
def quote(indexed):
    start = indexed.document("anna.txt").text.index(SENTENCE)
    return Quote("anna.txt", start, start + len(SENTENCE))


def composed(corpus, hits, *quotes, confidence=0.9, short=None, min_confidence=0.5):
    return cite(corpus, "Who?", "Who mends clocks?", hits, Reply(quotes, confidence, short), min_confidence)


def refusal(corpus, question):
    answer = cite(corpus, "and?", question, (), Reply((), 0.0), 0.5)
    assert (answer.abstained, answer.text) == (True, REFUSAL)
    return answer


def test_quote_becomes_a_citation_with_its_offsets(indexed, hits, quote):
    answer = composed(indexed, hits, quote)
    (citation,) = answer.citations
    assert answer.text == f"{SENTENCE} [1]"
    assert citation.text == SENTENCE == indexed.document("anna.txt").text[citation.start : citation.end]
    assert (citation.marker, citation.document_id, citation.title) == (1, "anna.txt", "Anna")
    assert (citation.source, citation.published, citation.page) == ("anna.txt", None, None)
    assert (answer.question, answer.standalone_question) == ("Who?", "Who mends clocks?")
    assert (answer.passages, answer.confidence, answer.abstained) == (hits, 0.9, False)
    assert answer.corpus_fingerprint == indexed.fingerprint


def test_markers_count_from_one_in_order(indexed, hits, quote):
    text = indexed.document("anna.txt").text
    second = Quote("anna.txt", text.index("Her shop"), len(text))
    answer = composed(indexed, hits, second, quote)
    assert answer.text == f"Her shop is red. [1] {SENTENCE} [2]"
    assert [citation.marker for citation in answer.citations] == [1, 2]


def test_short_answer_is_the_text_of_its_span(indexed, hits, quote):
    short = Quote("anna.txt", quote.end - len("clocks."), quote.end - 1)
    assert composed(indexed, hits, quote, short=short).short == "clocks"


@pytest.mark.parametrize(
    "wrong",
    [
        Quote("c1", 0, 5),
        Quote("nowhere.txt", 0, 5),
        Quote("anna.txt", 0, 10_000),
        Quote("anna.txt", 20, 20),
        Quote("anna.txt", 30, 20),
        Quote("anna.txt", -5, 20),
    ],
    ids=["document not retrieved", "unknown document", "beyond the end", "empty", "backwards", "negative"],
)
def test_quote_outside_the_hits_is_an_error(indexed, hits, quote, wrong):
    with pytest.raises(CitationError, match="was not retrieved"):
        composed(indexed, hits, quote, wrong)
    with pytest.raises(CitationError):
        composed(indexed, hits, quote, short=wrong)


def test_quote_from_a_folded_duplicate_is_cited(indexed, hits, quote):
    from dataclasses import replace

    near_duplicate = replace(hits[0].passage, document_id="boris.md")
    folded = (replace(hits[0], passage=near_duplicate, duplicates=(hits[0].passage,)),)
    assert composed(indexed, folded, quote).citations[0].document_id == "anna.txt"


def test_quote_without_hits_is_an_error(indexed, quote):
    with pytest.raises(CitationError):
        composed(indexed, (), quote)


def test_changed_stored_text_is_never_cited(indexed, hits, quote):
    indexed._database.execute("UPDATE documents SET text = replace(text, 'clocks', 'chairs')")
    with pytest.raises(DamagedCorpus, match="not what was written"):
        composed(indexed, hits, quote)
    text = indexed._rows("SELECT text FROM documents WHERE id = 'anna.txt'")[0][0]
    checksum = hashlib.sha256(text.encode()).hexdigest()
    indexed._database.execute("UPDATE documents SET sha256 = ? WHERE id = 'anna.txt'", (checksum,))
    with pytest.raises(CitationError, match=r"is not what was indexed; type: qa doctor"):
        composed(indexed, hits, quote)


@pytest.mark.parametrize(("confidence", "abstained"), [(0.0, True), (0.49, True), (0.5, False), (1.0, False)])
def test_confidence_below_the_minimum_is_a_refusal(indexed, hits, quote, confidence, abstained):
    answer = composed(indexed, hits, quote, confidence=confidence, short=quote)
    assert answer.abstained is abstained
    assert answer.confidence == confidence
    assert (answer.text == REFUSAL, answer.citations == (), answer.short is None) == (abstained,) * 3
    assert answer.passages == hits


def test_reply_without_quotes_is_always_a_refusal(indexed, hits):
    answer = composed(indexed, hits, confidence=1.0, min_confidence=0.0)
    assert (answer.abstained, answer.text, answer.citations) == (True, REFUSAL, ())


@pytest.mark.parametrize(
    ("question", "missing"),
    [
        ("What is the capital of Botswana?", ["capital", "botswana"]),
        ("Who mends a quartet, a quartet and a QUARTET?", ["quartet"]),
        ("Does Anna mend the clock?", []),
        ("Who mends Anna's and Zoe's clocks?", ["zoe"]),
        ("Who mends Anna’s clocks?", []),
        ("Who is it?", []),
        ("Où est le café?", ["ou", "est", "le", "cafe"]),
        ("Кто чинит часы?", ["кто", "чинит", "часы"]),
        ('"NEAR(" OR *', ["near"]),
        ("?", []),
        ("How many quartets, and how much paper?", ["quartets", "paper"]),
        (" ".join(f"word{n}" for n in range(9)), [f"word{n}" for n in range(MAX_MISSING_TERMS)]),
        ("clocks " + " ".join(f"Anna{n}" for n in range(2)), ["anna0", "anna1"]),
    ],
)
def test_refusal_lists_question_words_in_no_document(indexed, question, missing):
    assert refusal(indexed, question).missing_terms == tuple(missing)


def test_refusal_reports_a_question_in_another_language(indexed):
    assert refusal(indexed, "Кто чинит часы?").question_language in ("ru", "und")
    assert refusal(indexed, "Who mends clocks?").question_language is None


def test_only_first_words_of_a_question_are_checked(indexed):
    known = " ".join(["anna", "lives", "oslo", "mends", "clocks"] * MAX_TERMS_LOOKED_UP)
    assert refusal(indexed, f"{known} quartet").missing_terms == ("quartet",)
    new_words = [f"word{n}" for n in range(MAX_TERMS_LOOKED_UP)]
    for word in new_words:
        indexed._database.execute("INSERT INTO words (title, text) VALUES ('', ?)", (word,))
    assert refusal(indexed, " ".join([*new_words, "quartet"])).missing_terms == ()


def test_very_long_missing_word_is_truncated(indexed):
    assert refusal(indexed, "x" * 2000 + "?").missing_terms == (f"{'x' * MAX_TERM_CHARS}…",)
    assert refusal(indexed, "x" * MAX_TERM_CHARS + "?").missing_terms == ("x" * MAX_TERM_CHARS,)


def test_small_talk_cites_nothing_and_is_no_refusal(indexed):
    answer = small_talk_answer(indexed, "Hello", "Hello!")
    assert (answer.question, answer.standalone_question, answer.text) == ("Hello", "Hello", "Hello!")
    assert (answer.citations, answer.passages, answer.short, answer.abstained) == ((), (), None, False)
    assert answer.corpus_fingerprint == indexed.fingerprint


def test_citation_lists_near_duplicates_with_the_same_words(indexed, files, hits, quote):
    assert composed(indexed, hits, quote).citations[0].copies == ()
    (files / "copy.txt").write_bytes((files / "anna.txt").read_bytes())
    index(indexed, [files])
    (files / "other.txt").write_text((files / "anna.txt").read_text().replace("mends clocks", "mends chairs"))
    index(indexed, [files])
    indexed._database.execute(
        "UPDATE documents SET duplicate_group = 1 WHERE id IN ('anna.txt', 'copy.txt', 'other.txt')"
    )
    assert composed(indexed, hits, quote).citations[0].copies == ("copy.txt",)  # the third document lacks these words
    assert indexed.near_duplicate_groups() == [["anna.txt", "copy.txt", "other.txt"]]
