"""Write small PDFs with text at any place, for the tests of the PDF loader."""

from dataclasses import dataclass, field

import pypdfium2

from tests.support.sample_files import pdf_file, pdf_string

WIDTH, HEIGHT = 595, 842

FONTS = {"plain": b"/F1", "bold": b"/F2"}


@dataclass
class Page:
    """A page in points; `y` counts from the top, and `x` from the left."""

    rotate: int = 0
    content: list[bytes] = field(default_factory=list)
    annotations: list[bytes] = field(default_factory=list)
    damaged: bool = False

    def text(self, x, y, text, size=11, font="plain", turned=False):
        """Show text; `turned` text runs from bottom to top, as the page shows it if it is rotated by 90 degrees."""
        matrix = b"0 1 -1 0" if turned else b"1 0 0 1"
        place = b"%s %g %g Tm" % (matrix, x, HEIGHT - y)
        self.content.append(b"BT %s %g Tf %s (%s) Tj ET" % (FONTS[font], size, place, pdf_string(text)))
        return self

    def lines(self, x, y, lines, size=11, leading=14, font="plain"):
        """Show lines below one another."""
        for number, line in enumerate(lines):
            self.text(x, y + number * leading, line, size, font)
        return self

    def rows(self, xs, y, rows, leading=18, **look):
        """Show a table, row by row; blank cells are left out."""
        for number, row in enumerate(rows):
            for x, cell in zip(xs, row, strict=True):
                if cell:
                    self.text(x, y + number * leading, cell, **look)
        return self

    def note(self, x, y, text, kind="FreeText", flags=4, author=""):
        self.annotations.append(
            b"<< /Type /Annot /Subtype /%s /Rect [%g %g %g %g] /F %d /Contents (%s) /T (%s) >>"
            % (kind.encode(), x, HEIGHT - y, x + 200, HEIGHT - y + 14, flags, pdf_string(text), pdf_string(author))
        )
        return self

    def form_field(self, x, y, name, value, kind="Tx", flags=0):
        """Add a form field with its box; a check box (kind "Btn") is on unless its value is "Off"."""
        shown = b"/V /%s /AS /%s" % ((value.encode(),) * 2) if kind == "Btn" else b"/V (%s)" % pdf_string(value)
        look = b"/AP << /N << /%s << >> /Off << >> >> >>" % (value.encode() if value != "Off" else b"Yes")
        width = 12 if kind == "Btn" else 200
        self.annotations.append(
            b"<< /Type /Annot /Subtype /Widget /FT /%s /T (%s) /Ff %d %s %s /Rect [%g %g %g %g] /F 4 /DA (/F1 11 Tf) >>"
            % (
                kind.encode(),
                pdf_string(name),
                flags,
                shown,
                look if kind == "Btn" else b"",
                x,
                HEIGHT - y - 4,
                x + width,
                HEIGHT - y + 12,
            )
        )
        return self

    def image(self):
        """Add a picture that fills the page, as a scanner does."""
        self.content.append(b"q 595 0 0 842 0 0 cm BI /W 1 /H 1 /CS /G /BPC 8 ID \x80 EI Q")
        return self


def scan(page: Page) -> Page:
    """Return a page that shows a picture of another, as a scanner makes it."""
    pdf = pypdfium2.PdfDocument(write([page]))
    try:
        pixels = pdf[0].render(scale=2, grayscale=True).to_numpy()
    finally:
        pdf.close()
    height, width = pixels.shape
    picture = b"BI /W %d /H %d /CS /G /BPC 8 /F /AHx ID %s> EI" % (width, height, pixels.tobytes().hex().encode())
    return Page(content=[b"q %d 0 0 %d 0 0 cm %s Q" % (WIDTH, HEIGHT, picture)])


def write(pages, title="", catalog=b"", labels=b"") -> bytes:
    """Write the file; `catalog` holds more entries of the document's catalog."""
    numbers, objects = [], [b"", b""]
    objects.append(b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>")
    objects.append(b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold /Encoding /WinAnsiEncoding >>")
    fields = []
    for page in pages:
        annotations = []
        for annotation in page.annotations:
            objects.append(annotation)
            annotations.append(len(objects))
            if b"/Widget" in annotation:
                fields.append(len(objects))
        content = b"\n".join(page.content)
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content))
        body = (
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %d %d] /Rotate %d /Contents %d 0 R /Annots [%s]"
            b" /Resources << /Font << /F1 3 0 R /F2 4 0 R >> >> >>"
            % (WIDTH, HEIGHT, page.rotate, len(objects), _references(annotations))
        )
        objects.append(b"null" if page.damaged else body)
        numbers.append(len(objects))
    form = b"/AcroForm << /Fields [%s] /DR << /Font << /F1 3 0 R >> >> >>" % _references(fields) if fields else b""
    objects[0] = b"<< /Type /Catalog /Pages 2 0 R %s %s %s >>" % (form, catalog, labels)
    objects[1] = b"<< /Type /Pages /Count %d /Kids [%s] >>" % (len(numbers), _references(numbers))
    objects.append(b"<< /Title (%s) >>" % pdf_string(title))
    return pdf_file(objects, b"")


def _references(numbers) -> bytes:
    return b" ".join(b"%d 0 R" % number for number in numbers)
