"""Decode bytes to text: by byte order mark, as UTF-8, as declared, else in the likeliest encoding.

Line ends are kept.
"""

import codecs
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from qa.errors import DocumentError
from qa.text.latin_encodings import ENCODINGS as LATIN_ENCODINGS
from qa.text.latin_encodings import WESTERN, is_latin, likeliest

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

ENCODINGS = (
    WESTERN, "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "koi8_r", "cp866", "iso8859_5",
    "cp932", "euc_jp", "gb18030", "big5", "cp949",
)  # fmt: skip
"""Encodings that files are found in. Rarer ones are left out, for they would only win by mistake."""

WESTERN_TOLERANCE = 0.05
"""Coherence by which another encoding must beat the Western one: French read as cp1250 looks as good as French."""

ESCAPED = ((b"\x1b$B", "iso2022_jp_2"), (b"\x1b$@", "iso2022_jp_2"), (b"\x1b$)C", "iso2022_kr"))
"""What shows that a text, though in ASCII bytes, is in an encoding that switches between alphabets."""

WIDER = {
    "ascii": WESTERN, "iso8859-1": WESTERN, "iso8859-9": "cp1254", "iso8859-11": "cp874", "tis-620": "cp874",
    "gb2312": "gb18030", "gbk": "gb18030", "shift_jis": "cp932", "euc_kr": "cp949", "big5": "big5hkscs",
    "iso2022_jp": "iso2022_jp_2",
}  # fmt: skip
"""What a declared encoding stands for in practice, as the WHATWG's Encoding Standard has it."""

LABELS = {
    "x-sjis": "cp932", "windows-31j": "cp932", "x-gbk": "gb18030", "ks_c_5601-1987": "cp949", "windows-949": "cp949",
    "x-mac-roman": "mac_roman", "macintosh": "mac_roman", "x-mac-cyrillic": "mac_cyrillic", "iso-8859-8-i": "iso8859_8",
    "unicode-1-1-utf-8": "utf-8", "x-cp1251": "cp1251", "x-cp1252": "cp1252", "dos-874": "cp874",
}  # fmt: skip
"""Declared names that Python does not know."""

TEXT_CONTROLS = frozenset("\t\n\r\f\v\x1b\x85")
EAST_ASIAN_PAGES = frozenset((0x30, *range(0x4E, 0xA0), *range(0xAC, 0xD8), 0xFF))
"""First bytes of the characters of Chinese, Japanese and Korean in UTF-16."""

MULTIBYTE = frozenset({"gb18030", "cp932", "cp949", "big5hkscs", "euc_jp", "iso2022_jp_2", "iso2022_kr", "hz"})

MAX_DAMAGE = 0.02
"""Share of the characters that may be damaged in a text whose encoding is known."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """The text of some bytes."""

    text: str
    damaged: int = 0
    """How many characters could not be decoded, and are U+FFFD."""

    @property
    def remark(self) -> str:
        """Say in words what is damaged; empty if nothing is."""
        if not self.damaged:
            return ""
        line = self.text.count("\n", 0, self.text.find("\ufffd")) + 1
        count = "1 character" if self.damaged == 1 else f"{self.damaged:,} characters"
        return f"{count} could not be decoded (the first in line {line:,})"


def decode(data: bytes, declared: str | None = None) -> str:
    """Return the text of `data`, as decoded() does.

    Raises:
        DocumentError: `data` is not text.
    """
    return decoded(data, declared).text


def decoded(data: bytes, declared: str | None = None) -> Decoded:
    """Decode `data`, without its byte order mark, and count what is damaged.

    Args:
        data: The bytes of a text.
        declared: The name of the encoding that comes with the bytes, which is often wrong; None if there is none.

    Raises:
        DocumentError: `data` is not text.
    """
    for mark, marked in BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return _decode_marked(data[len(mark) :], marked)
    if b"\0" in data:
        return Decoded(data.decode(_wide_encoding(data)))
    if b"\x1b$" in data and (escaped := _decode_escaped(data)):
        return escaped
    encoding = _codec(declared) if declared else None
    if encoding in MULTIBYTE and (strict := _strictly(data, encoding)):
        return strict
    utf8 = _strictly(data, "utf-8") or _mostly_utf8(data)
    return utf8 or (_decode_declared(data, encoding) if encoding else None) or _decode_guessed(data)


def _codec(declared: str) -> str | None:
    """Return the codec for a declared encoding; None if it is unknown or says nothing."""
    label = declared.strip().strip("\"'").lower()
    try:
        name = codecs.lookup(LABELS.get(label, label)).name
        b"a\x80".decode(name, "replace")  # some codecs are not for text
    except (LookupError, ValueError, UnicodeError):
        return None
    return WIDER.get(name, name.replace("-", "_") if name.startswith("iso") else name)


def _strictly(data: bytes, encoding: str | None) -> Decoded | None:
    try:
        return Decoded(data.decode(encoding or ""))
    except (UnicodeError, LookupError):
        return None


def _mostly_utf8(data: bytes) -> Decoded | None:
    """Decode what is valid UTF-8 but for a few bytes, or for its cut end; None if it is not."""
    text = data.decode("utf-8", "replace")
    damaged = text.count("\ufffd") - data.count("\ufffd".encode())
    valid = sum(c > "\x7f" for c in text) - damaged
    cut = damaged == 1 and text.endswith("\ufffd") and data[-1] > 127 and valid
    return Decoded(text, damaged) if cut or 0 < damaged * 3 <= valid else None


def _decode_marked(data: bytes, encoding: str) -> Decoded:
    return _decode_mostly(data, encoding, f"has the byte order mark of {encoding}")


def _decode_mostly(data: bytes, encoding: str, seen: str) -> Decoded:
    """Decode, replacing the few bytes that may be damaged; `seen` says in an error why this encoding was tried."""
    try:
        return Decoded(data.decode(encoding))
    except UnicodeDecodeError as error:
        text = data.decode(encoding, "replace")
        damaged = text.count("\ufffd")
        if damaged <= len(text) * MAX_DAMAGE:
            return Decoded(text, damaged)
        raise DocumentError(f"{seen}, but {error.reason} at byte {error.start}; save it as UTF-8") from error


def _wide_encoding(data: bytes) -> str:
    """Return the encoding of a text that has NUL bytes, as only UTF-16 has.

    Raises:
        DocumentError: the bytes are no such text.
    """
    for encoding in ("utf-16-le", "utf-16-be"):
        found = _strictly(data, encoding)
        if found and _is_plausible(found.text):
            return encoding
    raise DocumentError("contains NUL bytes, so it is binary; convert it to text first")


def _is_plausible(text: str) -> bool:
    """Return whether a text holds characters of one alphabet besides those of Latin, or ideographs."""
    if any(unicodedata.category(c) in ("Cc", "Cn", "Co", "Cs") and c not in TEXT_CONTROLS for c in set(text)):
        return False
    pages = Counter(ord(c) >> 8 for c in text[:SAMPLE_BYTES])
    asian = sum(count for page, count in pages.items() if page in EAST_ASIAN_PAGES)
    latin, others = pages[0], max((count for page, count in pages.items() if page), default=0)
    if asian:
        return (latin + asian) * 10 >= pages.total() * 9 and _has_varied_bytes(text)
    return (latin + others) * 5 >= pages.total() * 4


def _has_varied_bytes(text: str) -> bool:
    """Return whether ideographs are no letters of ASCII in pairs."""
    data = text[:SAMPLE_BYTES].encode("utf-16-le")
    return sum(byte > 127 for byte in data) * 5 > len(data)


def _decode_escaped(data: bytes) -> Decoded | None:
    encoding = next((encoding for mark, encoding in ESCAPED if mark in data), None)
    return _strictly(data, encoding) if encoding else None


def _decode_declared(data: bytes, encoding: str) -> Decoded | None:
    """Decode as declared; None if the bytes do not look like that."""
    sample = data[:SAMPLE_BYTES]
    if encoding in ("utf-8", "utf-7") or (encoding in LATIN_ENCODINGS and not is_latin(sample)):
        return None
    found = _strictly(data, encoding)
    if found and encoding in MULTIBYTE | {WESTERN} and (_looks_binary(sample) or "\x1b" in found.text):
        return None
    text = data.decode(encoding, "replace")
    damaged = text.count("\ufffd")
    return found or (Decoded(text, damaged) if damaged <= len(text) * MAX_DAMAGE else None)


def _decode_guessed(data: bytes) -> Decoded:
    sample = data[:SAMPLE_BYTES]
    if len(data) > SAMPLE_BYTES:  # keep characters of several bytes whole
        sample = sample[: max(sample.rfind(b"\n"), sample.rfind(b" ")) + 1] or sample
    encoding = _likeliest_encoding(sample)
    if encoding is None or _looks_binary(sample):
        raise DocumentError("is in no known text encoding, so it may be binary; save it as UTF-8")
    return _decode_mostly(data, encoding, f"looks like {encoding}")


def _likeliest_encoding(sample: bytes) -> str | None:
    if not is_latin(sample):
        return _coherent_encoding(sample, ENCODINGS)
    return likeliest(sample)


def _coherent_encoding(sample: bytes, encodings: Sequence[str]) -> str | None:
    from charset_normalizer import from_bytes  # takes a tenth of a second, and most texts are UTF-8

    matches = list(from_bytes(sample, cp_isolation=list(encodings)))
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
