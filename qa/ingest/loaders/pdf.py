"""PDF: the text layer in the order of the file, a form feed between pages; scanned pages have none.

Lines are joined to paragraphs and words that a line end parted are joined here, once; what is stored is never altered
afterwards, so offsets and pages stay exact.
"""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

import pypdfium2

from qa.errors import DocumentError
from qa.ingest.loaders.txt import title_line
from qa.types import BREAK, Document, join_pages, make_document

MAX_PAGES = 3_000

PASSWORD = 4
"""PDFium's number for a password that is missing or wrong."""

HYPHENATED = re.compile("([^\\W\\d_]+)\ufffe([^\\W\\d_]+)")
"""A word with a hyphen at a line end, which PDFium marks so."""

WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")

FULL_LINE_SHARE = 0.85
"""Of the usual length of a line; one that would have had no room for the next word goes on in the next line."""

MIN_LINE_CHARS = 30
"""Characters; where the usual line is shorter, there are no paragraphs to fill it."""

LIST_ITEM = re.compile(r"\s*(?:[-*•‣▪◦–]|\(?\w{1,3}[.)])\s")
"""How an item of a list begins."""

GENERATED_TITLE = re.compile(
    r"untitled.*|microsoft \w+ - .*|.*\.(?:docx?|odt|rtf|tex|indd|pptx?|xlsx?|pdf)|[\W\d_]*", re.I
)
"""Titles that a program wrote."""


def load(data: bytes, name: str) -> Iterator[Document]:
    """The document in a PDF file.

    Raises:
        DocumentError: no PDF, damaged, protected by a password, too many pages, or no text layer.
    """
    title, pages = _read(data)
    words = Counter(WORD.findall("\n".join(pages)))
    width = _usual_line_chars(pages)
    text = join_pages([_join_words(_join_lines(page, width), words) for page in pages])
    if not any(c.isalnum() for c in text):
        raise DocumentError("has no text layer, so it may be scanned; run text recognition (OCR) on it first")
    title = title if title and not GENERATED_TITLE.fullmatch(title) else title_line(text.replace(BREAK, "\n"))
    yield make_document(id=name, title=title, text=text, source=name, media_type="application/pdf")


def _read(data: bytes) -> tuple[str, list[str]]:
    try:
        pdf = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if error.err_code == PASSWORD:
            raise DocumentError("is protected by a password; save it without one") from error
        raise DocumentError(f"is no PDF, or damaged ({error})") from error
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
    """Characters in a line that is filled: as many as nine lines in ten do not pass."""
    lengths = sorted(len(line) for page in pages for line in page.split("\n") if line.strip())
    return lengths[len(lengths) * 9 // 10] if lengths else 0


def _join_lines(page: str, width: int) -> str:
    """The page with a blank for each line end that a filled line has."""
    lines = page.split("\n")
    pieces = lines[:1]
    for before, line in pairwise(lines):
        word = line.split(maxsplit=1)[0] if line.strip() else ""
        filled = len(before) + 1 + len(word) > FULL_LINE_SHARE * max(width, MIN_LINE_CHARS)
        pieces += [" " if filled and word and before.strip() and not LIST_ITEM.match(line) else "\n", line]
    return "".join(pieces)


def _join_words(text: str, words: Counter[str]) -> str:
    """The text with the words joined that a line end parted; those that have a hyphen anyhow keep it."""

    def whole(match: re.Match[str]) -> str:
        first, second = match[1], match[2]
        with_hyphen = f"{first}-{second}"
        if words[first + second]:
            return first + second
        compound = words[with_hyphen] or second[0].isupper() or (words[first] > 1 and words[second] > 1)
        return with_hyphen if compound else first + second

    return HYPHENATED.sub(whole, text).replace("\ufffe", "-")
