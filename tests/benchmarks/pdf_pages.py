"""Compare the words on each page of PDFs with poppler's: python tests/benchmarks --only pdf --pdfs FOLDER.

The reference is `pdftotext`, which shares no code with PDFium or with the loader. A word counts as kept if its page has
it, also where the two programs put blanks or hyphens in different places.
"""

import re
import subprocess
import time
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from figures import Figure

from qa.errors import DocumentError
from qa.ingest.loaders.pdf import load
from qa.types import PAGE_BREAK, BlockKind, Document, page_at

WORD = re.compile(r"\w+")
SCRIPTS = re.compile("([⁰¹²³⁴⁵⁶⁷⁸⁹₀₁₂₃₄₅₆₇₈₉]+)")
MIN_HEAD_PAGES = 3
"""Pages on which the outermost line is the same, but for its numbers, if it is a running head."""

SENTENCES = (BlockKind.TEXT, BlockKind.ITEM)


@dataclass
class Counts:
    """What was counted in one file or in all of them."""

    pages: int = 0
    words: int = 0
    kept: int = 0
    in_place: int = 0
    heads: int = 0
    heads_in_sentences: int = 0
    seconds: float = 0.0
    lost: Counter[str] = field(default_factory=Counter)

    def add(self, other: "Counts") -> None:
        for name, value in vars(other).items():
            setattr(self, name, getattr(self, name) + value)


def measure(folder: Path | None, rounds: int) -> Iterator[Figure]:
    """Yield the shares of words kept and in place, over all files and for the worst file."""
    if folder is None:
        print("give a folder of PDFs: --pdfs FOLDER")
        return
    total, shares = Counts(), {}
    for path in sorted(folder.rglob("*.pdf")):
        counts = compare(path)
        if counts:
            total.add(counts)
            shares[path.name] = counts.kept / max(counts.words, 1)
            print(
                f"  {path.name:<28} {counts.pages:>5} pages  {counts.words:>8,} words  kept {shares[path.name]:.4f}"
                f"  in place {counts.in_place / max(counts.words, 1):.4f}  heads {counts.heads}"
                f" ({counts.heads_in_sentences} in sentences)  {counts.pages / counts.seconds:,.0f} pages/s"
                f"  {dict(counts.lost.most_common(4))}",
                flush=True,
            )
    if not total.words:
        return
    worst = min(shares, key=shares.__getitem__)
    yield Figure("words of pdftotext that are kept", total.kept / total.words, "", target=0.998)
    yield Figure("words that are on their page", total.in_place / total.words, "", target=0.998)
    yield Figure("words kept of the worst file", shares[worst], "", note=worst)
    yield Figure(
        "running heads in sentences", total.heads_in_sentences, f"of {total.heads}", target=0, higher_is_better=False
    )
    yield Figure("pages read", total.pages / total.seconds, "a second")


def compare(path: Path) -> Counts | None:
    """Return the counts of one file; None if either program reads nothing."""
    reference = reference_pages(path)
    data = path.read_bytes()
    began = time.perf_counter()
    try:
        (document,) = (one for one in load(data, path.name) if isinstance(one, Document))
    except DocumentError as error:
        print(f"  {path.name}: {error}")
        return None
    counts = Counts(len(reference), seconds=time.perf_counter() - began)
    pages = document.text.split(PAGE_BREAK)
    if len(pages) != len(reference):
        print(f"  {path.name}: {len(pages)} pages, pdftotext has {len(reference)}")
    everything = "".join(map(_letters, pages))
    for number, text in enumerate(reference):
        ours = pages[number] if number < len(pages) else ""
        before = pages[number - 1][-200:] if number else ""
        _compare_page(text, ours, before, everything, counts)
    _count_heads(document, reference, counts)
    return counts


def reference_pages(path: Path, *options: str) -> list[str]:
    """Return the text of each page as pdftotext reads it."""
    run = subprocess.run(["pdftotext", *options, str(path), "-"], capture_output=True, check=True)
    return run.stdout.decode("utf-8", "replace").removesuffix("\f").split("\f")


def _compare_page(text: str, ours: str, before: str, everything: str, counts: Counts) -> None:
    """Count a page's words; `before` is the end of the page before, where the rest of a divided word may be."""
    wanted = _words(re.sub(r"(?<=\w)[-\u00ad\u2010]\n(?=[^\W\d_])", "", text))
    found, letters = _words(ours), _letters(ours) + " " + _letters(before)
    divided = set(_words(text))
    for word, count in (wanted - found).items():
        counts.words += 0
        if word in letters or (word not in divided and _parts_in(word, text, letters)):
            continue
        counts.lost[word] += count
        counts.in_place -= count
        counts.kept -= 0 if word in everything else count
    counts.words += wanted.total()
    counts.kept += wanted.total()
    counts.in_place += wanted.total()


def _parts_in(word: str, text: str, letters: str) -> bool:
    """Say whether a word that pdftotext divides is kept in the two parts that it is divided into."""
    return any(
        f"{first}{second}" == word and first in letters and second in letters
        for first, second in re.findall(r"(\w+)[-\u00ad\u2010]\n(\w+)", unicodedata.normalize("NFKC", text).lower())
    )


def _words(text: str) -> Counter[str]:
    return Counter(WORD.findall(unicodedata.normalize("NFKC", SCRIPTS.sub(r" \1 ", text)).lower()))


def _letters(text: str) -> str:
    return "".join(WORD.findall(unicodedata.normalize("NFKC", text).lower()))


def _count_heads(document: Document, reference: list[str], counts: Counts) -> None:
    """Count the running heads by pdftotext's outermost lines, and those that are part of a sentence here."""
    lines = [[" ".join(line.split()) for line in page.split("\n") if line.strip()] for page in reference]
    outer = Counter(_pattern(line) for page in lines for line in {*page[:1], *page[-1:]})
    edges = defaultdict(set, {n: {_pattern(line) for line in (*page[:1], *page[-1:])} for n, page in enumerate(lines)})
    sentences: dict[int, list[str]] = {}
    for block in document.blocks:
        if block.kind in SENTENCES:
            page = page_at(document, block.start) or 0
            for step, text in enumerate(document.text[block.start : block.end].split(PAGE_BREAK)):
                sentences.setdefault(page + step, []).append(" ".join(text.split()))
    for number, page in enumerate(lines, 1):
        for line in {*page[:1], *page[-1:]}:
            near = any(_pattern(line) in edges[other] for other in (number - 3, number - 2, number, number + 1))
            is_head = near and outer[_pattern(line)] >= MIN_HEAD_PAGES and len(line.split()) > 1
            if is_head and not any(line in other for other in page[1:-1]):
                counts.heads += 1
                counts.heads_in_sentences += any(line in text for text in sentences.get(number, ()))


def _pattern(line: str) -> str:
    return re.sub(r"\d+|\b[ivxlc]+\b", "#", line.lower())
