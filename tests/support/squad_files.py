"""Write small SQuAD-format files for the tests of the reader's training."""

import json
import re
from collections.abc import Iterable
from pathlib import Path

FIRST = "Anna Boris Clara David Elsa Frank Greta Henry Irma Jonas".split()
LAST = "Berg Koch Lind Marsh Novak Olsen Petit Quist Rossi Stein Tamm Ulmer".split()
TOWNS = ("Oslo", "Riga", "New Delhi", "Bergen", "Sao Paulo", "Porto", "Lyon", "Tel Aviv")
TRADES = ("mends clocks", "bakes bread", "builds boats", "binds books", "keeps bees", "grows roses", "paints doors")


def people(n: int) -> list[str]:
    """Return n different names."""
    return [f"{FIRST[place % len(FIRST)]} {LAST[place // len(FIRST)]}" for place in range(n)]


def paragraph(place: int, *, name: str) -> dict:
    """Make four sentences that all name one person, three questions with answers and one without."""
    town, trade, year = TOWNS[place * 3 % len(TOWNS)], TRADES[place % len(TRADES)], str(1850 + place)
    text = (
        f"{name} {trade} in {town}. The shop that belongs to {name} opened in {year} and has {place % 30 + 3} rooms. "
        f"People who know {name} come before noon. After lunch the door of {name} in {town} is closed."
    )
    return {
        "context": text,
        "qas": [
            asked(f"In which town is it that {name} {trade}?", text, town),
            asked(f"When did the first shop of {name} open?", text, year),
            asked(f"How many rooms are there for {name} to use?", text, str(place % 30 + 3)),
            asked(f"Which river runs past the old house of {name}?", text),
        ],
    }


def asked(question: str, text: str, *answers: str) -> dict:
    """Make a question; its answers start where they first occur as whole words."""
    starts = [re.search(rf"(?<!\w){re.escape(answer)}(?!\w)", text).start() for answer in answers]
    annotated = [{"text": answer, "answer_start": start} for answer, start in zip(answers, starts, strict=True)]
    return {"question": question, "answers": annotated}


def write(folder: Path, paragraphs: Iterable[dict], file: str = "made") -> Path:
    """Write one file with one article."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{file}.json").write_text(json.dumps({"data": [{"paragraphs": list(paragraphs)}]}), "utf-8")
    return folder


def made(folder: Path, n: int, file: str = "made") -> Path:
    """Write one file of n paragraphs to a folder."""
    return write(folder, [paragraph(place, name=name) for place, name in enumerate(people(n))], file)
