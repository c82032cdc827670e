"""Documents are embedded in the background while earlier ones are stored."""

import threading

import numpy as np
import pytest

from qa.ingest import indexing, prefetch
from qa.ingest.chunking import chunk
from qa.ingest.indexing import index
from qa.ingest.prefetch import background_embedding, embedded_text
from qa.ingest.progress import Meter
from tests.support.documents import document

TIMEOUT_SECONDS = 10
"""How long to wait for something in another thread."""


@pytest.fixture
def many(monkeypatch):
    """Make nine documents of one passage each, embedded in batches of two."""
    monkeypatch.setattr(prefetch, "BATCH_PASSAGES", 2)
    return [document(f"It rained on day {n}.", id=str(n)) for n in range(9)]


def meter():
    return Meter([1], None)


def test_documents_come_in_order_with_their_vectors(many, hashing):
    with background_embedding(hashing, meter()) as embed:
        found = list(embed(many))
    assert [made for made, _, _ in found] == many
    for made, passages, vectors in found:
        assert passages == chunk(made, hashing)
        assert np.array_equal(
            vectors, hashing.embed_passages([embedded_text(made.title, p, hashing) for p in passages])
        )


def test_no_documents_give_no_passages(hashing):
    with background_embedding(hashing, meter()) as embed:
        assert list(embed([])) == [] and embed([]).characters == 0


def test_next_batch_is_embedded_while_one_is_stored(many, hashing, monkeypatch):
    begun = [threading.Event() for _ in range(5)]
    embed_passages, asked = hashing.embed_passages, iter(begun)
    monkeypatch.setattr(hashing, "embed_passages", lambda texts: (next(asked).set(), embed_passages(texts))[1])
    with background_embedding(hashing, meter()) as embed:
        stored = iter(embed(many))
        assert begun[0].wait(TIMEOUT_SECONDS), "before anything is asked for"
        next(stored)
        assert begun[1].wait(TIMEOUT_SECONDS), "before the first batch is stored whole"
        assert not begun[2].is_set(), "no more than one ahead"


def test_embedding_stays_one_batch_ahead(many, hashing):
    with background_embedding(hashing, meter()) as embed:
        next(iter(embed(many)))
    assert hashing.embedded <= 4


def test_waiting_batches_are_dropped_at_the_end(many, hashing, monkeypatch):
    free, embed_passages = threading.Event(), hashing.embed_passages
    monkeypatch.setattr(hashing, "embed_passages", lambda texts: (free.wait(TIMEOUT_SECONDS), embed_passages(texts))[1])
    with background_embedding(hashing, meter()) as embed:
        held = [embed(many), embed(many)]
        threading.Timer(0.3, free.set).start()
    assert len(held) == 2 and hashing.embedded <= 2


def test_encoder_error_is_raised(many, hashing, monkeypatch):
    def refuse(texts):
        raise MemoryError("no room for them")

    monkeypatch.setattr(hashing, "embed_passages", refuse)
    with background_embedding(hashing, meter()) as embed, pytest.raises(MemoryError, match="no room"):
        list(embed(many))


def test_small_waiting_batches_are_embedded_together(many, hashing, monkeypatch):
    free, embed_passages, sizes = threading.Event(), hashing.embed_passages, []
    monkeypatch.setattr(
        hashing,
        "embed_passages",
        lambda texts: (sizes.append(len(texts)), free.wait(TIMEOUT_SECONDS), embed_passages(texts))[-1],
    )
    with background_embedding(hashing, meter()) as embed:
        files = [embed([one]) for one in many]
        assert [file.passages for file in files] == [1] * 9 and not files[0].ready
        free.set()
        found = [list(file) for file in files]
    assert sizes == [1, 2, 2, 2, 2] and all(file.ready and not file.passages for file in files)
    for one, ((made, passages, vectors),) in zip(many, found, strict=True):
        assert made == one
        assert np.array_equal(
            vectors, hashing.embed_passages([embedded_text(made.title, p, hashing) for p in passages])
        )


def test_failed_batch_fails_no_other(many, hashing, monkeypatch):
    free, embed_passages = threading.Event(), hashing.embed_passages

    def refuse(texts):
        free.wait(TIMEOUT_SECONDS)
        if any("day 2" in text for text in texts):
            raise MemoryError("no room for it")
        return embed_passages(texts)

    monkeypatch.setattr(prefetch, "BATCH_PASSAGES", 9)
    monkeypatch.setattr(hashing, "embed_passages", refuse)
    with background_embedding(hashing, meter()) as embed:
        files = [embed([one]) for one in many]
        free.set()
        for place, file in enumerate(files):
            if place == 2:
                with pytest.raises(MemoryError, match="no room"):
                    list(file)
            else:
                assert [made for made, _, _ in file] == [many[place]]


@pytest.mark.parametrize(
    ("at_most", "order"),
    [(100, ["read a", "read b", "a", "read c", "b", "c"]), (0, ["read a", "a", "read b", "b", "read c", "c"])],
)
def test_next_file_is_read_early_unless_large(corpus, tmp_path, monkeypatch, at_most, order):
    for name in "abc":
        (tmp_path / f"{name}.txt").write_text(f"Anna wrote the letter {name} to Berta.")
    done, load, replace = [], indexing.load, corpus.replace
    monkeypatch.setattr(prefetch.PrefetchedDocuments, "ready", True)
    monkeypatch.setattr(indexing, "READ_AHEAD_BYTES", at_most)
    monkeypatch.setattr(
        indexing, "load", lambda file, data: (done.append(f"read {file.path.stem}"), load(file, data))[1]
    )
    monkeypatch.setattr(corpus, "replace", lambda *files: (done.append(files[0][0].name[0]), replace(*files))[1])
    index(corpus, [tmp_path / f"{name}.txt" for name in "abc"])
    assert done == order
    assert len(corpus) == 3


@pytest.mark.parametrize("most", [{"MAX_PREFETCHED_PASSAGES": 2}, {"READ_AHEAD_BYTES": 80}], ids=["passages", "bytes"])
def test_reading_ahead_is_limited(corpus, tmp_path, monkeypatch, most):
    for name in "abcde":
        (tmp_path / f"{name}.txt").write_text(f"Anna wrote the letter {name} to Berta.")  # a passage of 34 bytes
    done, load, replace = [], indexing.load, corpus.replace
    monkeypatch.setattr(prefetch.PrefetchedDocuments, "ready", False)
    for name, value in most.items():
        monkeypatch.setattr(indexing, name, value)
    monkeypatch.setattr(
        indexing, "load", lambda file, data: (done.append(f"read {file.path.stem}"), load(file, data))[1]
    )
    monkeypatch.setattr(corpus, "replace", lambda *files: (done.append(files[0][0].name[0]), replace(*files))[1])
    index(corpus, [tmp_path / f"{name}.txt" for name in "abcde"])
    if "MAX_PREFETCHED_PASSAGES" in most:  # they are counted once a file is cut; its bytes before it is read
        assert done == ["read a", "read b", "read c", "a", "read d", "b", "read e", "c", "d", "e"]
    else:
        assert done == ["read a", "read b", "a", "read c", "b", "read d", "c", "read e", "d", "e"]
    assert len(corpus) == 5


def test_error_keeps_the_files_before_it(corpus, tmp_path, monkeypatch):
    for name in "abc":
        (tmp_path / f"{name}.txt").write_text(f"Anna wrote the letter {name} to Berta.")
    load = indexing.load

    def refuse(file, data):
        if file.path.stem == "b":
            raise MemoryError("no room for it")
        return load(file, data)

    monkeypatch.setattr(indexing, "load", refuse)
    with pytest.raises(MemoryError):
        index(corpus, [tmp_path / f"{name}.txt" for name in "abc"])
    assert [listed.id for listed in corpus.documents()] == ["a.txt"]
