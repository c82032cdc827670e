"""Mailboxes: where messages begin, and what happens to bad ones."""

from pathlib import Path

import pytest

from qa.errors import DocumentError
from qa.ingest.files import SourceFile, load

FROM = b"From a@x.org Fri Jan 14 10:00:00 2022\n"
ONE = b"From: Anna <a@x.org>\nSubject: One\n\nThe fee is nine euros.\n"
TWO = b"From: Anna <a@x.org>\nSubject: Two\n\nThe lamp dates from 1904.\n"


def read(data):
    loaded = load(SourceFile(Path("m.mbox"), "m.mbox"), data)
    return [(document.id, document.title) for document in loaded.documents], loaded


@pytest.mark.parametrize("between", [b"", b"\n", b"\n\n"])
@pytest.mark.parametrize("start", [b"", b"\xef\xbb\xbf", b"\n\n"])
def test_messages_begin_with_or_without_blank_lines(start, between):
    titles, loaded = read(start + FROM + ONE + between + FROM + TWO)
    assert titles == [("m.mbox:1", "One"), ("m.mbox:2", "Two")]
    assert "lamp" not in loaded.documents[0].text


@pytest.mark.parametrize(
    "line",
    [
        b"From memory, the crane lifts 12 tonnes.\nHenk said so.\n",
        b"From memory: twelve tonnes.\nNote: Henk said so.\n",
        b"From 10:30 to 12:00 the crane is closed.\nHenk said so.\n",
    ],
)
@pytest.mark.parametrize("blank", [b"", b"\n"])
def test_sentence_that_begins_with_from_stays(blank, line):
    titles, loaded = read(FROM + ONE + blank + line + b"\n" + FROM + TWO)
    assert [title for _, title in titles] == ["One", "Two"]
    assert "Henk said so." in loaded.documents[0].text


def test_plain_separator_before_headers_is_enough():
    assert len(read(b"From a\n" + ONE + b"\nFrom b\n" + TWO)[0]) == 2


def test_line_ends_may_be_of_two_characters():
    assert len(read((FROM + ONE + b"\n" + FROM + TWO).replace(b"\n", b"\r\n"))[0]) == 2


@pytest.mark.parametrize("bad", [b"\nNo headers here.\n", b"Status: RO\nX-Status:\n\n"])
def test_bad_message_is_named(bad):
    titles, loaded = read(FROM + ONE + b"\n" + FROM + bad + b"\n" + FROM + TWO)
    assert titles == [("m.mbox:1", "One"), ("m.mbox:3", "Two")]
    assert loaded.note.startswith("message 2 has none of the headers")


def test_many_bad_messages_are_counted():
    _, loaded = read(FROM + ONE + b"\n" + (FROM + b"Status: RO\n\n\n") * 9)
    assert loaded.note.count("has none of the headers") == 3
    assert loaded.note.endswith("6 more messages have no headers either")


def test_mailbox_of_bad_messages_is_refused():
    with pytest.raises(DocumentError, match="message 1 has none"):
        read(FROM + b"Status: RO\n\nx\n")


def test_remarks_name_their_message():
    encrypted = b"From: a@x.org\nContent-Type: application/pkcs7-mime\n\nAAAA\n"
    _, loaded = read(FROM + ONE + b"\n" + FROM + encrypted)
    assert loaded.note == "message 2: its text is encrypted, so it was not read"
