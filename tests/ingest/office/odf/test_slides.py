"""The slides of an OpenDocument presentation as units."""

from qa.ingest.markup import parse_xml
from qa.ingest.office.odf.body import Body
from qa.ingest.office.odf.slides import OdfSlides
from qa.ingest.office.odf.styles import Styles


def test_headings_within_a_slide_are_deeper():
    page = (
        '<page><frame class="title"><text-box><p>T</p></text-box></frame><frame><text-box><h>Sub</h></text-box></frame>'
    )
    running = '<frame class="footer"><text-box><p>Foot</p></text-box></frame></page>'
    parts = OdfSlides(Body(Styles())).read(parse_xml(f"<x>{page}{running}</x>".encode()))
    assert [(part.kind.value, part.level, part.text) for part in parts] == [
        ("heading", 1, "T"), ("heading", 2, "Sub"), ("furniture", 0, "Foot"),
    ]  # fmt: skip
