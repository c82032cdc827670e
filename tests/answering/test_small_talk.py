"""What is no question to the documents, and what only begins like it."""

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


@pytest.mark.parametrize("said", GREETINGS)
def test_greeting_is_returned_with_the_document_count(said):
    assert small_talk_reply(said, titles) == "Hello! Ask me about 2 documents."


@pytest.mark.parametrize("said", THANKS)
def test_thanks_are_acknowledged(said):
    assert small_talk_reply(said, titles) == "You are welcome."


@pytest.mark.parametrize("said", FAREWELLS)
def test_farewell_is_returned(said):
    assert small_talk_reply(said, titles) == "Goodbye!"


@pytest.mark.parametrize("said", ABOUT)
def test_question_about_the_corpus_lists_its_documents(said):
    assert small_talk_reply(said, titles) == "There are 2 documents: Anna; Boris."


@pytest.mark.parametrize("said", QUESTIONS)
def test_question_to_the_documents_is_not_small_talk(said):
    assert small_talk_reply(said, titles) is None


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
    many = [f"T{number}" for number in range(count)]
    assert small_talk_reply("hello", lambda: many).endswith(greeting)
    assert small_talk_reply("what documents are there?", lambda: many).endswith(ending)


@given(st.text())
def test_titles_are_read_only_when_needed(said):
    asked = []
    line = small_talk_reply(said, lambda: asked.append(said) or titles())
    assert bool(asked) is (line is not None and "2 documents" in line)


@pytest.mark.parametrize("piece", ["thanks ", "you ", ", ", " how are you", "what documents ", "\n"])
def test_long_lines_are_quick(piece):
    began = time.process_time()
    for opening in ("hello", "thanks", "bye", "what documents", "", "great"):
        assert small_talk_reply((f"{opening} {piece * 1_000}")[:2_000] + "x", titles) is None
    assert time.process_time() - began < 1


# Through the assistant.


@pytest.mark.parametrize("said", ["Hello!", "Thank you", "Bye", "What documents are there?"])
def test_small_talk_shows_no_citations_or_confidence(seeds, said):
    answer = seeds.ask(said, [("Where did Lavrov and Blinken meet?", "Geneva")], min_confidence=1)
    assert (answer.citations, answer.passages, answer.short, answer.abstained) == ((), (), None, False)
    assert answer.question == answer.standalone_question == said
    assert answer_as_text(answer) == answer.text
    assert "sure" not in answer_as_text(answer).lower()
    html = render_answer(Turn(said, answer), answer, 0)
    assert answer.text.split(":")[0] in html
    assert "qa-confidence" not in html and "qa-quote" not in html and "qa-refusal" not in html
    assert render_sources(answer) == ""


def test_documents_are_listed_by_their_titles(seeds):
    line = seeds.ask("Which documents do you have?").text
    assert line.startswith("There are 5 documents: ")
    assert all(document.title in line for document in seeds.corpus.documents())


def test_question_that_opens_like_a_greeting_is_searched(seeds):
    assert seeds.ask("Hello Kitty was created by whom?").passages
