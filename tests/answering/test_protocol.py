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
