"""Documents, passages and vectors: stored, searched and read back."""

import numpy as np
import pytest

from qa.errors import CorpusError, DamagedCorpus, OtherEncoder
from qa.ingest.chunking import chunk
from qa.ingest.indexing import index
from qa.store.corpus import Corpus
from qa.store.queries import Entry
from qa.store.schema import DATABASE_FILE
from qa.types import DocumentSummary, make_document, page_at
from tests.support.documents import document
from tests.support.encoders import CountingEncoder


def put(corpus, file, *documents):
    """Store documents as those of `file`."""
    entry = Entry(file, "0" * 64, 1, "indexed", "", 0, 0.0, "2022-01-14T00:00:00")
    rows = [(d, chunk(d, corpus.encoder)) for d in documents]
    texts = [(d, passages, corpus.encoder.embed_passages([p.text for p in passages])) for d, passages in rows]
    corpus.replace((entry, texts, ()))


def found(corpus, question, k=5):
    keys, _ = corpus.nearest(corpus.encoder.embed_query(question), k)
    return [passage.text for passage in corpus.passages([int(key) for key in keys])]


def test_stored_document_is_read_back(corpus):
    made = document("Anna mends clocks. Boris sails.", id="a", title="A")
    put(corpus, "a.txt", made)
    assert corpus.document("a") == made
    (passage,) = corpus.passages([1])
    assert passage == chunk(made, corpus.encoder)[0]
    assert (len(corpus), corpus.documents()) == (1, [DocumentSummary("a", "A", 1, "a.txt")])
    assert [entry.passages for entry in corpus.ledger()] == [1]


def test_vectors_have_unit_length_and_direction(corpus):
    put(corpus, "a.txt", document("Anna mends clocks.", id="a"), document("Boris sails.", id="b"))
    wanted = corpus.encoder.embed_passages(["Boris sails.", "Anna mends clocks."])
    assert np.allclose(corpus.vectors([2, 1]), wanted, atol=1e-3)
    assert np.allclose(np.linalg.norm(corpus.vectors([1, 2]), axis=1), 1, atol=1e-6)


def test_documents_of_a_file_are_replaced_together(corpus):
    put(corpus, "a.txt", document("Anna mends clocks.", id="a"), document("Boris sails.", id="b"))
    put(corpus, "a.txt", document("Clara bakes.", id="c"))
    assert [listed.id for listed in corpus.documents()] == ["c"]
    assert found(corpus, "Anna mends clocks") == ["Clara bakes."]


def test_taken_id_is_refused_without_changes(corpus):
    put(corpus, "a.txt", document("Anna mends clocks.", id="a"))
    put(corpus, "b.txt", document("Boris sails.", id="b"))
    with pytest.raises(CorpusError, match="another file already has the id 'a'"):
        put(corpus, "b.txt", document("Clara bakes.", id="c"), document("Again.", id="a"))
    assert [listed.id for listed in corpus.documents()] == ["a", "b"]
    assert found(corpus, "Boris sails") == ["Boris sails.", "Anna mends clocks."]
    assert corpus.matching(["clara", "again"], 5) == {}


def test_deleted_text_is_not_found(corpus):
    put(corpus, "a.txt", document("Xylophones zigzag.", id="a", title="Quokkas"))
    put(corpus, "b.txt", document("Boris sails.", id="b"))
    corpus.remove_files("a.txt")
    assert corpus.matching(["xylophones", "zigzag", "quokkas"], 5) == {}
    assert found(corpus, "Xylophones zigzag.") == ["Boris sails."]
    assert [entry.name for entry in corpus.ledger()] == ["b.txt"]
    with pytest.raises(CorpusError, match="no document 'a'"):
        corpus.document("a")


def test_deleted_text_leaves_no_trace_on_disk(corpus):
    put(corpus, "a.txt", document("Xylophones zigzag quietly. " * 9, id="a", title="Quokkas"))
    put(corpus, "b.txt", document("Boris sails.", id="b"))
    corpus.save()
    corpus.remove_files("a.txt")
    corpus.save()
    corpus.close()
    left = b"".join(path.read_bytes() for path in corpus.folder.iterdir()).lower()
    assert b"boris" in left
    assert not [word for word in (b"xylophon", b"zigzag", b"quokka") if word in left]


def test_keys_are_never_reused(corpus):
    put(corpus, "a.txt", document("Anna mends clocks.", id="a"))
    corpus.remove_files("a.txt")
    put(corpus, "a.txt", document("Boris sails.", id="a"))
    with pytest.raises(CorpusError, match="passage 1 is no longer"):
        corpus.passages([1])
    with pytest.raises(CorpusError, match="passage 1 is no longer"):
        corpus.vectors([2, 1])
    assert corpus.passages([2])[0].text == "Boris sails."


def test_words_match_by_stem_never_as_syntax(corpus):
    put(corpus, "a.txt", document("Anna mends clocks.", id="a"), document('Boris "sails" NEAR Riga.', id="b"))
    assert list(corpus.matching(["mending", "clock"], 5)) == [1]
    assert list(corpus.matching(['"sails"', "NEAR"], 5)) == [2]
    assert corpus.matching(['"', "*", "a OR b", "title:anna"], 5) == {}
    assert corpus.matching([], 5) == {}
    assert len(corpus.matching(["anna", "boris"], 1)) == 1


def test_bm25_is_positive_and_best_first(corpus):
    put(corpus, "a.txt", *[document(f"Anna {'clock ' * n}.", id=str(n)) for n in range(5)], document("Boris.", id="b"))
    scores = list(corpus.matching(["anna", "clock"], 9).values())
    assert scores == sorted(scores, reverse=True)
    assert all(score > 0 for score in scores)


def test_fingerprint_follows_the_documents(tmp_path, hashing):
    def fingerprint(name, text):
        corpus = Corpus(tmp_path / name, hashing)
        put(corpus, "a.txt", document(text, id="a"))
        corpus.save()
        corpus.close()
        return corpus_fingerprint(tmp_path / name, hashing)

    assert fingerprint("one", "Anna.") == fingerprint("two", "Anna.") != fingerprint("three", "Boris.")


def corpus_fingerprint(folder, encoder):
    corpus = Corpus(folder, encoder)
    value = corpus.fingerprint
    corpus.close()
    return value


def test_another_encoder_is_refused(indexed):
    other = CountingEncoder()
    other.fingerprint = "other"
    with pytest.raises(OtherEncoder, match=r"made with hashing .*got hashing \(other\)"):
        Corpus(indexed.folder, other)


def test_control_characters_and_nul_are_kept(corpus):
    text = "Anna\0 mends\x1b clocks. She\u200f smiles. " * 3
    put(corpus, "a.txt", document(text, id="a"))
    assert corpus.document("a").text == text
    keys = list(corpus.matching(["clocks"], 9))
    assert len(keys) == len(corpus) > 0
    assert all(text[p.start : p.end] == p.text for p in corpus.passages(keys))
    assert corpus.check() == []
    corpus.remove_files("a.txt")
    assert corpus.matching(["anna", "clocks", "smiles"], 9) == {}
    assert corpus.check() == []


@pytest.mark.parametrize("damage", ["middle", "truncated", "header"])
def test_damaged_database_is_reported_and_left_alone(indexed, damage, hashing):
    indexed.close()
    path = indexed.folder / DATABASE_FILE
    data = bytearray(path.read_bytes())
    if damage == "truncated":
        data = data[: len(data) // 3]
    else:
        start = 0 if damage == "header" else 4096
        data[start : start + 3 * 4096] = b"\xa5" * (3 * 4096)
    path.write_bytes(data)
    with pytest.raises(DamagedCorpus) as caught:
        use_everything(indexed.folder, hashing)
    assert "\n" not in str(caught.value)
    assert path.read_bytes() == data


def use_everything(folder, encoder):
    corpus = Corpus(folder, encoder)
    try:
        corpus.documents()
        found(corpus, "Anna")
        corpus.matching(["anna"], 5)
        if problems := corpus.check():
            raise DamagedCorpus(problems[0].split("\n")[0])
    finally:
        corpus.close()


def test_check_finds_passage_differing_from_document(indexed):
    assert indexed.check() == []
    indexed._database.execute("UPDATE documents SET text = replace(text, 'Oslo', 'Rome')")
    assert indexed.check() == ["1 documents are not what was written", "1 passages differ from their documents"]


def test_reader_sees_changes_of_writer(tmp_path, files, hashing):
    writer, reader = Corpus(tmp_path / "c", hashing), Corpus(tmp_path / "c", hashing)
    assert found(reader, "Anna") == []
    index(writer, [files])
    assert "Clara bakes rye bread." in found(reader, "Clara bakes rye bread.")
    (files / "more.jsonl").unlink()
    index(writer, [files])
    assert "Clara bakes rye bread." not in found(reader, "Clara bakes rye bread.", 50)
    assert reader.matching(["clara"], 5) == {}
    assert reader.fingerprint == writer.fingerprint
    assert not list((tmp_path / "c").glob("*set-aside*"))
    for corpus in (writer, reader):
        corpus.close()


def test_reader_finds_change_before_it_is_saved(indexed, hashing):
    reader = Corpus(indexed.folder, hashing)
    put(indexed, "new.txt", document("Dora tunes pianos.", id="new"))
    assert found(reader, "Dora tunes pianos.")[0] == "Dora tunes pianos."
    indexed.save()
    assert found(reader, "Dora tunes pianos.") == found(indexed, "Dora tunes pianos.")
    reader.close()


def test_two_writers_see_each_other(tmp_path, hashing):
    one, two = Corpus(tmp_path / "c", hashing), Corpus(tmp_path / "c", hashing)
    put(one, "a.txt", document("Anna mends clocks.", id="a"))
    put(two, "b.txt", document("Boris sails.", id="b"))
    put(one, "c.txt", document("Clara bakes.", id="c"))
    for corpus in (one, two):
        assert set(found(corpus, "Anna")) == {"Anna mends clocks.", "Boris sails.", "Clara bakes."}
        corpus.save()
        corpus.close()
    again = Corpus(tmp_path / "c", hashing)
    assert set(found(again, "Anna")) == {"Anna mends clocks.", "Boris sails.", "Clara bakes."}
    again.close()


def test_consistent_reads_see_one_state(corpus):
    put(corpus, "a.txt", document("Anna mends clocks.", id="a"))
    other = Corpus(corpus.folder, CountingEncoder())
    with corpus.consistent_reads():
        keys = [int(key) for key in corpus.nearest(corpus.encoder.embed_query("clocks"), 5)[0]]
        other.remove_files("a.txt")
        assert [passage.text for passage in corpus.passages(keys)] == ["Anna mends clocks."]
        assert corpus.vectors(keys).shape == (1, corpus.encoder.dimension)
        assert list(corpus.matching(["clocks"], 5)) == keys
    with pytest.raises(CorpusError, match="no longer"):
        corpus.passages(keys)
    assert found(corpus, "clocks") == []
    other.close()


def test_inexact_store_still_finds_the_nearest(indexed, monkeypatch):
    query = indexed.encoder.embed_query("Where does Anna live?")
    best, *others = indexed.nearest(query, 50)[0].tolist()
    assert others, "more than one passage"

    class Rough:
        exact = False

        def search(self, query, k):
            return np.array([*others, best][:k]), np.zeros(min(k, len(others) + 1), dtype=np.float32)

        def catch_up(self):
            pass

    monkeypatch.setattr(indexed, "_store", Rough())
    assert indexed.nearest(query, 1)[0].tolist() == [best]


@pytest.mark.parametrize("media_type", ["text/plain", "application/pdf"])
@pytest.mark.parametrize("text", ["one\ftwo é 😀 three\ffour", "a\x00b\fc 😀 d", "plain"])
def test_excerpt_equals_the_loaded_document(corpus, text, media_type):
    put(corpus, "d", make_document(id="d", title="T", text=text, source="d", media_type=media_type))
    document = corpus.document("d")
    for start in range(len(text)):
        excerpt = corpus.excerpt("d", start, start + 1)
        assert (excerpt.text, excerpt.page) == (text[start], page_at(document, start))
    assert (excerpt.document_id, excerpt.title, excerpt.source) == ("d", "T", "d")


def test_excerpt_of_unknown_document_is_refused(corpus):
    with pytest.raises(CorpusError, match="no document 'x'"):
        corpus.excerpt("x", 0, 1)
