"""Measure how pages of installed documentation are read: the words and blocks kept, and the navigation that got in.

The pages are those of Debian's packages debian-handbook, git-doc, postgresql-doc, python3-doc and sqlite3-doc (fetch
them with `apt-get download`, unpack with `dpkg -x FILE FOLDER`). What is no text of ten pages of each was marked by
hand in html_marks.json. The walk over the pages that the product's is compared with shares no code with it.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from figures import Figure
from lxml import html

from qa.ingest import sandbox
from qa.ingest.files import SourceFile, load
from qa.ingest.sections import sections
from qa.text.sentences import sentences_of_block
from qa.types import BlockKind, Document

MARKS = Path(__file__).with_name("html_marks.json")
WORD = re.compile(r"\w+")
ENDED = re.compile(r"""[.!?:;…]["'”’»)\]}*]*$""")

APART = set(
    "address article aside blockquote body caption center dd div dl dt fieldset figcaption figure footer form h1 h2 h3 "
    "h4 h5 h6 header hr legend li main nav ol option p pre section select summary table tbody td tfoot th thead tr "
    "ul".split()
)
"""Elements that begin and end a line of their own."""

UNSEEN = set("head script style template noscript title button".split())


@dataclass
class Counts:
    """What was counted on the pages."""

    words: int = 0
    kept: int = 0
    blocks: int = 0
    whole: int = 0
    sentences: int = 0
    marked: int = 0
    prose: int = 0
    unended: int = 0


def measure(articles: Path | None, rounds: int) -> Iterator[Figure]:
    """Measure the pages of each package under the folder `articles`, then all together."""
    if articles is None:
        print("not measured: give the folder with the unpacked packages as --articles")
        return
    total = Counts()
    for package, marks in json.loads(MARKS.read_text("utf-8")).items():
        counts = Counts()
        for page, expressions in marks["pages"].items():
            path = next(articles.rglob(f"{marks['folder']}/{page}"), None)
            if path is None:
                print(f"not measured: {package}, {page} is not in {articles}")
                continue
            count_page(path, [*marks["everywhere"], *expressions], counts)
        for name in vars(total):
            setattr(total, name, getattr(total, name) + getattr(counts, name))
        yield from figures(package, counts)
    sandbox.stop()
    yield from figures("all packages", total)


def figures(name: str, counts: Counts) -> Iterator[Figure]:
    """Return the four shares."""
    yield Figure(f"{name}: words kept", share(counts.kept, counts.words), "", target=0.995)
    yield Figure(f"{name}: blocks whole and in order", share(counts.whole, counts.blocks), "", target=0.99)
    low = {"higher_is_better": False}
    yield Figure(
        f"{name}: navigation among the sentences", share(counts.marked, counts.sentences), "", target=0.02, **low
    )
    yield Figure(f"{name}: sentences without an end", share(counts.unended, counts.prose), "", target=0.03, **low)


def share(part: int, whole: int) -> float:
    """Return the part of the whole, 0 if there is nothing."""
    return part / whole if whole else 0.0


def count_page(path: Path, marks: Sequence[str], counts: Counts) -> None:
    """Read a page both ways and add what differs to the counts."""
    root = html.document_fromstring(
        path.read_bytes().decode("utf-8", "replace").encode(), parser=html.HTMLParser(encoding="utf-8")
    )
    marked = [element for expression in marks for element in root.xpath(expression)]
    left_out = {line for element in marked for line in lines(element)}
    for element in marked:
        element.drop_tree()
    wanted = lines(root)
    loaded = load(SourceFile(path, path.name), path.read_bytes())
    text = "\n".join(document.text for document in loaded.documents)
    count_words(wanted, text, counts)
    count_blocks(wanted, loaded.documents, counts)
    for document in loaded.documents:
        count_sentences(document, left_out - set(wanted), counts)


def lines(root: html.HtmlElement) -> list[str]:
    """Return the lines of words that an element shows."""
    pieces: list[str] = []
    _walk(root, pieces)
    found = (" ".join(WORD.findall(line)) for line in "".join(pieces).split("\0"))
    return [line for line in found if line]


def _walk(element: html.HtmlElement, pieces: list[str]) -> None:
    name = element.tag if isinstance(element.tag, str) else ""
    if not name or name in UNSEEN or "display:none" in (element.get("style") or "").replace(" ", ""):
        return
    if name in APART:
        pieces.append("\0")
    if name in ("br", "sup", "sub", "text"):
        pieces.append(" ")
    pieces.append(element.text or "")
    for child in element:
        _walk(child, pieces)
        pieces.append(child.tail or "")
    if name in ("sup", "sub", "text"):
        pieces.append(" ")
    if name in APART or name == "svg":
        pieces.append("\0")


def count_words(wanted: Sequence[str], text: str, counts: Counts) -> None:
    """Count the words that the text should have, and has as often."""
    words = Counter(word for line in wanted for word in line.split())
    counts.words += words.total()
    counts.kept += (words & Counter(plain_words(text))).total()


def plain_words(text: str) -> list[str]:
    """Return the words, with raised and lowered digits as words of their own."""
    digits = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹₀₁₂₃₄₅₆₇₈₉ⁿⁱ⁺⁻", "01234567890123456789ni+-")
    return WORD.findall(re.sub(r"[⁰¹²³⁴⁵⁶⁷⁸⁹₀-₉ⁿⁱ⁺⁻]+", lambda run: f" {run[0].translate(digits)} ", text))


def count_blocks(wanted: Sequence[str], documents: Sequence[Document], counts: Counts) -> None:
    """Count the lines that are whole within one block, not before the block of the line before."""
    blocks = [f" {' '.join(plain_words(d.text[b.start : b.end]))} " for d in documents for b in d.blocks]
    at = 0
    for line in wanted:
        counts.blocks += 1
        found = next((n for n in range(at, len(blocks)) if f" {line} " in blocks[n]), None)
        if found is not None:
            counts.whole += 1
            at = found


def count_sentences(document: Document, left_out: set[str], counts: Counts) -> None:
    """Count the sentences of the passages, those that are navigation, and those of prose that have no end."""
    for section in sections(document):
        for block in section.blocks:
            for start, end in sentences_of_block(document.text, block.start, block.end):
                sentence = document.text[start:end]
                if not WORD.search(sentence):
                    continue
                counts.sentences += 1
                counts.marked += " ".join(plain_words(sentence)) in left_out
                if block.kind is BlockKind.TEXT:
                    counts.prose += 1
                    counts.unended += not ENDED.search(sentence)
