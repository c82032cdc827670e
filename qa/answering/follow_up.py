"""Complete a follow-up question: of the questions it may mean, take the one that the documents answer best."""

from collections.abc import Callable, Sequence

from qa.answering.rewriting import Turn, leaves_out, rewritings, topic, turns_of
from qa.text.normalise import normalise_answer

Judge = Callable[[str], tuple[float, str]]
"""Return the confidence of the documents' answer to a question, in [0, 1], and the short answer, "" if none."""

UNCHANGED_BONUS = {"perhaps": 0.20, "surely": -0.35}
"""Added to the confidence of the question as typed, by how much it leaves out. On the 113 chats in tests/data these
values leave the most questions alone that need nothing, and complete the most that need something; see README.md
there."""

REPEATED_FACTOR = 0.35
"""The confidence of an answer that the earlier question already had is multiplied by this: a rewriting that contains
the earlier question is easily answered as if it were that question."""

RANK_PENALTY = 0.01
"""Subtracted for each likelier rewriting that comes before one."""


def standalone(question: str, history: Sequence[Turn], judge: Judge) -> str:
    """Return `question` with what it leaves out taken from earlier turns; itself when it leaves nothing out.

    `judge` is called once for each rewriting, and only when the question leaves something out.
    """
    needed = leaves_out(question) if history else "nothing"
    candidates = [] if needed == "nothing" else rewritings(question, history)
    if not candidates:
        return question
    _, before = judge(topic(turns_of(history)))

    def weight(text: str) -> float:
        sure, short = judge(text)
        return sure * REPEATED_FACTOR if short and normalise_answer(short) == normalise_answer(before) else sure

    weighed = [(weight(text) - RANK_PENALTY * place, text) for place, text in enumerate(candidates)]
    weighed.append((weight(question) + UNCHANGED_BONUS[needed], question))
    return max(weighed, key=lambda pair: pair[0])[1]
