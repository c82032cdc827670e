"""Bytes to text: by byte order mark, else UTF-8, else the likeliest encoding. Line ends stay as they are."""

import codecs

from charset_normalizer import from_bytes

from qa.errors import DocumentError

# The longer marks first: UTF-32's begins with UTF-16's.
MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

GUESS_FROM = 100_000
"""Bytes that the encoding is guessed from; more do not change the guess, only its cost."""


def decode(data: bytes) -> str:
    """The text of `data`, without its byte order mark.

    Raises:
        DocumentError: these are not the bytes of a text.
    """
    for mark, encoding in MARKS:
        if data.startswith(mark):
            return _strictly(data[len(mark) :], encoding)
    if b"\0" in data:
        raise DocumentError("holds NUL bytes, so it is binary and not text; convert it to text first")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _guessed(data)


def _strictly(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise DocumentError(f"its byte order mark says {encoding}, but {error.reason} at byte {error.start}") from error


def _guessed(data: bytes) -> str:
    best = from_bytes(data[:GUESS_FROM]).best()
    if best is None or _looks_binary(data[:GUESS_FROM]):
        raise DocumentError("is in no known text encoding, so it may be binary; save it as UTF-8")
    try:
        return data.decode(best.encoding)
    except UnicodeDecodeError as error:
        raise DocumentError(
            f"looks like {best.encoding}, but {error.reason} at byte {error.start}; save it as UTF-8"
        ) from error


def _looks_binary(data: bytes) -> bool:
    """Whether more than one byte in a hundred is a control character that no text uses."""
    controls = sum(data.count(bytes([c])) for c in range(32) if c not in b"\t\n\r\f\x1b")
    return controls * 100 > len(data)
