"""Questions that are asked while documents change."""

import pytest

from qa import Assistant
from qa.errors import CorpusError
from qa.indexing import index


def test_an_answer_is_tried_again_while_documents_change_under_it(files, hashing, monkeypatch):
    with Assistant.open(files, encoder=hashing, min_confidence=0.0) as assistant:
        passages, failed = assistant.corpus.passages, []

        def changing(keys):
            if len(failed) < 2:
                failed.append(1)
                (files / "anna.txt").write_text(f"Anna lives in Oslo. She mends clocks. It is day {len(failed)}.")
                index(assistant.corpus, [files])
            return passages(keys)

        monkeypatch.setattr(assistant.corpus, "passages", changing)
        assert "She mends clocks." in assistant.ask("Who mends clocks?").text
        assert len(failed) == 2


def test_an_error_while_nothing_changes_is_said_at_once(files, hashing, monkeypatch):
    calls = []

    def failing(keys):
        calls.append(1)
        raise CorpusError("gone")

    with Assistant.open(files, encoder=hashing) as assistant:
        monkeypatch.setattr(assistant.corpus, "passages", failing)
        with pytest.raises(CorpusError, match="gone"):
            assistant.ask("Who mends clocks?")
    assert len(calls) == 1
