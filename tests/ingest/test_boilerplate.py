"""Which sentences belong to the page rather than to its text."""

import time

import pytest

from qa.ingest.boilerplate import is_boilerplate
from qa.ingest.chunking import chunk
from qa.text.sentences import sentence_spans
from tests.support.documents import document
from tests.support.paths import SEEDS

# Every boilerplate sentence in the seeds; all others are prose.
SEED_BOILERPLATE = [
    ("000_0ec05787c5cf0ecf.txt", "Home / World / Lavrov Expects NATO and US to Give Written Response"),
    ("001_ea502ccfb2dde799.txt", "Follow us on Twitter, Facebook and Google News"),
    ("002_72c9063f5066c537.txt", "Go to home page"),
    ("002_72c9063f5066c537.txt", "Back to top\xa0\xa0\xa0\xa0Go to home page clear"),
    ("002_72c9063f5066c537.txt", "clear"),
    ("002_72c9063f5066c537.txt", "clear"),
    ("003_7489d93f4111801e.txt", "All news"),
    ("004_1310ef149b144003.txt", "Subscribe to Instagram RBC Get news faster than anyone"),
    ("004_1310ef149b144003.txt", "Leave a Reply"),
    ("004_1310ef149b144003.txt", "Your email address will not be published."),
]


def boilerplate(text):
    return [text[start:end] for start, end in sentence_spans(text) if is_boilerplate(text, (start, end))]


@pytest.mark.parametrize("name", sorted({name for name, _ in SEED_BOILERPLATE}))
def test_exactly_the_listed_seed_sentences_are_boilerplate(name):
    text = (SEEDS / name).read_bytes().decode("utf-8")
    assert boilerplate(text) == [line for seed, line in SEED_BOILERPLATE if seed == name]


@pytest.mark.parametrize("name", sorted({name for name, _ in SEED_BOILERPLATE}))
def test_no_seed_passage_overlaps_boilerplate(name, minilm):
    text = (SEEDS / name).read_bytes().decode("utf-8")
    marked = [span for span in sentence_spans(text) if is_boilerplate(text, span)]
    for passage in chunk(document(text), minilm):
        assert not [span for span in marked if passage.start < span[1] and span[0] < passage.end]


@pytest.mark.parametrize(
    "line",
    [
        "Share this article",
        "READ MORE",
        "Skip to main content",
        "Advertisement",
        "Home > Sport",
        "Leave a comment",
        "Related stories",
        "Accept all cookies",
        "-----",
        "* * *",
        "…",
    ],
)
def test_typical_boilerplate_is_recognised(line):
    assert is_boilerplate(line, (0, len(line)))


@pytest.mark.parametrize(
    "line",
    [
        "Anna mends clocks.",
        "He told me to go to the home page of the ministry and read it there.",
        "Homes were destroyed.",
        "Follow-up talks are planned.",
        "The minister asked reporters to leave a comment with his office.",
        "All news agencies reported it.",
        "Clear skies are expected.",
        "No.",
        "42",
        "Да",
        "Subscribers left.",
        "Search teams found him.",
    ],
)
def test_prose_is_not_boilerplate(line):
    assert not is_boilerplate(line, (0, len(line)))


@pytest.mark.parametrize("unit", ["follow us on ", "share ", "share", "subscribe to ", "print this ", "home / ", "1. "])
def test_near_match_is_rejected_fast(unit):
    line = (unit * 160)[:158] + " !"
    began = time.perf_counter()
    is_boilerplate(line, (0, len(line)))
    assert time.perf_counter() - began < 0.5
