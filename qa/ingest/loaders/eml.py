"""Load e-mail messages: the main headers, then the text. Attachments are not read."""

from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import getaddresses, parsedate_to_datetime

from qa.errors import DocumentError
from qa.ingest.markup import html_text
from qa.types import Document, make_document

HEADERS = ("From", "To", "Cc", "Date", "Subject")
"""Headers that are part of the text, so that they can be searched and cited."""


def load(data: bytes, name: str) -> Iterator[Document]:
    """Yield the document in an .eml file.

    Raises:
        DocumentError: the file has none of the HEADERS.
    """
    if data.strip():
        yield parse_message(data, name)


def parse_message(data: bytes, id: str) -> Document:
    """Return the document in the bytes of one message.

    Raises:
        DocumentError: the message has none of the HEADERS.
    """
    read: EmailMessage = message_from_bytes(data, policy=policy.default)
    headers = [(name, _header(read, name)) for name in HEADERS]
    head = "\n".join(f"{name}: {value}" for name, value in headers if value)
    if not head:
        raise DocumentError(f"has none of the headers {', '.join(HEADERS)}, so it is not an e-mail message")
    text = f"{head}\n\n{_body(read)}"
    return make_document(
        id=id,
        title=_header(read, "Subject"),
        text=text,
        source=id,
        media_type="message/rfc822",
        published=_day(_header(read, "Date")),
        publisher=_sender(_header(read, "From")),
    )


def _header(read: EmailMessage, name: str) -> str:
    try:
        return " ".join(str(read.get(name) or "").split())
    except (ValueError, IndexError, AttributeError):  # what the parser raises for some malformed headers
        return ""


def _body(read: EmailMessage) -> str:
    body = read.get_body(preferencelist=("plain", "html"))
    if body is None:
        return ""
    payload = body.get_payload(decode=True)
    data = payload if isinstance(payload, bytes) else b""
    try:
        text = data.decode(body.get_content_charset("utf-8"), "replace")
    except LookupError:  # the named encoding does not exist
        text = data.decode("latin-1")
    return html_text(text) if body.get_content_subtype() == "html" else text


def _day(stated: str) -> str | None:
    """Return the day on which the message was sent, in the sender's time zone; None if it is malformed."""
    try:
        return parsedate_to_datetime(stated).date().isoformat()
    except ValueError:
        return None


def _sender(stated: str) -> str:
    ((name, address), *_) = getaddresses([stated]) or [("", "")]
    return name or address
