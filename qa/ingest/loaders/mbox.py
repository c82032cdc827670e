"""Load mailboxes: each message is a document, and each readable attachment another."""

import re
from collections.abc import Iterator

from qa.errors import DocumentError
from qa.ingest.mail.message import BYTE_ORDER_MARK, read_message
from qa.types import Document, Remark

HEADER = rb"(?:[!-9;-~]+:[ \t]|>?From )"
MAIN_HEADER = (
    rb"(?i:return-path|received|from|to|cc|date|subject|message-id|mime-version|content-type|delivered-to|reply-to|"
    rb"sender|status|x-[\w-]+):"
)
DATED = rb"From \S+ +(?:\S+ +)??(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)\b[^\n]*\d:\d{2}[^\n]*\r?\n"
SEPARATOR = re.compile(
    rb"(?:\A|(?<=\n))(?:%b(?=%b)|(?:\A|(?<=\n\n)|(?<=\n\r\n))(?:%b|From [^\n]*\r?\n(?=%b)))"
    % (DATED, HEADER, DATED, MAIN_HEADER)
)
"""The line that begins a message: one with a time, before a header or after a blank line, or any before a main header.
A sentence of a message may begin with "From" too."""

QUOTED_FROM = re.compile(rb"^>(>*From )", re.MULTILINE)
"""A message's own line beginning with "From ", which mailboxes escape with a ">"."""

MAX_NAMED = 3
"""Messages that are named of those that cannot be read."""


def load(data: bytes, name: str) -> Iterator[Document | Remark]:
    """Yield the documents in an .mbox file, in order, and remarks on the messages that cannot be read.

    Raises:
        DocumentError: the file does not begin with a "From " line, or no message can be read.
    """
    before, *messages = SEPARATOR.split(data.removeprefix(BYTE_ORDER_MARK).lstrip(b"\r\n"))
    if before.strip():
        raise DocumentError('does not begin with a line "From …", so it is not a mailbox')
    failed: list[str] = []
    for number, one in enumerate(messages, 1):
        try:
            for found in read_message(QUOTED_FROM.sub(rb"\1", one), f"{name}:{number}"):
                yield Remark(f"message {number}: {found.text}") if isinstance(found, Remark) else found
        except DocumentError as error:
            failed.append(f"message {number} {error}")
    if messages and len(failed) == len(messages):
        raise DocumentError(failed[0])
    yield from map(Remark, failed[:MAX_NAMED])
    if len(failed) > MAX_NAMED:
        yield Remark(f"{len(failed) - MAX_NAMED:,} more messages have no headers either")
