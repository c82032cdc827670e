"""Which groups of Rich Text Format are read."""

from qa.ingest.office.rtf.state import COMMENTS, HEADS, LABELS, SKIPPED, STARRED, State


def test_each_group_is_read_or_not():
    assert not SKIPPED & (STARRED | HEADS | LABELS | COMMENTS)
    assert not COMMENTS & STARRED


def test_nothing_is_special_at_the_start():
    assert State() == State(skipped=False, where="", hidden=False, deleted=False, script=0, unicode_skip=1)
