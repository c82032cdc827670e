"""Markdown files: title, date, and what is read of tables."""

from pathlib import Path

from embeddings.encoders.hashing import HashingEncoder
from qa.ingest.chunking import chunk
from qa.ingest.files import SourceFile, load


def read(text):
    return load(SourceFile(Path("file.md"), "file.md"), text.encode()).documents[0]


def test_stated_title_and_date_are_used():
    document = read("---\ntitle: The pier\ndate: 12 June 2021\n---\n# Fees\n\nNine euros.")
    assert (document.title, document.published) == ("The pier", "2021-06-12")


def test_row_is_a_passage_with_its_headers():
    document = read("# Lock\n\n## Hours\n\n| Season | Opens |\n|---|---|\n| Summer | 6:00 |\n| Winter | 8:00 |\n")
    rows = [passage for passage in chunk(document, HashingEncoder()) if passage.cells]
    assert [(row.text, row.context) for row in rows] == [("Summer | 6:00", "Hours"), ("Winter | 8:00", "Hours")]
    assert [header for _, header in rows[0].cells] == ["Season", "Opens"]


def test_sections_are_the_context():
    document = read("# Lock\n\nOpen the drain.\n\n## Safety\n\n- Wear gloves.\n")
    assert [(p.text, p.context) for p in chunk(document, HashingEncoder())] == [
        ("Open the drain.", ""),
        ("Wear gloves.", "Safety"),
    ]
