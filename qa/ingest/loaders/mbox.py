"""Load mailboxes: each message is a document."""

import re
from collections.abc import Iterator

from qa.errors import DocumentError
from qa.ingest.loaders.eml import parse_message
from qa.types import Document

SEPARATOR = re.compile(rb"(?:\A|\n\r?\n)From [^\n]*\n")
"""The line that begins a message, after a blank line."""

QUOTED_FROM = re.compile(rb"^>(>*From )", re.MULTILINE)
"""A message's own line beginning with "From ", which mailboxes escape with a ">"."""


def load(data: bytes, name: str) -> Iterator[Document]:
    """Yield a document for each message in an .mbox file, in order.

    Raises:
        DocumentError: the file does not begin with a "From " line, or a message has no headers.
    """
    before, *messages = SEPARATOR.split(data)
    if before.strip():
        raise DocumentError('does not begin with a line "From …", so it is not a mailbox')
    for number, one in enumerate(messages, 1):
        try:
            yield parse_message(QUOTED_FROM.sub(rb"\1", one), f"{name}:{number}")
        except DocumentError as error:
            raise DocumentError(f"message {number} {error}") from error
