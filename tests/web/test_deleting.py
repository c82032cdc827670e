"""Documents deleted on the page: uploads are erased, the user's own files stay and can be restored."""

import pytest

from qa import Assistant
from qa.errors import CorpusError
from qa.history.store import ChatStore
from qa.web.deleting import delete_document, restore_file
from qa.web.handlers import Handlers

ME = {"browser": "a" * 32, "chat": "1" * 32}


@pytest.fixture
def assistant(files, hashing, home):
    with Assistant.open(files, encoder=hashing, min_confidence=0) as opened:
        yield opened


@pytest.fixture
def chats(tmp_path):
    opened = ChatStore(tmp_path, "c")
    yield opened
    opened.close()


@pytest.fixture
def handlers(assistant, chats):
    return Handlers(assistant, chats)


def tea(folder):
    file = folder / "tea.txt"
    file.write_text("Zoe Quarrington served tea at four.", "utf-8")
    return str(file)


def test_uploaded_file_is_erased_and_can_be_uploaded_again(handlers, tmp_path):
    list(handlers.add([tea(tmp_path)]))
    first, last = handlers.remove(ME | {"document": "uploads/tea.txt"})
    assert "Deleting" in first and "found nothing left" in last and "data-qa-restore" not in last
    assert "3 documents" in handlers.document_list.size
    assert "added, 1 passage" in list(handlers.add([tea(tmp_path)]))[-1]


def test_own_file_stays_and_can_be_restored(handlers, assistant, files):
    last = list(handlers.remove(ME | {"document": "anna.txt"}))[-1]
    assert 'data-qa-restore="anna.txt"' in last and (files / "anna.txt").exists()
    assert "anna.txt" not in {document.id for document in assistant.corpus.documents()}
    assert "up to date" in list(handlers.restore({"file": "anna.txt"}))[-1]
    assert "anna.txt" in {document.id for document in assistant.corpus.documents()}


@pytest.mark.parametrize("sent", [{}, {"document": None}, {"document": "../../etc/passwd"}, {"document": ["anna.txt"]}])
def test_unknown_documents_are_not_deleted(handlers, sent):
    assert "no longer here" in list(handlers.remove(sent))[-1]
    assert "3 documents" in handlers.document_list.size


def test_file_that_was_not_removed_is_not_restored(handlers):
    assert "not a forgotten file" in list(handlers.restore({"file": "anna.txt"}))[-1]


def test_last_document_can_be_deleted(handlers):
    for id in ("anna.txt", "boris.md", "c1"):
        list(handlers.remove({"document": id}))
    assert "0 documents" in handlers.document_list.size
    assert "no documents to answer from" in list(handlers.ask(ME | {"question": "Where does Anna live?"}))[-1]


def test_deleting_unknown_document_is_an_error(assistant, chats):
    with pytest.raises(CorpusError, match="no longer here"):
        delete_document(assistant, chats, "nobody.txt")
    assert len(assistant.corpus.documents()) == 3


def test_restoring_file_that_was_not_removed_is_an_error(assistant):
    with pytest.raises(CorpusError, match="not a forgotten file"):
        restore_file(assistant, "anna.txt")


def test_documents_of_one_file_go_together(handlers, tmp_path):
    (tmp_path / "two.jsonl").write_text(
        '{"id": "k1", "text": "Kim rows."}\n{"id": "k2", "text": "Lee sings."}\n', "utf-8"
    )
    list(handlers.add([str(tmp_path / "two.jsonl")]))
    assert "5 documents" in handlers.document_list.size
    assert "2 passages" in list(handlers.remove(ME | {"document": "k1"}))[-1]
    assert "3 documents" in handlers.document_list.size
