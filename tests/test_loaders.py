"""Conformance: what holds of every loader; then each one's own."""

import hashlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from embeddings.plugins import find, names
from qa import loaders
from qa.errors import DocumentError

TEXT = "Anna mends clocks.\r\nBoris “sails” — шторм, 日本, 👩‍👧, e\u0301.\u2028Clara\tbakes.\n"
RUSSIAN = "Министр сказал, что ответ пришёл в среду, и что переговоры в Женеве длились полтора часа. " * 5


def jsonl(*records, ascii=False):
    return "".join(json.dumps(record, ensure_ascii=ascii) + "\n" for record in records)


# A file of each suffix that holds this text. A loader that is not here yet is a loader without a test.
HOLDING = {"txt": lambda text: text, "md": lambda text: text, "jsonl": lambda text: jsonl({"id": "a", "text": text})}


def load(suffix, data):
    return list(find(loaders, suffix).load(data if isinstance(data, bytes) else data.encode(), f"file.{suffix}"))


def test_every_loader_is_tested_here():
    assert sorted(HOLDING) == names(loaders)


@pytest.fixture(params=HOLDING)
def suffix(request):
    return request.param


def test_the_text_is_kept_to_the_character(suffix):
    (document,) = load(suffix, HOLDING[suffix](TEXT))
    assert document.text == TEXT
    assert document.sha256 == hashlib.sha256(TEXT.encode()).hexdigest()
    assert document.media_type
    assert document.source


@given(text=st.text(st.characters(codec="utf-8", exclude_characters="\0\ufeff\ufffe")))
@pytest.mark.parametrize("suffix", HOLDING)
def test_any_text_is_kept_to_the_character(suffix, text):
    (document,) = load(suffix, HOLDING[suffix](text))
    assert document.text == text
    assert document.title.strip()
    assert document.id


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_a_byte_order_mark_is_read_and_dropped(suffix, encoding):
    (document,) = load(suffix, HOLDING[suffix](TEXT).encode(encoding))
    assert document.text == TEXT


@pytest.mark.parametrize(
    ("encoding", "text"), [("cp1251", RUSSIAN), ("latin-1", "Le ministre a déclaré l'été passé, à côté. " * 9)]
)
def test_an_older_encoding_is_found(suffix, encoding, text):
    (document,) = load(suffix, HOLDING[suffix](text).encode(encoding))
    assert document.text == text


@pytest.mark.parametrize("data", [b"\x89PNG\r\n\x1a\n\0\0", b"a\0b", bytes(50), b"\xff\xfea"])
def test_binary_is_refused(suffix, data):
    with pytest.raises(DocumentError):
        load(suffix, data)


@pytest.mark.parametrize("data", [b"", b"\xef\xbb\xbf", b"\n\r\n"])
def test_an_empty_file_holds_no_words(suffix, data):
    assert "".join(document.text for document in load(suffix, data)).strip() == ""


def test_the_same_bytes_give_the_same_documents(suffix):
    assert load(suffix, HOLDING[suffix](TEXT)) == load(suffix, HOLDING[suffix](TEXT))


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
def test_titles(suffix, text, title):
    assert load(suffix, text)[0].title == title


# JSON lines.


def test_a_record_s_fields():
    record = {"_id": 7, "title": "T", "text": "x", "date": "2022-01-14T10:00:00Z", "url": "https://example.org/1"}
    (document,) = load("jsonl", jsonl(record))
    assert (document.id, document.title, document.published) == ("7", "T", "2022-01-14")
    assert document.source == "https://example.org/1"


def test_id_goes_before_underscore_id_and_the_line_is_the_last_resort():
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
        '{"id": "b", "text": "x", "date": 1.5}',
        '{"id": "a", "text": "another with the first one\'s id"}',
        "[" * 100_000,
    ],
)
def test_a_bad_line_is_named_by_its_number(bad):
    with pytest.raises(DocumentError, match="line 3") as caught:
        load("jsonl", '{"id": "a", "text": "x"}\n\n' + bad + '\n{"id": "z", "text": "x"}')
    assert len(str(caught.value)) < 400


@pytest.mark.parametrize("field", ["id", "title", "text", "url", "date"])
def test_half_a_surrogate_pair_becomes_the_replacement_character(field):
    record = {"id": "a", "text": "x", field: "b\ud83dc"}
    (document,) = load("jsonl", jsonl(record, ascii=True))
    assert all("\ud83d" not in str(value) for value in document.to_dict().values())
    assert "b\ufffdc" in document.to_dict().values()


def test_a_whole_surrogate_pair_is_one_character():
    assert load("jsonl", '{"text": "\\ud83d\\ude00"}')[0].text == "😀"


def test_control_characters_and_nul_stay_in_the_text():
    assert load("jsonl", '{"text": "a\\u0000b\\u001bc"}')[0].text == "a\0b\x1bc"
