"""Load JSON lines: an object per line with `text`, and optionally `id`, `title`, `date` and `url`."""

import json
from collections.abc import Iterator

from qa.errors import DocumentError
from qa.ingest.decoding import decode
from qa.types import Document, make_document

WANTED = 'one JSON object with "text" (and "id", "title", "date", "url") on each line'


def load(data: bytes, name: str) -> Iterator[Document]:
    """Yield the documents in a .jsonl file, in order; `_id`, which BEIR uses, counts as `id`.

    Raises:
        DocumentError: the named line is not such an object, or has the id of an earlier line.
    """
    seen: set[str] = set()
    # Only "\n" ends a record: JSON strings may contain the other line ends of splitlines().
    for number, line in enumerate(decode(data).split("\n"), 1):
        if line.strip():
            document = _document(_record(line, f"line {number}"), f"{name}:{number}", f"line {number}")
            if document.id in seen:
                raise DocumentError(f"line {number} has the id {document.id!r} of an earlier line; make ids unique")
            seen.add(document.id)
            yield document


def _record(line: str, where: str) -> dict[str, object]:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise DocumentError(f"{where} is not JSON ({error}); wanted {WANTED}") from error
    if not isinstance(record, dict) or not isinstance(record.get("text"), str):
        raise DocumentError(f'{where} is not an object with a "text"; wanted {WANTED}')
    return record


def _document(record: dict[str, object], default_id: str, where: str) -> Document:
    def field(*keys: str) -> str:
        value = next((record[key] for key in keys if record.get(key) is not None), "")
        if not isinstance(value, str | int):
            raise DocumentError(f"{where}: {keys[0]!r} is {type(value).__name__}, wanted a string")
        return str(value)

    id = field("id", "_id") or default_id
    return make_document(
        id=id,
        title=field("title"),
        text=field("text"),
        source=field("url") or id,
        published=field("date")[:10] or None,
        media_type="application/jsonl",
    )
