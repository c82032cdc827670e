"""Tables of delimited text: delimiters, quotes, headers, and the exact place of every cell."""

import csv
import io
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from embeddings.encoders.hashing import HashingEncoder
from qa.errors import DocumentError
from qa.ingest.chunking import chunk
from qa.ingest.files import SourceFile
from qa.ingest.files import load as load_file
from qa.ingest.loaders import csv as loader
from qa.ingest.tables.dialect import find_dialect
from qa.ingest.tables.rows import Dialect, read_lines, with_line_feeds
from qa.types import BlockKind, Document, Remark


def load(text, name="file.csv"):
    """Return the document and the remarks."""
    loaded = list(loader.load(text if isinstance(text, bytes) else text.encode(), name))
    (document,) = [one for one in loaded if isinstance(one, Document)]
    return document, [one.text for one in loaded if isinstance(one, Remark)]


def cells_of(document, block):
    """Return the cells of a row that are not blank, each cut out of the document where the block says it is."""
    ends = [start for start, _ in block.cells[1:]] + [block.end]
    found = []
    for (start, header), end in zip(block.cells, ends, strict=True):
        text = document.text[start:end]
        while text.endswith(" | "):
            text = text.removesuffix(" | ")
        found.append((header, text))
    return found


def rows(text, name="file.csv"):
    document, _ = load(text, name)
    return [cells_of(document, block) for block in document.blocks if block.kind is BlockKind.ROW]


def texts(text, name="file.csv"):
    document, _ = load(text, name)
    return [(block.kind.value, document.text[block.start : block.end]) for block in document.blocks]


PORTS = [[("Port", "Lisbon"), ("Fee", "9,50")], [("Port", "Porto"), ("Fee", "7,00")]]

LAYOUTS = {
    "decimal commas": "Port;Fee\nLisbon;9,50\nPorto;7,00\n",
    "a line that names the delimiter": "sep=;\r\nPort;Fee\r\nLisbon;9,50\r\nPorto;7,00\r\n",
    "a rare delimiter that is named": "sep=^\nPort^Fee\nLisbon^9,50\nPorto^7,00\n",
    "tabs": "Port\tFee\nLisbon\t9,50\nPorto\t7,00",
    "bars": "Port|Fee\nLisbon|9,50\nPorto|7,00",
    "quotes": 'Port,Fee\n"Lisbon","9,50"\n"Porto","7,00"',
    "single quotes": "Port,Fee\n'Lisbon','9,50'\n'Porto','7,00'",
    "spaces after the delimiter": 'Port, Fee\nLisbon, "9,50"\nPorto, "7,00"\n',
    "spaces around quotes": 'Port , Fee\n"Lisbon" , "9,50"\n"Porto" ,"7,00" \n',
    "escaped delimiters": "Port,Fee\nLisbon,9\\,50\nPorto,7\\,00\n",
    "blank lines": "\n\n \nPort;Fee\n\nLisbon;9,50\n;\nPorto;7,00\n\n",
    "indented lines": "  Port;Fee\n  Lisbon;9,50\n  Porto;7,00\n",
    "old line ends": "Port;Fee\rLisbon;9,50\rPorto;7,00\r",
    "blank columns": ";Port;;Fee;\n;Lisbon;;9,50;\n;Porto;;7,00;\n",
    "a byte order mark": "\ufeffPort;Fee\nLisbon;9,50\nPorto;7,00\n",
}


@pytest.mark.parametrize("text", LAYOUTS.values(), ids=LAYOUTS)
def test_cells_are_found_in_any_layout(text):
    assert rows(text) == PORTS


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "cp1252"])
def test_table_is_decoded(encoding):
    text = "Name;Preço\n" + "".join(f"Inês Conceição de São João {i};{i},50\n" for i in range(30))
    assert rows(text.encode(encoding))[3] == [("Name", "Inês Conceição de São João 3"), ("Preço", "3,50")]


DELIMITERS = {
    "commas in names and cells": ("Name, in full;Fee, in euros, a night;Note\nRui;9,50;a, b\nInês;7;c\n", ";"),
    "semicolons within quotes": ('"a; b; c; d",fee\n"Lisbon",9\n', ","),
    "tabs in a .csv": ("Port\tFee, EUR\nLisbon\t9\n", "\t"),
    "decimal commas without a header": ("Lisbon;9,50\nPorto;7,00\n", ";"),
    "only decimal commas": ("9,50;7,25;8,25\n7,00;3,10;4,15\n", ";"),
    "lists in the cells": ("Name,Tags\nAnna,x;y\nBoris,z;w\n", ","),
    "amounts with thousands": ('Port,Fee\nLisbon,"1,200"\nPorto,"3,400,000"\n', ","),
    "addresses and times": ("at,url\n10:30,http://a.example/x;y|z\n11:45,http://b.example/\n", ","),
    "rows of different lengths": ("a,b,c\n1,2\n1,2,3,4\n5,6,7\n", ","),
    "a title with commas": ("Fees, tolls, duties\n\nPort;Fee\nLisbon;9\nPorto;7\n", ";"),
    "sentences": ("note\nHello, world\nYes, it is, indeed\nNo\n", ""),
    "one column": ("fee\n9\n7\n", ""),
    "one line": ("Lisbon", ""),
}


@pytest.mark.parametrize(("text", "delimiter"), DELIMITERS.values(), ids=DELIMITERS)
def test_delimiter_is_found_by_trying(text, delimiter):
    assert find_dialect(text)[0].delimiter == delimiter


def test_commas_in_tsv_belong_to_cells():
    assert rows("Port, a, b, c, d\tFee\nLisbon\t9\n", "x.tsv") == [[("Port, a, b, c, d", "Lisbon"), ("Fee", "9")]]


@pytest.mark.parametrize("inside", ["The “lamp” is old", 'The "lamp" is old', "The lamp is old"])
def test_lone_quote_in_tsv_swallows_no_rows(inside):
    text = f'id\ttext\n1\t"The board met in Lisbon\n2\t{inside}\n3\tThe crane lifts 12 tonnes"\n4\tIt rained\n'
    assert [row[1][1] for row in rows(text, "x.tsv")] == [
        '"The board met in Lisbon', inside, 'The crane lifts 12 tonnes"', "It rained"
    ]  # fmt: skip


def test_lone_quote_costs_one_row_and_is_remarked():
    document, remarks = load('Port,Note\nLisbon,"open, but\nPorto,"closed, at night"\nFaro,"x"\n')
    assert remarks == ["line 2 cannot be parsed (a quote is never closed), so it was read without quotes"]
    assert 'Lisbon | "open | but\nPorto | closed, at night\nFaro | x' in document.text


def test_many_broken_lines_are_counted():
    _, remarks = load("a,b\n" + 'x,"y\n' * 20)
    assert remarks == [
        "lines 2, 3, 4, 5, 6 and 15 more cannot be parsed (a quote is never closed), so they were read without quotes"
    ]


QUOTED = {
    "doubled": ('"he said ""hi, you"" twice"', 'he said "hi, you" twice'),
    "with backslashes": (r'"he said \"hi, you\" twice"', 'he said "hi, you" twice'),
    "carelessly": ('"he said "hi" twice"', 'he said "hi" twice'),
    "a path": ('"C:\\new\\"', "C:\\new\\"),
    "two lines": ('"first line,\nsecond line"', "first line, second line"),
    "a part of the cell": ('the "old" lamp', 'the "old" lamp'),
    "inches": ('12"', '12"'),
    "a bar": ('"a | b"', "a | b"),
    "a huge cell": ('"' + "word " * 60_000 + '"', ("word " * 60_000).strip()),
}


@pytest.mark.parametrize(("written", "cell"), QUOTED.values(), ids=QUOTED)
def test_quoted_cell_is_read(written, cell):
    found = rows(f"Port,Note\nLisbon,{written}\nPorto,x\n")
    assert found == [[("Port", "Lisbon"), ("Note", cell)], [("Port", "Porto"), ("Note", "x")]]


# Headers and titles.


def test_file_is_one_document_with_its_name():
    document, remarks = load("Port,Fee\nLisbon,9\nPorto,7\n", "archive/port_fees_2020.csv")
    assert (document.id, document.title, remarks) == ("archive/port_fees_2020.csv", "port fees 2020", [])
    assert document.text == "Port | Fee\nLisbon | 9\nPorto | 7"


def test_each_row_is_a_passage():
    document, _ = load("Port,Fee\nLisbon,9\nPorto,7\n")
    passages = chunk(document, HashingEncoder())
    assert [passage.text for passage in passages] == ["Lisbon | 9", "Porto | 7"]
    assert [header for _, header in passages[1].cells] == ["Port", "Fee"]


def test_first_row_like_the_others_is_no_header():
    assert rows("Lisbon;9\nPorto;7\n") == [[("", "Lisbon"), ("", "9")], [("", "Porto"), ("", "7")]]


def test_title_above_the_header_is_the_caption():
    document, _ = load("Fees of ports, 2020\n# Source: harbour office\n\nPort,Fee,Depth\nLisbon,9,3\nPorto,7,4\n")
    assert document.title == "Fees of ports, 2020"
    assert document.text.startswith("Fees of ports, 2020\n\nSource: harbour office\n\nPort | Fee | Depth\nLisbon")
    assert {block.context for block in document.blocks if block.kind is BlockKind.ROW} == {"Fees of ports, 2020"}


def test_header_of_two_rows_names_groups():
    found = rows(",2019,,2020,\nPort,low,high,low,high\nLisbon,1,2,3,4\nPorto,5,6,7,8\n")
    assert found[1] == [("Port", "Porto"), ("2019 low", "5"), ("2019 high", "6"), ("2020 low", "7"), ("2020 high", "8")]


def test_units_below_the_header_belong_to_it():
    found = rows("Port,Fee,Depth\n,EUR,m\nLisbon,9,3\nPorto,7,4\n")
    assert found[0] == [("Port", "Lisbon"), ("Fee EUR", "9"), ("Depth m", "3")]


def test_repeated_names_and_blank_cells_keep_columns():
    found = rows("Port,Fee,Fee,\nLisbon,,9,x\n,7,,\nFaro,1,2,3,4\n")
    assert found == [
        [("Port", "Lisbon"), ("Fee", "9"), ("", "x")],
        [("Fee", "7")],
        [("Port", "Faro"), ("Fee", "1"), ("Fee", "2"), ("", "3"), ("", "4")],
    ]


def test_header_without_rows_is_found_and_remarked():
    loaded = load_file(SourceFile(Path("x.csv"), "x.csv"), b"Port,Fee\n")
    assert loaded.note == "holds the header of a table without any rows"
    (passage,) = chunk(loaded.documents[0], HashingEncoder())
    assert passage.text == "Port | Fee"


@pytest.mark.parametrize("text", ["", "\n\n", ",,\n,,\n", '"",""\n'])
def test_table_without_text_is_refused(text):
    with pytest.raises(DocumentError, match="no text"):
        load_file(SourceFile(Path("x.csv"), "x.csv"), text.encode())


def test_too_many_rows_are_cut_with_a_remark(monkeypatch):
    monkeypatch.setattr(loader, "MAX_ROWS", 100)
    document, remarks = load("n,fee\n" + "".join(f"{i},7\n" for i in range(200)))
    assert document.text.endswith("98 | 7")
    assert remarks == ["line 101 and all below are left out (more than 100 rows or 5,000,000 cells); split the file"]


def test_hostile_quotes_take_no_long_time():
    for piece in ('a,"\n', '"""a,', '"a""\n', "\\\"a,'\n", '""""a\n'):
        load("x,y\n1,2\n" + piece * 30_000)


# Whatever a program writes comes back.

CELLS = st.text(st.characters(codec="utf-8", exclude_characters="\0\r\ufeff"), max_size=12)
FORMATS = [
    {"quoting": csv.QUOTE_ALL},
    {"quoting": csv.QUOTE_MINIMAL},
    {"quoting": csv.QUOTE_NONNUMERIC},
    {"quoting": csv.QUOTE_ALL, "doublequote": False, "escapechar": "\\"},
]


def written(table, delimiter, form):
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, **form).writerows(table)
    return out.getvalue()


def tables(cells):
    return st.integers(2, 5).flatmap(
        lambda n: st.lists(st.lists(cells, min_size=n, max_size=n), min_size=2, max_size=6)
    )


@given(table=tables(CELLS), delimiter=st.sampled_from(",;\t|"), form=st.sampled_from(FORMATS))
def test_any_written_cells_come_back(table, delimiter, form):
    dialect = Dialect(delimiter, backslash="escapechar" in form)
    found = [line.cells for line in read_lines(with_line_feeds(written(table, delimiter, form)), dialect)]
    wanted = [[cell.strip(" \t") for cell in row] for row in table]
    assert [[cell.strip(" \t") for cell in row] for row in found] == wanted


WORDS = st.text(st.characters(codec="utf-8", categories=["L", "N"]), min_size=1, max_size=6)
PHRASES = st.lists(
    st.sampled_from([",", ";", "\t", "|", '"', "\n", " ", ", ", "'", "\\"]) | WORDS, min_size=1, max_size=5
)


@given(
    table=tables(WORDS.flatmap(lambda word: PHRASES.map(lambda rest: word + "".join(rest)))),
    delimiter=st.sampled_from(",;\t|"),
    form=st.sampled_from(FORMATS[:1] + FORMATS[2:3]),
)
def test_any_quoted_table_is_cited_exactly(table, delimiter, form):
    assume(delimiter != "\t" or not any("\n" in cell and "\t" in cell for row in table for cell in row))
    plain = [["plain words"] * len(table[0])] * 3  # a table of nothing but delimiters may be read in several ways
    table = [*table, *plain]
    document, _ = load(written(table, delimiter, form))
    collapsed = [[" ".join(cell.split()) for cell in row] for row in table]
    assert document.text == "\n".join(map(" | ".join, collapsed))
    for block, row in zip(document.blocks, collapsed, strict=True):
        if block.kind is BlockKind.ROW:
            assert [text for _, text in cells_of(document, block)] == row
