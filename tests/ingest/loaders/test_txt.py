"""Plain text files: what is damaged is told."""

from pathlib import Path

import pytest

from embeddings.encoders.hashing import HashingEncoder
from qa.errors import DocumentError
from qa.ingest.chunking import chunk
from qa.ingest.files import SourceFile, load

FILE = SourceFile(Path("file.txt"), "file.txt")


def test_few_bad_bytes_are_remarked():
    loaded = load(FILE, "Größe, Höhe, Mühe.\nÜber öde Höfe.\n".encode() + b"a\xffb")
    assert loaded.documents[0].text.endswith("a\ufffdb")
    assert loaded.note == "1 character could not be decoded (the first in line 3)"


def test_good_file_has_no_note():
    assert load(FILE, "Größe".encode()).note == ""


@pytest.mark.parametrize("data", [b"", b" \n", b"-----\n"])
def test_file_without_words_is_refused(data):
    with pytest.raises(DocumentError, match="holds no text"):
        load(FILE, data)


def test_headings_are_the_context():
    prose = "The harbour board met on Tuesday evening in the old customs house and voted on the fee."
    text = "\n\n".join(["Harbour rules", "1. Fees", prose, "2. Duties of Members", prose])
    (document,) = load(FILE, text.encode()).documents
    assert [p.context for p in chunk(document, HashingEncoder())] == ["1. Fees", "2. Duties of Members"]
