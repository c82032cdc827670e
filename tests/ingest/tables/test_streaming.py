from io import BytesIO
from zipfile import ZipFile

import pytest

from qa.errors import DocumentError
from qa.ingest.tables.streaming import elements
from tests.support.sample_files import archive


def found(xml, *names):
    with ZipFile(BytesIO(archive({"a.xml": xml}))) as opened:
        return [element.get("n") for _, element in elements(opened, "a.xml", *names)]


def test_elements_come_in_order():
    assert found('<x xmlns="y"><a n="1"/><b n="2"/><c n="3"/></x>', "a", "c") == ["1", "3"]


@pytest.mark.parametrize("xml", ["<x><a>", "", '<!DOCTYPE x [<!ENTITY e "e">]><x><a>&e;</a></x>'])
def test_bad_xml_is_refused(xml):
    with pytest.raises(DocumentError):
        found(xml, "a")


def test_missing_member_is_named():
    with ZipFile(BytesIO(archive({"a.xml": ""}))) as opened, pytest.raises(DocumentError, match=r"b\.xml"):
        list(elements(opened, "b.xml", "a"))
