"""What the rows of the database hold."""

import numpy as np
import pytest

from qa.ingest.blocks import Part, assemble, table_parts
from qa.store.changes import store
from qa.store.queries import (
    EXCERPT,
    Entry,
    Excerpt,
    description,
    document_from,
    document_row,
    passage_key,
    write_entry,
)
from qa.store.schema import connect, transaction
from qa.types import BlockKind, Passage, make_document

ENTRY = Entry("a.txt", "0" * 64, 7, "indexed", "", 0, 0.5, "2022-01-14T00:00:00", 12, "page 3 is damaged")


@pytest.fixture
def database(tmp_path):
    opened = connect(tmp_path)
    yield opened
    opened.close()


def test_ledger_entry_is_replaced(database):
    with transaction(database):
        write_entry(database, ENTRY)
        write_entry(database, Entry("a.txt", "1" * 64, 8, "failed", "torn", 3, 0.1, "2022-01-15T00:00:00"))
    ((*_, status, reason, passages, _, _, modified, _),) = database.execute("SELECT * FROM files").fetchall()
    assert (status, reason, passages, modified) == ("failed", "torn", 3, 0)


def test_document_survives_its_row():
    parts = [Part(BlockKind.HEADING, "Fees", level=2), *table_parts([["Łódź", "3"]], headers=["Town", "Fee"])]
    text, blocks = assemble(parts)
    made = make_document(
        id="a", title="T", text=text, source="a", media_type="text/csv", blocks=blocks, page_labels=["i", "2"]
    )
    assert document_from(document_row(made)) == made
    assert description(made) == tuple(value for value in document_row(made) if value != text)


def test_key_of_a_passage_ignores_its_place():
    one = Passage("a", 5, 10, "a | b", ((5, 10),), "Fees", ((5, "x"), (9, "y")))
    other = Passage("a", 8, 13, "a | b", ((8, 13),), "Fees", ((8, "x"), (12, "y")))
    assert passage_key("T", one) == passage_key("T", other) != passage_key("U", one)


def test_excerpt_knows_the_printed_page(database):
    text = "Before.\fThe clock.\fThe boat."
    made = make_document(
        id="a", title="T", text=text, source="a", media_type="application/pdf", page_labels=["i", "ii", "3"]
    )
    with transaction(database):
        write_entry(database, ENTRY)
        store(database, "a.txt", [(made, [], np.empty((0, 8), np.float32))])
    for place, page, label in ((0, 1, "i"), (text.index("The clock"), 2, "ii"), (text.index("The boat"), 3, None)):
        row = database.execute(EXCERPT, {"id": "a", "start": place, "length": 3}).fetchone()
        excerpt = Excerpt.from_row(row)
        assert (excerpt.page, excerpt.page_label, excerpt.text) == (page, label, text[place : place + 3])


def test_labels_that_count_the_pages_are_dropped():
    made = make_document(id="a", title="T", text="x", source="a", media_type="application/pdf", page_labels=["1", "2"])
    assert made.page_labels == ()
