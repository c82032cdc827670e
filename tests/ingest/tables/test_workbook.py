from io import BytesIO
from zipfile import ZipFile

import pytest

from qa.errors import DocumentError
from qa.ingest.tables.workbook import read_workbook, relations
from tests.support.sample_files import archive, xlsx


def test_sheets_are_listed_in_order():
    with ZipFile(BytesIO(xlsx({"Fees": [["a"]], "Ships": [["b"]]}))) as opened:
        book = read_workbook(opened)
    assert [(sheet.name, sheet.is_hidden) for sheet in book.sheets] == [("Fees", False), ("Ships", False)]


def test_outside_is_never_referred_to():
    link = '<Relationships><Relationship Id="r" Type="a/x" Target="../../../etc/passwd"/></Relationships>'
    outside = link.replace("Id=", 'TargetMode="External" Id=')
    with ZipFile(BytesIO(archive({"xl/_rels/a.rels": link, "xl/_rels/b.rels": outside}))) as opened:
        assert list(relations(opened, "xl/a")) == [("x", "r", "etc/passwd")]
        assert list(relations(opened, "xl/b")) == []


def test_other_archive_is_refused():
    with ZipFile(BytesIO(archive({"a.txt": ""}))) as opened, pytest.raises(DocumentError, match="not what"):
        read_workbook(opened)
