"""Parts of OpenDocument files."""

import pytest

from qa.errors import DocumentError
from qa.ingest.office.odf.package import open_odf
from tests.support.word_files import odf


@pytest.mark.parametrize("flat", [True, False])
def test_body_and_title_are_found(flat):
    opened = open_odf(odf("<text:p>a</text:p>", title="On tea", flat=flat), "text")
    assert (opened.title, len(opened.body), opened.problems) == ("On tea", 1, [])


def test_damaged_object_is_a_problem():
    opened = open_odf(odf("", more={"Object 1/content.xml": "<math/>", "Object 2/content.xml": "<broken"}), "text")
    assert list(opened.objects) == ["Object 1"]
    assert opened.problems[0].startswith("an object in it cannot be read")


def test_spreadsheet_is_named():
    with pytest.raises(DocumentError, match="is a spreadsheet"):
        open_odf(odf("", "spreadsheet"), "text")
