"""Read the text of a message: all its parts in order, and what each of them is."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import EmailMessage

from qa.errors import DocumentError
from qa.ingest.decoding import Decoded, decoded
from qa.ingest.mail.attachments import file_name
from qa.ingest.mail.calendar import calendar_lines
from qa.ingest.markup import html_text
from qa.text.structure import plain_blocks
from qa.types import Block, BlockKind

DECLARED_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]{2,40})""", re.IGNORECASE)
"""The encoding that an HTML part names itself."""

SIGNATURE = re.compile(r"^-- ?\r?\n", re.MULTILINE)
"""The line that begins a signature."""

MAX_SIGNATURE_LINES = 15

ENCRYPTED = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime", "multipart/encrypted"})
SIGNATURES = frozenset({
    "application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp-keys",
})  # fmt: skip

MAX_PARTS = 1_000
"""Parts of one message that are read."""


@dataclass(slots=True)
class Body:
    """What a message holds besides its headers."""

    texts: list[tuple[str, tuple[Block, ...]]] = field(default_factory=list)
    """Each text with its blocks, whose offsets count from its start."""
    attached: list[EmailMessage] = field(default_factory=list)
    """The parts that are no text of this message: files, and messages that it forwards."""
    remarks: list[str] = field(default_factory=list)

    def add(self, text: str, blocks: tuple[Block, ...]) -> None:
        """Add a text, unless it is blank or repeats another one."""
        if text.strip() and all(text.strip() != other.strip() for other, _ in self.texts):
            self.texts.append((text, blocks))


def read_body(message: EmailMessage) -> Body:
    """Return the texts, the attachments and the remarks of a message."""
    body = Body()
    for number, part in enumerate(_leaves(message)):
        if number == MAX_PARTS:
            body.remarks.append(f"only its first {MAX_PARTS:,} parts were read")
            break
        _read_part(part, body)
    return body


def _leaves(part: EmailMessage, in_related: bool = False) -> Iterator[EmailMessage]:
    """Yield the parts to read, in order; of alternatives, the best one and the invitations."""
    kind = part.get_content_type()
    parts = part.iter_parts() if part.is_multipart() else ()
    children = [child for child in parts if isinstance(child, EmailMessage)]
    if kind in ENCRYPTED or kind.startswith("message/") or not children:
        if not (in_related and kind.startswith("image/")) and kind not in SIGNATURES:
            yield part
        return
    if kind == "multipart/alternative":
        children = _chosen(children)
    for child in children:
        yield from _leaves(child, in_related or kind == "multipart/related")


def _chosen(children: list[EmailMessage]) -> list[EmailMessage]:
    def is_text(part: EmailMessage) -> bool:
        return part.get_content_type() != "text/calendar" and not _is_attached(part)

    texts = sorted(filter(is_text, children), key=lambda part: part.get_content_type() != "text/plain")
    best = next((part for part in texts if any(map(_has_text, _leaves(part)))), None)
    return [part for part in children if part is best or not is_text(part)]


def _has_text(part: EmailMessage) -> bool:
    return part.get_content_maintype() == "text" and bool(_text(part).text.strip())


def _is_attached(part: EmailMessage) -> bool:
    return part.get_content_disposition() == "attachment" or (
        bool(file_name(part)) and part.get_content_type() not in ("text/plain", "text/html", "text/calendar")
    )


def _read_part(part: EmailMessage, body: Body) -> None:
    kind = part.get_content_type()
    if kind in ENCRYPTED:
        signed = part.get_param("smime-type") == "signed-data"
        body.remarks.append(f"its text is {'in a signed envelope' if signed else 'encrypted'}, so it was not read")
    elif kind == "text/calendar" or file_name(part).lower().endswith(".ics"):
        lines = calendar_lines(_text(part).text)
        body.add(*_listed(lines))
    elif kind == "message/delivery-status":
        body.add(*_listed([line for one in part.walk() for line in _fields(one)]))
    elif part.get_content_maintype() == "text" and not _is_attached(part):
        _read_text(part, body)
    elif _is_filled(part):
        body.attached.append(part)


def _is_filled(part: EmailMessage) -> bool:
    try:
        return bool(part.get_payload())
    except (ValueError, LookupError):  # what the parser raises for some malformed charsets
        return True


def _fields(part: EmailMessage) -> list[str]:
    return [f"{name}: {value}" for name, value in part.items() if not name.lower().startswith("content-")]


def _read_text(part: EmailMessage, body: Body) -> None:
    read = _text(part)
    if read.remark:
        body.remarks.append(f"in its text, {read.remark}")
    body.add(read.text, _text_blocks(read.text))


def _text(part: EmailMessage) -> Decoded:
    payload = part.get_payload(decode=True)
    data = payload if isinstance(payload, bytes) else b""
    is_html = part.get_content_subtype() == "html"
    charset = part.get_content_charset()
    named = DECLARED_CHARSET.search(data) if is_html and not charset else None
    try:
        read = decoded(data, named[1].decode() if named else charset)
    except DocumentError:
        text = data.decode("utf-8", "replace")
        read = Decoded(text, text.count("\ufffd"))
    return Decoded(html_text(read.text), read.damaged) if is_html else read


def _text_blocks(text: str) -> tuple[Block, ...]:
    """Return the blocks of a text; the signature is furniture."""
    *_, last = [None, *SIGNATURE.finditer(text)]
    if last is None or text.count("\n", last.end()) > MAX_SIGNATURE_LINES:
        return plain_blocks(text)
    end = len(text.rstrip())
    return (*plain_blocks(text[: last.start()]), Block(BlockKind.FURNITURE, last.start(), end))


def _listed(lines: list[str]) -> tuple[str, tuple[Block, ...]]:
    """Return the text of some lines, each of them an item."""
    blocks, start = [], 0
    for line in lines:
        blocks.append(Block(BlockKind.ITEM, start, start + len(line)))
        start += len(line) + 1
    return "\n".join(lines), tuple(blocks)
