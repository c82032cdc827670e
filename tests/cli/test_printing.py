"""Ledgers and scores as text."""

import re

import pytest

from qa.cli.printing import MAX_OUTCOMES, escape_unprintable, ledger_as_text, outcome_lines, scores_as_text
from qa.store.queries import Entry


def test_ledger_lists_near_duplicates():
    assert ledger_as_text([], [["a.txt", "b.txt"]]) == "near-duplicates: a.txt, b.txt"


def test_ledger_has_one_line_per_file():
    entries = [
        Entry("a.txt", "", 1, "indexed", "", 1200, 0.1, ""),
        Entry("b.txt", "", 0, "failed", "is empty", 0, 0.0, ""),
    ]
    first, second = ledger_as_text(entries).splitlines()
    assert "indexed" in first and "1,200 passages" in first and first.endswith("a.txt")
    assert second.endswith("b.txt  is empty")


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Łódź 時計.txt", "Łódź 時計.txt"),
        ("a\nb.txt", "a\\nb.txt"),
        ("\u202etxt.exe", "\\u202etxt.exe"),
        ("\x1b[31ma", "\\x1b[31ma"),
    ],
    ids=["printable", "line break", "right to left", "terminal colour"],
)
def test_unprintable_characters_are_escaped(name, shown):
    assert escape_unprintable(name) == shown
    assert ledger_as_text([Entry(name, "", 1, "failed", name, 0, 0.0, "")]).endswith(f"{shown}  {shown}")


def test_scores_have_their_intervals():
    one = {
        "set": "seeds", "task": "qa", "questions": 5, "f1": 0.5, "exact": 0.25, "intervals": {"f1": [0.4, 0.6]},
        "latency_ms": {"p50": 12.34},
    }  # fmt: skip
    text = scores_as_text([one])
    assert "seeds (qa, 5 questions)" in text
    assert re.search(r"f1 +0\.5000  \[0\.400, 0\.600\]", text)
    assert re.search(r"exact +0\.2500$", text, re.MULTILINE)
    assert "p50 12.3" in text


def test_note_stands_in_the_ledger():
    entry = Entry("a.pdf", "", 1, "indexed", "", 3, 0.1, "", 0, "page 3 holds no text")
    assert ledger_as_text([entry]).endswith("  a.pdf  page 3 holds no text")


def test_many_outcomes_are_counted():
    skipped = [Entry(f"{n}.png", "", 0, "skipped", "has the unsupported file type .png", 0, 0.0, "") for n in range(50)]
    lines = outcome_lines([*skipped, Entry("a.txt", "", 0, "unchanged", "", 0, 0.0, "")])
    assert len(lines) == MAX_OUTCOMES + 1
    assert lines[-1] == "skipped: 30 more files; qa status names them"
