"""What is said about the slides of a presentation."""

from io import BytesIO
from zipfile import ZipFile

from qa.ingest.office.package import Package
from qa.ingest.office.slides import Slides
from qa.types import BlockKind
from tests.support.word_files import pptx, shape


def slides(data):
    made = Slides(Package(ZipFile(BytesIO(data))))
    return made, list(made.read())


def test_bullets_of_text_boxes_are_items():
    bullet, none = '<a:pPr><a:buChar char="-"/></a:pPr>', "<a:pPr><a:buNone/></a:pPr>"
    _, parts = slides(pptx(shape("a", properties=bullet) + shape("b", kind="body", properties=none)))
    assert [part.kind for part in parts[1:]] == [BlockKind.ITEM, BlockKind.TEXT]


def test_hidden_shapes_are_left_out():
    hidden = shape("Secret").replace('name="x"', 'name="x" hidden="1"')
    assert [part.text for part in slides(pptx(shape("Kept") + hidden))[1]] == ["Slide 1", "Kept"]


def test_remarks_name_hidden_slides():
    made, parts = slides(pptx(shape("a"), shape("b"), shape("c"), hidden=(1, 3)))
    assert [part.text for part in parts] == ["Slide 2", "b"]
    assert list(made.remarks()) == ["holds hidden slides 1, 3, left out"]


def test_slide_without_text_is_named():
    made, parts = slides(pptx(shape(""), shape("b"), shape("7", kind="sldNum")))
    assert [part.text for part in parts if part.text] == ["Slide 2", "b", "7"]
    assert list(made.remarks()) == ["slides 1, 3 hold no text, perhaps a picture"]


def test_second_title_is_no_heading():
    _, parts = slides(pptx(shape("One", kind="title") + shape("Two", kind="title")))
    assert [(part.kind, part.text) for part in parts] == [(BlockKind.HEADING, "One"), (BlockKind.TEXT, "Two")]
