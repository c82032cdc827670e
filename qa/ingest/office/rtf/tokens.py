"""Split a file in Rich Text Format into its groups, control words and characters."""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass

TOKEN = re.compile(
    r"\\(?P<word>[a-zA-Z]{1,32})(?P<number>-?\d{1,10})?\d* ?|\\'(?P<hex>[0-9a-fA-F]{2})|\\(?P<sign>[^a-zA-Z'])"
    r"|(?P<brace>[{}])|(?P<text>[^\\{}\r\n]+)|[\r\n]+|\\",
    re.DOTALL,
)

CHARSETS = {
    0: "cp1252", 77: "mac_roman", 128: "cp932", 129: "cp949", 130: "johab", 134: "gbk", 136: "big5", 161: "cp1253",
    162: "cp1254", 163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251", 222: "cp874",
    238: "cp1250", 255: "cp437",
}  # fmt: skip
"""The encodings of fonts by the number of their character set."""

SYMBOL_CHARSET = 2

PAGES = {10000: "mac_roman", 10007: "mac_cyrillic", 65001: "utf-8", 936: "gbk", 950: "big5"}
"""Encodings by the number of their code page; all others are called cp and their number."""


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a file: exactly one of the fields says what it is."""

    word: str = ""
    """A control word, or the one sign of a control symbol."""
    number: int | None = None
    """The number after a control word."""
    text: str = ""
    """Characters, each standing for one byte of the file."""
    byte: int | None = None
    """A byte that is written as an escape."""
    brace: str = ""


def tokens(data: bytes) -> Iterator[Token]:
    """Yield the tokens of a file; binary data is left out."""
    text = data.decode("latin-1")
    at = 0
    while found := TOKEN.match(text, at):
        at = found.end()
        if found["word"]:
            number = int(found["number"]) if found["number"] else None
            if found["word"] == "bin":
                at += max(number or 0, 0)
            yield Token(word=found["word"], number=number)
        elif found["hex"]:
            yield Token(byte=int(found["hex"], 16))
        elif found["sign"]:
            yield Token(word=found["sign"])
        elif found["brace"]:
            yield Token(brace=found["brace"])
        elif found["text"]:
            yield Token(text=found["text"])


def code_page(number: int) -> str:
    """Return the name of the encoding of a code page; that of Western Europe if it is unknown."""
    name = PAGES.get(number, f"cp{number}")
    try:
        codecs.lookup(name)
    except LookupError:
        return "cp1252"
    return name
