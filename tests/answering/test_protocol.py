"""The seam: what an answerer is given and what it returns."""

from dataclasses import FrozenInstanceError

import pytest

from qa.answering.protocol import Quote, Reply


def test_a_reply_has_no_short_answer_unless_it_is_given():
    assert Reply((), 0.0) == Reply(quotes=(), confidence=0.0, short=None)


@pytest.mark.parametrize(("value", "name"), [(Quote("d", 0, 1), "end"), (Reply((), 0.0), "confidence")])
def test_cannot_be_changed(value, name):
    with pytest.raises(FrozenInstanceError):
        setattr(value, name, 9)
