"""Questions to begin with, made from sentences that answer them; none where no sentence has such a form."""

import re
from collections.abc import Iterator
from itertools import islice

from qa.assistant import Assistant
from qa.errors import QAError
from qa.text.english import MONTH_STEM
from qa.text.sentences import sentence_spans

WANTED = 4

DOCUMENTS_READ, CHARACTERS_READ = 20, 20_000
"""Where sentences are looked for; the beginning of a large corpus is enough."""

ASKED = 8
"""Candidates that are asked before any is shown, so that none is refused; it also warms up what an answer needs."""

_DAY = rf"(?:(?:{MONTH_STEM})[a-z]*\.? \d{{1,2}}(?:, \d{{4}})?|[12]\d{{3}})"
_NAME = r"(?:(?:Mr|Mrs|Ms|Dr)\. )?[A-Z][\w’'-]+(?: [A-Z][\w’'-]+){0,3}"
_THING = r"(?!(?:It|This|That|These|Those|There|Other|Another|Such|He|She|They|We|I) )[A-Z][^.,;:“”\"()]{10,90}?"
_PAST = r"(?:\w+ed|held|sent|made|found|begun|built)"
_DONE = r"(?!(?:said|noted|stressed|explained|continued|added|concluded|asserted|stated|asked)\b)"
_DONE += r"(?:[a-z]+ed|held|sent|made|won|wrote|led|built|met)"

FORMS = tuple(
    (re.compile(form), question)
    for form, question in (
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
"""A sentence's form and the question that it answers."""


def examples(assistant: Assistant) -> tuple[str, ...]:
    """At most WANTED questions, of different forms first; each has been asked and answered."""
    candidates = _spread(list(_candidates(assistant)))[:ASKED]
    return tuple(islice((question for question in candidates if _answered(assistant, question)), WANTED))


def question_from(sentence: str, text: str = "") -> tuple[int, str] | None:
    """The place in FORMS and the question that `sentence` of `text` answers, or None."""
    line = " ".join(sentence.split())
    for place, (form, question) in enumerate(FORMS):
        if found := form.fullmatch(line):
            parts = found.groupdict()
            first = parts["a"].split(" ")[0]
            # A capital that only begins the sentence: the word stands elsewhere without it.
            if not question.startswith("What") and re.search(rf"\b{re.escape(first.lower())}\b", text):
                parts["a"] = parts["a"][0].lower() + parts["a"][1:]
            return place, question.format(**parts)
    return None


def _candidates(assistant: Assistant) -> Iterator[tuple[int, str]]:
    ids = [document.id for document in assistant.corpus.documents()[:DOCUMENTS_READ]]
    texts = [assistant.document(id).text[:CHARACTERS_READ] for id in ids]
    together = "\n".join(texts)
    for text in texts:
        for start, end in sentence_spans(text):
            if found := question_from(text[start:end], together):
                yield found


def _spread(candidates: list[tuple[int, str]]) -> list[str]:
    """One of each form, then a second of each, and so on; within a form the shortest first."""
    seen: dict[int, int] = {}
    ordered = []
    for form, question in sorted(dict.fromkeys(candidates), key=lambda one: len(one[1])):
        seen[form] = seen.get(form, 0) + 1
        ordered.append((seen[form], form, question))
    return [question for _, _, question in sorted(ordered)]


def _answered(assistant: Assistant, question: str) -> bool:
    try:
        return not assistant.ask(question).abstained
    except QAError:
        return False
