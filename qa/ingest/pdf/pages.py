"""Read the pages of a PDF: their words in lines, the values of their form fields, their notes."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import pypdfium2
import pypdfium2.raw as pdfium

from qa.errors import DocumentError
from qa.ingest.pdf.forms import CHECKED, Note, read_notes
from qa.ingest.pdf.lines import Line, read_lines
from qa.ingest.pdf.runs import Run, read_runs
from qa.ingest.recognition.engine import recognise
from qa.ingest.recognition.setting import recognition_is_on

MAX_PAGES = 3_000

PASSWORD = 4
"""PDFium's error code for a missing or wrong password."""

XFA_FORMS = (pdfium.FORMTYPE_XFA_FULL, pdfium.FORMTYPE_XFA_FOREGROUND)

MAX_RECOGNISED_PAGES = 200
"""Pages of a file whose text is recognised, for each takes seconds."""

MAX_SCANNED_CHARS = 20
"""Characters of text that a scanned page may have: a page number, or a stamp."""

MAX_LABEL_GAP = 0.6
"""How far above or below its label a field's middle may be, in heights of the label."""


@dataclass(slots=True)
class Page:
    """A page of the file."""

    lines: list[Line] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    """Notes, and fields without a label beside them."""
    is_damaged: bool = False
    is_recognised: bool = False
    """Whether the text was recognised in a picture, so that words may be wrong."""


@dataclass(slots=True)
class File:
    """What a PDF holds."""

    title: str
    """The title that the file's properties state."""
    pages: list[Page]
    labels: list[str]
    """The printed number of each page, empty where the file states none."""
    is_xfa: bool = False


def read_file(data: bytes) -> File:
    """Read a PDF. A damaged page is marked as such, and has no lines.

    Raises:
        DocumentError: the file is no PDF, is damaged or protected by a password, or has too many pages.
    """
    try:
        pdf = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if error.err_code == PASSWORD:
            raise DocumentError("is protected by a password; save it without one") from error
        raise DocumentError(f"is not a PDF, or is damaged ({error})") from error
    try:
        if len(pdf) > MAX_PAGES:
            raise DocumentError(f"has {len(pdf):,} pages, the limit is {MAX_PAGES:,}; split it")
        form_type = pdf.get_formtype()
        form = _form(pdf) if form_type != pdfium.FORMTYPE_NONE else None
        title = pdf.get_metadata_value("Title").strip()
        labels = [pdf.get_page_label(number) for number in range(len(pdf))]
        return File(title, list(_pages(pdf, form)), labels, form_type in XFA_FORMS)
    finally:
        pdf.close()


def _form(pdf: pypdfium2.PdfDocument) -> object:
    try:
        pdf.init_forms()
    except pypdfium2.PdfiumError:
        return None
    return pdf.formenv.raw if pdf.formenv else None


def _pages(pdf: pypdfium2.PdfDocument, form: object) -> Iterator[Page]:
    left = MAX_RECOGNISED_PAGES if recognition_is_on() else 0
    for number in range(len(pdf)):
        try:
            page = pdf[number]
            try:
                read = _page(page, number, form, left > 0)
            finally:
                page.close()
        except pypdfium2.PdfiumError:
            read = Page(is_damaged=True)
        left -= read.is_recognised
        yield read


def _page(page: pypdfium2.PdfPage, number: int, form: object, may_recognise: bool) -> Page:
    textpage = page.get_textpage()
    runs = read_runs(textpage.raw)
    textpage.close()
    is_scanned = may_recognise and _is_scanned(page, runs)
    if is_scanned:
        runs = recognise(page)
    notes = list(read_notes(page.raw, form))
    labelled = [note for note in notes if note.is_field or _ends_label(note, runs)]
    placed = [run for note in labelled if (run := _placed(note, runs))]
    others = [note for note in notes if note not in labelled or not _placed(note, runs)]
    return Page(read_lines([*runs, *placed], number), others, is_recognised=is_scanned)


def _ends_label(note: Note, runs: list[Run]) -> bool:
    """Say whether a note is written where a form asks for it: in the line of a label that ends with a colon."""
    label = _label(note, runs)
    return label is not None and label.text.endswith(":")


def _label(note: Note, runs: list[Run]) -> Run | None:
    """Return the run that a note belongs to: the nearest to the left in its line, of a checked box to the right."""
    middle = -(note.top + note.bottom) / 2
    beside = [
        run
        for run in runs
        if run.turn == 0
        and abs((run.top + run.bottom) / 2 - middle) <= MAX_LABEL_GAP * (run.bottom - run.top) + _slack(note, run)
    ]
    after = [run for run in beside if -4 <= run.left - note.right <= 2 * run.size]
    if note.text == CHECKED and after:
        return min(after, key=lambda run: run.left)
    return max((run for run in beside if run.right <= note.left + 4), key=lambda run: run.right, default=None)


def _slack(note: Note, run: Run) -> float:
    """Return how much taller than its label's line a field's box is, to each side."""
    return min(max((note.top - note.bottom) - (run.bottom - run.top), 0.0) / 2, run.bottom - run.top)


def _placed(note: Note, runs: list[Run]) -> Run | None:
    """Return the value of a field as a run in the line of its label; None if it has none."""
    label = _label(note, runs)
    if label is None:
        return None
    text = " ".join(note.text.split())
    return Run(text, note.left, note.right, label.top, label.bottom, label.size, label.order, label.bold)


def _is_scanned(page: pypdfium2.PdfPage, runs: list[Run]) -> bool:
    """Say whether a page shows something, but next to no text."""
    chars = sum(len(run.text) for run in runs)
    return chars <= MAX_SCANNED_CHARS and pdfium.FPDFPage_CountObjects(page.raw) > len(runs)
