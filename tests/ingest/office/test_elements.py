"""Elements by their local names, whatever their namespaces are."""

import pytest

from qa.ingest.markup import parse_xml
from qa.ingest.office.elements import attribute, child, children, descendants, flag, link_id, local, number, value

ROOT = parse_xml(
    b'<w:p xmlns:w="urn:w" xmlns:r="urn:relationships" w:id="1" r:id="2"><w:pPr><w:on/><w:off w:val="0"/>'
    b'<w:jc w:val="left"/></w:pPr><w:r/><w:r><w:t>a</w:t></w:r></w:p>'
)


def test_names_and_attributes_without_namespaces():
    assert (local(ROOT), attribute(ROOT, "id"), attribute(ROOT, "none"), attribute(None, "id")) == ("p", "1", "", "")
    assert link_id(ROOT) == "2"


def test_children_and_descendants():
    assert len(list(children(ROOT, "r"))) == 2
    assert [one.text for one in descendants(ROOT, "t")] == ["a"]
    assert list(children(None, "r")) == []


def test_path_of_children_gives_a_value():
    assert value(ROOT, "pPr", "jc") == "left"
    assert child(ROOT, "pPr", "none", "x") is None


def test_flag_is_on_off_or_not_stated():
    properties = child(ROOT, "pPr")
    assert [flag(properties, name) for name in ("on", "off", "none")] == [True, False, None]


@pytest.mark.parametrize(("text", "found"), [("12", 12), ("-3", -3), ("", 7), ("x", 7), ("9" * 30, 7), ("²", 7)])
def test_number_of_a_text(text, found):
    assert number(text, 7) == found
