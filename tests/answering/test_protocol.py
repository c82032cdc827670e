"""The interface between answerers and the rest of the package."""

from dataclasses import FrozenInstanceError

import pytest

from qa.answering.protocol import Quote, Reply


def test_reply_has_no_short_answer_by_default():
    assert Reply((), 0.0) == Reply(quotes=(), confidence=0.0, short=None)


@pytest.mark.parametrize(("value", "name"), [(Quote("d", 0, 1), "end"), (Reply((), 0.0), "confidence")])
def test_quotes_and_replies_are_immutable(value, name):
    with pytest.raises(FrozenInstanceError):
        setattr(value, name, 9)


ONE = (Quote("d", 0, 1),)


@pytest.mark.parametrize(
    ("reply", "refused", "confidence"),
    [
        (Reply((), 0.9), True, 0.9),
        (Reply(ONE, 0.4), True, 0.4),
        (Reply(ONE, 0.5), False, 0.5),
        (Reply(ONE, 0.1, None, 0.8), False, 0.1),  # there is an answer, though perhaps not this one
        (Reply(ONE, 0.9, None, 0.2), True, 0.2),
    ],
)
def test_reply_is_refused_where_an_answer_is_less_likely_than_the_threshold(reply, refused, confidence):
    assert reply.is_refused(0.5) is refused
    assert reply.confidence_of_refusal == confidence
