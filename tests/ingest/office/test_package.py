"""Parts of Office Open XML files."""

from io import BytesIO
from zipfile import ZipFile

import pytest

from qa.errors import DocumentError
from qa.ingest.office.package import Package
from tests.support.sample_files import archive
from tests.support.word_files import docx, p


def package(data):
    return Package(ZipFile(BytesIO(data)))


def test_main_part_is_found_by_its_relationship():
    link = '<L><R Id="a" Type="x/officeDocument" Target="other/main%201.xml"/></L>'
    found = package(archive({"_rels/.rels": link, "other/main 1.xml": "<document/>"}))
    assert found.main("document", "word/document.xml")[0] == "other/main 1.xml"


def test_main_part_has_a_usual_name():
    assert package(archive({"word/document.xml": "<document/>"})).main("document", "word/document.xml")


def test_other_kind_of_file_is_named():
    with pytest.raises(DocumentError, match=r"is a spreadsheet \(\.xlsx\), not a Word document"):
        package(archive({"word/document.xml": "<workbook/>"})).main("document", "word/document.xml")


def test_targets_stay_inside_external_ones_are_empty():
    links = (
        '<L><R Id="a" Type="x/image" Target="../../../etc/passwd"/><R Id="b" Type="x/image" Target="/word/a.png"/>'
        '<R Id="c" Type="x/image" Target="http://host.invalid/" TargetMode="External"/></L>'
    )
    found = package(archive({"word/_rels/document.xml.rels": links}))
    assert [link.target for link in found.links("word/document.xml").values()] == ["etc/passwd", "word/a.png", ""]
    assert list(found.linked("word/document.xml", "image")) == ["etc/passwd", "word/a.png"]


def test_damaged_part_becomes_a_problem():
    found = package(docx(p("x"), styles="<broken"))
    assert found.first("word/document.xml", "styles", "the list of styles") is None
    assert found.problems[0].startswith("the list of styles cannot be read")
    assert found.part("word/none.xml", "nothing") is None


def test_title_of_the_properties():
    assert package(docx(p("x"), title="On tea")).title() == "On tea"
    assert package(archive({})).title() == ""
