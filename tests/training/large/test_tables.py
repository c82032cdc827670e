"""Turn rows of tables into examples."""

import random

from qa.ingest.chunking import chunk
from qa.text.reading import passage_reading
from qa.training.large.tables import Table, table_examples
from qa.types import Block, BlockKind, make_document
from tests.support.encoders import CountingEncoder


def shown(data):
    return [example for seed in range(8) for example in table_examples(data / "evidence", random.Random(seed))]


def test_row_reads_as_in_the_product():
    table = Table("Cup › Winners", ["Year", "Winner"], [["1990", "Bern"]])
    cells = ((0, "Year"), (7, "Winner"))
    block = Block(BlockKind.ROW, 0, 11, context="Winners", cells=cells)
    document = make_document(
        id="a", title="Cup", text="1990 | Bern", source="a", media_type="text/csv", blocks=(block,)
    )
    (passage,) = chunk(document, CountingEncoder())
    assert table.example("?", 0, right=True).text == passage_reading(passage).text == "Year: 1990; Winner: Bern"


def test_answer_is_the_cell_of_the_right_row(data):
    found = [example for example in shown(data) if example.question == "who won in 1990?"]
    right = [example for example in found if example.evidence]
    assert {example.text[slice(*example.answer)] for example in right} == {"Bern"}
    assert all(not e.unanswerable for e in right)
    others = [example for example in found if not example.evidence]
    assert others
    assert all(example.unanswerable and example.answer is None for example in others)


def test_rows_with_marked_cells_are_evidence(data):
    found = [example for example in shown(data) if example.question == "Who won in 1991?"]
    assert {e.text for e in found if e.evidence} == {"Year: 1991; Winner: Basel; Score: 2"}
    assert all(example.context == "Cup › Winners" for example in found)


def test_lookups_ask_for_a_cell_by_another(data):
    asked = [example for example in shown(data) if example.question not in ("who won in 1990?", "Who won in 1991?")]
    for example in asked:
        if example.answer:
            column = example.text[: example.answer[0]].rpartition("; ")[2].rpartition(": ")[0]
            assert column.lower() in example.question
