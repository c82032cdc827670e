"""A follow-up and the turns before it to questions that may stand alone: what could be meant, likeliest first."""

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from qa.text.english import MONTH as MONTH_NAME
from qa.text.english import QUESTION_WORD, STOP_WORDS
from qa.text.words import content_words, words

Turn = tuple[str, str]
"""(question, answer)."""

TURNS_READ = 4
"""Of the history, the latest."""

TURN_AT_MOST = 400
"""Characters of a turn; what is referred to stands at its beginning."""

CANDIDATES = 8
"""Rewritings that are weighed, at most."""

ADDITION = re.compile(
    r"\s*(?:(?:and|but|or|so|then|ok|okay|no|not there|sorry|i meant?|what about|how about|why not)\b[\s,:]*)+",
    re.IGNORECASE,
)
"""What a follow-up may open with: it adds to the question before, or mends it."""

MARKER = re.compile(r"\s*\[\d+\]")

NAME = re.compile(r"\b[A-Z][\w’'.-]*\w(?:[ -](?:(?:of|the|de|von|and) )?[A-Z0-9][\w’'.-]*\w)*|\b[A-Z]{2,}\b")
"""One or more words with capitals, as names are written."""

MONTH = re.compile(rf"(?:{MONTH_NAME})\b\.?(?: \d+)?$", re.IGNORECASE)

LED_IN = rf"(?:(?:at|in|on|by|for|from|to|with|of|since|until) )?{QUESTION_WORD}\b"

ASKING = re.compile(
    rf"\s*({LED_IN}.*?)\s+"
    r"(?=(?:is|are|was|were|do|does|did|has|have|had|will|would|can|could|should)\b)",
    re.IGNORECASE,
)
"""The part of a question that asks, up to its auxiliary verb."""

ONLY_ASKING = re.compile(
    rf"\s*({LED_IN}(?: (?:many|much|long|old|far|often|exactly|so|date|year|day))?)\W*", re.IGNORECASE
)
"""A question that is nothing else."""

PREPOSITION = re.compile(
    rf"\s*(in|on|at|by|for|from|to|with|since|until|before|after|during|according to)\b(?! {QUESTION_WORD}\b)",
    re.IGNORECASE,
)

DATED = re.compile(r"\b(?:(in|since|until|before|after|by|from|during) )?((?:1[89]|20)\d\d)\b", re.IGNORECASE)
"""A year, with what leads it in."""

STATEMENT = re.compile(r"\b(?:he|she|it|they|is|are|was|were|has|have|had|will|would|did|does|said)\b", re.IGNORECASE)
"""What a name does not hold."""

PERSONAL = frozenset("he him his she her hers it its they them their theirs".split())

PERSONS = frozenset("he him his she her hers".split())

A_PERSON = re.compile(r"(?:the|an?) |.*[A-Z]")
"""What one of these may stand for: a name or somebody's office, never "four crowns"."""

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
"""Words other than pronouns for persons and things that point back; not "that" before a clause, nor "there is"."""

DUMMY = re.compile(
    r"""\b (?:is|was|isn't) \s it \s (?:true|possible|likely|clear|known|correct|really) \b
      | \b it \s all \b
      | \b it \s is \s (?:true|said) \b
      | \b (?:does|would|will) \s it \s (?:cost|take) \b""",
    re.IGNORECASE | re.VERBOSE,
)
"""Where "it" stands for nothing."""

DEFINITE = re.compile(
    r"\bthe (?!(?:most|first|last|next|same|best|worst|us|u\.s\.|united|world)\b)[a-z]+", re.IGNORECASE
)
"""A thing that is taken to be known."""

BOUND_AFTER = 4
"""Words of meaning before a pronoun from which on it refers to them."""


def leaves_out(question: str) -> str:
    """How much a question leaves to the turns before it: "nothing", "perhaps" or "surely"."""
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
    """Whether it begins like an addition or a correction."""
    opening = ADDITION.match(question)
    return bool(opening and opening.end())


def _pronoun(question: str) -> re.Match[str] | None:
    """The first pronoun that refers to something outside the question."""
    dummy = [match.span() for match in DUMMY.finditer(question)]
    for match in re.finditer(r"\b[A-Za-z]+\b", question):
        if match[0].lower() not in PERSONAL or any(a <= match.start() < b for a, b in dummy):
            continue
        before = question[: match.start()]
        meaning = [word for word in words(before) if word not in STOP_WORDS]
        bound = names(before) or len(meaning) >= BOUND_AFTER or re.search(r"\w (?:that|who)\W*$|\w who\b", before)
        own = match[0].lower() in ("his", "their") and re.fullmatch(r"\s*who \w+ ", before, re.IGNORECASE)
        if not bound and not own:  # whose shoulders does one shrug but one's own
            return match
    return None


def names(text: str) -> list[str]:
    """Names in `text`, each once, in order; the word that opens a sentence counts only when others follow it."""
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
    """What `question` may mean after `history`, likeliest first, at most CANDIDATES; never the question itself."""
    turns = turns_of(history)
    if not turns:
        return []
    found = (text for text in _all(question.strip(), turns) if text.lower() != question.strip().lower())
    return list(islice(dict.fromkeys(found), CANDIDATES))


def turns_of(history: Sequence[Turn]) -> list[Turn]:
    """The latest turns that ask something, without markers, long ones cut."""
    turns = [(q[:TURN_AT_MOST].strip(), MARKER.sub("", a[:TURN_AT_MOST]).strip()) for q, a in history[-TURNS_READ:]]
    return [turn for turn in turns if content_words(turn[0])]


def _all(question: str, turns: list[Turn]) -> Iterator[str]:
    earlier = topic(turns)
    opening = ADDITION.match(question)
    rest = question[opening.end() :] if opening else question
    pronoun = _pronoun(rest)
    if pronoun:
        for entity in _meant(pronoun, turns)[:4]:
            yield _put(rest, pronoun, entity)
    elif asking := ONLY_ASKING.fullmatch(rest):
        yield _asking(asking[1], earlier)
    elif PREPOSITION.match(rest):
        yield _within(rest, earlier)
    elif opening and not re.match(QUESTION_WORD, rest, re.IGNORECASE):
        yield from _instead(rest, earlier)
    yield f"{_plain(rest)} ({_said(turns[-1], earlier)})"
    if pronoun:
        yield f"{_put(rest, pronoun, next(iter(_meant(pronoun, turns)), pronoun[0])).rstrip('?. ')} ({_plain(earlier)})"
    if names(earlier):
        yield f"{_plain(rest)} ({', '.join(names(earlier)[:3])})"


def topic(turns: Sequence[Turn]) -> str:
    """The last question that says what it is about, with what came after it where that left something out."""
    question = turns[-1][0]
    if len(turns) == 1 or leaves_out(question) == "nothing":
        return question
    before = topic(turns[:-1])
    opening = ADDITION.match(question)
    rest = question[opening.end() :] if opening else question
    if PREPOSITION.match(rest):
        return _within(rest, before)
    return f"{_plain(rest)} ({before})" if leaves_out(question) == "surely" else question


def _meant(pronoun: re.Match[str], turns: Sequence[Turn]) -> list[str]:
    """What this pronoun may stand for, likeliest first."""
    of_persons = pronoun[0].lower() in PERSONS
    return [entity for entity in _entities(turns) if A_PERSON.match(entity) or not of_persons]


def _entities(turns: Sequence[Turn]) -> list[str]:
    """What a pronoun may stand for: what was answered, then what was asked about, the latest first."""
    found: list[str] = []
    for question, answer in reversed(turns):
        asked = names(question)
        if len(answer.split()) <= 6 and not re.search(r"\d", answer) and not STATEMENT.search(answer):
            found.append(answer.strip(' ."“”'))
        said = [name for name in names(answer) if name not in asked]
        found += [*said[:2], *asked[:2], *said[2:3]]
    return list(dict.fromkeys(name for name in found if name))


def _put(question: str, pronoun: re.Match[str], entity: str) -> str:
    """`question` with `entity` for its pronoun, in the possessive where that was one."""
    owning = pronoun[0].lower() in ("his", "its", "their") or (
        pronoun[0].lower() == "her"
        and re.match(r" [a-z]", question[pronoun.end() :]) is not None
        and not re.match(r" (?:in|on|at|off|to|from|there|back|for|with|and|or|as|by)\b", question[pronoun.end() :])
    )
    return question[: pronoun.start()] + entity + ("'s" if owning else "") + question[pronoun.end() :]


def _asking(asking: str, earlier: str) -> str:
    """The earlier question, asking for something else: "Why?" after "Where did they meet?"."""
    opening = ASKING.match(earlier)
    return f"{asking} {earlier[opening.end() :]}" if opening else f"{asking} {_plain(earlier)}?"


def _within(addition: str, earlier: str) -> str:
    """The earlier question with another circumstance: "And in 2021?"."""
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
    return f"{_plain(earlier)} {added}?"


def _instead(other: str, earlier: str) -> Iterator[str]:
    """The earlier question about something else: "What about Finland?", for each name that it may replace."""
    other = other.strip(" ?.!")
    of_a_kind = re.fullmatch(r"(.*?)\s+ones?", other)
    for name in sorted(names(earlier), key=lambda name: earlier.rfind(name), reverse=True)[:3]:
        kind = name.partition(" of ")[0].split()[-1:] if " " in name else []  # "the Istanbul Declaration": one of these
        new = " ".join([of_a_kind[1], *kind]) if of_a_kind else other
        yield earlier.replace(
            name, re.sub(r"^the ", "", new) if re.search(rf"\bthe {re.escape(name)}", earlier) else new, 1
        )


def _said(turn: Turn, earlier: str) -> str:
    answer = turn[1]
    return f"{_plain(earlier)}: {answer}" if answer and len(answer) <= 80 else _plain(earlier)


def _plain(question: str) -> str:
    return question.strip(" ?.!")
