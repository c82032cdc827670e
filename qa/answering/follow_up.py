"""A follow-up to a question that stands alone: of what it may mean, that which the documents answer best."""

from collections.abc import Callable, Sequence

from qa.answering.rewriting import Turn, leaves_out, rewritings, topic, turns_of
from qa.text.normalise import normalise_answer

Judge = Callable[[str], tuple[float, str]]
"""How sure the documents' answer to a question is, in [0, 1], and its words, "" where it has no short one."""

AS_IT_IS = {"perhaps": 0.20, "surely": -0.35}
"""Added for the question as it was typed, by how much it leaves out. Of the 113 conversations in tests/data, these
leave alone the most that need nothing and mend the most that do; see README.md there."""

REPEATED = 0.35
"""What is left of how sure an answer is that the earlier question has too: a reading that brings that question in is
easily taken for it."""

EACH_LATER = 0.01
"""Taken off for each likelier rewriting before one."""


def standalone(question: str, history: Sequence[Turn], judge: Judge) -> str:
    """`question` with what it leaves out, taken from the turns before it; itself when it leaves nothing out.

    `judge` is asked only about a question that leaves something out, once for each rewriting.
    """
    needed = leaves_out(question) if history else "nothing"
    candidates = [] if needed == "nothing" else rewritings(question, history)
    if not candidates:
        return question
    _, before = judge(topic(turns_of(history)))

    def weight(text: str) -> float:
        sure, short = judge(text)
        return sure * REPEATED if short and normalise_answer(short) == normalise_answer(before) else sure

    weighed = [(weight(text) - EACH_LATER * place, text) for place, text in enumerate(candidates)]
    weighed.append((weight(question) + AS_IT_IS[needed], question))
    return max(weighed, key=lambda pair: pair[0])[1]
