"""Forgetting a file leaves nothing of it on disk, and the receipt proves it by a search."""

import shutil
from dataclasses import replace

import pytest

from qa import Assistant
from qa.errors import CorpusError
from qa.history import erasure
from qa.history.erasure import forget, undo_forget
from qa.history.store import ChatKey, ChatStore
from qa.history.turn import FORGOTTEN, Turn
from qa.ingest.indexing import index
from qa.store.schema import DATABASE_FILE
from tests.support.encoders import CountingEncoder

# A number that no time, score or hash holds by chance, as one of four digits is held by one run in fifty.
SECRET = "Anna’s vault in the harbour of Oslo opens with the number 730144660258."
CHAT = ChatKey("a" * 32, "b" * 32)


@pytest.fixture
def folder(files, home):
    (files / "secret.txt").write_text(f"The vault\n\n{SECRET} Nobody else was ever told about it.", "utf-8")
    return files


@pytest.fixture
def assistant(folder):
    with Assistant.open(folder, encoder=CountingEncoder(), min_confidence=0.0) as opened:
        yield opened


@pytest.fixture
def kept(assistant):
    chats = ChatStore.for_corpus(assistant.corpus)
    yield chats
    chats.close()


def everything(assistant, kept) -> bytes:
    files = [*assistant.corpus.folder.iterdir(), *kept.files()]
    return b"".join(file.read_bytes() for file in files)


def test_nothing_is_left_of_a_forgotten_file(assistant, kept):
    answer = assistant.ask("What number opens the vault in the harbour of Oslo?")
    assert SECRET in answer.text
    kept.add(CHAT, Turn("What number?", answer))
    other = assistant.ask("Who mends clocks?")
    cited = tuple(c for c in other.citations if c.document_id == "anna.txt")
    other = replace(other, citations=cited, text=" ".join(c.text for c in cited))
    assert any(hit.passage.document_id == "secret.txt" for hit in other.passages)
    kept.add(CHAT, Turn("Who mends clocks?", other))
    before = everything(assistant, kept)
    assert SECRET.encode() in before and b"harbour of Oslo opens" in before and b"730144660258" in before
    receipt = forget(assistant.corpus, kept, "secret.txt")
    after = everything(assistant, kept)
    assert not any(word in after for word in (SECRET.encode(), b"730144660258", b"harbour of Oslo", b"ever told"))
    assert receipt.found == () and receipt.probes > 2 and receipt.documents == 1 and receipt.passages > 0
    assert receipt.bytes == sum(len(file) for file in [after]) and "none is left" in str(receipt)
    assert receipt.turns == 2
    first, second = kept.turns(CHAT)
    assert first.problem == FORGOTTEN and first.answer is None
    assert second.answer and second.answer.citations == other.citations
    assert "secret.txt" not in {hit.passage.document_id for hit in second.answer.passages}
    assert assistant.corpus.check() == []
    assert all(hit.passage.document_id != "secret.txt" for hit in assistant.search("Who opens the vault?"))


def test_remains_are_reported(assistant, kept, monkeypatch):
    copy = assistant.corpus.folder / "left-behind"
    shutil.copy(assistant.corpus.folder / DATABASE_FILE, copy)
    assistant.corpus._database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copy(assistant.corpus.folder / DATABASE_FILE, copy)
    receipt = forget(assistant.corpus, kept, "secret.txt")
    assert receipt.found == (str(copy),) and "left-behind" in str(receipt)


def test_set_aside_corpus_is_searched_too(assistant, kept):
    assistant.corpus._database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    folder = assistant.corpus.folder
    aside = folder.with_name(f"{folder.name}.set-aside-1")
    shutil.copytree(folder, aside)
    receipt = forget(assistant.corpus, kept, "secret.txt")
    assert str(aside / DATABASE_FILE) in receipt.found and str(folder / DATABASE_FILE) not in receipt.found


def test_vectors_are_searched_for_too(assistant, kept, monkeypatch):
    monkeypatch.setattr(erasure, "MIN_SENTENCE_CHARS", 10_000)
    _, _, vectors = assistant.corpus.contents_of_file("secret.txt")
    (assistant.corpus.folder / "left-behind").write_bytes(b"xx" + vectors[0].tobytes() + b"yy")
    assert forget(assistant.corpus, kept, "secret.txt").found == (str(assistant.corpus.folder / "left-behind"),)


def test_text_of_another_document_stays(folder, kept, assistant):
    (folder / "copy.txt").write_text(f"{SECRET} It was in the papers.", "utf-8")
    index(assistant.corpus, [folder])
    receipt = forget(assistant.corpus, kept, "secret.txt")
    assert receipt.found == ()
    assert SECRET in assistant.corpus.document("copy.txt").text


def test_forgotten_file_is_skipped_until_undo(folder, assistant, kept):
    corpus = assistant.corpus
    forget(corpus, kept, "secret.txt")
    assert str(index(corpus, [folder])) == "3 unchanged, 1 forgotten"
    (folder / "secret.txt").write_text("Anna has another vault.")
    assert str(index(corpus, [folder])) == "3 unchanged, 1 forgotten"
    undo_forget(corpus, "secret.txt")
    report = index(corpus, [folder])
    assert (str(report), report.note) == ("1 indexed, 3 unchanged", "")
    forget(corpus, kept, "secret.txt")
    (folder / "secret.txt").unlink()
    assert str(index(corpus, [folder])) == "3 unchanged, 1 deleted"
    assert "secret.txt" not in {entry.name for entry in corpus.ledger()}


def test_unknown_file_cannot_be_forgotten(folder, assistant, kept):
    (folder / "photo.jpg").write_bytes(b"x")
    index(assistant.corpus, [folder])
    for name in ("nothing.txt", "photo.jpg"):
        with pytest.raises(CorpusError, match="is not in this corpus; type: qa status"):
            forget(assistant.corpus, kept, name)
    with pytest.raises(CorpusError, match="not a forgotten file"):
        undo_forget(assistant.corpus, "anna.txt")


def test_other_stores_and_set_aside_files_go_too(assistant, kept):
    folder = assistant.corpus.folder
    for name in ("vectors.exact", "vectors.faiss.set-aside-1"):
        (folder / name).write_bytes(b"x")
    forget(assistant.corpus, kept, "secret.txt")
    assert sorted(file.name for file in folder.glob("vectors.*")) == ["vectors.faiss"]
    assert len(assistant.search("Who mends clocks?")) > 0
