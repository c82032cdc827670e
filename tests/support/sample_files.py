"""Make a small file of any format from paragraphs, for the tests of loaders and of hostile files."""

import io
import json
import zipfile
from email.message import EmailMessage
from html import escape

import docx
import openpyxl

ODF = "urn:oasis:names:tc:opendocument:xmlns:"


def pdf(pages, title="", count=None, encrypted=False) -> bytes:
    """Make a PDF from pages of lines in Helvetica; the last page is repeated until there are `count`."""
    kids = [4 + 2 * i for i in range(len(pages))]
    kids += [kids[-1]] * ((count or len(pages)) - len(pages)) if kids else []
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count %d /Kids [%s] >>" % (len(kids), b" ".join(b"%d 0 R" % kid for kid in kids)),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    for number, lines in enumerate(pages):
        shown = b" ".join(b"(%s) Tj T*" % pdf_string(line) for line in lines)
        content = b"BT /F1 12 Tf 14 TL 72 720 Td " + shown + b" ET"
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 900 792] /Resources << /Font << /F1 3 0 R >> >>"
            b" /Contents %d 0 R >>" % (5 + 2 * number)
        )
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content))
    objects.append(b"<< /Title (%s) >>" % pdf_string(title))
    secret = b"/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O (%s) /U (%s) >> /ID [(a) (a)]" % (b"o" * 32, b"u" * 32)
    return pdf_file(objects, secret if encrypted else b"")


def pdf_string(text: str) -> bytes:
    return text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)").encode("cp1252")


def pdf_file(objects, more: bytes) -> bytes:
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    trailer = b"trailer << /Size %d /Root 1 0 R /Info %d 0 R %s >>" % (len(objects) + 1, len(objects), more)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    return out + head + table + trailer + b"\nstartxref\n%d\n%%%%EOF" % len(out)


def archive(members, compression=zipfile.ZIP_DEFLATED) -> bytes:
    """Make a zip file from a mapping of names to contents."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as written:
        for name, content in members.items():
            written.writestr(name, content)
    return out.getvalue()


def word(paragraphs, title="", rows=()) -> bytes:
    made = docx.Document()
    made.core_properties.title = title
    for paragraph in paragraphs:
        made.add_paragraph(paragraph)
    if rows:
        table = made.add_table(len(rows), len(rows[0]))
        for i, row in enumerate(rows):
            for j, cell in enumerate(row):
                table.cell(i, j).text = cell
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def odt(paragraphs, title="", body="", doctype="") -> bytes:
    shown = body or "".join(f"<text:p>{escape(paragraph)}</text:p>" for paragraph in paragraphs)
    spaces = f'xmlns:office="{ODF}office:1.0" xmlns:text="{ODF}text:1.0" xmlns:table="{ODF}table:1.0"'
    content = f"<office:document-content {spaces}><office:body><office:text>{shown}</office:text></office:body>"
    meta = f'<m xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{escape(title)}</dc:title></m>'
    return archive({"content.xml": f"{doctype}{content}</office:document-content>", "meta.xml": meta})


def epub(chapters, title="", date="", publisher="", more=None) -> bytes:
    """Make a book; each chapter is a list of paragraphs. The manifest lists the chapters in reverse order."""
    numbers = range(len(chapters))
    items = "".join(f'<item id="c{n}" href="text/c%20{n}.xhtml"/>' for n in reversed(numbers))
    spine = "".join(f'<itemref idref="c{n}"/>' for n in numbers)
    stated = f"<dc:title>{escape(title)}</dc:title><dc:date>{date}</dc:date><dc:publisher>{publisher}</dc:publisher>"
    members = {
        "META-INF/container.xml": '<container><rootfiles><rootfile full-path="OEBPS/b.opf"/></rootfiles></container>',
        "OEBPS/b.opf": f'<package xmlns:dc="http://purl.org/dc/elements/1.1/"><metadata>{stated}</metadata>'
        f"<manifest>{items}</manifest><spine>{spine}</spine></package>",
    }
    for n, chapter in enumerate(chapters):
        body = "".join(f"<p>{escape(paragraph)}</p>" for paragraph in chapter)
        members[f"OEBPS/text/c {n}.xhtml"] = f"<html><head><title>no</title></head><body>{body}</body></html>"
    return archive(members | (more or {}))


def eml(paragraphs, html=False, **headers) -> bytes:
    made = EmailMessage()
    for name, value in {"From": "Anna Berg <anna@example.org>", "Subject": "Tea", **headers}.items():
        made[name] = value
    shown = "".join(f"<p>{escape(p)}</p>" for p in paragraphs) if html else "\n\n".join(paragraphs)
    made.set_content(shown, subtype="html" if html else "plain", cte="8bit")
    return made.as_bytes()


def mbox(*messages) -> bytes:
    return b"".join(b"From anna@example.org Fri Jan 14 10:00:00 2022\n" + one + b"\n\n" for one in messages)


def rtf(paragraphs) -> bytes:
    shown = "\\par\n".join("".join(_rtf_character(c) for c in paragraph) for paragraph in paragraphs)
    return f"{{\\rtf1\\ansi\\ansicpg1252\\uc1 {shown}}}".encode("ascii")


def _rtf_character(c: str) -> str:
    if c in "\\{}":
        return f"\\{c}"
    units = c.encode("utf-16-le")
    codes = [int.from_bytes(units[i : i + 2], "little", signed=True) for i in range(0, len(units), 2)]
    return c if c.isascii() else "".join(f"\\u{code}?" for code in codes)


def html(paragraphs, head="") -> bytes:
    shown = "".join(f"<p>{escape(paragraph)}</p>" for paragraph in paragraphs)
    return f"<!doctype html><html><head><meta charset=utf-8>{head}</head><body>{shown}</body></html>".encode()


def table(rows, delimiter=",") -> bytes:
    quoted = (delimiter.join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows)
    return "\r\n".join(quoted).encode()


def xlsx(sheets, change=None) -> bytes:
    """Make a workbook from a mapping of sheets' names to rows; `change` may change it before it is written."""
    made = openpyxl.Workbook()
    made.remove(made.active)
    for name, rows in sheets.items():
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(row)
    if change:
        change(made)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def ods(sheets, title="", styles="", raw=False) -> bytes:
    """Make a spreadsheet from a mapping of sheets' names to rows of texts, or to the XML of the rows if it is `raw`."""
    shown = "".join(
        f'<table:table table:name="{escape(name)}">{rows if raw else "".join(map(_ods_row, rows))}</table:table>'
        for name, rows in sheets.items()
    )
    names = ("office", "style", "table", "text")
    spaces = " ".join(f'xmlns:{name}="{ODF}{name}:1.0"' for name in names)
    content = (
        f"<office:document-content {spaces}><office:automatic-styles>{styles}</office:automatic-styles><office:body>"
        f"<office:spreadsheet>{shown}</office:spreadsheet></office:body></office:document-content>"
    )
    meta = f'<m xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{escape(title)}</dc:title></m>'
    return archive({"content.xml": content, "meta.xml": meta})


def _ods_row(cells) -> str:
    shown = (f"<table:table-cell><text:p>{escape(cell)}</text:p></table:table-cell>" for cell in cells)
    return f"<table:table-row>{''.join(shown)}</table:table-row>"


def jsonl(*records, ascii=False) -> str:
    return "".join(json.dumps(record, ensure_ascii=ascii) + "\n" for record in records)


def _plain(paragraphs) -> bytes:
    return "\n\n".join(paragraphs).encode()


def _words_sheet(paragraphs) -> bytes:
    return xlsx({"Notes": [["words"], *([p] for p in paragraphs)]})


def _word_like(kind):
    def make(paragraphs) -> bytes:
        from tests.support.word_files import with_type

        return with_type(word(paragraphs), f"application/vnd.ms-word.{kind}.main+xml")

    return make


def _opendocument(kind, flat=False):
    def make(paragraphs) -> bytes:
        from tests.support.word_files import odf, page

        shown = "".join(f"<text:p>{escape(paragraph)}</text:p>" for paragraph in paragraphs)
        frame = f"<draw:frame><draw:text-box>{shown}</draw:text-box></draw:frame>"
        return odf(page(frame) if kind == "presentation" else shown, kind, flat=flat)

    return make


def _slides(paragraphs) -> bytes:
    from tests.support.word_files import pptx, shape

    return pptx(shape(*paragraphs))


MAKERS = {
    "csv": lambda paragraphs: table([["words"], *([p] for p in paragraphs)]),
    "docm": _word_like("document.macroEnabled"),
    "docx": word,
    "dotm": _word_like("template.macroEnabled"),
    "dotx": _word_like("template"),
    "eml": eml,
    "epub": lambda paragraphs: epub([paragraphs]),
    "fodt": _opendocument("text", flat=True),
    "htm": html,
    "html": html,
    "jsonl": lambda paragraphs: jsonl({"id": "a", "text": "\n\n".join(paragraphs)}).encode(),
    "mbox": lambda paragraphs: mbox(eml(paragraphs)),
    "md": _plain,
    "ods": lambda paragraphs: ods({"Notes": [["words"], *([p] for p in paragraphs)]}),
    "odp": _opendocument("presentation"),
    "odt": odt,
    "ott": odt,
    "pdf": lambda paragraphs: pdf([paragraphs]),
    "ppsx": _slides,
    "pptm": _slides,
    "pptx": _slides,
    "rtf": rtf,
    "tab": lambda paragraphs: table([["words", "no"], *([p, "-"] for p in paragraphs)], "\t"),
    "tsv": lambda paragraphs: table([["words", "no"], *([p, "-"] for p in paragraphs)], "\t"),
    "txt": _plain,
    "xhtml": html,
    "xlsm": _words_sheet,
    "xlsx": _words_sheet,
    "xltx": _words_sheet,
}
"""For each suffix, a function that makes a file with these paragraphs."""
