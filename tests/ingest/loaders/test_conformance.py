"""What holds for every loader, and for every loader of plain text."""

import hashlib
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from embeddings.encoders.hashing import HashingEncoder
from embeddings.plugins import find
from qa.errors import DocumentError
from qa.ingest import files, loaders
from qa.ingest.chunking import chunk
from qa.ingest.files import ALIASES, SourceFile, suffixes
from tests.support import sample_files
from tests.support.sample_files import jsonl

TEXT = "Anna mends clocks.\r\nBoris “sails” — шторм, 日本, 👩‍👧, e\u0301.\u2028Clara\tbakes.\n"
RUSSIAN = "Министр сказал, что ответ пришёл в среду, и что переговоры в Женеве длились полтора часа. " * 5


PARAGRAPHS = [
    "Anna mends clocks in a small red shop in Oslo, and she has done so for twenty years.",
    "Boris sails — “often” — à Genève. He left Riga in May; nobody knows why he never came back to it.",
    "Clara bakes rye bread & cakes < 3 days old.",
]

# Plain text files are kept exactly; of other formats only the words are kept.
HOLDING = {"txt": lambda text: text, "md": lambda text: text, "jsonl": lambda text: jsonl({"id": "a", "text": text})}

OWN = sorted(kind for kind in sample_files.MAKERS if kind not in ALIASES)
"""The formats with a loader of their own; what holds for any input of one holds for its further suffixes."""


def load(suffix, data):
    return list(
        find(loaders, ALIASES.get(suffix, suffix)).load(
            data if isinstance(data, bytes) else data.encode(), f"file.{suffix}"
        )
    )


def index(suffix, data):
    """Read a file as indexing does: in the parser process, unless it is plain text."""
    return files.load(SourceFile(Path(f"file.{suffix}"), f"file.{suffix}"), data).documents


def test_every_loader_is_tested_here():
    assert sorted(f".{suffix}" for suffix in sample_files.MAKERS) == suffixes()


@pytest.mark.parametrize("kind", sample_files.MAKERS)
def test_words_keep_their_order(kind):
    read = index(kind, sample_files.MAKERS[kind](PARAGRAPHS))
    for paragraph in PARAGRAPHS:
        assert " ".join(paragraph.split()) in " ".join(" ".join(document.text.split()) for document in read)
    places = [" ".join(document.text for document in read).index(paragraph[:10]) for paragraph in PARAGRAPHS]
    assert places == sorted(places)


@pytest.mark.parametrize("kind", sample_files.MAKERS)
def test_every_document_is_complete(kind):
    read = index(kind, sample_files.MAKERS[kind](PARAGRAPHS))
    assert len({document.id for document in read}) == len(read) > 0
    for document in read:
        assert document.sha256 == hashlib.sha256(document.text.encode()).hexdigest()
        assert document.id.startswith(f"file.{kind}") or kind == "jsonl"
        assert document.media_type.count("/") == 1
        assert document.title == " ".join(document.title.split()) != ""
        assert document.source
        assert (document.published is None) is (document.dated is None)
    assert read[0].language == "en"


@pytest.mark.parametrize("kind", sample_files.MAKERS)
def test_passages_match_their_offsets(kind):
    read = index(kind, sample_files.MAKERS[kind](PARAGRAPHS * 4))
    for document in read:
        passages = chunk(document, HashingEncoder())
        assert passages
        for passage in passages:
            assert document.text[passage.start : passage.end] == passage.text
            assert all(passage.start <= start < end <= passage.end for start, end in passage.sentences)


WORDS = st.text("abcdefghijklmnopqrstuvwxyzäöüßéèñ", min_size=1, max_size=12)


@given(paragraphs=st.lists(st.lists(WORDS, min_size=1, max_size=12), min_size=1, max_size=5))
@pytest.mark.parametrize("kind", OWN)
def test_any_words_keep_order_and_offsets(kind, paragraphs):
    # PDFium reads single letters below one another as a word.
    assume(kind != "pdf" or all(len(" ".join(words)) > 1 for words in paragraphs))
    read = index(kind, sample_files.MAKERS[kind]([" ".join(words) for words in paragraphs]))
    kept = " ".join(" ".join(document.text.split()) for document in read)
    assert " ".join(word for words in paragraphs for word in words) in kept.replace(" | -", "")
    for document in read:
        for passage in chunk(document, HashingEncoder()):
            assert document.text[passage.start : passage.end] == passage.text


@given(data=st.binary(max_size=200))
@pytest.mark.parametrize("kind", OWN)
def test_any_bytes_give_documents_or_one_line_error(kind, data):
    try:
        read = index(kind, data)
    except DocumentError as error:
        assert 0 < len(str(error)) <= 300
        assert "\n" not in str(error)
    else:
        assert all(isinstance(document.text, str) for document in read)


@given(at=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7), cut=st.booleans())
@pytest.mark.parametrize("kind", OWN)
def test_damaged_file_gives_documents_or_error(kind, at, bit, cut):
    data = bytearray(sample_files.MAKERS[kind](PARAGRAPHS))
    place = int(at * len(data))
    data[place] ^= 1 << bit
    try:
        index(kind, bytes(data[:place] if cut else data))
    except DocumentError as error:
        assert str(error)


@pytest.mark.parametrize("kind", sample_files.MAKERS)
def test_loading_is_deterministic(kind):
    data = sample_files.MAKERS[kind](PARAGRAPHS)
    assert index(kind, data) == index(kind, data)


@pytest.mark.parametrize("kind", sample_files.MAKERS)
def test_empty_file_is_refused(kind):
    with pytest.raises(DocumentError):
        index(kind, b"")


@pytest.mark.parametrize("data", [b"\x89PNG\r\n\x1a\n\0\0", bytes(50)])
@pytest.mark.parametrize("kind", sample_files.MAKERS)
def test_other_file_types_are_refused(kind, data):
    with pytest.raises(DocumentError):
        index(kind, data)


# Plain texts.


@pytest.fixture(params=HOLDING)
def suffix(request):
    return request.param


def test_plain_text_is_kept_exactly(suffix):
    (document,) = load(suffix, HOLDING[suffix](TEXT))
    assert document.text == TEXT


@given(text=st.text(st.characters(codec="utf-8", exclude_characters="\0\ufeff\ufffe")))
@pytest.mark.parametrize("suffix", HOLDING)
def test_any_plain_text_is_kept_exactly(suffix, text):
    (document,) = load(suffix, HOLDING[suffix](text))
    assert document.text == text
    assert document.title.strip()
    assert document.id


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_byte_order_mark_is_dropped(suffix, encoding):
    (document,) = load(suffix, HOLDING[suffix](TEXT).encode(encoding))
    assert document.text == TEXT


@pytest.mark.parametrize(
    ("encoding", "text"), [("cp1251", RUSSIAN), ("latin-1", "Le ministre a déclaré l'été passé, à côté. " * 9)]
)
def test_older_encodings_are_detected(suffix, encoding, text):
    (document,) = load(suffix, HOLDING[suffix](text).encode(encoding))
    assert document.text == text


@pytest.mark.parametrize("data", [b"\x89PNG\r\n\x1a\n\0\0", b"a\0b", bytes(50), b"\xff\xfea"])
def test_binary_plain_text_is_refused(suffix, data):
    with pytest.raises(DocumentError):
        load(suffix, data)


@pytest.mark.parametrize("data", [b"", b"\xef\xbb\xbf", b"\n\r\n"])
def test_empty_plain_text_has_no_words(suffix, data):
    assert "".join(document.text for document in load(suffix, data)).strip() == ""


# Titles.


@pytest.mark.parametrize(
    ("suffix", "text", "title"),
    [
        ("txt", "\n\n  The   title \nThe text.", "The title"),
        ("txt", "x" * 201 + "\nThe text.", "file"),
        ("txt", "", "file"),
        ("md", "Before.\n\n## The *title* ##\n\n# Another", "The *title*"),
        ("md", "#no heading\n", "file"),
        ("jsonl", '{"id": "a.b", "text": "x"}', "a"),
        ("jsonl", '{"id": "a", "title": " The \\n title", "text": "x"}', "The title"),
    ],
)
def test_titles_of_plain_texts(suffix, text, title):
    assert load(suffix, text)[0].title == title


# JSON lines.


def test_record_fields_are_read():
    record = {"_id": 7, "title": "T", "text": "x", "date": "2022-01-14T10:00:00Z", "url": "https://example.org/1"}
    (document,) = load("jsonl", jsonl(record))
    assert (document.id, document.title, document.published) == ("7", "T", "2022-01-14")
    assert document.source == "https://example.org/1"


def test_id_precedes_underscore_id_and_line_number():
    data = jsonl({"id": "a", "_id": "b", "text": "x"}, {"text": "y"})
    assert [document.id for document in load("jsonl", data)] == ["a", "file.jsonl:2"]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\n\n \n"])
def test_records_end_at_line_feeds_only(end):
    first, second = '{"id": "a", "text": "one\u2028two\u0085three\x0b"}'.replace("\x0b", "\\u000b"), '{"text": "y"}'
    assert [d.text for d in load("jsonl", first + end + second)] == ["one\u2028two\u0085three\x0b", "y"]


@pytest.mark.parametrize(
    "bad",
    [
        "not json",
        '{"id": "b", "text": "x"',
        '{"id": "b"}',
        '{"id": "b", "text": null}',
        '{"id": "b", "text": 5}',
        '["text"]',
        "3",
        '{"id": ["b"], "text": "x"}',
        '{"id": "b", "text": "x", "title": {}}',
        '{"id": "a", "text": "another with the first one\'s id"}',
        "[" * 100_000,
    ],
)
def test_bad_line_is_named_by_number(bad):
    first, last, remark = load("jsonl", '{"id": "a", "text": "x"}\n\n' + bad + '\n{"id": "z", "text": "x"}')
    assert (first.id, last.id) == ("a", "z")
    assert remark.text.startswith("line 3 ")
    assert len(remark.text) < 400


@pytest.mark.parametrize("field", ["id", "title", "text", "url"])
def test_lone_surrogate_becomes_replacement_character(field):
    record = {"id": "a", "text": "x", field: "b\ud83dc"}
    (document,) = load("jsonl", jsonl(record, ascii=True))
    assert all("\ud83d" not in str(value) for value in document.to_dict().values())
    assert "b\ufffdc" in document.to_dict().values()


def test_surrogate_pair_is_one_character():
    assert load("jsonl", '{"text": "\\ud83d\\ude00"}')[0].text == "😀"


def test_control_characters_are_kept():
    assert load("jsonl", '{"text": "a\\u0000b\\u001bc"}')[0].text == "a\0b\x1bc"
