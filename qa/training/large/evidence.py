"""Build training examples from the files of evidence: sentences that answer, statements supported or contradicted.

Each file is optional; one that is missing adds nothing.
"""

import json
import random
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from qa.ingest.sections import CONTEXT_SEPARATOR
from qa.text.sentences import sentence_spans
from qa.training.examples import overlap, window_around
from qa.training.large.examples import CONTEXT_SHARE, WINDOW_CHARS, Example, Stance, with_furniture
from qa.training.large.tables import table_examples
from qa.types import Span

CLAIMS_PER_STANCE = 2500
"""Claims of each stance in an epoch; there are far more than anything else."""

BOOLEAN_QUESTIONS, SNIPPETS = 3000, 2500
"""Yes/no questions, and biomedical questions with their snippets, in an epoch."""

NEGATIVE_SHARE = 0.4
"""Share of the statements and questions that are also shown with a text that does not decide them."""

MIN_EVIDENCE_CHARS = 30
"""Shorter sentences, such as "Yeah.", are evidence only where no longer one is."""

STANCES = {"SUPPORTS": Stance.SUPPORTED, "REFUTES": Stance.CONTRADICTED, "NOT ENOUGH INFO": Stance.NEITHER}

TOKENISED = (
    (re.compile(r"\s+([.,;:!?%)\]}])"), r"\1"),
    (re.compile(r"([(\[{$£€])\s+"), r"\1"),
    (re.compile(r"-LRB-\s*"), "("),
    (re.compile(r"\s*-RRB-"), ")"),
    (re.compile(r"\s+(['’](?:s|re|ve|ll|d|m|t)\b)"), r"\1"),
    (re.compile(r"``\s*|\s*''"), '"'),
)
"""Undoes the spaces that a corpus of tokens has."""

Lines = list[dict[str, Any]]


def evidence_examples(folder: Path, rng: random.Random) -> Iterator[Example]:
    """Yield the examples of one epoch from the files in `folder`."""
    yield from _claims(_lines(folder / "claims_vitaminc.jsonl"), rng)
    yield from _contracts(folder, rng)
    yield from _meetings(folder, rng)
    yield from _sentence_lists(_lines(folder / "evidence_selqa_trecqa.jsonl"), rng)
    yield from _wikipedia_claims(_lines(folder / "evidence_wice.jsonl"), rng)
    yield from _passages(_lines(folder / "questions_manuals.jsonl"), rng)
    yield from _boolean(_lines(folder / "pairs_boolq.jsonl"), rng)
    yield from _snippets(_lines(folder / "pairs_bioasq.jsonl"), rng)
    yield from table_examples(folder, rng)


def _lines(file: Path) -> Lines:
    return [json.loads(line) for line in file.read_text("utf-8").splitlines()] if file.is_file() else []


def _claims(lines: Lines, rng: random.Random) -> Iterator[Example]:
    rng.shuffle(lines)
    left = dict.fromkeys(STANCES, CLAIMS_PER_STANCE)
    for line in lines:
        label = line["label"]
        if not left[label]:
            continue
        left[label] -= 1
        text, stance = untokenised(line["evidence"]), STANCES[label]
        sentences = tuple(sentence_spans(text))
        known = frozenset(range(len(sentences))) if stance is not Stance.NEITHER else frozenset[int]()
        title = line["page"] if rng.random() < CONTEXT_SHARE else ""
        # Of several sentences it is not known which one decides.
        evidence = known if len(known) < 2 else None
        claim = untokenised(line["claim"])
        yield Example(claim, text, sentences, evidence, title, None, stance is Stance.NEITHER, stance)


def untokenised(text: str) -> str:
    """Return a text of tokens as people write it."""
    for pattern, instead in TOKENISED:
        text = pattern.sub(instead, text)
    return text


def _contracts(folder: Path, rng: random.Random) -> Iterator[Example]:
    texts = {line["id"]: line["text"] for line in _lines(folder / "contracts_documents.jsonl")}
    sentences = {name: sentence_spans(text) for name, text in texts.items()}
    for line in _lines(folder / "contracts_statements.jsonl"):
        text, spans = texts[line["document"]], sentences[line["document"]]
        title = text.partition("\n")[0][:100] if rng.random() < CONTEXT_SHARE else ""
        stance, deciding = STANCES[line["label"]], [(a, b) for a, b in line["spans"]]
        question = as_question(line["statement"], rng)
        inside = [span for span in spans if any(overlap(span, other) for other in deciding)]
        if inside:
            yield _window(question, text, spans, deciding, rng.choice(inside), title, stance, rng)
        if not deciding or rng.random() < NEGATIVE_SHARE:
            free = [span for span in spans if not any(overlap(span, other) for other in deciding)]
            around = _nearest(question, text, free, rng)
            yield _window(question, text, spans, deciding, around, title, Stance.NEITHER, rng)


def as_question(statement: str, rng: random.Random) -> str:
    """Turn half of the statements into yes/no questions, those that have a modal verb which allows it."""
    match = re.match(r"(?:The )?(.{3,60}?) (shall not|may not|shall|must|may|can|will|is|are) (.+?)\.?$", statement)
    if match is None or rng.random() < 0.5:
        return statement
    subject, verb, rest = match.groups()
    subject = f"{subject[0].lower()}{subject[1:]}"
    subject = subject if subject.startswith(("all ", "any ", "some ", "no ")) else f"the {subject}"
    if verb.endswith("not"):
        return (
            f"Is {subject} forbidden to {rest}?"
            if verb == "shall not"
            else f"Is it true that {subject} may not {rest}?"
        )
    return f"{ {'shall': 'Must', 'must': 'Must'}.get(verb, verb.capitalize()) } {subject} {rest}?"


def _meetings(folder: Path, rng: random.Random) -> Iterator[Example]:
    texts = {line["id"]: line["text"] for line in _lines(folder / "meetings_documents.jsonl")}
    sentences = {name: sentence_spans(text) for name, text in texts.items()}
    for line in _lines(folder / "meetings_questions.jsonl"):
        text, spans = texts[line["document"]], sentences[line["document"]]
        telling = [(a, b) for a, b in line["spans"]]
        inside = [span for span in spans if any(overlap(span, other) for other in telling)]
        for around in rng.sample(inside, min(2, len(inside))):
            yield _window(line["question"], text, spans, telling, around, "", None, rng)
        free = [span for span in spans if not any(overlap(span, other) for other in telling)]
        if free:
            around = _nearest(line["question"], text, free, rng)
            yield _window(line["question"], text, spans, telling, around, "", None, rng)


def _nearest(question: str, text: str, spans: Sequence[Span], rng: random.Random) -> Span:
    """Return the one of some sentences at random that shares the most words with the question."""
    asked = set(question.lower().split())
    some = rng.sample(spans, min(20, len(spans)))
    return max(some, key=lambda span: len(asked & set(text[slice(*span)].lower().split())))


def _window(
    question: str,
    text: str,
    sentences: Sequence[Span],
    evidence: Sequence[Span],
    around: Span,
    context: str,
    stance: Stance | None,
    rng: random.Random,
) -> Example:
    """Show the sentences around a span. `stance` is what they say; NEITHER is dropped where one decides after all."""
    near = [span for span in sentences if span[1] > around[0] - 1500 and span[0] < around[1] + 1500]
    start, end = window_around(near, around, rng, WINDOW_CHARS)
    shown = [span for span in near if start <= span[0] and span[1] <= end]
    found = {n for n, span in enumerate(shown) if any(overlap(span, other) for other in evidence)}
    kept = frozenset(n for n in found if shown[n][1] - shown[n][0] >= MIN_EVIDENCE_CHARS) or frozenset(found)
    return Example(
        question,
        text[start:end],
        tuple((a - start, b - start) for a, b in shown),
        kept,
        context,
        unanswerable=not kept,
        stance=None if kept and stance is Stance.NEITHER else stance,
    )


def _sentence_lists(lines: Lines, rng: random.Random) -> Iterator[Example]:
    for line in lines:
        positive = set(line["positive"])
        context = CONTEXT_SEPARATOR.join(part for part in (line.get("title"), line.get("section")) if part)
        yield with_furniture(_joined(line["question"], line["sentences"], positive, context, None, rng), rng)


def _wikipedia_claims(lines: Lines, rng: random.Random) -> Iterator[Example]:
    for line in lines:
        positive = {n for found in line["positive_sets"] for n in found}
        example = _joined(line["claim"], line["sentences"], positive, "", None, rng)
        yield example


def _joined(
    question: str,
    sentences: Sequence[str],
    positive: Iterable[int],
    context: str,
    stance: Stance | None,
    rng: random.Random,
) -> Example:
    """Join the sentences around one that answers, or around any where none does."""
    right = {n for n in positive if n < len(sentences)}
    first = last = rng.choice(sorted(right)) if right else rng.randrange(len(sentences))
    room = rng.uniform(*WINDOW_CHARS) - len(sentences[first])
    while room > 0 and (first > 0 or last + 1 < len(sentences)):
        before = first > 0 and (last + 1 == len(sentences) or rng.random() < 0.5)
        first, last = (first - 1, last) if before else (first, last + 1)
        room -= len(sentences[first if before else last])
    text, spans = "", []
    for sentence in sentences[first : last + 1]:
        spans.append((len(text), len(text) + len(sentence)))
        text += sentence + " "
    evidence = frozenset(n - first for n in right if first <= n <= last)
    return Example(question, text, tuple(spans), evidence, context, unanswerable=not evidence, stance=stance)


def _passages(lines: Lines, rng: random.Random) -> Iterator[Example]:
    for line in lines:
        sentences = tuple(sentence_spans(line["passage"]))
        right = (line["start"], line["end"])
        evidence = frozenset(n for n, span in enumerate(sentences) if overlap(span, right))
        yield with_furniture(Example(line["question"], line["passage"], sentences, evidence), rng)


def _boolean(lines: Lines, rng: random.Random) -> Iterator[Example]:
    known = [line for line in lines if "yes" in line]
    for line in rng.sample(known, min(BOOLEAN_QUESTIONS, len(known))):
        if rng.random() < NEGATIVE_SHARE / 2:
            title, text = _titled(rng.choice(lines)["positive"])
            sentences = tuple(sentence_spans(text))
            yield Example(line["question"], text, sentences, frozenset(), title, None, True, Stance.NEITHER)
        else:
            title, text = _titled(line["positive"])
            stance = Stance.SUPPORTED if line["yes"] else Stance.CONTRADICTED
            yield Example(line["question"], text, tuple(sentence_spans(text)), None, title, stance=stance)


def _titled(passage: str) -> tuple[str, str]:
    """Split "Title -- text"."""
    title, mark, text = passage.partition(" -- ")
    return (title, text) if mark else ("", passage)


def _snippets(lines: Lines, rng: random.Random) -> Iterator[Example]:
    for line in rng.sample(lines, min(SNIPPETS, len(lines))):
        others = [other for other in rng.sample(lines, min(4, len(lines))) if other["question"] != line["question"]][:2]
        parts = [other["positive"] for other in others]
        right = len(parts) and rng.randrange(len(parts) + 1)
        if rng.random() >= NEGATIVE_SHARE / 2:
            parts.insert(right, line["positive"])
        else:
            right = -1
        text, evidence = "", set()
        spans: list[Span] = []
        for number, part in enumerate(parts):
            for start, end in sentence_spans(part):
                if number == right:
                    evidence.add(len(spans))
                spans.append((len(text) + start, len(text) + end))
            text += part + " "
        if spans:
            yield Example(line["question"], text, tuple(spans), frozenset(evidence), unanswerable=not evidence)
