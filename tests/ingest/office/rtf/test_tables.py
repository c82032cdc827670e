"""Tables of Rich Text Format."""

from qa.ingest.blocks import Part
from qa.ingest.office.rtf.tables import Tables
from qa.types import BlockKind


def text(words):
    return [Part(BlockKind.TEXT, words)]


def fill(tables, *cells):
    for cell in cells:
        tables.depth = 1
        assert tables.add(text(cell), False) == []
        tables.word("cell")
    tables.word("row")


def test_table_ends_at_the_next_paragraph():
    tables = Tables()
    fill(tables, "a", "b")
    tables.depth = 0
    assert [part.text for part in tables.add(text("After"), False)] == ["a | b", "After"]


def test_merged_cells_are_read_once():
    tables = Tables()
    for word in ("trowd", "cellx", "clmrg", "cellx", "cellx"):
        tables.word(word)
    fill(tables, "both", "", "c")
    assert [part.text for part in tables.finish()] == ["both |  | c"]


def test_row_without_table_is_nothing():
    tables = Tables()
    assert tables.word("row") == tables.finish() == []
