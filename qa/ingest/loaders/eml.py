"""An e-mail message: who wrote when to whom about what, then its text; attachments are not read."""

from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import getaddresses, parsedate_to_datetime

from qa.errors import DocumentError
from qa.ingest.markup import html_text
from qa.types import Document, make_document

HEADERS = ("From", "To", "Cc", "Date", "Subject")
"""Those that are part of the text, so that they can be asked for and cited."""


def load(data: bytes, name: str) -> Iterator[Document]:
    """The document in an .eml file.

    Raises:
        DocumentError: it has none of a message's headers.
    """
    if data.strip():
        yield parse_message(data, name)


def parse_message(data: bytes, id: str) -> Document:
    """The document in one message's bytes.

    Raises:
        DocumentError: it has none of a message's headers.
    """
    read: EmailMessage = message_from_bytes(data, policy=policy.default)
    headers = [(name, _header(read, name)) for name in HEADERS]
    head = "\n".join(f"{name}: {value}" for name, value in headers if value)
    if not head:
        raise DocumentError(f"has none of the headers {', '.join(HEADERS)}, so it is no message")
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
    except (ValueError, IndexError, AttributeError):  # how the parser fails on some that are malformed
        return ""


def _body(read: EmailMessage) -> str:
    body = read.get_body(preferencelist=("plain", "html"))
    if body is None:
        return ""
    payload = body.get_payload(decode=True)
    data = payload if isinstance(payload, bytes) else b""
    try:
        text = data.decode(body.get_content_charset("utf-8"), "replace")
    except LookupError:  # no encoding of that name
        text = data.decode("latin-1")
    return html_text(text) if body.get_content_subtype() == "html" else text


def _day(stated: str) -> str | None:
    """The day on which it was sent, where it was sent."""
    try:
        return parsedate_to_datetime(stated).date().isoformat()
    except ValueError:
        return None


def _sender(stated: str) -> str:
    ((name, address), *_) = getaddresses([stated]) or [("", "")]
    return name or address
