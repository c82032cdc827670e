"""Read messages into documents: the main headers and the text, then what is attached."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import getaddresses, parsedate_to_datetime

from qa.errors import DocumentError
from qa.ingest.decoding import decode
from qa.ingest.mail.attachments import UNNAMED, file_name, read_attachment
from qa.ingest.mail.body import Body, read_body
from qa.types import Block, BlockKind, Document, Remark, make_document, storable

HEADERS = ("From", "To", "Cc", "Date", "Subject")
"""Headers that are part of the text, so that they can be searched and cited."""

MAX_DEPTH = 4
"""Messages within messages that are read."""

MAX_ATTACHMENTS = 100
"""Attachments of one message that are read."""

BYTE_ORDER_MARK = b"\xef\xbb\xbf"

CONTROLS = {number: bytes([number]).decode("cp1252", "ignore") or chr(number) for number in range(0x80, 0xA0)}
"""What is meant by the control characters of ISO 8859-1, which no header holds."""


def read_message(data: bytes, id: str, depth: int = 0) -> Iterator[Document | Remark]:
    """Yield the document in the bytes of one message, then those in its attachments.

    Raises:
        DocumentError: the message has none of the HEADERS.
    """
    data = data.removeprefix(BYTE_ORDER_MARK).lstrip(b"\r\n")
    yield from _read(message_from_bytes(data, policy=policy.default), id, depth)


def _read(message: EmailMessage, id: str, depth: int) -> Iterator[Document | Remark]:
    head = [f"{name}: {value}" for name in HEADERS if (value := _header(message, name))]
    if not head:
        raise DocumentError(f"has none of the headers {', '.join(HEADERS)}, so it is not an e-mail message")
    body = read_body(message)
    text, blocks = _assembled(head, body)
    yield make_document(
        id=id,
        title=_header(message, "Subject"),
        text=text,
        source=id,
        media_type="message/rfc822",
        published=_day(_header(message, "Date")),
        publisher=_sender(_header(message, "From")),
        blocks=blocks,
    )
    yield from map(Remark, dict.fromkeys(body.remarks))
    yield from _attachments(body.attached, id, depth)


def _assembled(head: list[str], body: Body) -> tuple[str, tuple[Block, ...]]:
    """Return the whole text with its blocks; each header is an item."""
    pieces, blocks, end = ["\n".join(head)], [], 0
    for line in head:
        blocks.append(Block(BlockKind.ITEM, end, end + len(line)))
        end += len(line) + 1
    end -= 1
    for text, found in body.texts or [("", ())]:
        pieces.append(text)
        end += 2
        blocks += [replace(block, start=block.start + end, end=block.end + end) for block in found]
        end += len(text)
    return "\n\n".join(pieces), tuple(blocks)


def _attachments(parts: list[EmailMessage], id: str, depth: int) -> Iterator[Document | Remark]:
    seen: Counter[str] = Counter()
    for part in parts[:MAX_ATTACHMENTS]:
        forwarded = part.get_content_type() == "message/rfc822"
        name = file_name(part) or ("forwarded message" if forwarded else UNNAMED)
        seen[name] += 1
        called = f"{id}#{name}" if seen[name] == 1 else f"{id}#{name} ({seen[name]})"
        yield from _forwarded(part, called, depth) if forwarded else _attachment(part, called, depth)
    if len(parts) > MAX_ATTACHMENTS:
        yield Remark(f"only its first {MAX_ATTACHMENTS} attachments were read")


def _forwarded(part: EmailMessage, id: str, depth: int) -> Iterator[Document | Remark]:
    name = id.rpartition("#")[2]
    inner = part.get_payload()
    inner = inner[0] if isinstance(inner, list) and inner else inner
    if depth >= MAX_DEPTH:
        yield Remark(f"the message {name} was not read, because it is nested too deeply")
    elif isinstance(inner, EmailMessage):
        try:
            yield from _read(inner, id, depth + 1)
        except DocumentError as error:
            yield Remark(f"the message {name} {error}")


def _attachment(part: EmailMessage, id: str, depth: int) -> Iterator[Document | Remark]:
    if not file_name(part).lower().endswith((".eml", ".mbox")):
        yield from read_attachment(part, id)
        return
    name = id.rpartition("#")[2]
    payload = part.get_payload(decode=True)
    if depth >= MAX_DEPTH or file_name(part).lower().endswith(".mbox") or not isinstance(payload, bytes):
        yield Remark(f"the attachment {name} was not read, because it is a mailbox or nested too deeply")
        return
    try:
        yield from read_message(payload, id, depth + 1)
    except DocumentError as error:
        yield Remark(f"the attachment {name} {error}")


def _header(message: EmailMessage, name: str) -> str:
    try:
        value = str(message.get(name) or "")
    except (ValueError, IndexError, AttributeError, TypeError, KeyError):  # what the parser raises for malformed ones
        value = ""
    if not value or "\ufffd" in value or value != storable(value):
        value = _raw_header(message, name) or value
    return " ".join(value.translate(CONTROLS).split())


def _raw_header(message: EmailMessage, name: str) -> str:
    """Return a header that holds other bytes than ASCII, which it should not."""
    raw = next((str(value) for key, value in message.raw_items() if key.lower() == name.lower()), "")
    try:
        data = raw.encode("ascii", "surrogateescape")
        return decode(data) if not data.isascii() else ""
    except (UnicodeEncodeError, DocumentError):
        return ""


def _day(stated: str) -> str | None:
    """Return the day on which the message was sent, in the sender's time zone; None if it is malformed."""
    try:
        return parsedate_to_datetime(stated).date().isoformat()
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _sender(stated: str) -> str:
    ((name, address), *_) = getaddresses([stated]) or [("", "")]
    return name or address
