"""Perturb a question so that its passage no longer answers it: another name, another number or an opposite."""

import random
import re

NUMBER = re.compile(r"\b\d[\d,.]*\d\b|\b\d\b")
NAME = re.compile(r"\b[A-Z][\w'’-]+(?:\s+(?:of |the |de |von )?[A-Z][\w'’-]+)*")

# Pairs of opposites; each word is replaced by the other.
_PAIRS = """first last|before after|largest smallest|biggest smallest|highest lowest|most least|more less|
more fewer|oldest youngest|longest shortest|early late|earlier later|north south|northern southern|east west|
eastern western|increase decrease|increased decreased|rise fall|rose fell|begin end|began ended|start end|
started ended|win lose|won lost|mother father|son daughter|brother sister|husband wife|king queen|male female|
men women|man woman|boy girl|boys girls|summer winter|day night|morning evening|black white|hot cold|above below|
inside outside|import export|buy sell|bought sold|open close|opened closed|good bad|best worst|better worse|
like dislike|liked disliked|love hate|loved hated|never always|majority minority|maximum minimum|upper lower|
left right|birth death|born died|founded dissolved|joined left|accept reject|accepted rejected|support oppose|
supported opposed|allow forbid|allowed banned|true false|possible impossible|legal illegal|successful unsuccessful|
popular unpopular|happy sad|rich poor|strong weak|easy difficult|old new|public private|internal external"""
OPPOSITES: dict[str, str] = {}
for _pair in _PAIRS.split("|"):
    _one, _other = _pair.split()
    OPPOSITES.setdefault(_one, _other)
    OPPOSITES.setdefault(_other, _one)

QUESTION_WORDS = frozenset(
    "What Who Whom Whose When Where Why Which How In On At By For From To Is Was Did Does Do Are Were".split()
)


def perturb(question: str, passage: str, rng: random.Random) -> str | None:
    """Swap one name, number or word of `question`; return None where there is nothing to swap.

    A name or a number is replaced by another one from `passage` if there is one, so that the passage holds both.
    """
    ways = [_other_name, _other_number, _opposite]
    rng.shuffle(ways)
    for way in ways:
        changed = way(question, passage, rng)
        if changed is not None:
            return changed
    return None


def _other_name(question: str, passage: str, rng: random.Random) -> str | None:
    names = [m for m in NAME.finditer(question) if m.start() > 0 and m[0] not in QUESTION_WORDS]
    asked = question.lower()
    others = sorted({m[0] for m in NAME.finditer(passage) if m.start() > 0 and m[0].lower() not in asked})
    others = [name for name in others if passage[: passage.find(name)].rstrip()[-1:] not in '.!?"”']
    return _swap(question, names, others, rng)


def _other_number(question: str, passage: str, rng: random.Random) -> str | None:
    numbers = list(NUMBER.finditer(question))
    if not numbers:
        return None
    number = rng.choice(numbers)
    others = sorted({m[0] for m in NUMBER.finditer(passage) if len(m[0]) == len(number[0]) and m[0] != number[0]})
    if not others and number[0].isdigit():
        others = [str(max(int(number[0]) + shift, 1)).zfill(len(number[0])) for shift in (-7, -3, -1, 1, 2, 5, 10)]
        others = [n for n in others if n not in passage and n != number[0] and len(n) == len(number[0])]
    return _swap(question, [number], others, rng)


def _opposite(question: str, passage: str, rng: random.Random) -> str | None:
    found = [m for m in re.finditer(r"\b[a-z]+\b", question) if m[0] in OPPOSITES]
    if not found:
        return None
    match = rng.choice(found)
    if OPPOSITES[match[0]] in passage.lower():
        return None  # the passage may be about both
    return _swap(question, [match], [OPPOSITES[match[0]]], rng)


def _swap(question: str, places: list[re.Match[str]], others: list[str], rng: random.Random) -> str | None:
    if not places or not others:
        return None
    place = rng.choice(places)
    return question[: place.start()] + rng.choice(others) + question[place.end() :]
