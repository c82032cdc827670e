"""The trained reader in 8-bit integers: for processors that compute more of them than of any other numbers."""

from collections.abc import Iterator
from importlib import resources

from embeddings.types import Encoder
from qa.answerers.reader import ReaderAnswerer
from qa.reader.model import Reader

QUESTIONS = (
    "Who said so?",
    "When was the meeting held?",
    "Where did the talks take place?",
    "What did the minister say about the proposals?",
    "How many countries took part?",
    "Why was there no agreement?",
)
"""Asked of the built-in reports in turn, to see between which numbers the network computes."""

LENGTH = 700
"""Characters of a passage of theirs."""


def create(encoder: Encoder) -> ReaderAnswerer:
    """The answerer.

    Raises:
        MissingDependency: nncf is not installed.
        ReaderError: see qa.reader.model.Reader.
    """
    return ReaderAnswerer(Reader(examples=list(_examples())), encoder)


def _examples() -> Iterator[tuple[str, str]]:
    for report in sorted(resources.files("qa").joinpath("seeds").iterdir(), key=lambda file: file.name):
        text = report.read_text("utf-8")
        for place, start in enumerate(range(0, len(text), LENGTH)):
            yield QUESTIONS[place % len(QUESTIONS)], text[start : start + LENGTH]
