"""Small talk gets a fixed reply; questions that only open like small talk are searched."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.answering.small_talk import MAX_TITLES, small_talk_reply
from qa.history.rendering import answer_as_text
from qa.history.turn import Turn
from qa.web.html.answers import render_answer, render_sources

GREETINGS = [
    "Hello",
    "hi!",
    "HELLO!!",
    " Hey there ",
    "Good morning.",
    "Good evening, how are you?",
    "hi how are you today",
]
THANKS = ["Thanks", "thank you!", "Ok, thanks a lot.", "Great, thank you very much", "thx", "Thanks for your help!"]
FAREWELLS = ["Bye", "goodbye!", "Good bye", "see you later", "Have a nice day!"]
ABOUT = [
    "What documents are there?",
    "which files do you have",
    "How many articles are there?",
    "What kinds of documents do you have?",
    "What reports are in the corpus?",
    "What sources can I search?",
    "List all the documents",
    "show me your files",
    "What can I ask you about?",
    "What do you know?",
    "WHAT   IS IN\nTHE CORPUS?",
]
QUESTIONS = [
    "Hello Kitty was created by whom?",
    "Hi-tech exports fell when?",
    "Who said hello?",
    "Good morning Vietnam was filmed where?",
    "Thanks to whom did the talks begin?",
    "Thanksgiving is when?",
    "Bye, bye, who wrote it?",
    "Which documents did Lavrov sign?",
    "What documents are there about NATO?",
    "How many articles does the treaty have?",
    "What reports are in dispute?",
    "List the demands of Russia",
    "What do you know about Geneva?",
    "Show the way to Oslo",
    "?",
    "ok",
    "",
]


def titles():
    return ["Anna", "Boris"]


@pytest.mark.parametrize("line", GREETINGS)
def test_greeting_is_returned_with_the_document_count(line):
    assert small_talk_reply(line, titles) == "Hello! Ask me about 2 documents."


@pytest.mark.parametrize("line", THANKS)
def test_thanks_are_acknowledged(line):
    assert small_talk_reply(line, titles) == "You are welcome."


@pytest.mark.parametrize("line", FAREWELLS)
def test_farewell_is_returned(line):
    assert small_talk_reply(line, titles) == "Goodbye!"


@pytest.mark.parametrize("line", ABOUT)
def test_question_about_the_corpus_lists_its_documents(line):
    assert small_talk_reply(line, titles) == "There are 2 documents: Anna; Boris."


@pytest.mark.parametrize("line", QUESTIONS)
def test_question_to_the_documents_is_not_small_talk(line):
    assert small_talk_reply(line, titles) is None


@pytest.mark.parametrize(
    ("count", "greeting", "ending"),
    [
        (1, "Ask me about one document.", "T0."),
        (MAX_TITLES, f"{MAX_TITLES} documents.", f"T{MAX_TITLES - 1}."),
        (MAX_TITLES + 1, f"{MAX_TITLES + 1} documents.", f"T{MAX_TITLES - 1}; and 1 others."),
        (12_345, "12,345 documents.", f"T{MAX_TITLES - 1}; and 12,335 others."),
    ],
)
def test_long_list_names_the_first_documents_only(count, greeting, ending):
    long_list = [f"T{number}" for number in range(count)]
    assert small_talk_reply("hello", lambda: long_list).endswith(greeting)
    assert small_talk_reply("what documents are there?", lambda: long_list).endswith(ending)


@given(st.text())
def test_titles_are_read_only_when_needed(line):
    calls = []
    reply = small_talk_reply(line, lambda: calls.append(line) or titles())
    assert bool(calls) is (reply is not None and "2 documents" in reply)


@pytest.mark.parametrize("piece", ["thanks ", "you ", ", ", " how are you", "what documents ", "\n"])
def test_long_lines_are_quick(piece):
    start = time.process_time()
    for opening in ("hello", "thanks", "bye", "what documents", "", "great"):
        assert small_talk_reply((f"{opening} {piece * 1_000}")[:2_000] + "x", titles) is None
    assert time.process_time() - start < 1


# Through the assistant.


@pytest.mark.parametrize("line", ["Hello!", "Thank you", "Bye", "What documents are there?"])
def test_small_talk_shows_no_citations_or_confidence(seeds, line):
    answer = seeds.ask(line, [("Where did Lavrov and Blinken meet?", "Geneva")], min_confidence=1)
    assert (answer.citations, answer.passages, answer.short, answer.abstained) == ((), (), None, False)
    assert answer.question == answer.standalone_question == line
    assert answer_as_text(answer) == answer.text
    assert "sure" not in answer_as_text(answer).lower()
    html = render_answer(Turn(line, answer), answer, 0)
    assert answer.text.split(":")[0] in html
    assert "qa-confidence" not in html and "qa-quote" not in html and "qa-refusal" not in html
    assert render_sources(answer) == ""


def test_documents_are_listed_by_their_titles(seeds):
    text = seeds.ask("Which documents do you have?").text
    assert text.startswith("There are 5 documents: ")
    assert all(document.title in text for document in seeds.corpus.documents())


def test_question_that_opens_like_a_greeting_is_searched(seeds):
    assert seeds.ask("Hello Kitty was created by whom?").passages
