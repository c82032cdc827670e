"""Open zip archives (.docx, .odt, .epub) within limits, in memory; nothing is ever unpacked to disk."""

from io import BytesIO
from zipfile import BadZipFile, ZipFile

from qa.errors import DocumentError

MAX_MEMBERS = 5_000
MAX_UNPACKED_BYTES = 200_000_000
"""Size of all members together, as the archive states it; no member is read beyond its stated size."""

ENCRYPTED_FLAG = 0x1
"""The bit set in a member's flags if it needs a password."""

COMPOUND_SIGNATURE = bytes.fromhex("d0cf11e0a1b11ae1")
"""The first bytes of an older Office file, and of a newer one protected by a password."""

COMPOUND_FILES = (
    ("EncryptedPackage", "is protected by a password; save it without one"),
    ("WordDocument", "is in the older format .doc; save it as .docx"),
    ("PowerPoint Document", "is in the older format .ppt; save it as .pptx"),
    ("Workbook", "is in the older format .xls; save it as .xlsx"),
)
"""Names that only one kind of such a file holds, in UTF-16, and what to say of it."""

OLDER = "is protected by a password or in an older Office format; save it without a password as .docx or .odt"


def open_archive(data: bytes) -> ZipFile:
    """Open the archive in a file's bytes.

    Raises:
        DocumentError: the bytes are no archive, are damaged or protected by a password, or exceed the limits.
    """
    if data.startswith(COMPOUND_SIGNATURE):
        raise DocumentError(
            next((reason for name, reason in COMPOUND_FILES if name.encode("utf-16-le") in data), OLDER)
        )
    try:
        archive = ZipFile(BytesIO(data))
    # The second is what zipfile raises for an archive of a later version than it reads.
    except (BadZipFile, NotImplementedError, ValueError) as error:
        raise DocumentError(f"is not a zip archive, as its suffix says it is ({error})") from error
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
    """Read one file of the archive.

    Raises:
        DocumentError: the file is missing or damaged.
    """
    try:
        return archive.read(name)
    except KeyError as error:
        raise DocumentError(f"does not contain {name!r}, so it is not what its suffix says") from error
    except Exception as error:  # zlib, lzma and bz2 each have errors of their own
        raise DocumentError(f"is damaged at {name!r} ({error})") from error
