"""Read the attachments of messages with the loaders for their types."""

import mimetypes
from collections.abc import Iterator
from dataclasses import replace
from email.message import EmailMessage

from embeddings.plugins import find, names
from qa.errors import DocumentError
from qa.ingest import loaders
from qa.ingest.files import ALIASES, max_file_mb
from qa.types import Document, Remark

UNNAMED = "unnamed"
MAX_REASON_CHARS = 200

GENERIC = frozenset({"application/octet-stream", "application/x-download", "binary/octet-stream"})
"""Types that say nothing about what is attached."""


def file_name(part: EmailMessage) -> str:
    """Return the name under which a part is attached, without folders; empty if it has none."""
    try:
        name = part.get_filename() or ""
    except (ValueError, IndexError, AttributeError, TypeError, KeyError, LookupError):  # malformed headers
        return ""
    return " ".join(str(name).replace("\\", "/").rpartition("/")[2].split())


def read_attachment(part: EmailMessage, id: str) -> Iterator[Document | Remark]:
    """Yield the documents in an attachment, with ids that begin with `id`, or a remark that it cannot be read."""
    called = id.rpartition("#")[2]
    suffix = _suffix(part, file_name(part))
    loader = ALIASES.get(suffix, suffix)
    if loader not in names(loaders):
        yield Remark(f"the attachment {called} was not read, because .{suffix or 'unknown'} is not a supported type")
        return
    payload = part.get_payload(decode=True)
    data = payload if isinstance(payload, bytes) else b""
    if len(data) > max_file_mb() * 1e6:
        yield Remark(f"the attachment {called} was not read, because it is larger than {max_file_mb():g} MB")
        return
    try:
        for found in find(loaders, loader).load(data, id):
            yield _as_attachment(found, id, called)
    except DocumentError as error:
        yield Remark(f"the attachment {called} {error}"[:MAX_REASON_CHARS])
    except MemoryError:
        raise
    except Exception as error:  # whatever a parser raises, the message itself is read
        reason = " ".join(f"{type(error).__name__}: {error}".split())
        yield Remark(f"the attachment {called} cannot be read as .{suffix} ({reason})"[:MAX_REASON_CHARS])


def _suffix(part: EmailMessage, called: str) -> str:
    suffix = called.rpartition(".")[2].lower() if "." in called else ""
    kind = part.get_content_type()
    if (suffix in names(loaders) or suffix in ALIASES) or kind in GENERIC:
        return suffix
    guessed = (mimetypes.guess_extension(kind) or "").removeprefix(".")
    return guessed if guessed in names(loaders) or guessed in ALIASES else suffix or guessed


def _as_attachment(found: Document | Remark, id: str, called: str) -> Document | Remark:
    if isinstance(found, Remark):
        return Remark(f"the attachment {called}: {found.text}")
    if found.id.startswith(id):
        return found
    return replace(found, id=f"{id}#{found.id}", source=id if found.source == found.id else found.source)
