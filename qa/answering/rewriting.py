"""Rewrite a follow-up as standalone questions: what it may mean after the earlier turns, likeliest first."""

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from qa.text.english import MONTH as MONTH_NAME
from qa.text.english import QUESTION_WORD, STOP_WORDS
from qa.text.words import content_words, words

Turn = tuple[str, str]
"""(question, answer)."""

TURNS_READ = 4
"""Latest turns of the history that are used."""

MAX_TURN_CHARS = 400
"""Characters used of each turn; what a follow-up refers to is near the beginning."""

MAX_REWRITINGS = 8
"""Rewritings that are compared."""

ADDITION = re.compile(
    r"\s*(?:(?:and|but|or|so|then|ok|okay|no|not there|sorry|i meant?|what about|how about|why not)\b[\s,:]*)+",
    re.IGNORECASE,
)
"""Openings of a follow-up that adds to the earlier question or corrects it."""

MARKER = re.compile(r"\s*\[\d+\]")

NAME = re.compile(r"\b[A-Z][\w’'.-]*\w(?:[ -](?:(?:of|the|de|von|and) )?[A-Z0-9][\w’'.-]*\w)*|\b[A-Z]{2,}\b")
"""One or more capitalised words, as names are written."""

MONTH = re.compile(rf"(?:{MONTH_NAME})\b\.?(?: \d+)?$", re.IGNORECASE)

LED_IN = rf"(?:(?:at|in|on|by|for|from|to|with|of|since|until) )?{QUESTION_WORD}\b"

ASKING = re.compile(
    rf"\s*({LED_IN}.*?)\s+"
    r"(?=(?:is|are|was|were|do|does|did|has|have|had|will|would|can|could|should)\b)",
    re.IGNORECASE,
)
"""The part of a question that asks, up to the auxiliary verb."""

ONLY_ASKING = re.compile(
    rf"\s*({LED_IN}(?: (?:many|much|long|old|far|often|exactly|so|date|year|day))?)\W*", re.IGNORECASE
)
"""A question that consists of nothing else."""

PREPOSITION = re.compile(
    rf"\s*(in|on|at|by|for|from|to|with|since|until|before|after|during|according to)\b(?! {QUESTION_WORD}\b)",
    re.IGNORECASE,
)

DATED = re.compile(r"\b(?:(in|since|until|before|after|by|from|during) )?((?:1[89]|20)\d\d)\b", re.IGNORECASE)
"""A year, with the preposition before it."""

STATEMENT = re.compile(r"\b(?:he|she|it|they|is|are|was|were|has|have|had|will|would|did|does|said)\b", re.IGNORECASE)
"""Words that no name contains."""

PERSONAL = frozenset("he him his she her hers it its they them their theirs".split())

PERSONS = frozenset("he him his she her hers".split())

A_PERSON = re.compile(r"(?:the|an?) |.*[A-Z]")
"""What a personal pronoun may stand for: a name or an office, never "four crowns"."""

POINTING = re.compile(
    r"""\b th(?:is|ose|ese) \b (?! \s (?:year|month|week|season|morning|summer|winter))
      | \b (?:of|about|from|by|with|for|on|in|at|is|was|after|before|do|did|does|say|said) \s that \b
        (?! \s (?:the|a|an|he|she|it|they) \b)
      | \b that \s (?:one|year|day|time|question|meeting|point) \b
      | \b that \W* $
      | (?<!is\s) (?<!are\s) (?<!was\s) (?<!were\s) \b there \b (?! \s (?:is|are|was|were|any|a|an) \b)
      | \b the \s (?:first|second|third|last|other|same) \s one \b
      | \b the \s (?:two|three|both) \b""",
    re.IGNORECASE | re.VERBOSE,
)
"""Other words that point back to an earlier turn; not "that" before a clause, nor "there is"."""

DUMMY = re.compile(
    r"""\b (?:is|was|isn't) \s it \s (?:true|possible|likely|clear|known|correct|really) \b
      | \b it \s all \b
      | \b it \s is \s (?:true|said) \b
      | \b (?:does|would|will) \s it \s (?:cost|take) \b""",
    re.IGNORECASE | re.VERBOSE,
)
"""Phrases in which "it" refers to nothing."""

DEFINITE = re.compile(
    r"\bthe (?!(?:most|first|last|next|same|best|worst|us|u\.s\.|united|world)\b)[a-z]+", re.IGNORECASE
)
"""A noun with "the": something that is assumed to be known."""

BOUND_AFTER_WORDS = 4
"""After this many content words, a pronoun refers to something in its own question."""


def leaves_out(question: str) -> str:
    """Say whether a question leaves something to earlier turns: "nothing", "perhaps" or "surely"."""
    if opens_as_addition(question) or POINTING.search(question) or _pronoun(question):
        return "surely"
    every = words(question)
    meaning = [word for word in every if word not in STOP_WORDS]
    if len(meaning) <= 1 and len(every) <= 4:
        return "surely"
    if len(names(question)) < 2 and (DEFINITE.search(question) or len(meaning) <= 4):
        return "perhaps"
    return "nothing"


def opens_as_addition(question: str) -> bool:
    """Say whether a question begins like an addition or a correction."""
    opening = ADDITION.match(question)
    return bool(opening and opening.end())


def _pronoun(question: str) -> re.Match[str] | None:
    """Find the first pronoun that refers to something outside the question."""
    dummy = [match.span() for match in DUMMY.finditer(question)]
    for match in re.finditer(r"\b[A-Za-z]+\b", question):
        if match[0].lower() not in PERSONAL or any(a <= match.start() < b for a, b in dummy):
            continue
        before = question[: match.start()]
        meaning = [word for word in words(before) if word not in STOP_WORDS]
        bound = names(before) or len(meaning) >= BOUND_AFTER_WORDS or re.search(r"\w (?:that|who)\W*$|\w who\b", before)
        own = match[0].lower() in ("his", "their") and re.fullmatch(r"\s*who \w+ ", before, re.IGNORECASE)
        if not bound and not own:  # one shrugs one's own shoulders
            return match
    return None


def names(text: str) -> list[str]:
    """Return the names in `text`, each once, in order; a sentence's first word counts only when others follow it."""
    found = []
    for match in NAME.finditer(text):
        name = match[0]
        opens = not text[: match.start()].strip(" “\"'([") or text[: match.start()].rstrip(" “\"'([")[-1:] in ".!?"
        first = name.split()[0]
        if opens and first.lower() in STOP_WORDS:
            name = name[len(first) :].strip()
        elif opens and " " not in name and not name.isupper() and len(name) > 1 and first.lower() in STOP_WORDS:
            continue
        if name and name.lower() not in STOP_WORDS and not MONTH.match(name):
            found.append(re.sub(r"['’]s$", "", name))
    return list(dict.fromkeys(found))


def rewritings(question: str, history: Sequence[Turn]) -> list[str]:
    """Return at most MAX_REWRITINGS readings of `question` after `history`, likeliest first, without the question."""
    turns = turns_of(history)
    if not turns:
        return []
    found = (text for text in _readings(question.strip(), turns) if text.lower() != question.strip().lower())
    return list(islice(dict.fromkeys(found), MAX_REWRITINGS))


def turns_of(history: Sequence[Turn]) -> list[Turn]:
    """Return the latest turns that ask something, without citation markers, long ones cut."""
    turns = [(q[:MAX_TURN_CHARS].strip(), MARKER.sub("", a[:MAX_TURN_CHARS]).strip()) for q, a in history[-TURNS_READ:]]
    return [turn for turn in turns if content_words(turn[0])]


def _readings(question: str, turns: list[Turn]) -> Iterator[str]:
    earlier = topic(turns)
    opening = ADDITION.match(question)
    rest = question[opening.end() :] if opening else question
    pronoun = _pronoun(rest)
    if pronoun:
        for entity in _antecedents(pronoun, turns)[:4]:
            yield _with_entity(rest, pronoun, entity)
    elif asking := ONLY_ASKING.fullmatch(rest):
        yield _with_question_word(asking[1], earlier)
    elif PREPOSITION.match(rest):
        yield _with_circumstance(rest, earlier)
    elif opening and not re.match(QUESTION_WORD, rest, re.IGNORECASE):
        yield from _about_another(rest, earlier)
    yield f"{_without_mark(rest)} ({_with_answer(turns[-1], earlier)})"
    if pronoun:
        entity = next(iter(_antecedents(pronoun, turns)), pronoun[0])
        yield f"{_with_entity(rest, pronoun, entity).rstrip('?. ')} ({_without_mark(earlier)})"
    if names(earlier):
        yield f"{_without_mark(rest)} ({', '.join(names(earlier)[:3])})"


def topic(turns: Sequence[Turn]) -> str:
    """Return the latest question that says what it is about, extended by later ones that left something out."""
    question = turns[-1][0]
    if len(turns) == 1 or leaves_out(question) == "nothing":
        return question
    before = topic(turns[:-1])
    opening = ADDITION.match(question)
    rest = question[opening.end() :] if opening else question
    if PREPOSITION.match(rest):
        return _with_circumstance(rest, before)
    return f"{_without_mark(rest)} ({before})" if leaves_out(question) == "surely" else question


def _antecedents(pronoun: re.Match[str], turns: Sequence[Turn]) -> list[str]:
    """Return what this pronoun may stand for, likeliest first."""
    of_persons = pronoun[0].lower() in PERSONS
    return [entity for entity in _entities(turns) if A_PERSON.match(entity) or not of_persons]


def _entities(turns: Sequence[Turn]) -> list[str]:
    """Return what a pronoun may stand for: earlier answers, then what was asked about, latest first."""
    found: list[str] = []
    for question, answer in reversed(turns):
        asked = names(question)
        if len(answer.split()) <= 6 and not re.search(r"\d", answer) and not STATEMENT.search(answer):
            found.append(answer.strip(' ."“”'))
        said = [name for name in names(answer) if name not in asked]
        found += [*said[:2], *asked[:2], *said[2:3]]
    return list(dict.fromkeys(name for name in found if name))


def _with_entity(question: str, pronoun: re.Match[str], entity: str) -> str:
    """Return `question` with its pronoun replaced by `entity`, possessive where the pronoun was."""
    owning = pronoun[0].lower() in ("his", "its", "their") or (
        pronoun[0].lower() == "her"
        and re.match(r" [a-z]", question[pronoun.end() :]) is not None
        and not re.match(r" (?:in|on|at|off|to|from|there|back|for|with|and|or|as|by)\b", question[pronoun.end() :])
    )
    return question[: pronoun.start()] + entity + ("'s" if owning else "") + question[pronoun.end() :]


def _with_question_word(asking: str, earlier: str) -> str:
    """Return the earlier question with another question word: "Why?" after "Where did they meet?"."""
    opening = ASKING.match(earlier)
    return f"{asking} {earlier[opening.end() :]}" if opening else f"{asking} {_without_mark(earlier)}?"


def _with_circumstance(addition: str, earlier: str) -> str:
    """Return the earlier question with another circumstance: "And in 2021?"."""
    preposition = PREPOSITION.match(addition)
    assert preposition is not None
    added = addition.strip(" ?.!")
    year = re.fullmatch(r".*\b((?:1[89]|20)\d\d)\b.*", added)
    if year and (old := DATED.search(earlier)):
        if old[1] and old[1].lower() != preposition[1].lower():
            return earlier[: old.start()] + added + earlier[old.end() :]
        return earlier[: old.start(2)] + year[1] + earlier[old.end() :]
    same = re.search(
        rf"\b{preposition[1]}\b[^?,]*?(?=\s+(?:in|on|at|by|for|from|to|with)\b|[?,]|$)", earlier, re.IGNORECASE
    )
    if same:
        return earlier[: same.start()] + added + earlier[same.end() :]
    return f"{_without_mark(earlier)} {added}?"


def _about_another(other: str, earlier: str) -> Iterator[str]:
    """Yield the earlier question about something else, for each name it may replace: "What about Finland?"."""
    other = other.strip(" ?.!")
    of_a_kind = re.fullmatch(r"(.*?)\s+ones?", other)
    for name in sorted(names(earlier), key=lambda name: earlier.rfind(name), reverse=True)[:3]:
        kind = name.partition(" of ")[0].split()[-1:] if " " in name else []  # of "the Istanbul Declaration"
        new = " ".join([of_a_kind[1], *kind]) if of_a_kind else other
        yield earlier.replace(
            name, re.sub(r"^the ", "", new) if re.search(rf"\bthe {re.escape(name)}", earlier) else new, 1
        )


def _with_answer(turn: Turn, earlier: str) -> str:
    answer = turn[1]
    return f"{_without_mark(earlier)}: {answer}" if answer and len(answer) <= 80 else _without_mark(earlier)


def _without_mark(question: str) -> str:
    return question.strip(" ?.!")
