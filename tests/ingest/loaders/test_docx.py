"""Word documents: every word that is shown, in order, as the kind of unit that it is."""

import re

import pytest

from qa.errors import DocumentError
from qa.ingest.archives import COMPOUND_SIGNATURE
from qa.ingest.loaders.docx import load
from qa.types import BlockKind, Document
from tests.support import sample_files
from tests.support.word_files import docx, p, pptx, run, sdt, shape, tbl, tc, with_type

INS, DEL = '<w:ins w:id="1" w:author="A">{}</w:ins>', '<w:del w:id="2" w:author="A">{}</w:del>'
STYLES = (
    '<w:style w:type="paragraph" w:default="1" w:styleId="N"><w:name w:val="Normal"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="berschrift1"><w:name w:val="heading 1"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="Own"><w:name w:val="Kapitel"/><w:basedOn w:val="berschrift1"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="Deep"><w:name w:val="D"/><w:pPr><w:outlineLvl w:val="2"/></w:pPr></w:style>'
    '<w:style w:type="paragraph" w:styleId="T"><w:name w:val="Title"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="TOC1"><w:name w:val="toc 1"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="C"><w:name w:val="caption"/></w:style>'
    '<w:style w:type="character" w:styleId="Hid"><w:name w:val="Hid"/><w:rPr><w:vanish/></w:rPr></w:style>'
)


def read(body, **options):
    return split(load(docx(body, **options), "file.docx"))


def split(found):
    """Return the document, and the texts of the remarks."""
    found = list(found)
    (document,) = (one for one in found if isinstance(one, Document))
    return document, [one.text for one in found if not isinstance(one, Document)]


def lines(body, **options):
    """Return the kind and the text of each block."""
    document, _ = read(body, **options)
    return [(block.kind.value, document.text[block.start : block.end]) for block in document.blocks]


def texts(body, **options):
    return [text for _, text in lines(body, **options)]


def test_tracked_insertions_stay_deletions_go():
    moved = f'<w:moveTo w:id="4">{run("The budget is 41 million euros.")}</w:moveTo>'
    left = f'<w:moveFrom w:id="4">{run("The budget is 41 million euros.")}</w:moveFrom>'
    gone = "<w:r><w:delText>seven</w:delText></w:r>"
    body = (
        p(left)
        + p("The fee is ", DEL.format(gone), INS.format(run("nine")), " euros a night.")
        + p(INS.format(run("The keeper Ines retired on 3 May.")))
        + p(moved)
    )
    document, remarks = read(body)
    assert document.text.split("\n\n") == [
        "The fee is nine euros a night.", "The keeper Ines retired on 3 May.", "The budget is 41 million euros.",
    ]  # fmt: skip
    assert remarks == ["holds deleted text (tracked changes), left out"]


def test_deleted_paragraph_end_joins_paragraphs():
    mark = '<w:rPr><w:del w:id="1"/></w:rPr>'
    assert texts(p("The boat left", properties=mark) + p(" at noon.")) == ["The boat left at noon."]


def test_deleted_paragraph_end_before_a_table():
    mark = '<w:rPr><w:moveFrom w:id="1"/></w:rPr>'
    body = p("Before.", properties=mark) + tbl([tc(p("a", properties=mark) + p("b")), "c"]) + p("After.")
    assert texts(body) == ["Before.", "ab | c", "After."]


def test_deleted_row_goes_inserted_row_stays():
    row = "<w:tr><w:trPr>{}</w:trPr>" + tc(p("{}")) + tc(p("x")) + "</w:tr>"
    gone, added = row.format('<w:del w:id="1"/>', "gone"), row.format('<w:ins w:id="1"/>', "added")
    assert texts(f"<w:tbl>{gone}{added}</w:tbl>") == ["added | x"]


def test_content_controls_are_read_everywhere():
    row = "<w:tr>" + tc(p("Handover")) + sdt(tc(p("12 June 2021"))) + "</w:tr>"
    body = (
        sdt(p("The tenant is Bruno."))
        + p("The rent is ", sdt(run("840 euros")), " a month.")
        + f"<w:tbl>{row}{sdt(row.replace('Handover', 'Return'))}</w:tbl>"
        + sdt(tbl(["Deposit", "1680 euros"]))
        + sdt(sdt(p("Twice wrapped.")))
    )
    assert texts(body) == [
        "The tenant is Bruno.", "The rent is 840 euros a month.", "Handover | 12 June 2021", "Return | 12 June 2021",
        "Deposit | 1680 euros", "Twice wrapped.",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "wrapper",
    [
        '<w:smartTag w:uri="u" w:element="City">{}</w:smartTag>',
        '<w:fldSimple w:instr="DOCPROPERTY No">{}</w:fldSimple>',
        '<w:bdo w:val="ltr">{}</w:bdo>',
        '<w:dir w:val="rtl">{}</w:dir>',
        '<w:hyperlink w:anchor="x">{}</w:hyperlink>',
        '<w:customXml w:element="x"><w:customXmlPr/>{}</w:customXml>',
        '<mc:AlternateContent><mc:Choice Requires="z">{}</mc:Choice></mc:AlternateContent>',
        "<w:smartTag><w:hyperlink>{}</w:hyperlink></w:smartTag>",
    ],
)
def test_wrapped_words_stay_in_their_sentence(wrapper):
    assert texts(p("Kept in ", wrapper.format(run("Vila Real")), " since 1904.")) == ["Kept in Vila Real since 1904."]


def field(instruction, result):
    mark = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'
    code = f"<w:r><w:instrText>{instruction}</w:instrText></w:r>"
    return mark.format("begin") + code + mark.format("separate") + result + mark.format("end")


def test_fields_show_their_results_only():
    inner = field(" DATE ", run("May"))
    assert texts(p("See page ", field(" PAGEREF _x ", run("17")), " of ", field(" IF ", inner), ".")) == [
        "See page 17 of May."
    ]


def test_form_fields_show_what_is_chosen():
    def form(data):
        return f'<w:r><w:fldChar w:fldCharType="begin"><w:ffData>{data}</w:ffData></w:fldChar></w:r>' + end

    end = '<w:r><w:instrText>FORM</w:instrText></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>'
    entries = '<w:listEntry w:val="red"/><w:listEntry w:val="blue"/>'
    chosen = form(f'<w:ddList><w:result w:val="1"/>{entries}</w:ddList>')
    box = form('<w:checkBox><w:default w:val="1"/></w:checkBox>')
    assert texts(p("Paint it ", chosen, " ", box, " today.")) == ["Paint it blue ☒ today."]


def test_field_without_end_loses_no_paragraph():
    begin = '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
    assert texts(p(begin, "code") + p("The tide is high.")) == ["The tide is high."]


def test_hyphens_symbols_and_tabs():
    inside = (
        run("Soft")
        + "<w:r><w:softHyphen/></w:r>"
        + run("ware, non")
        + "<w:r><w:noBreakHyphen/></w:r>"
        + run("stop, 20 ")
        + '<w:r><w:sym w:font="Symbol" w:char="F0B0"/><w:tab/><w:t>a</w:t><w:br/><w:t>b</w:t></w:r>'
    )
    assert texts(p(inside)) == ["Software, non-stop, 20 ° a\nb"]


def test_hidden_text_is_left_out():
    body = p("Shown.", run(" Hidden.", "<w:vanish/>"), run(" Styled.", '<w:rStyle w:val="Hid"/>'))
    document, remarks = read(body, styles=STYLES)
    assert (document.text, remarks) == ("Shown.", ["holds hidden text, left out"])
    assert texts(p(run("Shown.", '<w:vanish w:val="0"/>'))) == ["Shown."]


def test_superscripts_never_join_the_number_before():
    small = '<w:vertAlign w:val="{}script"/>'
    body = p("1998", run("12", small.format("super")), " and H", run("2", small.format("sub")), "O, 20")
    assert texts(body) == ["1998¹² and H₂O, 20"]
    assert texts(p("1998", run("1, 2", small.format("super")))) == ["1998¹, ²"]


def test_footnotes_follow_their_paragraph():
    mark = '<w:r><w:footnoteReference w:id="{}"/></w:r>'
    note = '<w:footnote w:id="{}">' + p("<w:r><w:footnoteRef/></w:r>", "{}") + "</w:footnote>"
    separator = '<w:footnote w:type="separator" w:id="0">' + p("no") + "</w:footnote>"
    notes = separator + note.format(2, "By Paulo.") + note.format(1, "By Ines.")
    body = p("Built in 1871", mark.format(2), " by the town.") + p("Lit in 1904", mark.format(1), ".")
    assert texts(body, footnotes=notes) == [
        "Built in 1871¹ by the town.", "¹ By Paulo.", "Lit in 1904².", "² By Ines.",
    ]  # fmt: skip


def test_endnotes_have_roman_marks():
    notes = '<w:endnote w:id="1">' + p("One.") + "</w:endnote>"
    body = p("In 1871", '<w:r><w:endnoteReference w:id="1"/></w:r>', " it burned.")
    assert texts(body, endnotes=notes) == ["In 1871ⁱ it burned.", "ⁱ One."]


def test_note_of_a_cell_follows_the_row():
    notes = '<w:footnote w:id="1">' + p("By hand.") + "</w:footnote>"
    cell = tc(p("700", '<w:r><w:footnoteReference w:id="1"/></w:r>'))
    assert texts(tbl(["Oslo", cell]), footnotes=notes) == ["Oslo | 700¹", "¹ By hand."]


def test_comments_are_counted_not_read():
    comments = '<w:comment w:id="1">' + p("Check this.") + "</w:comment>"
    document, remarks = read(p("Kept.", '<w:r><w:commentReference w:id="1"/></w:r>'), comments=comments)
    assert (document.text, remarks) == ("Kept.", ["holds 1 comment, left out"])


def test_text_boxes_are_read_once():
    box = f"<w:txbxContent>{p('In the box.')}</w:txbxContent>"
    shown = (
        f'<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wps:txbx>{box}</wps:txbx></w:drawing>'
        f"</mc:Choice><mc:Fallback><w:pict><v:textbox>{box}</v:textbox></w:pict></mc:Fallback>"
        "</mc:AlternateContent></w:r>"
    )
    assert texts(p("Before ", shown, "and after.")) == ["Before and after.", "In the box."]
    assert texts(p(f"<w:r><w:pict><v:textbox>{box}</v:textbox></w:pict></w:r>")) == ["In the box."]


def test_ruby_shows_its_base_only():
    ruby = f"<w:r><w:ruby><w:rt>{run('とう')}</w:rt><w:rubyBase>{run('東')}</w:rubyBase></w:ruby></w:r>"
    assert texts(p(ruby, "京")) == ["東京"]


def test_headings_are_found_by_level():
    body = p("One", style="berschrift1") + p("Two", style="Own") + p("Three", style="Deep")
    body += p("Four", properties='<w:outlineLvl w:val="1"/>') + p("Text", properties='<w:outlineLvl w:val="9"/>')
    document, _ = read(body, styles=STYLES)
    assert [(block.kind.value, block.level) for block in document.blocks] == [
        ("heading", 1), ("heading", 1), ("heading", 3), ("heading", 2), ("text", 0),
    ]  # fmt: skip


def test_table_of_contents_is_in_no_passage():
    body = p("Tides 3", style="TOC1") + p("Tides", style="berschrift1")
    assert lines(body, styles=STYLES) == [("furniture", "Tides 3"), ("heading", "Tides")]


LEVELS = "".join(
    f'<w:lvl w:ilvl="{at}"><w:start w:val="1"/><w:numFmt w:val="{style}"/><w:lvlText w:val="{text}"/></w:lvl>'
    for at, style, text in ((0, "decimal", "%1."), (1, "lowerLetter", "%1.%2)"))
)
NUMBERING = (
    f'<w:abstractNum w:abstractNumId="7">{LEVELS}</w:abstractNum>'
    '<w:abstractNum w:abstractNumId="8"><w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/><w:lvlText w:val="&#xF0B7;"/>'
    "</w:lvl></w:abstractNum>"
    '<w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="8"/></w:num>'
    '<w:num w:numId="3"><w:abstractNumId w:val="7"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/>'
    "</w:lvlOverride></w:num>"
)


def item(text, number, level=0):
    listed = f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>'
    return p(text, properties=listed)


def test_list_items_have_their_numbers():
    body = item("a", 1) + item("b", 1, 1) + item("c", 1, 1) + item("d", 1) + item("e", 1, 1) + item("f", 3)
    body += item("g", 2) + item("h", 0)
    assert lines(body, numbering=NUMBERING) == [
        ("item", "1. a"), ("item", "1.a) b"), ("item", "1.b) c"), ("item", "2. d"), ("item", "2.a) e"),
        ("item", "5. f"), ("item", "g"), ("text", "h"),
    ]  # fmt: skip


def test_rows_know_header_and_caption():
    body = p("The towns", style="C") + tbl(["City", "Tea"], ["Oslo", "black"], header=1)
    document, _ = read(body, styles=STYLES)
    row = document.blocks[-1]
    assert (row.kind, row.context) == (BlockKind.ROW, "The towns")
    assert [(document.text[at : at + 2], header) for at, header in row.cells] == [("Os", "City"), ("bl", "Tea")]


def test_merged_cells_are_read_once():
    wide = tc(p("Both"), '<w:gridSpan w:val="2"/>')
    top = tc(p("North"), '<w:vMerge w:val="restart"/>')
    low = tc(p(""), "<w:vMerge/>")
    document, _ = read(tbl(["Land", "City", "Tea"], [wide, "x"], [top, "Oslo", "1"], [low, "Riga", "2"], header=1))
    shown = [document.text[block.start : block.end] for block in document.blocks]
    assert shown == ["Land | City | Tea", "Both |  | x", "North | Oslo | 1", "Riga | 2"]
    assert [header for _, header in document.blocks[1].cells] == ["Land", "Tea"]
    assert [header for _, header in document.blocks[3].cells] == ["City", "Tea"]
    assert document.blocks[3].context == "North"


def test_nested_tables_follow_their_row():
    outer = tbl(["a", tc(p("b") + tbl(["c", "d"]) + p("e"))], ["f", "g"])
    assert texts(outer) == ["a | b e", "c | d", "f | g"]


def test_one_column_is_a_box_of_paragraphs():
    assert lines(tbl([tc(p("One.") + p("Two."))])) == [("text", "One."), ("text", "Two.")]


def test_page_heads_are_kept_outside_passages():
    body = p("The text.")
    assert lines(body, header1=p("Annual report"), footer1=p("Page 1"), footer2=p("Page 1")) == [
        ("text", "The text."), ("furniture", "Annual report"), ("furniture", "Page 1"),
    ]  # fmt: skip


def test_charts_and_diagrams_are_read():
    title = "<c:title><c:tx><a:p><a:r><a:t>Ships</a:t></a:r></a:p></c:tx></c:title>"
    chart = f"<c:chart>{title}</c:chart>"
    diagram = "<dgm:ptLst><dgm:pt><dgm:t><a:p><a:r><a:t>Step one</a:t></a:r></a:p></dgm:t></dgm:pt></dgm:ptLst>"
    body = p('<w:r><w:drawing><c:chart r:id="chart1"/></w:drawing></w:r>', "Text.")
    body += p('<w:r><w:drawing><dgm:relIds r:dm="diagramData1"/></w:drawing></w:r>')
    assert texts(body, chart1=chart, diagramData1=diagram) == ["Text.", "Ships", "Step one"]


def test_formula_is_one_line():
    power = "<m:sSup><m:e><m:r><m:t>x</m:t></m:r></m:e><m:sup><m:r><m:t>2</m:t></m:r></m:sup></m:sSup>"
    assert texts(p("So ", f"<m:oMath>{power}</m:oMath>", " holds.")) == ["So x² holds."]


def test_strict_documents_are_read():
    body = p("The crane lifts 12 tonnes.", style="berschrift1") + p(
        "Text", '<w:r><w:footnoteReference w:id="1"/></w:r>'
    )
    notes = '<w:footnote w:id="1">' + p("Note.") + "</w:footnote>"
    found = lines(body, strict=True, styles=STYLES, footnotes=notes)
    assert found == [("heading", "The crane lifts 12 tonnes."), ("text", "Text¹"), ("text", "¹ Note.")]


@pytest.mark.parametrize("kind", ["document.macroEnabled", "template.macroEnabled", "template"])
def test_macros_and_templates_are_read(kind):
    data = with_type(sample_files.word(["The crane lifts 12 tonnes."]), f"application/vnd.ms-word.{kind}.main+xml")
    assert split(load(data, "file.docx"))[0].text == "The crane lifts 12 tonnes."


@pytest.mark.parametrize(
    ("stated", "body", "title"),
    [
        ("On tides", p("First line."), "On tides"),
        ("Word Document", p("First line."), "First line."),
        ("Microsoft Word - x.doc", p("A") + p("Tides", style="berschrift1"), "Tides"),
        ("", p("Before") + p("The Book", style="T") + p("Tides", style="berschrift1"), "The Book"),
        ("", p("Before") + p("Tides", style="berschrift1"), "Tides"),
    ],
)
def test_title_is_stated_styled_or_first(stated, body, title):
    assert read(body, title=stated, styles=STYLES)[0].title == title


def test_damaged_styles_are_named_rest_is_read():
    found = list(load(docx(p("Kept."), styles="<broken"), "file.docx"))
    assert found[0].text == "Kept."
    assert found[1].text.startswith("the list of styles cannot be read")


OLE = COMPOUND_SIGNATURE + bytes(512)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"\x04Anna" + b"0" * 157, "not a zip archive"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "is protected by a password"),
        (OLE + "WordDocument".encode("utf-16-le"), r"older format \.doc"),
        (OLE + "Workbook".encode("utf-16-le"), r"older format \.xls"),
        (OLE + "PowerPoint Document".encode("utf-16-le"), r"older format \.ppt"),
        (pptx(shape("x")), r"is a presentation \(\.pptx\), not a Word document"),
        (docx(p("x"), doctype='<!DOCTYPE a [<!ENTITY x "y">]>'), "declares entities"),
        (docx("<w:p><w:r>" * 300 + "</w:r></w:p>" * 300), "cannot be read"),
    ],
)
def test_unreadable_files_give_one_plain_line(data, message):
    with pytest.raises(DocumentError, match=message) as caught:
        list(load(data, "file.docx"))
    assert not re.search(r"0x[0-9a-f]{6}|\n", str(caught.value))


def test_deep_tables_are_read_or_refused():
    body = p("x")
    for _ in range(70):
        body = tbl([tc(body + p("")), "y"])
    try:
        assert "x" in read(body)[0].text
    except DocumentError as error:
        assert "\n" not in str(error)


def test_pictures_without_text_are_named():
    document, remarks = read(p(""), more={"word/media/image1.png": b"x"})
    assert (document.text, remarks) == ("", ["holds only pictures, so it may be scanned"])


def test_external_links_are_not_followed():
    image = '<R Id="x" TargetMode="External" Type="a/header" Target="http://host.invalid/x.xml"/>'
    more = {"word/_rels/document.xml.rels": f"<L>{image}</L>"}
    assert read(p("Kept."), more=more)[0].text == "Kept."


def test_embedded_files_are_named():
    _, remarks = read('<w:altChunk r:id="x"/>' + p("<w:r><w:object><o:OLEObject/></w:object></w:r>", "Kept."))
    assert remarks == ["holds embedded files, left out"]
