"""What holds at a place in a file of Rich Text Format, and which groups of it are read."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from qa.ingest.blocks import Part
from qa.ingest.office.lines import Line
from qa.ingest.office.rtf.tables import Tables

SKIPPED = frozenset({
    "aftncn", "aftnsep", "aftnsepc", "author", "blipuid", "buptim", "category", "colortbl", "comment",
    "company", "creatim", "doccomm", "fchars", "filetbl", "fldinst", "fontemb", "ftncn", "ftnsep", "ftnsepc",
    "generator", "hlinkbase", "keywords", "lchars", "listoverridetable", "listtable", "manager", "nonesttables",
    "nonshppict", "objdata", "operator", "picprop", "pict", "printim", "private", "revtbl", "revtim", "rxe",
    "shprslt", "sn", "stextflow", "subject", "sv", "tc", "template", "themedata", "upr", "userprops", "xe",
    "xmlnstbl",
})  # fmt: skip
"""Groups that hold no words of the document."""

STARRED = frozenset({
    "do", "dptxbxtext", "fldrslt", "footnote", "listtext", "moMath", "moMathPara", "moveto", "nesttableprops",
    "pntext", "result", "shpinst", "shptxt", "ud",
})  # fmt: skip
"""Groups that are read although a program may ignore them."""

COMMENTS = frozenset({"annotation", "atnauthor", "atnid", "atrfstart", "atrfend", "atndate", "atnref", "atnicn"})
HEADS = frozenset({"header", "headerl", "headerr", "headerf", "footer", "footerl", "footerr", "footerf"})
LABELS = frozenset({"listtext", "pntext"})

CHARACTERS = {
    "bullet": "•", "emdash": "—", "emspace": " ", "endash": "–", "enspace": " ", "ldblquote": "“", "lquote": "‘",
    "qmspace": " ", "rdblquote": "”", "rquote": "’", "tab": " ", "zwj": "\u200d", "zwnj": "\u200c",
    "~": " ", "_": "-", "{": "{", "}": "}", "\\": "\\", "\n": "\n", "\r": "\n",
}  # fmt: skip
"""Control words that stand for a character."""

MAX_DEPTH = 2_000
"""Groups that are nested deeper are not told apart."""

MAX_LEVEL = 6
PARAGRAPH_ENDS = frozenset({"par", "sect", "page", "\n", "\r"})


@dataclass(frozen=True, slots=True)
class State:
    """What holds inside a group until it ends."""

    skipped: bool = False
    where: str = ""
    """The kind of group whose text is read apart: a note, a page header, a text box, a list's label."""
    starred: bool = False
    """Whether the group began with a sign that a program may ignore it."""
    hidden: bool = False
    deleted: bool = False
    bold: bool = False
    script: int = 0
    font: int = 0
    unicode_skip: int = 1
    """How many characters follow a Unicode character, for programs that do not know it."""


@dataclass(slots=True)
class Stream:
    """A run of paragraphs: the document's own, or those of a note, a page header or a text box."""

    depth: int
    """How many groups are open around it."""
    line: Line = field(default_factory=Line)
    parts: list[Part] = field(default_factory=list)
    tables: Tables = field(default_factory=Tables)
    label: str = ""
    """What numbers the paragraph in its list."""
    level: int = 0
    """The level of the heading; 0 if the paragraph is none."""
    style: int = 0
    in_list: bool = False


CHARACTER_WORDS: dict[str, Callable[[State, int | None], State]] = {
    "b": lambda state, number: replace(state, bold=number != 0),
    "dn": lambda state, number: replace(state, script=-1 if number != 0 else 0),
    "deleted": lambda state, number: replace(state, deleted=number != 0),
    "f": lambda state, number: replace(state, font=number or 0),
    "msub": lambda state, number: replace(state, script=-1),
    "msup": lambda state, number: replace(state, script=1),
    "mvf": lambda state, number: replace(state, deleted=number != 0),
    "nosupersub": lambda state, number: replace(state, script=0),
    "plain": lambda state, number: replace(state, hidden=False, bold=False, script=0),
    "sub": lambda state, number: replace(state, script=-1 if number != 0 else 0),
    "super": lambda state, number: replace(state, script=1 if number != 0 else 0),
    "uc": lambda state, number: replace(state, unicode_skip=max(number or 0, 0)),
    "up": lambda state, number: replace(state, script=1 if number != 0 else 0),
    "v": lambda state, number: replace(state, hidden=number != 0),
}
"""What a control word says about the characters that follow."""
