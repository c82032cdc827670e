"""Name what the large network returns for each token."""

from enum import IntEnum


class Output(IntEnum):
    """Places in the last axis of the large network's outputs."""

    START = 0
    """The answer starts at this token; at [CLS]: there is no answer."""
    END = 1
    """The answer ends at this token; at [CLS]: there is no answer."""
    EVIDENCE = 2
    """The mean over a sentence's tokens is the score of that sentence as evidence."""
    NO_EVIDENCE = 3
    """At [CLS]: the score of no sentence being evidence."""
    SUPPORTED = 4
    """At [CLS]: the text supports the statement, or answers the question with yes."""
    CONTRADICTED = 5
    """At [CLS]: the text contradicts the statement, or answers the question with no."""
    NEITHER = 6
    """At [CLS]: the text does not decide."""
