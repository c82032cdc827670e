"""A mailbox: each of its messages is a document."""

import re
from collections.abc import Iterator

from qa.errors import DocumentError
from qa.ingest.loaders.eml import parse_message
from qa.types import Document

SEPARATOR = re.compile(rb"(?:\A|\n\r?\n)From [^\n]*\n")
"""The line that begins a message, after a blank one."""

QUOTED_FROM = re.compile(rb"^>(>*From )", re.MULTILINE)
"""A line of a message that would begin so is written with a mark before it."""


def load(data: bytes, name: str) -> Iterator[Document]:
    """The messages of a mailbox, in order.

    Raises:
        DocumentError: it does not begin with the line that begins a message, or one of them has no headers.
    """
    before, *messages = SEPARATOR.split(data)
    if before.strip():
        raise DocumentError('does not begin with a line "From …", so it is no mailbox')
    for number, one in enumerate(messages, 1):
        try:
            yield parse_message(QUOTED_FROM.sub(rb"\1", one), f"{name}:{number}")
        except DocumentError as error:
            raise DocumentError(f"message {number} {error}") from error
