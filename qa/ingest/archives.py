"""Zip archives that documents come in (.docx, .odt, .epub), opened within limits. Nothing is ever unpacked to disk."""

from io import BytesIO
from zipfile import BadZipFile, ZipFile

from qa.errors import DocumentError

MAX_MEMBERS = 5_000
MAX_UNPACKED_BYTES = 200_000_000
"""Bytes of all members together, as the archive states them; no member is read further than it states."""

ENCRYPTED_FLAG = 0x1
"""The bit that a member's flags have when a password is needed."""

COMPOUND_SIGNATURE = bytes.fromhex("d0cf11e0a1b11ae1")
"""What an older Office file begins with, and a newer one that is protected by a password."""


def open_archive(data: bytes) -> ZipFile:
    """The archive in a file's bytes.

    Raises:
        DocumentError: no archive, damaged, protected by a password, or larger than the limits once unpacked.
    """
    if data.startswith(COMPOUND_SIGNATURE):
        raise DocumentError("is protected by a password, or of an older Office format; save it anew without either")
    try:
        archive = ZipFile(BytesIO(data))
    # NotImplementedError is zipfile's own, caught here: for an archive of a later version than it reads.
    except (BadZipFile, NotImplementedError, ValueError) as error:
        raise DocumentError(f"is no archive, so it is not what its suffix says ({error})") from error
    members = archive.infolist()
    if len(members) > MAX_MEMBERS:
        raise DocumentError(f"holds {len(members):,} files, the limit is {MAX_MEMBERS:,}")
    unpacked = sum(member.file_size for member in members)
    if unpacked > MAX_UNPACKED_BYTES:
        raise DocumentError(f"unpacks to {unpacked / 1e6:,.0f} MB, the limit is {MAX_UNPACKED_BYTES / 1e6:,.0f}")
    if any(member.flag_bits & ENCRYPTED_FLAG for member in members):
        raise DocumentError("is protected by a password; save it without one")
    return archive


def read_member(archive: ZipFile, name: str) -> bytes:
    """The bytes of one file in the archive.

    Raises:
        DocumentError: not there, or damaged.
    """
    try:
        return archive.read(name)
    except KeyError as error:
        raise DocumentError(f"holds no {name!r}, so it is not what its suffix says") from error
    except Exception as error:  # zlib, lzma and bz2 each have errors of their own
        raise DocumentError(f"is damaged at {name!r} ({error})") from error
