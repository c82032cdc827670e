"""Suggest questions to begin with, made from sentences of the documents that answer them."""

import re
from collections.abc import Iterator
from itertools import islice

from qa.assistant import Assistant
from qa.errors import QAError
from qa.text.english import MONTH_STEM
from qa.text.sentences import sentence_spans

MAX_SUGGESTIONS = 4

MAX_DOCUMENTS, MAX_DOCUMENT_CHARS = 20, 20_000
"""Documents, and characters from the start of each, that are searched for sentences: enough of a large corpus."""

MAX_CANDIDATES = 8
"""Questions asked before any is suggested, so that none is refused; asking them also warms up the models."""

_DAY = rf"(?:(?:{MONTH_STEM})[a-z]*\.? \d{{1,2}}(?:, \d{{4}})?|[12]\d{{3}})"
_NAME = r"(?:(?:Mr|Mrs|Ms|Dr)\. )?[A-Z][\w’'-]+(?: [A-Z][\w’'-]+){0,3}"
_THING = r"(?!(?:It|This|That|These|Those|There|Other|Another|Such|He|She|They|We|I) )[A-Z][^.,;:“”\"()]{10,90}?"
_PAST = r"(?:\w+ed|held|sent|made|found|begun|built)"
_DONE = r"(?!(?:said|noted|stressed|explained|continued|added|concluded|asserted|stated|asked)\b)"
_DONE += r"(?:[a-z]+ed|held|sent|made|won|wrote|led|built|met)"

PATTERNS = tuple(
    (re.compile(pattern), question)
    for pattern, question in (
        (rf"(?P<a>{_THING}) (?:\w+ \w+ in \w+ and )?lasted \S.*", "How long did {a} last?"),
        (rf"(?P<a>{_THING}) took place in (?!{_DAY})[A-Z].*", "Where did {a} take place?"),
        (rf"(?:On|In) {_DAY}, (?P<a>[^.,;:]{{8,80}}?) (?P<v>was|were) (?P<b>{_PAST})\b.*",
         "When {v} {a} {b}?"),
        (rf"(?P<a>{_THING}) (?P<v>was|were) (?P<b>{_PAST})[^.]*? (?:on|in) {_DAY}.*",
         "When {v} {a} {b}?"),
        (rf"(?:{_NAME}|He|She) (?:only |also )?(?P<a>{_DONE} [^.,;:“”\"()]{{8,60}})[.,].*",
         "Who {a}?"),
        (rf"(?P<a>{_NAME}|An? [a-z-]+(?: [a-z-]+)?) is (?:an?|the) [a-z].{{20,}}", "What is {a}?"),
    )
)  # fmt: skip
"""Patterns of sentences, each with the question that such a sentence answers."""


def suggest_questions(assistant: Assistant) -> tuple[str, ...]:
    """Return at most MAX_SUGGESTIONS questions that the corpus answers, of as many different patterns as possible.

    There are none if no sentence matches a pattern.
    """
    candidates = _interleave(list(_candidates(assistant)))[:MAX_CANDIDATES]
    return tuple(islice((question for question in candidates if _is_answered(assistant, question)), MAX_SUGGESTIONS))


def question_from(sentence: str, text: str = "") -> tuple[int, str] | None:
    """Return the index in PATTERNS and the question that `sentence` of `text` answers, or None."""
    line = " ".join(sentence.split())
    for index, (pattern, question) in enumerate(PATTERNS):
        if match := pattern.fullmatch(line):
            parts = match.groupdict()
            first = parts["a"].split(" ")[0]
            # The capital only marks the start of the sentence if the text also has the word in lower case.
            if not question.startswith("What") and re.search(rf"\b{re.escape(first.lower())}\b", text):
                parts["a"] = parts["a"][0].lower() + parts["a"][1:]
            return index, question.format(**parts)
    return None


def _candidates(assistant: Assistant) -> Iterator[tuple[int, str]]:
    ids = [document.id for document in assistant.corpus.documents()[:MAX_DOCUMENTS]]
    texts = [assistant.document(id).text[:MAX_DOCUMENT_CHARS] for id in ids]
    all_text = "\n".join(texts)
    for text in texts:
        for start, end in sentence_spans(text):
            if candidate := question_from(text[start:end], all_text):
                yield candidate


def _interleave(candidates: list[tuple[int, str]]) -> list[str]:
    """Return one question of each pattern, then a second of each, and so on; of one pattern, the shortest first."""
    counts: dict[int, int] = {}
    ordered = []
    for pattern, question in sorted(dict.fromkeys(candidates), key=lambda one: len(one[1])):
        counts[pattern] = counts.get(pattern, 0) + 1
        ordered.append((counts[pattern], pattern, question))
    return [question for _, _, question in sorted(ordered)]


def _is_answered(assistant: Assistant, question: str) -> bool:
    try:
        return not assistant.ask(question).abstained
    except QAError:
        return False
