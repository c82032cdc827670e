"""Which blocks share a passage, and under which headings."""

from qa.ingest.blocks import Part, assemble, table_parts
from qa.ingest.chunking import chunk
from qa.ingest.sections import sections
from qa.types import BlockKind, make_document


def heading(text, level):
    return Part(BlockKind.HEADING, text, level=level)


def text(words, context=""):
    return Part(BlockKind.TEXT, words, context=context)


def made(*parts, title="Clocks"):
    whole, blocks = assemble(parts)
    return make_document(id="a", title=title, text=whole, source="a", media_type="text/html", blocks=blocks)


def found(document):
    return [
        (section.context, " ".join(document.text[block.start : block.end] for block in section.blocks))
        for section in sections(document)
    ]


def test_section_stands_under_its_headings():
    document = made(
        heading("Clocks", 1), text("One."), heading("Repair", 2), text("Two."), text("Three."), heading("Oil", 3),
        text("Four."), heading("Sale", 2), text("Five."),
    )  # fmt: skip
    assert found(document) == [
        ("", "One."), ("Repair", "Two. Three."), ("Repair › Oil", "Four."), ("Sale", "Five."),
    ]  # fmt: skip


def test_heading_without_content_is_content():
    document = made(heading("A", 1), heading("B", 2), heading("C", 2), text("Under C."), heading("Last", 1))
    assert found(document) == [("A", "B"), ("A › C", "Under C."), ("", "Last")]


def test_furniture_is_in_no_section():
    furniture = Part(BlockKind.FURNITURE, "Page 3")
    document = made(text("One."), furniture, text("Two."))
    assert found(document) == [("", "One."), ("", "Two.")]


def test_speakers_are_kept_apart():
    document = made(text("Yes.", "Anna"), text("No.", "Boris"), text("Why?", "Boris"))
    assert found(document) == [("Anna", "Yes."), ("Boris", "No. Why?")]


def test_each_row_is_a_section(hashing):
    rows = table_parts([["Rye", "3"], ["Oat", "4"]], headers=["Bread", "Price"], caption="Prices")
    document = made(heading("Shop", 1), text("We sell:"), *rows)
    assert found(document) == [("Shop", "We sell:"), ("Shop › Prices", "Rye | 3"), ("Shop › Prices", "Oat | 4")]
    passages = chunk(document, hashing)
    assert [passage.text for passage in passages] == ["We sell:", "Rye | 3", "Oat | 4"]
    assert [[header for _, header in passage.cells] for passage in passages[1:]] == [["Bread", "Price"]] * 2


def test_header_without_rows_is_content():
    assert found(made(Part(BlockKind.HEADER, "Name | Fee"), text("After."))) == [("", "Name | Fee After.")]


def test_long_row_is_cut_between_cells(hashing):
    cells = [" ".join(f"word{n}x{m}" for m in range(30)) for n in range(20)]
    document = made(*table_parts([cells], headers=[f"Column {n}" for n in range(20)]))
    passages = chunk(document, hashing)
    assert len(passages) > 1
    assert [header for passage in passages for _, header in passage.cells] == [f"Column {n}" for n in range(20)]
    for passage in passages:
        assert document.text[passage.start : passage.end] == passage.text
        assert all(passage.start <= start < passage.end for start, _ in passage.cells)
    words = {word for passage in passages for word in passage.text.split()}
    assert words - {"|"} == {word for cell in cells for word in cell.split()}
