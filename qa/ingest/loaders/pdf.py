"""Load PDFs: their text in reading order with its structure, the values of form fields, and notes.

A form feed separates two pages. Lines and hyphenated words are joined here and only here: the stored text is never
altered afterwards, so that offsets and pages stay exact. Scanned pages have no text layer.
"""

from collections import Counter
from collections.abc import Iterable, Iterator

from qa.errors import DocumentError
from qa.ingest.blocks import Part
from qa.ingest.pdf.assembly import Margins, assemble_pages
from qa.ingest.pdf.footnotes import note_units, split_footnotes
from qa.ingest.pdf.forms import CHECKED, Note
from qa.ingest.pdf.furniture import split_furniture
from qa.ingest.pdf.hyphens import Hyphens, plain
from qa.ingest.pdf.lines import Line
from qa.ingest.pdf.pages import File, read_file
from qa.ingest.pdf.remarks import remarks
from qa.ingest.pdf.titles import choose_title
from qa.ingest.pdf.units import Unit, read_units
from qa.ingest.recognition.setting import ADVICE, recognition_is_on
from qa.types import BlockKind, Document, Remark, make_document

NO_TEXT = "has no text layer, so it may be scanned"


def load(data: bytes, name: str) -> Iterator[Document | Remark]:
    """Yield the document in a .pdf file, and a remark for each kind of thing that is not read.

    Raises:
        DocumentError: the file is no PDF, is damaged or protected by a password, or has too many pages or no text.
    """
    file = read_file(data)
    body_size = _body_size(file)
    hyphens = Hyphens(line.text for page in file.pages for line in page.lines)
    bodies, margins = [], []
    for number, (above, body, below) in enumerate(
        split_furniture([page.lines for page in file.pages], body_size, file.labels)
    ):
        text, footnotes = split_footnotes(body, body_size)
        below_parts = [unit.part for unit in note_units(footnotes, hyphens)]
        below_parts += _notes(file.pages[number].notes)
        bodies.append(text)
        margins.append(Margins(list(_furniture(above)), [*below_parts, *_furniture(below)]))
    units = read_units(bodies, body_size, hyphens)
    found = any(c.isalnum() for part in _read_parts(units, margins) for c in part.text)
    if not found:
        raise DocumentError(NO_TEXT if recognition_is_on() else f"{NO_TEXT}; {ADVICE}")
    text_of_all, blocks = assemble_pages(units, margins)
    title = choose_title(file.title, units)
    yield make_document(
        id=name,
        title=title,
        text=text_of_all,
        source=name,
        media_type="application/pdf",
        blocks=blocks,
        page_labels=file.labels,
    )
    yield from remarks(file, [bool(body) for body in bodies])


def _body_size(file: File) -> float:
    """Return the font size of most characters."""
    chars: Counter[float] = Counter()
    for page in file.pages:
        for line in page.lines:
            chars[round(line.size, 1)] += len(line.text)
    return chars.most_common(1)[0][0] if chars else 0.0


def _furniture(lines: Iterable[Line]) -> Iterator[Part]:
    for line in lines:
        yield Part(BlockKind.FURNITURE, plain(line.text))


def _notes(notes: Iterable[Note]) -> Iterator[Part]:
    for note in notes:
        text = f"{note.name} {note.text}" if note.text == CHECKED else note.text
        yield Part(BlockKind.ITEM if note.is_field else BlockKind.TEXT, text, context=note.name)


def _read_parts(units: Iterable[Unit], margins: Iterable[Margins]) -> Iterator[Part]:
    yield from (unit.part for unit in units)
    yield from (part for margin in margins for part in margin.below if part.kind is not BlockKind.FURNITURE)
