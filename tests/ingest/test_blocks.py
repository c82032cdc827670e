"""Parts become one text with a block for each."""

from hypothesis import given
from hypothesis import strategies as st

from qa.ingest.blocks import MAX_HEADER_CHARS, Part, assemble, table_parts
from qa.types import BlockKind


def shown(text, blocks):
    return [(block.kind.value, text[block.start : block.end]) for block in blocks]


def test_parts_are_separated_by_kind():
    text, blocks = assemble([
        Part(BlockKind.HEADING, " Clocks ", level=1),
        Part(BlockKind.TEXT, "Anna mends them."),
        Part(BlockKind.TEXT, "  "),
        Part(BlockKind.ITEM, "- one"),
        Part(BlockKind.ITEM, "- two"),
        Part(BlockKind.TEXT, "On the next page.", before="\f"),
    ])  # fmt: skip
    assert text == "Clocks\n\nAnna mends them.\n\n- one\n- two\fOn the next page."
    assert shown(text, blocks)[0] == ("heading", "Clocks")
    assert shown(text, blocks)[-1] == ("text", "On the next page.")
    assert blocks[0].level == 1


def test_rows_know_headers_and_caption():
    rows = [["Cleo Cruz", "", "840"], [], ["", " "], ["Rui\nTavares", "9 | 50", "1", "more"]]
    text, blocks = assemble(table_parts(rows, headers=["Name", "Fee", "Year"], caption="Fees"))
    assert text == "Fees\nName | Fee | Year\nCleo Cruz |  | 840\nRui Tavares | 9 | 50 | 1 | more"
    assert [block.kind for block in blocks] == [BlockKind.HEADER] * 2 + [BlockKind.ROW] * 2
    assert {block.context for block in blocks[1:]} == {"Fees"}
    cells = [(text[start:].partition(" | ")[0].partition("\n")[0], header) for start, header in blocks[2].cells]
    assert cells == [("Cleo Cruz", "Name"), ("840", "Year")]
    assert [header for _, header in blocks[3].cells] == ["Name", "Fee", "Year", ""]
    assert text[blocks[3].cells[1][0] :].startswith("9 | 50 | 1")


def test_table_without_headers_has_cells():
    text, blocks = assemble(table_parts([["a", "b"]]))
    assert (text, blocks[0].cells) == ("a | b", ((0, ""), (4, "")))


def test_long_header_is_cut_in_cells_only():
    text, blocks = assemble(table_parts([["1"]], headers=["x" * 200]))
    assert text == "x" * 200 + "\n1"
    assert blocks[1].cells == ((201, "x" * MAX_HEADER_CHARS),)


KINDS = st.sampled_from(BlockKind)


@given(st.lists(st.builds(Part, KINDS, st.text(max_size=20), before=st.sampled_from([None, "\f", "\n"])), max_size=8))
def test_blocks_hold_every_part_in_order(parts):
    text, blocks = assemble(parts)
    assert shown(text, blocks) == [(part.kind.value, part.text.strip()) for part in parts if part.text.strip()]
    places = [place for block in blocks for place in (block.start, block.end)]
    assert places == sorted(places)
