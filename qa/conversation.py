"""A follow-up to a question that stands alone: of what it may mean, that which the documents answer best."""

from collections.abc import Callable, Sequence

from qa.rewriting import Turn, leaves_out, rewritings

Judge = Callable[[str], float]
"""How sure the documents' answer to a question is, in [0, 1]."""

AS_IT_IS = {"perhaps": 0.20, "surely": -0.35}
"""Added for the question as it was typed, by how much it leaves out. Of the 113 conversations in tests/data, these
leave alone the most that need nothing and mend the most that do; see README.md there."""

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
    weighed = [(judge(text) - EACH_LATER * place, text) for place, text in enumerate(candidates)]
    weighed.append((judge(question) + AS_IT_IS[needed], question))
    return max(weighed, key=lambda pair: pair[0])[1]
