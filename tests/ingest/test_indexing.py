"""Indexing embeds only what is new or changed, and one bad file harms no other."""

import json
import os
import time
from pathlib import Path

import numpy as np
import pytest

from embeddings.encoders.hashing import HashingEncoder
from qa.errors import CorpusError, FolderEmptied
from qa.ingest import indexing, prefetch
from qa.ingest.chunking import chunk
from qa.ingest.files import read_bytes
from qa.ingest.indexing import corpus_folder, index
from qa.ingest.prefetch import embedded_text
from qa.store.corpus import Corpus
from tests.support.documents import document


def statuses(report):
    return {entry.name: entry.status for entry in report.entries}


def ids(corpus):
    return [listed.id for listed in corpus.documents()]


def texts(corpus, question):
    keys, _ = corpus.nearest(corpus.encoder.embed_query(question), 50)
    return [passage.text for passage in corpus.passages([int(key) for key in keys])]


def test_first_run_indexes_every_file(corpus, files):
    report = index(corpus, [files])
    assert statuses(report) == {"anna.txt": "indexed", "boris.md": "indexed", "more.jsonl": "indexed"}
    assert str(report) == "3 indexed"
    assert ids(corpus) == ["anna.txt", "boris.md", "c1"]
    assert [listed.title for listed in corpus.documents()] == ["Anna", "Boris", "Clara"]
    assert corpus.check() == []


def test_batches_span_documents_of_a_file(corpus, tmp_path, monkeypatch):
    monkeypatch.setattr(prefetch, "BATCH_PASSAGES", 4)
    records = (json.dumps({"id": str(n), "text": f"It rained on day {n}."}) for n in range(10))
    (tmp_path / "days.jsonl").write_text("\n".join(records))
    sizes, embed = [], corpus.encoder.embed_passages
    monkeypatch.setattr(corpus.encoder, "embed_passages", lambda texts: (sizes.append(len(texts)), embed(texts))[1])
    index(corpus, [tmp_path / "days.jsonl"])
    assert sizes == [4, 4, 2]


def test_second_run_embeds_nothing(indexed, files):
    embedded, before = indexed.encoder.embedded, indexed.fingerprint
    began = time.perf_counter()
    report = index(indexed, [files])
    assert time.perf_counter() - began < 1
    assert str(report) == "3 unchanged"
    assert (indexed.encoder.embedded, indexed.fingerprint) == (embedded, before)


def test_only_changed_file_is_embedded_again(indexed, files):
    before, embedded = indexed.fingerprint, indexed.encoder.embedded
    (files / "more.jsonl").write_text('{"id": "c1", "title": "Clara", "text": "Clara grows roses."}')
    report = index(indexed, [files])
    assert statuses(report)["more.jsonl"] == "replaced"
    assert str(report) == "1 replaced, 2 unchanged"
    assert indexed.encoder.embedded == embedded + 1
    assert indexed.fingerprint != before
    assert indexed.document("c1").text == "Clara grows roses."
    assert indexed.matching(["rye"], 5) == {}


def test_touched_file_is_unchanged(indexed, files):
    os.utime(files / "anna.txt", (1, 1))
    assert str(index(indexed, [files])) == "3 unchanged"


def read_in(corpus, files, monkeypatch):
    """Return the names of the files whose bytes an index run reads."""
    names = []
    with monkeypatch.context() as patch:
        patch.setattr(indexing, "read_bytes", lambda file: (names.append(file.name), read_bytes(file))[1])
        index(corpus, [files])
    return names


def test_settled_file_is_not_read_again(indexed, files, monkeypatch):
    everything = ["anna.txt", "boris.md", "more.jsonl"]
    assert read_in(indexed, files, monkeypatch) == everything  # written a moment ago
    monkeypatch.setattr(indexing, "RECENT_NANOSECONDS", 0)
    assert read_in(indexed, files, monkeypatch) == everything
    assert read_in(indexed, files, monkeypatch) == []
    (files / "boris.md").write_text("# Boris\n\nBoris rows a canoe.")
    assert read_in(indexed, files, monkeypatch) == ["boris.md"]


def test_same_size_and_time_change_is_found(indexed, files, monkeypatch):
    monkeypatch.setattr(indexing, "RECENT_NANOSECONDS", 0)
    index(indexed, [files])
    path = files / "anna.txt"
    stat = path.stat()
    path.write_bytes(path.read_bytes().replace(b"clocks", b"chairs"))
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    assert statuses(index(indexed, [files]))["anna.txt"] == "replaced"


def test_added_file_is_indexed_alone(indexed, files):
    embedded = indexed.encoder.embedded
    (files / "dora.txt").write_text("Dora tunes pianos.")
    assert str(index(indexed, [files])) == "1 indexed, 3 unchanged"
    assert indexed.encoder.embedded == embedded + 1


def test_deleted_file_is_removed(indexed, files):
    (files / "anna.txt").unlink()
    assert str(index(indexed, [files])) == "2 unchanged, 1 deleted"
    assert ids(indexed) == ["boris.md", "c1"]
    assert indexed.matching(["oslo", "clocks"], 5) == {}
    assert not [text for text in texts(indexed, "Anna mends clocks in Oslo") if "Oslo" in text]


@pytest.mark.parametrize("name", ["aaa.jsonl", "zzz.jsonl"])
def test_renamed_jsonl_keeps_its_documents(indexed, files, name):
    (files / "more.jsonl").rename(files / name)
    report = index(indexed, [files])
    assert report.count("failed") == 0
    assert ids(indexed) == ["anna.txt", "boris.md", "c1"]


@pytest.mark.parametrize(("source", "target"), [("a.jsonl", "b.jsonl"), ("b.jsonl", "a.jsonl")])
def test_document_moved_between_files_is_kept(corpus, tmp_path, source, target):
    record = '{"id": "moved", "text": "Dora tunes pianos."}\n'
    folder = tmp_path / "moving"
    folder.mkdir()
    (folder / source).write_text(record + '{"id": "s", "text": "Stays."}')
    (folder / target).write_text('{"id": "t", "text": "Stays too."}\n')
    index(corpus, [folder])
    (folder / source).write_text('{"id": "s", "text": "Stays."}')
    (folder / target).write_text('{"id": "t", "text": "Stays too."}\n' + record)
    assert index(corpus, [folder]).count("failed") == 0
    assert ids(corpus) == ["moved", "s", "t"]


def test_files_may_exchange_documents(corpus, tmp_path):
    folder = tmp_path / "exchanging"
    folder.mkdir()
    one, two = '{"id": "one", "text": "Dora tunes pianos."}\n', '{"id": "two", "text": "Emil reads."}\n'
    (folder / "a.jsonl").write_text(one)
    (folder / "b.jsonl").write_text(two)
    index(corpus, [folder])
    (folder / "a.jsonl").write_text(two)
    (folder / "b.jsonl").write_text(one)
    (folder / "c.jsonl").write_text('{"id": "one", "text": "Not unique."}')
    assert statuses(index(corpus, [folder])) == {"a.jsonl": "failed", "b.jsonl": "failed", "c.jsonl": "failed"}
    (folder / "c.jsonl").unlink()
    assert statuses(index(corpus, [folder])) == {"a.jsonl": "replaced", "b.jsonl": "replaced", "c.jsonl": "deleted"}
    assert ids(corpus) == ["one", "two"]
    assert corpus.check() == []


def test_bad_file_is_recorded_and_others_indexed(corpus, files):
    (files / "bad.txt").write_bytes(b"\x89PNG\0\0")
    (files / "broken.jsonl").write_text('{"id": "x", "text": "fine"}\nnot json')
    report = index(corpus, [files])
    assert str(report) == "4 indexed, 1 failed"
    told = {entry.name: entry.reason or entry.note for entry in corpus.ledger()}
    assert "binary" in told["bad.txt"]
    assert "line 2" in told["broken.jsonl"]
    assert ids(corpus) == ["anna.txt", "boris.md", "c1", "x"]


def test_broken_file_keeps_its_old_passages(indexed, files):
    good = (files / "anna.txt").read_bytes()
    (files / "anna.txt").write_bytes(b"\0" + good)
    assert str(index(indexed, [files])) == "2 unchanged, 1 failed"
    assert "Oslo" in indexed.document("anna.txt").text
    assert {entry.name: entry.passages for entry in indexed.ledger()}["anna.txt"] > 0
    (files / "anna.txt").write_bytes(good)
    assert str(index(indexed, [files])) == "1 replaced, 2 unchanged"
    assert str(index(indexed, [files])) == "3 unchanged"


def test_duplicate_id_fails_only_the_second_file(indexed, files):
    (files / "n.jsonl").write_text('{"id": "n1", "text": "New."}\n{"id": "c1", "text": "Stolen."}')
    report = index(indexed, [files])
    assert statuses(report)["n.jsonl"] == "failed"
    assert "'c1'" in {entry.name: entry.reason for entry in report.entries}["n.jsonl"]
    assert ids(indexed) == ["anna.txt", "boris.md", "c1"]
    assert indexed.document("c1").text == "Clara bakes rye bread."
    assert indexed.matching(["stolen", "new"], 5) == {}


def test_equal_texts_are_two_documents(indexed, files):
    (files / "copy.txt").write_bytes((files / "anna.txt").read_bytes())
    index(indexed, [files])
    assert ids(indexed) == ["anna.txt", "boris.md", "c1", "copy.txt"]


def test_file_without_words_has_failed(corpus, tmp_path):
    folder = tmp_path / "f"
    folder.mkdir()
    (folder / "empty.txt").touch()
    (folder / "page.txt").write_text("Share this article")
    report = index(corpus, [folder])
    assert {(entry.status, entry.reason) for entry in report.entries} == {("failed", "holds no text that is read here")}
    assert (len(corpus), ids(corpus)) == (0, [])


def test_office_locks_are_no_documents(corpus, tmp_path):
    folder = tmp_path / "f"
    folder.mkdir()
    for name in ("~$report.docx", ".~lock.report.odt#", ".hidden.txt"):
        (folder / name).write_bytes(b"\0")
    (folder / "a.txt").write_text("Anna mends clocks.")
    assert [entry.name for entry in index(corpus, [folder]).entries] == ["a.txt"]


def test_folder_suddenly_empty_is_refused(corpus, tmp_path):
    there, kept = tmp_path / "drive", tmp_path / "kept"
    for folder in (there, kept):
        folder.mkdir()
        (folder / f"{folder.name}.txt").write_text(f"Anna mends the clocks of the {folder.name}.")
    index(corpus, [there, kept])
    (there / "drive.txt").unlink()
    with pytest.raises(FolderEmptied, match=r"drive holds no file now, but 1 files of it are indexed"):
        index(corpus, [there, kept])
    assert ids(corpus) == ["drive/drive.txt", "kept/kept.txt"]
    index(corpus, [there, kept], may_empty=True)
    assert ids(corpus) == ["kept/kept.txt"]


def test_unchanged_passages_keep_their_vectors(corpus, tmp_path):
    sentences = [f"Person number {n} lives in house {n} with a dog." for n in range(200)]
    file = tmp_path / "a.txt"
    file.write_text("\n\n".join(sentences))
    index(corpus, [file])
    before = corpus.encoder.embedded
    sentences[100] = "Nobody lives there."
    file.write_text("\n\n".join(sentences))
    index(corpus, [file])
    assert corpus.encoder.embedded - before <= 8
    assert texts(corpus, "Nobody lives there.")[0].count("Nobody lives there.") == 1
    keys = [row[0] for row in corpus._rows("SELECT key FROM passages ORDER BY key")]
    wanted = [embedded_text(corpus.documents()[0].title, passage, corpus.encoder) for passage in corpus.passages(keys)]
    assert np.allclose(corpus.vectors(keys), HashingEncoder().embed_passages(wanted), atol=2e-3)


def test_unchanged_documents_of_a_file_stay(corpus, tmp_path):
    file = tmp_path / "a.jsonl"
    lines = [f'{{"id": "d{n}", "text": "Thing {n} is blue."}}' for n in range(50)]
    file.write_text("\n".join(lines))
    index(corpus, [file])
    keys = dict(corpus._rows("SELECT id, key FROM documents"))
    before = corpus.encoder.embedded
    lines[7] = '{"id": "d7", "text": "Thing 7 is red."}'
    file.write_text("\n".join(['{"id": "new", "text": "A new thing."}', *lines[:20], *lines[21:]]))
    report = index(corpus, [file])
    assert corpus.encoder.embedded - before == 2
    after = dict(corpus._rows("SELECT id, key FROM documents"))
    assert after.keys() == {"new", *keys} - {"d20"}
    assert all(after[id] == keys[id] for id in after.keys() & keys.keys())
    assert corpus.document("d7").text == "Thing 7 is red."
    assert statuses(report) == {"a.jsonl": "replaced"}
    assert corpus.ledger()[0].passages == len(corpus) == 50
    assert corpus.check() == []


@pytest.mark.parametrize("name", ["a b.txt", "ünï.txt", "日本.txt", "quote'\".txt", "new\nline.txt", "sub/x.txt"])
def test_any_file_name_is_a_document_id(corpus, tmp_path, name):
    root = tmp_path / "root"
    (root / name).parent.mkdir(parents=True)
    (root / name).write_text("Dora tunes pianos.")
    index(corpus, [root])
    assert ids(corpus) == [name]


def test_name_outside_utf8_harms_no_other_file(corpus, files):
    (Path(os.fsdecode(os.fsencode(files) + b"/\xff.txt"))).write_text("Dora tunes pianos.")
    report = index(corpus, [files])
    assert len(report.entries) == 4
    assert {"anna.txt", "boris.md", "c1"} <= set(ids(corpus))
    assert report.count("indexed") >= 3


@pytest.mark.parametrize("field", ["id", "title", "text", "url", "date"])
def test_lone_surrogate_in_a_record_is_indexed(corpus, files, field):
    fields = {"id": "x", "text": "Dora.", field: "b\\ud83dc"}
    (files / "s.jsonl").write_text("{" + ", ".join(f'"{key}": "{value}"' for key, value in fields.items()) + "}")
    assert str(index(corpus, [files])) == "4 indexed"


def test_missing_root_changes_nothing(indexed, files, tmp_path):
    (files / "anna.txt").unlink()
    with pytest.raises(CorpusError, match="does not exist"):
        index(indexed, [files, tmp_path / "absent"])
    assert ids(indexed) == ["anna.txt", "boris.md", "c1"]


def test_unreadable_root_changes_nothing(indexed, files, monkeypatch):
    def refuse(path):
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(os, "scandir", refuse)
    with pytest.raises(CorpusError, match="Permission denied"):
        index(indexed, [files])
    assert ids(indexed) == ["anna.txt", "boris.md", "c1"]


def test_indexing_writes_nothing_to_the_folder(corpus, files):
    before = sorted(path.name for path in files.rglob("*"))
    index(corpus, [files])
    assert sorted(path.name for path in files.rglob("*")) == before


def test_corpus_folder_depends_on_roots_and_encoder(tmp_path, monkeypatch, hashing, minilm):
    monkeypatch.setenv("QA_HOME", str(tmp_path))
    one = corpus_folder([tmp_path / "a"], hashing)
    assert one.is_relative_to(tmp_path / "corpora")
    assert one == corpus_folder([tmp_path / "b" / ".." / "a"], hashing)
    others = [corpus_folder([tmp_path / "b"], hashing), corpus_folder([tmp_path / "a"], minilm)]
    assert len({one, *others}) == 3


def test_batching_loses_no_passage(tmp_path, corpus):
    text = " ".join(f"Person number {n} lives in house {n}." for n in range(3_000))
    (tmp_path / "f").mkdir()
    (tmp_path / "f" / "a.txt").write_text(text)
    (tmp_path / "f" / "b.jsonl").write_text("".join(f'{{"id": "{n}", "text": "Thing {n}."}}\n' for n in range(700)))
    index(corpus, [tmp_path / "f"])
    assert len(corpus) == corpus.encoder.embedded
    assert texts(corpus, "Thing 613.")[0] == "Thing 613."


def test_title_precedes_the_embedded_passage(hashing):
    made = document("Anna mends clocks.", title="A title " * 99)
    (passage,) = chunk(made, hashing)
    embedded = embedded_text(made.title, passage, hashing)
    assert embedded.startswith("A title A title")
    assert embedded.endswith("\nAnna mends clocks.")
    assert len(hashing.token_spans(embedded)) <= hashing.max_tokens


def test_reopened_corpus_has_the_same_documents(indexed, hashing):
    indexed.close()
    again = Corpus(indexed.folder, hashing)
    assert ids(again) == ["anna.txt", "boris.md", "c1"]
    again.close()
