"""Load JSON lines: an object per line with `text`, and optionally `id`, `title`, `date` and `url`.

An object over several lines, or a list of objects, is read too.
"""

import json
import re
from collections.abc import Iterator

from qa.errors import DocumentError
from qa.ingest.decoding import decoded
from qa.text.dates import stated_day
from qa.types import Document, Remark, make_document

WANTED = 'one JSON object with "text" (and "id", "title", "date", "url") on each line'

MAX_NAMED = 3
"""Lines that are named of those that cannot be read."""

BETWEEN = re.compile(r"[\s,]+")
"""What separates two objects."""

MAX_SHOWN_CHARS = 60


def load(data: bytes, name: str) -> Iterator[Document | Remark]:
    """Yield the documents in a .jsonl file, in order, and remarks on the lines that are not read.

    `_id`, which BEIR uses, counts as `id`. A line is not read if it is no such object, or has the id of an earlier one.

    Raises:
        DocumentError: no line can be read.
    """
    read = decoded(data)
    seen: set[str] = set()
    failed: list[str] = []
    for where, number, record in _records(read.text):
        try:
            document = _document(record if isinstance(record, dict) else _record(str(record)), f"{name}:{number}")
            if document.id in seen:
                raise DocumentError(f"has the id {document.id[:MAX_SHOWN_CHARS]!r} of an earlier one; make ids unique")
        except DocumentError as error:
            failed.append(f"{where} {error}")
            continue
        seen.add(document.id)
        yield document
    if failed and not seen:
        raise DocumentError(failed[0])
    yield from map(Remark, failed[:MAX_NAMED])
    if len(failed) > MAX_NAMED:
        yield Remark(f"{len(failed) - MAX_NAMED:,} more lines were not read")
    if read.remark:
        yield Remark(read.remark)


def _records(text: str) -> Iterator[tuple[str, int, object]]:
    """Yield what to call each record, its number, and its line, or the object itself if it is not a line."""
    objects = _objects(text)
    if objects is not None:
        yield from ((f"record {number}", number, record) for number, record in enumerate(objects, 1))
        return
    # Only "\n" ends a record: JSON strings may contain the other line ends of splitlines().
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            yield f"line {number}", number, line


def _objects(text: str) -> list[object] | None:
    """Return the objects in a file that has not one of them on each line; None for any other file."""
    first = text.lstrip().partition("\n")[0].strip()
    if not first or _is_object(first):
        return None
    found: list[object] = []
    decoder, place = json.JSONDecoder(), _skip(text, 0)
    try:
        while place < len(text):
            value, place = decoder.raw_decode(text, place)
            found += value if isinstance(value, list) else [value]
            place = _skip(text, place)
    except (ValueError, RecursionError):
        return None
    return found if found and all(isinstance(one, dict) for one in found) else None


def _skip(text: str, place: int) -> int:
    """Return where the next object begins."""
    match = BETWEEN.match(text, place)
    return match.end() if match else place


def _is_object(line: str) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return False


def _record(line: str) -> dict[str, object]:
    try:
        record = json.loads(line)
    except json.JSONDecodeError as error:
        raise DocumentError(f"is not JSON ({error.msg} at character {error.pos + 1}); wanted {WANTED}") from error
    except (ValueError, RecursionError) as error:  # a number too long to read, or too many brackets
        raise DocumentError(f"is not JSON that can be read ({type(error).__name__}); wanted {WANTED}") from error
    if not isinstance(record, dict):
        raise DocumentError(f"is not a JSON object; wanted {WANTED}")
    return record


def _document(record: dict[str, object], default_id: str) -> Document:
    def field(*keys: str) -> str:
        value = next((record[key] for key in keys if record.get(key) is not None), "")
        if not isinstance(value, str | int):
            raise DocumentError(f"is not read: its {keys[0]!r} is {type(value).__name__}, wanted a string")
        return str(value)

    text = record.get("text")
    if not isinstance(text, str):
        raise DocumentError(f'is not an object with a "text"; wanted {WANTED}')
    id = field("id", "_id") or default_id
    return make_document(
        id=id,
        title=field("title"),
        text=text,
        source=field("url") or id,
        published=stated_day(record.get("date")),
        media_type="application/jsonl",
    )
