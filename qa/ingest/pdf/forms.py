"""Read what a page holds besides its own text: the values of form fields, and notes."""

import ctypes
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pypdfium2.raw as pdfium

HIDDEN = 2 | 32
"""Flags of annotations that are not shown."""

PASSWORD_FIELD = 1 << 13

NO_TEXT_SUBTYPES = frozenset({pdfium.FPDF_ANNOT_LINK, pdfium.FPDF_ANNOT_WIDGET, pdfium.FPDF_ANNOT_POPUP})
"""Kinds of annotations whose contents are no note."""

VALUE_FIELDS = frozenset(
    {pdfium.FPDF_FORMFIELD_TEXTFIELD, pdfium.FPDF_FORMFIELD_COMBOBOX, pdfium.FPDF_FORMFIELD_LISTBOX}
)
CHECKED_FIELDS = frozenset({pdfium.FPDF_FORMFIELD_CHECKBOX, pdfium.FPDF_FORMFIELD_RADIOBUTTON})

CHECKED = "☒"
"""Written in the place of a box that is checked."""

MAX_NOTES = 2_000
"""Annotations of one page that are looked at."""


@dataclass(frozen=True, slots=True)
class Note:
    """Text of an annotation or of a form field, with its box in points; up is positive."""

    text: str
    left: float
    bottom: float
    right: float
    top: float
    is_field: bool
    name: str = ""
    """The field's name as a reader knows it, or the note's author."""


def read_notes(page: object, form: object) -> Iterator[Note]:
    """Yield the notes and filled-in fields of a page that are shown; `form` is None if the file has no form."""
    for number in range(min(pdfium.FPDFPage_GetAnnotCount(page), MAX_NOTES)):
        annotation = pdfium.FPDFPage_GetAnnot(page, number)
        if not annotation:
            continue
        try:
            note = _note(annotation, form)
        finally:
            pdfium.FPDFPage_CloseAnnot(annotation)
        if note and note.text:
            yield note


def _note(annotation: object, form: object) -> Note | None:
    subtype = pdfium.FPDFAnnot_GetSubtype(annotation)
    if subtype == pdfium.FPDF_ANNOT_LINK or pdfium.FPDFAnnot_GetFlags(annotation) & HIDDEN:
        return None
    rect = pdfium.FS_RECTF()
    pdfium.FPDFAnnot_GetRect(annotation, rect)
    box = (rect.left, min(rect.bottom, rect.top), rect.right, max(rect.bottom, rect.top))
    if subtype == pdfium.FPDF_ANNOT_WIDGET:
        text, name = _field(annotation, form) if form else ("", "")
        return Note(text, *box, True, name)
    if subtype in NO_TEXT_SUBTYPES:
        return None
    text = _string(lambda *rest: pdfium.FPDFAnnot_GetStringValue(annotation, b"Contents", *rest))
    author = _string(lambda *rest: pdfium.FPDFAnnot_GetStringValue(annotation, b"T", *rest))
    return Note(_paragraphs(text), *box, False, author)


def _field(annotation: object, form: object) -> tuple[str, str]:
    """Return the value and the name of a form field."""
    kind = pdfium.FPDFAnnot_GetFormFieldType(form, annotation)
    name = _string(lambda *rest: pdfium.FPDFAnnot_GetFormFieldAlternateName(form, annotation, *rest))
    name = name or _string(lambda *rest: pdfium.FPDFAnnot_GetFormFieldName(form, annotation, *rest))
    if kind in CHECKED_FIELDS:
        return (CHECKED if pdfium.FPDFAnnot_IsChecked(form, annotation) else ""), name
    if kind not in VALUE_FIELDS or pdfium.FPDFAnnot_GetFormFieldFlags(form, annotation) & PASSWORD_FIELD:
        return "", name
    value = _string(lambda *rest: pdfium.FPDFAnnot_GetFormFieldValue(form, annotation, *rest))
    return _paragraphs(value), name


def _string(read: Callable[..., int]) -> str:
    """Return a string that PDFium writes into a buffer, whose size in bytes it tells first."""
    size = read(None, 0)
    if size <= 2:
        return ""
    buffer = ctypes.create_string_buffer(size)
    read(ctypes.cast(buffer, ctypes.POINTER(pdfium.FPDF_WCHAR)), size)
    return buffer.raw[: size - 2].decode("utf-16-le", "replace").strip()


def _paragraphs(text: str) -> str:
    return re.sub(r"\s*[\r\n]+\s*", "\n", text.replace("\f", "\n")).strip()
