"""Rewritings of a follow-up into the questions that it may mean after the earlier turns."""

import json
import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from qa.answering.rewriting import (
    MAX_REWRITINGS,
    MAX_TURN_CHARS,
    TURNS_READ,
    leaves_out,
    names,
    opens_as_addition,
    rewritings,
    topic,
)
from tests.support.paths import CONVERSATIONS

BANK = [("Who leads the Bank of England?", "Andrew Bailey. [1]")]
COUNCIL = [("When was the council meeting held in Brussels?", "On Jan. 12, the meeting was held. [1]")]
BOWL = [("Who won the 2019 bowl?", "Norway")]
SHRUGGED = [("What did Blinken do in Geneva?", "He only shrugged")]
GENEVA = [("Where did Lavrov and Blinken meet?", "Lavrov met Blinken in Geneva. [1]")]
GOALS = [("How many goals did Norway score in 2019?", "12")]
PROMISE = [("What did the Americans promise Lavrov?", "“The Americans promised us their best,” the minister said. [1]")]
TURNS = st.tuples(st.text(), st.text())
WORDS = "And what about he his it they that the this in 2021 Lavrov Oslo NATO when why ? , . [1]".split()
LINE = st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join)


@pytest.mark.parametrize(
    ("question", "history", "expected"),
    [
        # A pronoun.
        ("How old is he?", BANK, "How old is Andrew Bailey?"),
        ("Who was before him?", BANK, "Who was before Andrew Bailey?"),
        ("How long did they talk?", GENEVA, "How long did Lavrov and Blinken talk?"),
        ("Did they keep the promise?", PROMISE, "Did Americans keep the promise?"),
        # A possessive.
        ("What is his salary?", BANK, "What is Andrew Bailey's salary?"),
        ("What is her salary?", BANK, "What is Andrew Bailey's salary?"),
        ("Who met her in Oslo?", BANK, "Who met Andrew Bailey in Oslo?"),
        ("What is its address?", BANK, "What is Bank of England's address?"),
        # A question word alone.
        ("When?", GENEVA, "When did Lavrov and Blinken meet?"),
        ("on what date", GENEVA, "on what date did Lavrov and Blinken meet?"),
        ("Why?", BANK, "Why (Who leads the Bank of England: Andrew Bailey.)"),
        # An added detail.
        ("And when?", GENEVA, "when did Lavrov and Blinken meet?"),
        ("And in 2021?", GOALS, "How many goals did Norway score in 2021?"),
        ("In 2021?", GOALS, "How many goals did Norway score in 2021?"),
        ("and since 2021?", GOALS, "How many goals did Norway score since 2021?"),
        ("And in 2021?", BOWL, "Who won the 2021 bowl?"),
        ("and in Vienna?", COUNCIL, "When was the council meeting held in Vienna?"),
        ("and on Jan. 13?", COUNCIL, "When was the council meeting held in Brussels on Jan. 13?"),
        # A replacement of one thing.
        ("What about Sweden?", GOALS, "How many goals did Sweden score in 2019?"),
        ("how about the Bank of France?", BANK, "Who leads the Bank of France?"),
        ("And the Russians?", PROMISE, "What did the Russians promise Lavrov?"),
        ("What about Stoltenberg?", PROMISE, "What did the Americans promise Stoltenberg?"),
        # A correction.
        ("No, the Bank of Japan", BANK, "Who leads the Bank of Japan?"),
        ("sorry, I meant Sweden", GOALS, "How many goals did Sweden score in 2019?"),
        ("no, I meant the Japanese one", BANK, "Who leads the Japanese Bank?"),
        (
            "no, the Astana one",
            [("When was the Istanbul Declaration signed?", "1999")],
            "When was the Astana Declaration signed?",
        ),
        # A definite noun phrase that assumes a known thing.
        ("Who attended the meeting?", COUNCIL, "Who attended the meeting (Brussels)"),
        ("How long did the talks last?", GENEVA, "How long did the talks last (Lavrov and Blinken)"),
    ],
)
def test_intended_question_is_among_the_rewritings(question, history, expected):
    assert leaves_out(question) != "nothing"
    assert expected in rewritings(question, history)


@pytest.mark.parametrize(
    "question",
    [
        "Is it true that NATO agreed to the treaty with Russia?",
        "Is it likely that Sweden joins NATO?",
        "How much does it cost to mend a clock in Norway and Sweden?",
        "Did Stoltenberg say that the United States and NATO replied?",
        "Did taxes in Norway rise faster than in Sweden this year?",
        "What did Lavrov say about his talks with Blinken?",
        "What did Putin tell Biden that he wanted from NATO?",
        "How long did the talks between Lavrov and Blinken in Geneva last?",
        "Are there any treaties on fishing rights between Norway and Sweden?",
    ],
)
def test_complete_question_leaves_nothing_out(question):
    assert leaves_out(question) == "nothing"


@pytest.mark.parametrize(
    "question",
    [
        "What did he say?",
        "Was it satisfactory?",
        "What happened there?",
        "Who said that?",
        "What did those members say about Norway and Sweden?",
        "What did the other one cost?",
        "Which of the two is older?",
        "And when?",
        "Why?",
        "What about Stoltenberg?",
    ],
)
def test_reference_back_surely_leaves_something_out(question):
    assert leaves_out(question) == "surely"


@pytest.mark.parametrize("question", ["Who attended the meeting?", "Where does Anna live?", "Who mends clocks?"])
def test_short_or_definite_question_perhaps_leaves_something_out(question):
    assert leaves_out(question) == "perhaps"


@pytest.mark.parametrize("question", ["And when?", "but who?", "What about NATO?", "ok, and why?", "No, in Oslo"])
def test_addition_is_recognised_by_its_opening(question):
    assert opens_as_addition(question)


@pytest.mark.parametrize("question", ["Android phones?", "Norway?", "Who and when?", "Sofia’s age?", "Theo?"])
def test_other_openings_are_not_additions(question):
    assert not opens_as_addition(question)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Where did Lavrov meet Blinken?", ["Lavrov", "Blinken"]),
        ("Who leads the Bank of England?", ["Bank of England"]),
        ("What did NATO's Jens Stoltenberg say in May?", ["NATO's Jens Stoltenberg"]),
        ("Lavrov's talks with Lavrov", ["Lavrov"]),
        ("When did it begin? On Jan. 12.", []),
        ("who shrugged his shoulders?", []),
        ("", []),
    ],
)
def test_names_are_found_by_their_capitals(text, expected):
    assert names(text) == expected


@pytest.mark.parametrize("history", [[], [("", "")], [("?", "Anna.")], [(" ", "x"), ("…", "")]])
def test_no_earlier_question_means_no_rewritings(history):
    assert rewritings("And when?", history) == []


def test_turn_that_asks_nothing_is_skipped():
    assert rewritings("And when?", [*GENEVA, ("?", "")]) == rewritings("And when?", GENEVA)


def test_rewritings_from_the_latest_turn_come_first():
    assert rewritings("How old is he?", [*GENEVA, *BANK])[0] == "How old is Andrew Bailey?"
    assert rewritings("And when?", [*BANK, *GENEVA])[0] == "when did Lavrov and Blinken meet?"


def test_chained_follow_ups_reach_the_original_topic():
    history = [*GOALS, ("And in 2021?", "9")]
    assert topic(history) == "How many goals did Norway score in 2021?"
    assert "How many goals did Sweden score in 2021?" in rewritings("What about Sweden?", history)


def test_statement_never_replaces_a_pronoun():
    rewritten = rewritings("Where did he go?", SHRUGGED)
    assert rewritten[0] == "Where did Blinken go?"
    assert not any(text.startswith("Where did He only shrugged") for text in rewritten)


def test_quantity_never_replaces_a_personal_pronoun():
    history = [("What did the herring of Bergen cost?", "four crowns")]
    assert not any("four crowns's" in text for text in rewritings("What is his salary?", history))
    assert "Where are four crowns?" in rewritings("Where are they?", history)
    assert "How old is the mayor?" in rewritings("How old is he?", [("Who opened the fair?", "the mayor")])


def test_possessive_of_the_subject_is_no_reference_back():
    assert leaves_out("Who shrugged his shoulders?") == leaves_out("who lost their way?") == "perhaps"
    assert leaves_out("Who met him?") == leaves_out("What is his salary?") == "surely"


def test_citation_markers_are_not_carried_over():
    history = [("Who met in Oslo?", "Anna Berg [1] met Boris Koch [2]. [13]")]
    rewritten = rewritings("How old is she?", history)
    assert "How old is Anna Berg?" in rewritten
    assert not any("[" in text for text in rewritten)


def test_only_the_latest_turns_are_used():
    latest = [("How tall is the tower?", "90 m")] * TURNS_READ
    assert rewritings("How old is he?", [*BANK, *latest]) == rewritings("How old is he?", latest)
    assert rewritings("How old is he?", [*BANK, *latest[1:]]) != rewritings("How old is he?", latest[1:])


def test_only_the_beginning_of_a_turn_is_used():
    beginning = "Who leads the Bank of England in Oslo and? ".ljust(MAX_TURN_CHARS, "x")
    assert rewritings("And when?", [(beginning + " y" * 50_000, "")]) == rewritings("And when?", [(beginning, "")])


@given(LINE | st.text(), st.lists(st.tuples(LINE, LINE) | TURNS, max_size=6))
@example("And in 2021?", [("in", "")])
@example("it", [("In\nOslo", "A" * 500)])
@example("what about \\1?", [("Who is Lavrov \\g<0>?", "(?P<")])
def test_any_chat_gives_few_short_distinct_rewritings(question, history):
    rewritten = rewritings(question, history)
    assert len(rewritten) == len(set(rewritten)) <= MAX_REWRITINGS
    assert question.strip().lower() not in [text.lower() for text in rewritten]
    assert leaves_out(question) in ("nothing", "perhaps", "surely")
    # No rewriting is longer than three times the question and the turns that are used.
    assert all(len(text) <= 3 * (len(question) + TURNS_READ * (2 * MAX_TURN_CHARS + 20)) for text in rewritten)


LONG = {
    "blanks": " ",
    "pronouns": "he ",
    "bound pronouns": "Anna Berg who he ",
    "question words": "what ",
    "additions": "and ",
    "prepositions": "in ",
    "hyphens": "Aa-",
    "dots": "A.",
    "that": "that!",
    "brackets": " [1",
    "digits": "2021 ",
    "one word": "x",
    "capitals": "A",
}


@pytest.mark.parametrize("piece", LONG.values(), ids=LONG)
@pytest.mark.parametrize("length", [MAX_TURN_CHARS, 50_000])
def test_long_questions_and_turns_are_quick(piece, length):
    question = (piece * 2_000)[:2_000]
    turn = ("Who " + piece * length)[:length]
    start = time.process_time()
    for asked in (question, f"And {question}", f"What is his {question}", "And in Oslo?", "Was it?"):
        leaves_out(asked)
        rewritings(asked, [(turn, piece * length)] * 500)
    assert time.process_time() - start < 1


# The sample chats in the data folder, which `qa eval` scores.


def sample_chats():
    files = sorted(CONVERSATIONS.glob("*/questions.jsonl"))
    return [(file.parent.name, json.loads(line)) for file in files for line in file.read_text("utf-8").splitlines()]


def test_sample_chats_are_complete_and_unique():
    chats = sample_chats()
    assert len({item["id"] for _, item in chats}) == len(chats) == 113
    counts = {name: sum(name == folder for folder, _ in chats) for name, _ in chats}
    assert counts == {"seeds": 28, "realtimeqa": 85}


def test_every_sample_chat_has_the_eval_format():
    for folder, item in sample_chats():
        assert item["question"].strip() and item["standalone"].strip()
        assert item["history"] and all(asked.strip() and isinstance(answer, str) for asked, answer in item["history"])
        assert bool(item["answers"]) is bool(item["evidence"]) is item["answerable"]
        assert all(bool(evidence["text"]) is (folder == "seeds") for evidence in item["evidence"])
        assert item["needs_history"] is (item["standalone"] != item["question"])


def test_sample_chat_counts_match_their_readme():
    readme = (CONVERSATIONS / "README.md").read_text("utf-8")
    kinds = [item["kind"] for _, item in sample_chats()]
    kind_counts = [f"{kind} {kinds.count(kind)}" for kind in sorted(set(kinds), key=kinds.count, reverse=True)]
    assert ", ".join(kind_counts) in readme
    lengths = [len(item["history"]) for _, item in sample_chats()]
    assert all(f"qa eval tests/data/conversations/{name}" in readme for name in ("seeds", "realtimeqa --corpus "))
    unanswerable = sum(not item["answerable"] for _, item in sample_chats())
    assert f"The {unanswerable} questions that are not answerable" in readme
    assert f"two turns ({lengths.count(1)}), three ({lengths.count(2)}) or four ({lengths.count(3)})," in readme


@pytest.mark.parametrize(
    ("question", "needs_history"), [(item["question"], item["needs_history"]) for _, item in sample_chats()]
)
def test_need_for_history_is_judged_correctly(question, needs_history):
    assert leaves_out(question) != ("nothing" if needs_history else "surely")
