"""Turn files of evidence into examples."""

import random

import pytest

from qa.training.large.evidence import as_question, evidence_examples, untokenised
from qa.training.large.examples import Stance
from tests.training.large.conftest import CONTRACT, MEETING


@pytest.fixture(scope="module")
def shown(data):
    return [example for seed in range(12) for example in evidence_examples(data / "evidence", random.Random(seed))]


def told(example):
    return [example.text[slice(*example.sentences[n])] for n in sorted(example.evidence)]


def of(shown, question):
    found = [example for example in shown if question in example.question]
    assert found
    return found


def test_claims_teach_stance_and_evidence(shown):
    claims = {(example.text, example.stance): example for example in of(shown, "built before 1850.")}
    assert {(text, stance) for text, stance in claims} == {
        ("The bridge of Bern was built in 1840.", Stance.SUPPORTED),
        ("The bridge of Bern was built in 1870.", Stance.CONTRADICTED),
        ("The bridge is old (and red).", Stance.NEITHER),
    }
    for (_, stance), example in claims.items():
        assert bool(example.evidence) is (stance is not Stance.NEITHER)
        assert example.unanswerable is (stance is Stance.NEITHER)


def test_contract_window_holds_the_deciding_clause(shown):
    windows = [example for example in shown if "keep dogs" in example.question]
    deciding = [example for example in windows if example.evidence]
    assert deciding
    for example in deciding:
        assert told(example) == ["The tenant shall not keep dogs in the house."]
        assert example.stance in (Stance.CONTRADICTED, None)
        assert example.text in CONTRACT
    others = [example for example in windows + of(shown, "paint the walls") if not example.evidence]
    assert all(example.stance is Stance.NEITHER and example.unanswerable for example in others)


def test_short_turns_are_no_evidence_beside_longer_ones(shown):
    windows = of(shown, "What should be bought?")
    assert any(told(example) == ["Anna: We should buy a brighter lamp next week."] for example in windows)
    assert not any("Boris: Yeah." in told(example) for example in windows if len(example.evidence) > 1)
    assert all(example.text in MEETING for example in windows)


def test_sentence_lists_keep_headings_as_context(shown):
    example = next(example for example in of(shown, "yeast") if example.evidence)
    assert example.context == "Yeast › Uses"
    assert told(example) == ["It is used in baking."]
    assert told(next(e for e in of(shown, "couple married") if e.evidence))[0] == "They wed in 2012."


def test_marked_sentence_of_a_passage_is_evidence(shown):
    assert all(told(example) == ["Press the save button."] for example in of(shown, "How do I save?"))


def test_yes_and_no_become_stances(shown):
    stances = {(e.question, e.stance) for e in shown if e.question.startswith("is bern") and e.evidence is None}
    assert stances == {("is bern a city", Stance.SUPPORTED), ("is bern a river", Stance.CONTRADICTED)}
    assert not [example for example in shown if example.question == "is bern old"]


def test_snippets_stand_among_others(shown):
    fever = of(shown, "What lowers fever?")
    assert any(told(example) == ["Aspirin lowers fever."] and len(example.sentences) > 1 for example in fever)
    assert any(example.unanswerable and "Aspirin" not in example.text for example in fever)


def test_missing_files_add_nothing(tmp_path):
    assert list(evidence_examples(tmp_path, random.Random(1))) == []


@pytest.mark.parametrize(
    ("tokens", "text"),
    [
        ("It opened in 1990 , he said .", "It opened in 1990, he said."),
        ("the band 's album -LRB- 2001 -RRB- sold", "the band's album (2001) sold"),
        ("`` Yes '' , he said", '"Yes", he said'),
    ],
)
def test_tokens_become_text(tokens, text):
    assert untokenised(tokens) == text


@pytest.mark.parametrize(
    ("statement", "question"),
    [
        ("Receiving Party shall not copy any files.", "Is the receiving Party forbidden to copy any files?"),
        ("Tenant shall paint the walls.", "Must the tenant paint the walls?"),
        ("The Landlord may enter.", "May the landlord enter?"),
        ("All files are returned.", "Are all files returned?"),
    ],
)
def test_statements_become_questions(statement, question):
    assert {as_question(statement, random.Random(seed)) for seed in range(10)} == {statement, question}
