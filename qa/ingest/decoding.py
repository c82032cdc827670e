"""Decode bytes to text: by byte order mark, else as UTF-8, else in the likeliest encoding. Line ends are kept."""

import codecs

from qa.errors import DocumentError

# Longer marks first: UTF-32's begins with UTF-16's.
BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

SAMPLE_BYTES = 100_000
"""Bytes that the encoding is guessed from; more would not change the guess, only take longer."""

WESTERN = "cp1252"
ENCODINGS = (
    WESTERN, "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "koi8_r", "cp866", "iso8859_5",
    "cp932", "euc_jp", "gb18030", "big5", "cp949",
)  # fmt: skip
"""Encodings that files are found in. Rarer ones are left out, for they would only win by mistake."""

WESTERN_TOLERANCE = 0.05
"""Coherence by which another encoding must beat the Western one: French read as cp1250 looks as good as French."""


def decode(data: bytes) -> str:
    """Return the text of `data`, without its byte order mark.

    Raises:
        DocumentError: `data` is not text.
    """
    for mark, encoding in BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return _decode_strictly(data[len(mark) :], encoding)
    if b"\0" in data:
        raise DocumentError("contains NUL bytes, so it is binary; convert it to text first")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _decode_guessed(data)


def _decode_strictly(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise DocumentError(
            f"has the byte order mark of {encoding}, but {error.reason} at byte {error.start}; save it as UTF-8"
        ) from error


def _decode_guessed(data: bytes) -> str:
    sample = data[:SAMPLE_BYTES]
    if len(data) > SAMPLE_BYTES:  # keep characters of several bytes whole
        sample = sample[: max(sample.rfind(b"\n"), sample.rfind(b" ")) + 1] or sample
    encoding = _likeliest_encoding(sample)
    if encoding is None or _looks_binary(sample):
        raise DocumentError("is in no known text encoding, so it may be binary; save it as UTF-8")
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise DocumentError(
            f"looks like {encoding}, but {error.reason} at byte {error.start}; save it as UTF-8"
        ) from error


def _likeliest_encoding(sample: bytes) -> str | None:
    from charset_normalizer import from_bytes  # takes a tenth of a second, and most texts are UTF-8

    matches = list(from_bytes(sample, cp_isolation=list(ENCODINGS)))
    if not matches:
        return None
    best = matches[0]
    for match in matches:
        western = WESTERN in (match.encoding, *match.could_be_from_charset)
        if western and match.chaos <= best.chaos and match.coherence >= best.coherence - WESTERN_TOLERANCE:
            return WESTERN
    return best.encoding


def _looks_binary(data: bytes) -> bool:
    """Return whether more than one byte in a hundred is a control character that no text uses."""
    controls = sum(data.count(bytes([c])) for c in range(32) if c not in b"\t\n\r\f\x1b")
    return controls * 100 > len(data)
