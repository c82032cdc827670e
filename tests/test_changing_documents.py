"""Questions asked while the documents change."""

import pytest

from qa import Assistant
from qa.errors import CorpusError
from qa.ingest.indexing import index


def test_ask_retries_while_documents_change(files, hashing, monkeypatch):
    with Assistant.open(files, encoder=hashing, min_confidence=0.0) as assistant:
        passages, changes = assistant.corpus.passages, []

        def changing(keys):
            if len(changes) < 2:
                changes.append(1)
                prefix = "It is another day. " * len(changes)  # moves the text that was found
                (files / "anna.txt").write_text(f"{prefix}Anna lives in Oslo. She mends clocks.")
                with assistant.beside() as other:
                    index(other, [files])
            return passages(keys)

        monkeypatch.setattr(assistant.corpus, "passages", changing)
        assert "She mends clocks." in assistant.ask("Who mends clocks?").text
        assert len(changes) == 2


def test_error_without_changes_is_raised_at_once(files, hashing, monkeypatch):
    calls = []

    def failing(keys):
        calls.append(1)
        raise CorpusError("gone")

    with Assistant.open(files, encoder=hashing) as assistant:
        monkeypatch.setattr(assistant.corpus, "passages", failing)
        with pytest.raises(CorpusError, match="gone"):
            assistant.ask("Who mends clocks?")
    assert len(calls) == 1


def test_no_wording_is_answered_twice(files, hashing):
    with Assistant.open(files, encoder=hashing) as assistant:
        asked, answer = [], assistant.answerer.answer
        assistant.answerer.answer = lambda question, *args: (asked.append(question), answer(question, *args))[1]
        history = [("Who mends clocks?", "Anna")]
        standalone = assistant.ask("And where does she live?", history).standalone_question
        assert standalone in asked and len(asked) == len(set(asked))


def test_changed_documents_change_the_answer(files, hashing):
    with Assistant.open(files, encoder=hashing, min_confidence=0.0) as assistant:
        assert "She mends clocks." in assistant.ask("Who mends clocks?").text
        (files / "anna.txt").write_text("Anna lives in Oslo. She repairs clocks.")
        index(assistant.corpus, [files])
        assert "She repairs clocks." in assistant.ask("Who mends clocks?").text
