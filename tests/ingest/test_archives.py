"""Archives are opened within limits, and refused with the reason."""

import pytest

from qa.errors import DocumentError
from qa.ingest import archives
from qa.ingest.archives import open_archive, read_member
from tests.support import sample_files


def test_member_is_read():
    assert read_member(open_archive(sample_files.archive({"a/b.xml": "Tea"})), "a/b.xml") == b"Tea"


def test_missing_member_is_named():
    with pytest.raises(DocumentError, match=r"does not contain '\.\./a'"):
        read_member(open_archive(sample_files.archive({"a": ""})), "../a")


def test_members_and_unpacked_size_are_limited(monkeypatch):
    data = sample_files.archive({"a": "x" * 10, "b": "y" * 10})
    monkeypatch.setattr(archives, "MAX_UNPACKED_BYTES", 20)
    monkeypatch.setattr(archives, "MAX_MEMBERS", 2)
    open_archive(data)
    monkeypatch.setattr(archives, "MAX_UNPACKED_BYTES", 19)
    with pytest.raises(DocumentError, match="unpacks to"):
        open_archive(data)
    monkeypatch.setattr(archives, "MAX_MEMBERS", 1)
    with pytest.raises(DocumentError, match="2 files, the limit is 1"):
        open_archive(data)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "not a zip archive"),
        (b"PK\3\4", "not a zip archive"),
        (archives.COMPOUND_SIGNATURE + bytes(100), "older Office format"),
    ],
)
def test_other_files_are_refused(data, message):
    with pytest.raises(DocumentError, match=message):
        open_archive(data)


def test_protected_archive_is_refused():
    data = bytearray(sample_files.archive({"a": "Tea"}))
    data[data.index(b"PK\1\2") + 8] |= archives.ENCRYPTED_FLAG
    with pytest.raises(DocumentError, match="password"):
        open_archive(bytes(data))


def test_damaged_member_is_named():
    data = bytearray(sample_files.archive({"a.xml": "Tea was served. " * 50}))
    data[40] ^= 0xFF
    with pytest.raises(DocumentError, match=r"damaged at 'a\.xml'"):
        read_member(open_archive(bytes(data)), "a.xml")


def test_unsupported_zip_version_is_refused():
    data = bytearray(sample_files.archive({"a": "Tea"}))
    data[data.index(b"PK\x01\x02") + 6] = 99  # the version that is needed to extract it, in the directory
    with pytest.raises(DocumentError, match=r"is not a zip archive.*version 9\.9"):
        open_archive(bytes(data))
