"""Decode web pages as browsers do: by byte order mark, else UTF-8, else as the page declares, else by a guess."""

import codecs
import re

from qa.ingest.decoding import decode

DECLARED_IN_META = re.compile(rb"""<meta[^>]{0,300}?charset\s*=\s*["']?\s*([\w.:-]{2,40})""", re.IGNORECASE)
DECLARED_IN_XML = re.compile(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.:-]{2,40})""", re.IGNORECASE)
DECLARATION_BYTES = 4_096
"""Bytes at the beginning of a page that are searched for its encoding."""

AS_BROWSERS_READ = {
    "ascii": "cp1252", "big5": "big5hkscs", "euc_kr": "cp949", "gb2312": "gb18030", "gbk": "gb18030",
    "iso8859-1": "cp1252", "iso8859-9": "cp1254", "iso8859-11": "cp874", "johab": "cp949", "shift_jis": "cp932",
    "tis-620": "cp874",
}  # fmt: skip
"""Encodings, by Python's names, that stand for a larger one (WHATWG's Encoding Standard, "Names and labels")."""

LABELS = {"ks_c_5601-1987": "cp949", "windows-874": "cp874", "x-cp1251": "cp1251", "x-mac-roman": "mac_roman",
          "x-sjis": "cp932", "x-x-big5": "big5hkscs"}  # fmt: skip
"""Labels of the same list that Python does not know."""

ESCAPED = ("iso2022_jp", "iso2022_kr")
"""Encodings whose bytes all look like ASCII, so that they are valid UTF-8 too."""

REPLACEMENT = "\ufffd"
MAX_STRAY_SHARE = 100
"""A page with more than one stray byte in so many characters is not in the encoding that it declares."""

UTF_16 = {b"<\0": "utf-16-le", b"\0<": "utf-16-be"}
"""How a page in UTF-16 without a byte order mark begins."""


def decode_page(data: bytes) -> str:
    """Return the text of a page's bytes.

    Raises:
        DocumentError: the page is binary or in no known encoding.
    """
    if (without_mark := UTF_16.get(data[:2])) and len(data) % 2 == 0:
        return data.decode(without_mark, "replace")
    encoding = _declared(data)
    if encoding in ESCAPED and b"\x1b" in data:
        return data.decode(encoding, "replace")
    if encoding and b"\0" not in data and not _is_utf8(data):
        text = data.decode(encoding, "replace")
        if text.count(REPLACEMENT) * MAX_STRAY_SHARE <= len(text):
            return text
    return decode(data)


def _declared(data: bytes) -> str | None:
    """Return Python's name of the encoding that a page declares, or None if it is missing or unknown."""
    head = data[:DECLARATION_BYTES]
    match = DECLARED_IN_META.search(head) or DECLARED_IN_XML.search(head)
    if match is None:
        return None
    label = match[1].decode("ascii").lower()
    try:
        found = codecs.lookup(LABELS.get(label, label))
        "".encode(found.name)  # refuses codecs such as rot13 that do not make bytes of text
    except (LookupError, ValueError):
        return None
    name = found.name
    return None if name.startswith(("utf-16", "utf-32")) else AS_BROWSERS_READ.get(name, name)


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
