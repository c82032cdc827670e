"""Tell the one-byte encodings of the Latin alphabet apart, by whether each character makes sense in its place."""

from collections import Counter

WESTERN = "cp1252"
ENCODINGS = (WESTERN, "cp1250", "iso8859_2", "mac_roman", "cp850", "cp437", "cp852", "cp1254", "cp1257")
"""From the likeliest to the rarest. Rarer ones are left out, for they would only win by mistake."""

WESTERN_EUROPE = (
    "àâæçéèêëîïôœùûüÿ", "äöüßé", "áéíñóúüçàèòï", "àáâãçéêíóôõú", "àèéìíîòóùú", "åäöæøéü", "éëïèöü", "áæðéíóöþúý",
)  # fmt: skip
CENTRAL_EUROPE = ("ąćęłńóśźż", "áčďéěíňóřšťúůýž", "áäčďéíĺľňóôŕšťúýž", "áéíóöőúüű", "ăâîşţșț", "čćđšž")
LANGUAGES = {
    "cp1250": CENTRAL_EUROPE,
    "iso8859_2": CENTRAL_EUROPE,
    "cp852": CENTRAL_EUROPE,
    "cp1254": ("çğıöşüâîûi\u0307",),
    "cp1257": ("ąčęėįšųūž", "āčēģīķļņšūž", "äõöüšž"),
}
"""The letters outside ASCII of each language that an encoding is for; where none are named, those of WESTERN_EUROPE."""

MARKS = frozenset("“”‘’„‚«»‹›–—…€£§°©®™·•¿¡ºª½¼¾²³×\u00a0\u00ad")
"""Characters other than letters that texts have."""

WITHIN_WORDS = frozenset("’‘–\u00a0\u00ad·")
"""Those of them that may be between two letters."""

OPENING = frozenset("‚„¿¡•")
"""Those that no letter precedes."""

DASHES = frozenset("–—")

NOT_LATIN_RUN = 3
"""Bytes outside ASCII in a row; words of the Latin alphabet hardly ever have as many."""


def is_latin(sample: bytes) -> bool:
    """Return whether most bytes outside ASCII are single ones between letters of ASCII."""
    high = in_runs = run = 0
    for byte in (*sample, 0):
        if byte > 127:
            high, run = high + 1, run + 1
            continue
        in_runs += run if run >= NOT_LATIN_RUN else 0
        run = 0
    return in_runs * 5 <= high


def likeliest(sample: bytes) -> str:
    """Return the encoding in which the sample makes the most sense; of several, the one that is used the most."""
    return max(ENCODINGS, key=lambda encoding: _score(sample.decode(encoding, "replace"), encoding))


def _score(text: str, encoding: str) -> int:
    padded = f" {text} "
    places = [i for i, c in enumerate(padded) if c > "\x7f"]
    letters = Counter(padded[i].lower() for i in places if padded[i].isalpha() and padded[i] not in MARKS)
    languages = LANGUAGES.get(encoding, WESTERN_EUROPE)
    known = max(sum(count * (2 if c in alphabet else -1) for c, count in letters.items()) for alphabet in languages)
    return known + sum(_fit(*padded[i - 1 : i + 2]) for i in places)


def _fit(before: str, c: str, after: str) -> int:
    """Return how well a character fits between its neighbours."""
    if c.isalpha() and c not in MARKS:
        if c.isupper() and (before.islower() or (after.islower() and before.isalpha())):
            return -4
        return -3 if before.isdigit() or after.isdigit() or not (before.isalpha() or after.isalpha()) else 0
    if c not in MARKS:
        return -6 if c == "\ufffd" or "\x7f" < c < "\xa0" else -3
    if before.isalpha() and after.isalpha():
        return 2 if c in WITHIN_WORDS else -4
    return -2 if (c in OPENING and before.isalnum()) or (c in DASHES and before.isalpha() and after == " ") else 2
