"""Which hits are read, in turns: to read costs far more than to search, and often the first hits leave no doubt.

Where few hits are nearly as good as the best, FIRST of them are read, and if these answer surely, of the others only
those that hold the same words, which may say the same. Else FEWEST are read, and if these leave some hope, the others.
Measured with the constants below on the built-in reports, two sets of our own and CLAP NQ: no answer is worse than with
all hits read, two are better, and the tokens that half of the questions need are 2.5 times fewer.
"""

from collections.abc import Callable, Sequence

from qa.reader.candidates import Candidate, extract_candidates, rank_candidates
from qa.reader.model import ScoredSpan
from qa.text.normalise import normalise_answer
from qa.types import Hit

FIRST_HITS, MIN_HITS, MAX_HITS = 2, 6, 24
"""Hits that are read first, at least where these leave doubt, and at most."""

RIVAL_SCORE_RATIO = 0.6
"""Of the best hit's score, from which hits beyond FEWEST are read: in a large corpus many are nearly as good, and
RealTimeQA's F1 is 2 points lower with FEWEST alone; in a small one hardly any is. To read 24 always
changed no score there nor of the built-in reports, and took up to four times as long."""

MAX_RIVALS = 8
"""Hits nearly as good, at most, for the first to be enough: in RealTimeQA's corpus, where more are, what many documents
agree on is right more often, and its best candidates are 5 points worse with the first hits alone."""

CONFIDENT_SCORE = 1.0
"""Score of a candidate among the first from which the others are passed over. At 0 the built-in reports lose one
question in 24; at 1.3 nothing more is right."""

HOPELESS_SCORE = 0.0
"""Score that the best of FEWEST must have for more to be read. At 0.3 CLAP NQ's AUROC is 0.002 lower."""

ReadHits = Callable[[str, Sequence[Hit]], list[list[ScoredSpan]]]
"""A question and hits to the spans of each."""


def hits_to_read(hits: Sequence[Hit]) -> Sequence[Hit]:
    """The hits that may be read, which are the first: they come best first."""
    return hits[: min(max(MIN_HITS, _nearly_as_good(hits)), MAX_HITS)]


def read_in_stages(question: str, hits: Sequence[Hit], read: ReadHits) -> list[tuple[float, Candidate]]:
    """What may answer in the hits that are read of those considered, with its score, best first."""
    readings: list[list[ScoredSpan]] = [[] for _ in hits]

    def with_those(places: Sequence[int]) -> list[tuple[float, Candidate]]:
        for place, found in zip(places, read(question, [hits[place] for place in places]), strict=True):
            readings[place] = found
        return rank_candidates(extract_candidates(question, hits, readings))

    every, first = range(len(hits)), FIRST_HITS if _nearly_as_good(hits) <= MAX_RIVALS else 0
    if first:
        found = with_those(every[:first])
        if found and found[0][0] >= CONFIDENT_SCORE:
            alike = [place for place in every[first:] if _says(hits[place], found[0][1])]
            return with_those(alike) if alike else found
    found = with_those(every[first:MIN_HITS])
    hopeless = found and found[0][0] < HOPELESS_SCORE
    return found if hopeless or not every[MIN_HITS:] else with_those(every[MIN_HITS:])


def _nearly_as_good(hits: Sequence[Hit]) -> int:
    return sum(hit.score >= RIVAL_SCORE_RATIO * hits[0].score for hit in hits)


def _says(hit: Hit, answer: Candidate) -> bool:
    """Whether the answer's words stand there; what they say there only reading tells."""
    return normalise_answer(answer.text) in normalise_answer(hit.passage.text)
