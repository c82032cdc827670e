"""Excel workbooks: sheets, values as shown, merged and hidden cells, limits."""

import datetime
import re
import zipfile
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.comments import Comment

from embeddings.encoders.hashing import HashingEncoder
from qa.errors import DocumentError
from qa.ingest.chunking import chunk
from qa.ingest.files import SourceFile, load
from qa.ingest.loaders import xlsx as loader
from qa.ingest.tables import sheet as sheet_module
from qa.types import BlockKind
from tests.support.sample_files import archive, xlsx

HEADER = ["Port", "Fee"]
ROWS = [HEADER, ["Lisbon", 9], ["Porto", 7]]
SPACE = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def read(data, name="port_fees.xlsx"):
    return load(SourceFile(Path(name), name), data)


def document(sheets, change=None):
    return read(xlsx(sheets, change)).documents[0]


def note(sheets, change=None):
    return read(xlsx(sheets, change)).note


def shown(value, code="General"):
    """Return how a value is shown in a row."""

    def change(book):
        book.active["B2"].number_format = code

    return document({"Fees": [HEADER, ["Lisbon", value], ["Porto", 7]]}, change).text.split("\n")[3].split(" | ")[1]


def replaced(data, member, old, new):
    """Return a workbook with a text of a member replaced."""
    with zipfile.ZipFile(BytesIO(data)) as opened:
        members = {name: opened.read(name) for name in opened.namelist()}
    assert old in members[member]
    return archive(members | {member: members[member].replace(old, new)})


def sheet_xml(rows, more=""):
    """Return a workbook with one sheet of the given XML."""
    start = xlsx({"Fees": [HEADER]})
    with zipfile.ZipFile(BytesIO(start)) as opened:
        members = {name: opened.read(name) for name in opened.namelist()}
    return archive(
        members | {"xl/worksheets/sheet1.xml": f"<worksheet {SPACE}><sheetData>{rows}</sheetData>{more}</worksheet>"}
    )


def test_sheet_is_a_section_and_each_row_a_passage():
    found = document({"Fees": ROWS, "Ships": [["Ship", "Length"], ["Ada", 12]]})
    assert (found.id, found.title) == ("port_fees.xlsx", "port fees")
    assert found.text == "Fees\n\nPort | Fee\nLisbon | 9\nPorto | 7\n\nShips\n\nShip | Length\nAda | 12"
    passages = chunk(found, HashingEncoder())
    assert [(passage.context, passage.text) for passage in passages] == [
        ("Fees", "Lisbon | 9"), ("Fees", "Porto | 7"), ("Ships", "Ada | 12")
    ]  # fmt: skip
    assert [(found.text[start:], header) for start, header in passages[-1].cells] == [
        ("Ada | 12", "Ship"),
        ("12", "Length"),
    ]


@pytest.mark.parametrize("name", ["Sheet1", "Sheet", "Tabelle2", "Feuil1"])
def test_generic_name_of_only_sheet_is_no_heading(name):
    assert document({name: ROWS}).text == "Port | Fee\nLisbon | 9\nPorto | 7"


SHOWN = [
    (1680.0, "General", "1680"),
    (0.1 + 0.2, "General", "0.3"),
    (1e-7, "General", "0.0000001"),
    (1234567.891, "#,##0.00", "1234567.89"),
    (9.5, "0.00", "9.50"),
    (-3, "0", "-3"),
    (2.5, "# ?/?", "2.5"),
    (0.12, "0%", "12%"),
    (0.125, "0.0%", "12.5%"),
    (9.5, '#,##0.00 "€"', "9.50 €"),
    (9.5, "[$€-407] #,##0.00", "9.50 €"),
    (9.5, '"$"#,##0.00', "$9.50"),
    (9, "[Red]0", "9"),
    (12, '0 "kg"', "12 kg"),
    (44575, "yyyy-mm-dd", "2022-01-14"),
    (44575, "d. mmmm yyyy", "2022-01-14"),
    (44575.4375, "dd/mm/yyyy hh:mm", "2022-01-14 10:30"),
    (datetime.datetime(2022, 1, 14, 10, 30, 15), "yyyy-mm-dd h:mm:ss", "2022-01-14 10:30:15"),
    (datetime.date(1999, 12, 31), "mm-dd-yy", "1999-12-31"),
    (datetime.time(10, 30), "h:mm", "10:30"),
    (1.5, "[h]:mm", "36:00"),
    (1, "yyyy-mm-dd", "1900-01-01"),
    (-5, "yyyy-mm-dd", "-5"),
    (True, "General", "TRUE"),
    ("#REF!", "General", "#REF!"),
    ("0012", "@", "0012"),
    ("two\nlines", "General", "two lines"),
]


@pytest.mark.parametrize(("value", "code", "text"), SHOWN, ids=[f"{value} as {code}" for value, code, _ in SHOWN])
def test_value_is_read_as_shown(value, code, text):
    assert shown(value, code) == text


def test_days_may_count_from_1904():
    def change(book):
        book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
        book.active["B2"].number_format = "yyyy-mm-dd"

    assert "Lisbon | 1904-01-02" in document({"Fees": [HEADER, ["Lisbon", 1], ["Porto", 2]]}, change).text


def test_raised_text_stays_apart_from_the_number():
    rich = CellRichText("1998", TextBlock(InlineFont(vertAlign="superscript"), "12"))
    assert "1998¹² | 9" in document({"Fees": [HEADER, [rich, 9]]}).text


def test_formula_gives_its_stored_value():
    data = sheet_xml(
        '<row r="1"><c r="A1" t="str"><v>Port</v></c><c r="B1" t="str"><v>Fee</v></c></row>'
        '<row r="2"><c r="A2" t="str"><v>Lisbon</v></c><c r="B2"><f>1+8</f><v>9</v></c></row>'
        '<row r="3"><c r="A3" t="str"><v>Porto</v></c><c r="B3"><f>2+5</f></c></row>'
    )
    loaded = read(data)
    assert loaded.documents[0].text == "Fees\n\nPort | Fee\nLisbon | 9\nPorto"
    assert loaded.note == 'sheet "Fees": 1 formula has no stored result; open the file in its program and save it'


def test_inline_texts_and_cells_without_places_are_read():
    data = sheet_xml(
        '<row><c t="inlineStr"><is><t>Port</t></is></c><c t="inlineStr"><is><t>Fee_x0041_</t></is></c></row>'
        '<row><c t="inlineStr"><is><t>Lisbon</t></is></c><c><v>9</v></c></row>'
    )
    assert read(data).documents[0].text == "Fees\n\nPort | FeeA\nLisbon | 9"


def test_shared_texts_are_read():
    with zipfile.ZipFile(BytesIO(sheet_xml("".join(
        f'<row><c t="s"><v>{i}</v></c><c t="s"><v>{i + 1}</v></c></row>' for i in (0, 2)
    )))) as opened:  # fmt: skip
        members = {name: opened.read(name) for name in opened.namelist()}
    members["xl/sharedStrings.xml"] = (
        f"<sst {SPACE}><si><t>Port</t></si>"
        "<si><r><t>Fee</t></r><r><rPr><vertAlign val='superscript'/></rPr><t>2</t></r></si>"
        "<si><t>東京</t><rPh sb='0' eb='2'><t>トウキョウ</t></rPh></si>"
        "<si><t xml:space='preserve'> a\nb </t></si></sst>"
    )
    rels = members["xl/_rels/workbook.xml.rels"].decode()
    link = '<Relationship Id="x8" Type="http://a/sharedStrings" Target="sharedStrings.xml"/></Relationships>'
    members["xl/_rels/workbook.xml.rels"] = rels.replace("</Relationships>", link)
    assert read(archive(members)).documents[0].text == "Fees\n\nPort | Fee²\n東京 | a b"


def test_merged_cells_are_filled():
    rows = [["Port", "Fee", None], [None, "low", "high"], ["Lisbon", 1, 2], [None, 3, 4], ["Faro", 5, 6]]

    def change(book):
        for area in ("A1:A2", "B1:C1", "A3:A4"):
            book.active.merge_cells(area)

    found = document({"Fees": rows}, change)
    assert "Lisbon | 1 | 2\nLisbon | 3 | 4\nFaro | 5 | 6" in found.text
    assert [header for _, header in found.blocks[-1].cells] == ["Port", "Fee low", "Fee high"]


def test_merged_title_is_the_caption():
    found = document(
        {"Sheet1": [["Fees of ports"], [], ["Port", "Fee", "Depth"], ["Lisbon", 9, 3], ["Porto", 7, 4]]},
        lambda book: book.active.merge_cells("A1:C1"),
    )
    assert found.title == "Fees of ports"
    assert found.text.startswith("Fees of ports\nPort | Fee | Depth\n")
    assert found.blocks[-1].context == "Fees of ports"


def test_equal_cells_are_all_kept():
    assert "a | a\nb | b" in document({"Fees": [["a", "a"], [], ["b", "b"], ["b", "b"]]}).text.replace("\n\n", "\n")


def test_sentences_in_a_sheet_are_text():
    lines = ["How to read these tables, and who to ask.", "Fees are in euros, and those of Porto are old."]
    found = document({"Read me": [[line] for line in lines], "Fees": ROWS})
    assert [block.kind.value for block in found.blocks][:3] == ["heading", "text", "text"]


def test_tables_below_one_another_have_their_own_headers():
    found = document({"Fees": [*ROWS, [], ["Ship", "Length"], ["Ada", 12.5], ["Eva", 8]]})
    assert [header for _, header in found.blocks[-1].cells] == ["Ship", "Length"]
    assert [block.kind.value for block in found.blocks].count("header") == 2


def test_tables_beside_one_another_are_read_in_turn():
    rows = [["Port", "Fee", None, "Ship", "Length"], ["Lisbon", 9, None, "Ada", 12], ["Porto", 7, None, "Eva", 8]]
    assert document({"Sheet1": rows}).text == "Port | Fee\nLisbon | 9\nPorto | 7\nShip | Length\nAda | 12\nEva | 8"


def test_note_is_read_with_its_place():
    def change(book):
        book.active["B2"].comment = Comment("Paid in advance.", "Anna")

    found = document({"Fees": ROWS}, change)
    block = found.blocks[-1]
    assert (found.text[block.start : block.end], block.context) == ("Paid in advance.", "Note on B2")


def test_hidden_parts_are_left_out_and_remarked():
    def change(book):
        book.active.row_dimensions[3].hidden = True
        book.active.column_dimensions["C"].hidden = True
        book["Secret"].sheet_state = "hidden"
        book["Deep"].sheet_state = "veryHidden"

    sheets = {"Fees": [[*HEADER, "Cost"], ["Lisbon", 9, 1], ["Porto", 7, 1]], "Secret": ROWS, "Deep": ROWS}
    loaded = read(xlsx(sheets, change))
    assert loaded.documents[0].text == "Fees\n\nPort | Fee\nLisbon | 9"
    assert loaded.note == (
        'sheet "Fees": 1 hidden row left out; sheet "Fees": 1 hidden column left out; '
        'sheet "Secret" is hidden, so it is left out; sheet "Deep" is hidden, so it is left out'
    )


def test_damaged_sheet_is_named_and_the_rest_is_read():
    data = xlsx({"Fees": ROWS, "Ships": [["Ship", "Length"], ["Ada", 12]]})
    loaded = read(replaced(data, "xl/worksheets/sheet1.xml", b"</row>", b"</raw>"))
    assert "Ada | 12" in loaded.documents[0].text
    assert loaded.note.startswith('sheet "Fees" cannot be read to its end: it contains XML that cannot be read')


def test_missing_styles_cost_only_the_formats():
    data = replaced(xlsx({"Fees": ROWS}), "xl/styles.xml", b"<", b"")
    assert "Lisbon | 9" in read(data).documents[0].text


def test_unknown_text_number_is_blank():
    data = sheet_xml('<row r="1"><c r="A1" t="s"><v>99999</v></c><c r="B1" t="str"><v>Fee</v></c></row>')
    assert read(data).documents[0].text == "Fees\n\nFee"


# Hostile files.


def test_million_empty_rows_are_passed_over():
    rows = '<row r="1"><c r="A1" t="str"><v>Port</v></c><c r="B1" t="str"><v>Fee</v></c></row>'
    rows += "".join(f'<row r="{i}"><c r="A{i}" s="1"/></row>' for i in range(2, 200_000))
    rows += '<row r="1048576"><c r="A1048576" t="str"><v>Lisbon</v></c><c r="B1048576"><v>9</v></c></row>'
    assert "Lisbon | 9" in read(sheet_xml(rows)).documents[0].text


def test_cells_beyond_the_last_column_are_remarked():
    row = "".join(f'<c t="str"><v>c{i}</v></c>' for i in range(10_000))
    loaded = read(sheet_xml(f"<row>{row}</row><row>{row}</row>"))
    assert "c999" in loaded.documents[0].text
    assert "c1000" not in loaded.documents[0].text
    assert loaded.note == 'sheet "Fees": the columns after the first 1,000 are left out'


def test_too_many_cells_are_refused(monkeypatch):
    monkeypatch.setattr(sheet_module, "MAX_CELLS", 5)
    with pytest.raises(DocumentError, match="more than 5 cells"):
        list(loader.load(xlsx({"Fees": ROWS}), "x.xlsx"))


def test_endless_merged_area_takes_no_long_time():
    data = sheet_xml(
        '<row r="1"><c r="A1" t="str"><v>Port</v></c></row>',
        '<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>',
    )
    assert "Port" in read(data).documents[0].text


def test_zip_bomb_is_refused():
    bomb = archive({"xl/workbook.xml": b"0" * 300_000_000})
    with pytest.raises(DocumentError, match=r"unpacks to 300 MB"):
        read(bomb)


@pytest.mark.parametrize("member", ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/styles.xml"])
def test_entities_are_refused(member):
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>'
    with zipfile.ZipFile(BytesIO(xlsx({"Fees": ROWS}))) as opened:
        members = {name: opened.read(name) for name in opened.namelist()}
    text = re.sub(r"<\?xml.*?\?>", "", members[member].decode())
    try:
        loaded = read(archive(members | {member: bomb + text}))
    except DocumentError as error:
        assert "entities" in str(error)
    else:  # the formats alone are left out
        assert member == "xl/styles.xml"
        assert "Lisbon | 9" in loaded.documents[0].text


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"), "password; save"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, r"older Office format .* save it as \.xlsx"),
        (b"Port,Fee", "not a zip archive"),
        (archive({"a.txt": "Port"}), "not what its suffix says"),
    ],
)
def test_other_files_are_refused_with_the_reason(data, message):
    with pytest.raises(DocumentError, match=message):
        read(data)


def test_workbook_without_cells_is_refused():
    with pytest.raises(DocumentError, match="holds no text"):
        read(xlsx({"Sheet1": []}))


def test_links_and_macros_are_not_touched():
    with zipfile.ZipFile(BytesIO(xlsx({"Fees": ROWS}))) as opened:
        members = {name: opened.read(name) for name in opened.namelist()}
    rels = members["xl/_rels/workbook.xml.rels"].decode()
    link = '<Relationship Id="x9" Type="http://a/externalLink" Target="file:///etc/passwd" TargetMode="External"/>'
    members["xl/_rels/workbook.xml.rels"] = rels.replace("</Relationships>", f"{link}</Relationships>").encode()
    members["xl/vbaProject.bin"] = b"Sub AutoOpen()"
    assert read(archive(members), "x.xlsm").documents[0].text == "Fees\n\nPort | Fee\nLisbon | 9\nPorto | 7"


WORDS = st.text(st.characters(codec="utf-8", categories=["L"]), min_size=1, max_size=8)


@given(
    rows=st.integers(2, 4).flatmap(lambda n: st.lists(st.lists(WORDS, min_size=n, max_size=n), min_size=2, max_size=6))
)
def test_any_cells_are_cited_exactly(rows):
    (found,) = [one for one in loader.load(xlsx({"Sheet1": rows}), "x.xlsx") if hasattr(one, "blocks")]
    assert found.text.split() == "\n".join(map(" | ".join, rows)).split()
    for block, row in zip(found.blocks[-len(rows) :], rows, strict=True):
        if block.kind is BlockKind.ROW:
            starts = [start for start, _ in block.cells]
            assert [found.text[start : start + len(cell)] for start, cell in zip(starts, row, strict=True)] == row
