"""Make Word documents, OpenDocument files and presentations from the XML of their bodies."""

from html import escape
from io import BytesIO
from zipfile import ZipFile

from tests.support.sample_files import archive

OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT = "http://purl.oclc.org/ooxml/officeDocument/relationships"
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STRICT_WORD = "http://purl.oclc.org/ooxml/wordprocessingml/main"
SPACES = (
    'xmlns:r="{office}" xmlns:w="{word}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    ' xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
    ' xmlns:v="urn:schemas-microsoft-com:vml" xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart"'
    ' xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    ' xmlns:dgm="http://schemas.openxmlformats.org/drawingml/2006/diagram"'
    ' xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
    ' xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" xmlns:o="urn:schemas-microsoft-com:office"'
)
ODF = "urn:oasis:names:tc:opendocument:xmlns:"
ODF_SPACES = " ".join(
    f'xmlns:{prefix}="{ODF}{name}:1.0"'
    for prefix, name in {
        "office": "office", "text": "text", "table": "table", "draw": "drawing", "style": "style", "chart": "chart",
        "presentation": "presentation", "fo": "xsl-fo-compatible", "svg": "svg-compatible", "meta": "meta",
    }.items()
) + ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xlink="http://www.w3.org/1999/xlink"'  # fmt: skip


def run(text: str, properties: str = "") -> str:
    """Return a run of text."""
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def p(*content: str, style: str = "", properties: str = "") -> str:
    """Return a paragraph of runs; content that is no XML becomes a run."""
    named = f'<w:pStyle w:val="{style}"/>' if style else ""
    inside = "".join(one if one.startswith("<") else run(one) for one in content)
    return f"<w:p><w:pPr>{named}{properties}</w:pPr>{inside}</w:p>"


def tbl(*rows, header: int = 0) -> str:
    """Return a table of rows of cells; a cell that is no XML becomes one with a paragraph."""
    made = ""
    for count, row in enumerate(rows):
        cells = "".join(one if one.startswith("<") else tc(p(one)) for one in row)
        made += f"<w:tr>{'<w:trPr><w:tblHeader/></w:trPr>' * (count < header)}{cells}</w:tr>"
    return f"<w:tbl><w:tblPr/>{made}</w:tbl>"


def tc(content: str, properties: str = "") -> str:
    """Return a cell."""
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{content}</w:tc>"


def sdt(content: str) -> str:
    """Return a content control."""
    return f"<w:sdt><w:sdtPr/><w:sdtContent>{content}</w:sdtContent></w:sdt>"


def docx(body: str, *, strict=False, title="", doctype="", more=None, **parts: str) -> bytes:
    """Make a Word document.

    Args:
        body: The XML in its body.
        strict: Whether it is of the strict form.
        title: The title in its properties.
        doctype: What comes before the root.
        more: Further members by name.
        parts: The XML in the roots of other parts: styles, numbering, footnotes, comments, header1, chart1.
    """
    office, word = (STRICT, STRICT_WORD) if strict else (OFFICE, WORD)
    spaces = SPACES.format(office=office, word=word)
    kinds = {name: name.rstrip("0123456789") for name in parts}
    links = "".join(f'<R Id="{name}" Type="{office}/{kind}" Target="{name}.xml"/>' for name, kind in kinds.items())
    roots = {"footnotes": "w:footnotes", "chart1": "c:chartSpace", "diagramData1": "dgm:dataModel"}
    members = {
        f"word/{name}.xml": f"<{roots.get(name, 'w:x')} {spaces}>{content}</{roots.get(name, 'w:x')}>"
        for name, content in parts.items()
    }
    core = f'<c xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{escape(title)}</dc:title></c>'
    return archive({
        "_rels/.rels": f'<L><R Id="a" Type="{office}/officeDocument" Target="/word/document.xml"/></L>',
        "docProps/core.xml": core,
        "word/_rels/document.xml.rels": f"<L>{links}</L>",
        "word/document.xml": f"{doctype}<w:document {spaces}><w:body>{body}<w:sectPr/></w:body></w:document>",
        **members,
        **(more or {}),
    })  # fmt: skip


def with_type(data: bytes, kind: str) -> bytes:
    """Change what a file's list of types says of its main part: a template, or a document with macros."""
    with ZipFile(BytesIO(data)) as whole:
        members = {name: whole.read(name) for name in whole.namelist()}
    members["[Content_Types].xml"] = f'<Types><Override PartName="/word/document.xml" ContentType="{kind}"/></Types>'
    return archive(members)


def odf(body: str, kind="text", *, automatic="", styles="", title="", more=None, flat=False) -> bytes:
    """Make an OpenDocument file.

    Args:
        body: The XML in its body.
        kind: What the body holds: text or presentation.
        automatic: The XML of its automatic styles.
        styles: The XML of its styles.xml.
        title: The title in its properties.
        more: Further members by name.
        flat: Whether all is one XML file.
    """
    inner = f"<office:body><office:{kind}>{body}</office:{kind}></office:body>"
    given = f"<office:automatic-styles>{automatic}</office:automatic-styles>"
    meta = f"<office:meta><dc:title>{escape(title)}</dc:title></office:meta>"
    if flat:
        return f"<office:document {ODF_SPACES}>{meta}{given}{styles}{inner}</office:document>".encode()
    return archive({
        "content.xml": f"<office:document-content {ODF_SPACES}>{given}{inner}</office:document-content>",
        "styles.xml": f"<office:document-styles {ODF_SPACES}>{styles}</office:document-styles>",
        "meta.xml": f"<office:document-meta {ODF_SPACES}>{meta}</office:document-meta>",
        **(more or {}),
    })  # fmt: skip


def shape(*paragraphs: str, kind: str | None = None, properties: str = "") -> str:
    """Return a shape on a slide; `kind` is that of a placeholder. Paragraphs that are no XML become runs."""
    holder = "" if kind is None else f'<p:ph type="{kind}"/>' if kind else '<p:ph idx="1"/>'
    inside = "".join(
        one if one.startswith("<") else f"<a:p>{properties}<a:r><a:t>{escape(one)}</a:t></a:r></a:p>"
        for one in paragraphs
    )
    head = f'<p:nvSpPr><p:cNvPr id="2" name="x"/><p:cNvSpPr/><p:nvPr>{holder}</p:nvPr></p:nvSpPr>'
    return f"<p:sp>{head}<p:spPr/><p:txBody><a:bodyPr/>{inside}</p:txBody></p:sp>"


def pptx(*slides: str, notes=None, hidden=(), title="", more=None, links=None) -> bytes:
    """Make a presentation from the shapes on each slide.

    Args:
        slides: The XML of the shapes on each slide.
        notes: The shapes on the notes of slides, by their numbers from 1.
        hidden: The numbers of the slides that are hidden.
        title: The title in its properties.
        more: Further members by name.
        links: Further relationships of slides, as XML, by their numbers.
    """
    spaces = SPACES.format(office=OFFICE, word=WORD)
    count = range(1, len(slides) + 1)
    ids = "".join(f'<p:sldId id="{255 + n}" r:id="r{n}"/>' for n in count)
    rels = "".join(f'<R Id="r{n}" Type="{OFFICE}/slide" Target="slides/slide{n}.xml"/>' for n in count)
    members = {}
    for n, shapes in enumerate(slides, 1):
        tree = f"<p:cSld><p:spTree>{shapes}</p:spTree></p:cSld>"
        shown = ' show="0"' * (n in hidden)
        members[f"ppt/slides/slide{n}.xml"] = f"<p:sld {spaces}{shown}>{tree}</p:sld>"
        own = (links or {}).get(n, "")
        if n in (notes or {}):
            own += f'<R Id="n" Type="{OFFICE}/notesSlide" Target="../notesSlides/n{n}.xml"/>'
            tree = f"<p:cSld><p:spTree>{notes[n]}</p:spTree></p:cSld>"
            members[f"ppt/notesSlides/n{n}.xml"] = f"<p:notes {spaces}>{tree}</p:notes>"
        members[f"ppt/slides/_rels/slide{n}.xml.rels"] = f"<L>{own}</L>"
    core = f'<c xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{escape(title)}</dc:title></c>'
    return archive({
        "_rels/.rels": f'<L><R Id="a" Type="{OFFICE}/officeDocument" Target="ppt/presentation.xml"/></L>',
        "docProps/core.xml": core,
        "ppt/_rels/presentation.xml.rels": f"<L>{rels}</L>",
        "ppt/presentation.xml": f"<p:presentation {spaces}><p:sldIdLst>{ids}</p:sldIdLst></p:presentation>",
        **members,
        **(more or {}),
    })  # fmt: skip


def page(*frames: str, style="", notes="") -> str:
    """Return a slide of an OpenDocument presentation."""
    spoken = f"<presentation:notes>{frame(notes, kind='notes')}</presentation:notes>" if notes else ""
    return f'<draw:page draw:style-name="{style}">{"".join(frames)}{spoken}</draw:page>'


def frame(*paragraphs: str, kind="") -> str:
    """Return a frame with a text box; `kind` is its class."""
    inside = "".join(one if one.startswith("<") else f"<text:p>{escape(one)}</text:p>" for one in paragraphs)
    named = f' presentation:class="{kind}"' if kind else ""
    return f"<draw:frame{named}><draw:text-box>{inside}</draw:text-box></draw:frame>"
