"""OpenDocument spreadsheets: sheets, values as shown, repeated, merged and hidden cells, limits."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.errors import DocumentError
from qa.ingest.files import SourceFile, load
from qa.ingest.tables import sheet as sheet_module
from tests.support.sample_files import archive, ods

ROWS = [["Port", "Fee"], ["Lisbon", "9"], ["Porto", "7"]]


def read(data, name="port_fees.ods"):
    return load(SourceFile(Path(name), name), data)


def cell(text, more=""):
    return f"<table:table-cell {more}>{f'<text:p>{text}</text:p>' if text else ''}</table:table-cell>"


def row(*cells, more=""):
    return f"<table:table-row {more}>{''.join(cells)}</table:table-row>"


HEADER = row(cell("Port"), cell("Fee"))
LISBON = row(cell("Lisbon"), cell("9"))


def text(*rows, name="Fees"):
    return read(ods({name: "".join(rows)}, raw=True)).documents[0].text


def test_sheet_is_a_section_and_each_row_a_block():
    (document,) = read(ods({"Fees": ROWS, "Ships": [["Ship", "Length"], ["Ada", "12"]]})).documents
    assert (document.id, document.title) == ("port_fees.ods", "port fees")
    assert document.text == "Fees\n\nPort | Fee\nLisbon | 9\nPorto | 7\n\nShips\n\nShip | Length\nAda | 12"
    assert [header for _, header in document.blocks[-1].cells] == ["Ship", "Length"]


def test_stated_title_is_kept():
    assert read(ods({"Fees": ROWS}, title="Fees of ports")).documents[0].title == "Fees of ports"


SHOWN = {
    "a number": ('office:value-type="float" office:value="1680"', "1680", "1680"),
    "needless decimals": ('office:value-type="float" office:value="1680"', "1680.0", "1680"),
    "decimals": ('office:value-type="float" office:value="9.5"', "9.50", "9.50"),
    "a number without text": ('office:value-type="float" office:value="9.5"', "", "9.5"),
    "a percentage": ('office:value-type="percentage" office:value="0.12"', "12%", "12%"),
    "an amount": ('office:value-type="currency" office:value="9.5"', "9,50 €", "9,50 €"),
    "a day": ('office:value-type="date" office:date-value="2022-01-14"', "14.01.22", "2022-01-14"),
    "a time": ('office:value-type="date" office:date-value="2022-01-14T10:30:00"', "14.01.", "2022-01-14 10:30"),
    "midnight": ('office:value-type="date" office:date-value="2022-01-14T00:00:00"', "14.01.", "2022-01-14"),
    "a truth": ('office:value-type="boolean" office:boolean-value="true"', "TRUE", "TRUE"),
    "a formula": ('table:formula="of:=1+8" office:value-type="float" office:value="9"', "9", "9"),
    "an error": ('table:formula="of:=1/0" office:value-type="string"', "#DIV/0!", "#DIV/0!"),
}


@pytest.mark.parametrize(("more", "written", "shown"), SHOWN.values(), ids=SHOWN)
def test_value_is_read_as_shown(more, written, shown):
    assert text(HEADER, row(cell("Lisbon"), cell(written, more))).endswith(f"\nLisbon | {shown}")


def test_formula_without_value_is_remarked():
    loaded = read(ods({"Fees": HEADER + row(cell("Lisbon"), cell("", 'table:formula="of:=1"'))}, raw=True))
    assert loaded.note == 'sheet "Fees": 1 formula has no stored result; open the file in its program and save it'


def test_repeated_cells_and_rows_are_read():
    twice = 'table:number-columns-repeated="2"'
    rows = (
        row(cell("Port"), cell("low"), cell("high")),
        row(cell("Lisbon"), cell("9", twice), more='table:number-rows-repeated="2"'),
    )
    assert text(*rows).endswith("\nLisbon | 9 | 9\nLisbon | 9 | 9")


def test_endless_blank_rows_and_columns_are_passed_over():
    blank = row(cell("", 'table:number-columns-repeated="16384"'), more='table:number-rows-repeated="1048000"')
    wide = row(cell("Lisbon"), cell("9"), cell("", 'table:number-columns-repeated="16382"'))
    assert text(HEADER, wide, blank, HEADER, LISBON).count("Lisbon | 9") == 2


def test_endless_repeated_texts_are_limited():
    endless = cell("x", 'table:number-columns-repeated="999999999"')
    loaded = read(ods({"Fees": HEADER + row(endless, more='table:number-rows-repeated="3"')}, raw=True))
    assert loaded.documents[0].text.count("x") == 3_000
    assert loaded.note == 'sheet "Fees": the columns after the first 1,000 are left out'


def test_row_repeated_without_end_is_remarked():
    loaded = read(ods({"Fees": HEADER + row(cell("x"), cell("9"), more='table:number-rows-repeated="1000"')}, raw=True))
    assert loaded.documents[0].text.count("x | 9") == 100
    assert loaded.note == 'sheet "Fees": 900 rows that only repeat the one above are left out'


def test_merged_cells_are_filled():
    spanned = 'table:number-rows-spanned="2" table:number-columns-spanned="1"'
    covered = "<table:covered-table-cell/>"
    rows = HEADER, row(cell("Lisbon", spanned), cell("9")), row(covered, cell("8"))
    assert text(*rows).endswith("\nLisbon | 9\nLisbon | 8")


def test_notes_and_breaks_are_read_apart():
    note = "<office:annotation><text:p>Paid in advance.</text:p></office:annotation>"
    rows = (
        HEADER,
        row(cell("Lisbon"), f"<table:table-cell>{note}<text:p>9<text:line-break/>old</text:p></table:table-cell>"),
    )
    assert text(*rows) == "Fees\n\nPort | Fee\nLisbon | 9 old\n\nPaid in advance."


def test_hidden_rows_and_columns_are_left_out_and_remarked():
    columns = '<table:table-column/><table:table-column/><table:table-column table:visibility="collapse"/>'
    rows = (
        row(cell("Port"), cell("Fee"), cell("Cost")),
        row(cell("Lisbon"), cell("9"), cell("1")),
        row(cell("Porto"), cell("7"), cell("1"), more='table:visibility="filter"'),
    )
    loaded = read(ods({"Fees": columns + "".join(rows)}, raw=True))
    assert loaded.documents[0].text.endswith("Port | Fee\nLisbon | 9")
    assert "1 hidden row left out" in loaded.note
    assert "1 hidden column left out" in loaded.note


def test_hidden_sheet_is_left_out_and_remarked():
    style = '<style:style style:name="ta2"><style:table-properties table:display="false"/></style:style>'
    hidden = f'</table:table><table:table table:name="Secret" table:style-name="ta2">{HEADER}'
    loaded = read(ods({"Fees": HEADER + LISBON + hidden}, styles=style, raw=True))
    assert loaded.documents[0].text == "Fees\n\nPort | Fee\nLisbon | 9"
    assert loaded.note == 'sheet "Secret" is hidden, so it is left out'


def test_rows_in_groups_are_read():
    head = f"<table:table-header-rows>{HEADER}</table:table-header-rows>"
    assert text(f"{head}<table:table-row-group>{LISBON}</table:table-row-group>") == "Fees\n\nPort | Fee\nLisbon | 9"


def test_too_many_cells_are_refused(monkeypatch):
    monkeypatch.setattr(sheet_module, "MAX_CELLS", 5)
    from qa.ingest.loaders import ods as loader

    with pytest.raises(DocumentError, match="more than 5 cells"):
        list(loader.load(ods({"Fees": ROWS}), "x.ods"))


def test_damaged_rest_is_remarked():
    data = ods({"Fees": HEADER + LISBON + "</wrong>"}, raw=True)
    loaded = read(data)
    assert "Lisbon | 9" in loaded.documents[0].text
    assert loaded.note.startswith('sheet "Fees" cannot be read to its end: it contains XML that cannot be read')


BOMB = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]><table>&b;</table>'


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (archive({"content.xml": BOMB}), "declares entities"),
        (archive({"content.xml": "<table/>", "META-INF/manifest.xml": "<encryption-data/>"}), "password"),
        (archive({"a.txt": "Port"}), "not what its suffix says"),
        (archive({"content.xml": b"0" * 300_000_000}), "unpacks to 300 MB"),
        (b"Port,Fee", "not a zip archive"),
        (ods({}), "holds no text"),
    ],
    ids=["entities", "password", "another archive", "zip bomb", "no archive", "empty"],
)
def test_other_files_are_refused_with_the_reason(data, message):
    with pytest.raises(DocumentError, match=message):
        read(data)


WORDS = st.text(st.characters(codec="utf-8", categories=["L"]), min_size=1, max_size=8)


@given(
    rows=st.integers(2, 4).flatmap(lambda n: st.lists(st.lists(WORDS, min_size=n, max_size=n), min_size=2, max_size=6))
)
def test_any_cells_are_cited_exactly(rows):
    (document,) = read(ods({"Fees": rows})).documents
    assert document.text == "Fees\n\n" + "\n".join(map(" | ".join, rows))
    for block, cells in zip(document.blocks[1:], rows, strict=True):
        for (start, _), words in zip(block.cells, cells, strict=False):
            assert document.text[start : start + len(words)] == words
