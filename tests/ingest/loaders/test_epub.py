"""Books: one bad item does not refuse the rest."""

from pathlib import Path

import pytest

from qa.errors import DocumentError
from qa.ingest.files import SourceFile, load
from qa.types import BlockKind
from tests.support.sample_files import archive, epub

CONTAINER = '<container><rootfiles><rootfile full-path="OEBPS/b.opf"/></rootfiles></container>'
ONE = "<html><body><h1>One</h1><p>The lamp dates from 1904.</p></body></html>"
TWO = "<html><body><p>The fee is nine euros.</p></body></html>"


def book(items, spine=None, more=None):
    """Make a book of items: names in the manifest, each with its content, or None if it is missing."""
    listed = "".join(f'<item id="i{n}" href="{href}"/>' for n, href in enumerate(items))
    refs = "".join(
        f'<itemref idref="{id}"/>' for id in (spine if spine is not None else [f"i{n}" for n in range(len(items))])
    )
    package = f"<package><metadata/><manifest>{listed}</manifest><spine>{refs}</spine></package>"
    stored = {f"OEBPS/{href}": content for href, content in items.items() if content is not None}
    return archive({"META-INF/container.xml": CONTAINER, "OEBPS/b.opf": package, **stored, **(more or {})})


def read(data):
    return load(SourceFile(Path("file.epub"), "file.epub"), data)


@pytest.mark.parametrize(
    ("items", "more", "said"),
    [
        ({"gone.xhtml": None}, {}, "'OEBPS/gone.xhtml' is missing"),
        ({"pic.jpg": b"\xff\xd8\xff\xe0\0\0JFIF"}, {}, "'OEBPS/pic.jpg' is no text"),
        ({"../../etc/x.xhtml": None}, {}, "'../etc/x.xhtml' lies outside the book"),
        ({"A.XHTML": None}, {"OEBPS/a.xhtml": TWO}, ""),
        ({"a.xhtml#x": None}, {"OEBPS/a.xhtml": TWO}, ""),
        ({"a%20b.xhtml": None}, {"OEBPS/a b.xhtml": TWO}, ""),
        ({"a.xhtml": '<!DOCTYPE html [<!ENTITY nbsp "&#160;">]>' + TWO.replace("The fee", "The&nbsp;fee")}, {}, ""),
        ({"a.xhtml": "<html><body><p>The fee is nine euros.<b></p>"}, {}, ""),
    ],
)
def test_odd_item_leaves_the_rest_readable(items, more, said):
    loaded = read(book({"one.xhtml": ONE, **items, "two.xhtml": TWO.replace("nine", "ten")}, more=more))
    text = loaded.documents[0].text
    assert text.startswith("One\n\nThe lamp dates from 1904.")
    assert text.endswith("The fee is ten euros.")
    assert ("nine euros" in text) is (not said)
    assert said in loaded.note
    assert bool(loaded.note) is bool(said)


def test_empty_spine_reads_the_chapters_as_listed():
    loaded = read(book({"one.xhtml": ONE, "style.css": "p {}", "two.xhtml": TWO}, spine=[]))
    assert loaded.documents[0].text == "One\n\nThe lamp dates from 1904.\n\nThe fee is nine euros."
    assert "no reading order" in loaded.note


def test_reading_order_that_names_nothing_is_said():
    loaded = read(book({"one.xhtml": ONE}, spine=["i0", "i7"]))
    assert "1 items that it does not hold" in loaded.note


def test_book_without_a_readable_chapter_is_refused():
    with pytest.raises(DocumentError, match="no chapter that can be read"):
        read(book({"gone.xhtml": None}))


def test_notes_are_kept_apart_from_years():
    chapter = (
        '<html xmlns:epub="http://www.idpf.org/2007/ops"><body><p>Built in 1871'
        '<a epub:type="noteref" href="#n"><sup>2</sup></a> here.</p>'
        '<aside id="n"><p>By Paulo Reis.</p></aside></body></html>'
    )
    assert read(book({"a.xhtml": chapter})).documents[0].text == "Built in 1871² here.\n\nBy Paulo Reis."


def test_headings_of_chapters_are_kept():
    (document,) = read(book({"one.xhtml": ONE})).documents
    assert [block.kind for block in document.blocks] == [BlockKind.HEADING, BlockKind.TEXT]


def test_missing_container_is_made_good_by_the_only_package():
    data = archive({"b.opf": '<package><item id="a" href="a.html"/><itemref idref="a"/></package>', "a.html": TWO})
    assert read(data).documents[0].text == "The fee is nine euros."


def test_book_that_states_nothing_has_its_first_line_as_title():
    assert read(epub([["One."], ["Two."]])).documents[0].title == "One."
