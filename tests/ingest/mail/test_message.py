"""Messages as documents."""

from email.message import EmailMessage
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.errors import DocumentError
from qa.ingest.mail.message import MAX_ATTACHMENTS, read_message
from qa.types import Document, Remark

LINES = st.lists(st.sampled_from(["Tea is at four.", "", "> quoted", "-- ", "- item", "a", "Größe"]), max_size=12)


@given(LINES, LINES)
def test_blocks_cover_the_text(first, second):
    made = EmailMessage()
    made["From"], made["Subject"] = "Anna <a@x.org>", "Tea"
    made.set_content("\n".join(first))
    made.add_attachment("\n".join(second), disposition="inline")
    document = next(read_message(made.as_bytes(), "m.eml"))
    assert isinstance(document, Document)
    assert all(before.end <= after.start for before, after in pairwise(document.blocks))
    covered = {place for block in document.blocks for place in range(block.start, block.end)}
    assert not {place for place, c in enumerate(document.text) if not c.isspace()} - covered


def test_too_many_attachments_are_remarked():
    made = EmailMessage()
    made["Subject"] = "Tea"
    made.set_content("Tea.")
    for number in range(MAX_ATTACHMENTS + 1):
        made.add_attachment(f"Note {number}.", filename=f"{number}.txt")
    *documents, remark = read_message(made.as_bytes(), "m.eml")
    assert len(documents) == MAX_ATTACHMENTS + 1
    assert remark == Remark(f"only its first {MAX_ATTACHMENTS} attachments were read")


@pytest.mark.parametrize(
    ("header", "title"),
    [
        (b"Subject: =?iso-8859-1?q?=93Tea=94_=96_now?=", "“Tea” – now"),
        (b"Subject: \xd0\xa7\xd0\xb0\xd0\xb9", "Чай"),
        (b"Subject: =?utf-8?b?0KfQsNC5?=", "Чай"),
    ],
)
def test_headers_are_decoded(header, title):
    (document,) = read_message(header + b"\n\nText", "m.eml")
    assert document.title == title


def test_bytes_without_headers_are_refused():
    with pytest.raises(DocumentError, match="none of the headers"):
        list(read_message(b"X-Other: 1\n\nText", "m.eml"))
