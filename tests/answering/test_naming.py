"""Which documents a question names, and that their passages move up."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qa.answering import retrieval
from qa.answering.naming import MAX_DOCUMENTS, MAX_NAMES, named_documents, names
from qa.answering.retrieval import Retriever
from tests.answering.test_retrieval import SYNTAX
from tests.store.test_corpus import put
from tests.support.documents import document

RULES = "The tenant shall keep no dog. The rent is due on the third day of a month."


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("May the tenant keep a dog under the Weber lease?", ["Weber"]),
        ("What did 3M's board decide?", ["3M"]),
        (
            "Are Red Door and Blue Gate alike?",
            ["Red Door and Blue Gate", "Red Door", "Blue Gate"],
        ),
        ("Who signed the contract with Arden-Holt, LLC", ["Arden-Holt, LLC", "Arden-Holt", "LLC"]),
        ("In meeting XQ204b, what was said?", ["XQ204b"]),
        ("What is in “the green book”?", ["green book"]),
        ("who mends clocks?", []),
        ("Clocks are mended by whom?", []),
        ("", []),
    ],
)
def test_names_are_words_with_capitals_or_digits(question, expected):
    assert names(question) == expected


@pytest.fixture
def leases(corpus):
    """Four leases, which differ in the party alone: in the title of two, and in the first line of two."""
    put(corpus, "a.txt", document(RULES, id="weber", title="Lease Weber"))
    put(corpus, "b.txt", document(RULES, id="koch", title="Lease Koch 2020"))
    put(corpus, "c.txt", document(RULES, id="koch-new", title="Lease Koch 2024"))
    put(corpus, "d.txt", document(f"Between Anna Lind and Bo Ek, tenant. {RULES}", id="ek", title="Exhibit 7"))
    put(corpus, "e.txt", document(f"{RULES} Italy is far away. " * 40 + "Signed for Carl Falk.", id="falk", title=""))
    put(corpus, "f.txt", document("Paid: 100 euros.", id="paid", title="Receipt"))
    return corpus


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("May the tenant keep a dog under the Weber lease?", {"weber"}),
        ("When is the rent due under Koch's lease?", {"koch", "koch-new"}),
        ("When is the rent due under the lease of Koch in 2024?", {"koch-new"}),
        ("What does the lease of Bo Ek say about dogs?", {"ek"}),
        ("What does the lease of Carl Falk say about dogs?", set()),  # only its end names him
        ("Is Italy far away?", set()),
        ("What is in the lease?", set()),
        ("Who is Gustav Holm?", set()),
    ],
)
def test_documents_are_named_by_title_or_beginning(leases, question, expected):
    assert named_documents(question, leases) == expected


def test_name_that_many_documents_have_names_none(corpus):
    for number in range(2 * MAX_DOCUMENTS + 2):
        put(corpus, f"{number}.txt", document(f"Rule {number}.", id=str(number), title=f"Notes {number}"))
    for number in range(MAX_DOCUMENTS):
        put(corpus, f"n{number}.txt", document(f"Law {number}.", id=f"n{number}", title=f"Norrland Code {number}"))
    assert named_documents("What does the Norrland Code say?", corpus) == {f"n{n}" for n in range(MAX_DOCUMENTS)}
    put(corpus, "more.txt", document("Law.", id="more", title="The Norrland Code"))
    assert named_documents("What does the Norrland Code say?", corpus) == set()


def test_name_that_more_than_half_of_the_documents_have_names_none(corpus):
    for name in ("weber", "koch"):
        put(corpus, f"{name}.txt", document(RULES, id=name, title=f"Lease {name.title()}"))
    assert named_documents("What does the Lease say of dogs?", corpus) == set()
    assert named_documents("What does the Lease Koch say of dogs?", corpus) == {"koch"}


def test_passages_of_a_named_document_move_up(leases):
    hits = Retriever(leases).rank("May the tenant keep a dog under the lease of Bo Ek?")
    assert (hits[0].passage.document_id, hits[0].named) == ("ek", True)
    assert [hit.named for hit in hits[1:]] == [False] * (len(hits) - 1)
    assert all(0 <= hit.score <= 1 for hit in hits)
    within = Retriever(leases).rank("May the tenant keep a dog under the lease of Bo Ek?", within=frozenset({"koch"}))
    assert {(hit.passage.document_id, hit.named) for hit in within} == {("koch", False)}


def test_passage_of_a_named_document_is_found_among_hundreds_that_are_nearer(corpus, monkeypatch):
    for number in range(150):
        put(corpus, f"{number}.txt", document("May a tenant keep a dog?", id=str(number), title=f"Lease {number}"))
    put(corpus, "w.txt", document("Pets are not allowed in the flat.", id="weber", title="Letter to Weber"))
    question = "May a tenant keep a dog, by the letter to Weber?"
    monkeypatch.setattr(retrieval, "NAMED_BONUS", 0.0)
    places = [hit.named for hit in Retriever(corpus).rank(question)]
    assert places.count(True) == 1 and not places[0]
    monkeypatch.setattr(retrieval, "NAMED_BONUS", 1.0)  # more than any score
    assert Retriever(corpus).rank(question)[0].named


@pytest.mark.parametrize("question", [*SYNTAX, "“”", "‘A’", "A" * 5_000, "A B " * 500, "Ⅷ Ⅸ", "1²", "٣M"])
def test_any_question_may_be_asked(leases, question):
    assert named_documents(question, leases) <= {"weber", "koch", "koch-new", "ek", "falk", "paid"}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(question=st.text())
def test_names_are_few_and_never_blank(leases, question):
    found = names(question)
    assert len(found) <= MAX_NAMES and all(name.strip() for name in found)
    named_documents(question, leases)
