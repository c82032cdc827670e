"""Check what lines become: headings, items, rows, contents."""

from qa.ingest.pdf.hyphens import Hyphens
from qa.ingest.pdf.units import read_units
from qa.types import BlockKind
from tests.support.pdf_lines import line, lines


def units(*pages):
    return [(unit.part.kind, unit.part.text) for unit in read_units(pages, 11, Hyphens([]))]


def test_large_and_bold_lines_are_headings():
    found = [line("Harbours", size=20), line("Old ones", y=140, bold=True), line("They are many.", y=170)]
    assert [kind for kind, _ in units(found)] == [BlockKind.HEADING, BlockKind.HEADING, BlockKind.TEXT]


def test_large_or_bold_sentence_is_no_heading():
    assert units([line("They are many, and they are all old.", size=20)])[0][0] is BlockKind.TEXT
    found = [line("They are many.", bold=True), line("x" * 90, y=140)]
    assert units(found)[0][0] is BlockKind.TEXT


def test_bold_text_throughout_has_no_headings():
    assert units([line("Harbours", bold=True), line("Old ones", y=140, bold=True)])[0][0] is BlockKind.TEXT


def test_items_keep_their_marks():
    assert units(lines("• Storms in winter", "2. No spare lens", "(a) Contractor")) == [
        (BlockKind.ITEM, "• Storms in winter"),
        (BlockKind.ITEM, "2. No spare lens"),
        (BlockKind.ITEM, "(a) Contractor"),
    ]


def test_contents_are_furniture():
    found = lines("Contents", "The harbour 1", "The lighthouse", "of the town 3", "The pier 7", "The light is old.")
    assert units(found)[1] == (BlockKind.FURNITURE, "The harbour 1\nThe lighthouse\nof the town 3\nThe pier 7")


def test_caption_is_the_context_of_rows():
    found = [line("Table 1: Fees", y=80), *lines("Port|Fee", "Lisbon|9", "Porto|7")]
    made = read_units([found], 11, Hyphens([]))
    assert [unit.part.context for unit in made[1:]] == ["Table 1: Fees"] * 3


def test_unit_knows_the_pages_that_it_goes_over():
    (unit,) = read_units([[line("the bridge over the river")], [line("was closed.", page=1)]], 11, Hyphens([]))
    assert (unit.page, unit.last_page) == (0, 1)
