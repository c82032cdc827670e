"""Load PDFs: the text layer in file order, with a form feed between pages. Scanned pages have no text layer.

Lines are joined into paragraphs, and words hyphenated at a line end are joined, here and only here: the stored text is
never altered afterwards, so that offsets and pages stay exact.
"""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

import pypdfium2

from qa.errors import DocumentError
from qa.ingest.loaders.txt import title_line
from qa.types import PAGE_BREAK, Document, join_pages, make_document

MAX_PAGES = 3_000

PASSWORD = 4
"""PDFium's error code for a missing or wrong password."""

HYPHENATED = re.compile("([^\\W\\d_]+)\ufffe([^\\W\\d_]+)")
"""A word hyphenated at a line end, where PDFium puts U+FFFE."""

WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")

FULL_LINE_SHARE = 0.85
"""A line is full if the next word would have made it longer than this share of the usual length; its paragraph then
continues in the next line."""

MIN_LINE_CHARS = 30
"""Assumed usual length if the lines are shorter: such short lines do not come from wrapped paragraphs."""

LIST_ITEM = re.compile(r"\s*(?:[-*•‣▪◦–]|\(?\w{1,3}[.)])\s")
"""The beginning of a list item."""

GENERATED_TITLE = re.compile(
    r"untitled.*|microsoft \w+ - .*|.*\.(?:docx?|odt|rtf|tex|indd|pptx?|xlsx?|pdf)|[\W\d_]*", re.I
)
"""Titles that a program made up."""


def load(data: bytes, name: str) -> Iterator[Document]:
    """Yield the document in a .pdf file.

    Raises:
        DocumentError: the file is no PDF, is damaged or protected by a password, or has too many pages or no text.
    """
    title, pages = _read(data)
    words = Counter(WORD.findall("\n".join(pages)))
    width = _usual_line_chars(pages)
    text = join_pages([_join_words(_join_lines(page, width), words) for page in pages])
    if not any(c.isalnum() for c in text):
        raise DocumentError("has no text layer, so it may be scanned; run text recognition (OCR) on it first")
    title = title if title and not GENERATED_TITLE.fullmatch(title) else title_line(text.replace(PAGE_BREAK, "\n"))
    yield make_document(id=name, title=title, text=text, source=name, media_type="application/pdf")


def _read(data: bytes) -> tuple[str, list[str]]:
    try:
        pdf = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if error.err_code == PASSWORD:
            raise DocumentError("is protected by a password; save it without one") from error
        raise DocumentError(f"is not a PDF, or is damaged ({error})") from error
    try:
        if len(pdf) > MAX_PAGES:
            raise DocumentError(f"has {len(pdf):,} pages, the limit is {MAX_PAGES:,}; split it")
        return pdf.get_metadata_value("Title").strip(), [_page(pdf, number) for number in range(len(pdf))]
    finally:
        pdf.close()


def _page(pdf: pypdfium2.PdfDocument, number: int) -> str:
    try:
        page = pdf[number]
        text: str = page.get_textpage().get_text_range()
        page.close()
    except pypdfium2.PdfiumError as error:
        raise DocumentError(f"page {number + 1} is damaged ({error})") from error
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _usual_line_chars(pages: list[str]) -> int:
    """Return the length of a full line in characters: nine lines in ten are no longer."""
    lengths = sorted(len(line) for page in pages for line in page.split("\n") if line.strip())
    return lengths[len(lengths) * 9 // 10] if lengths else 0


def _join_lines(page: str, width: int) -> str:
    """Replace the line end after each full line with a blank."""
    lines = page.split("\n")
    pieces = lines[:1]
    for before, line in pairwise(lines):
        word = line.split(maxsplit=1)[0] if line.strip() else ""
        filled = len(before) + 1 + len(word) > FULL_LINE_SHARE * max(width, MIN_LINE_CHARS)
        pieces += [" " if filled and word and before.strip() and not LIST_ITEM.match(line) else "\n", line]
    return "".join(pieces)


def _join_words(text: str, words: Counter[str]) -> str:
    """Join the words hyphenated at a line end; compounds keep their hyphen."""

    def whole(match: re.Match[str]) -> str:
        first, second = match[1], match[2]
        with_hyphen = f"{first}-{second}"
        if words[first + second]:
            return first + second
        compound = words[with_hyphen] or second[0].isupper() or (words[first] > 1 and words[second] > 1)
        return with_hyphen if compound else first + second

    return HYPHENATED.sub(whole, text).replace("\ufffe", "-")
