"""JSON lines: bad lines, dates, and files that are not one object a line."""

import json

import pytest

from qa.errors import DocumentError
from qa.ingest.loaders.jsonl import load
from qa.types import Document, Remark
from tests.support.sample_files import jsonl


def read(data):
    found = list(load(data if isinstance(data, bytes) else data.encode(), "file.jsonl"))
    return [one for one in found if isinstance(one, Document)], [one.text for one in found if isinstance(one, Remark)]


def test_cut_line_leaves_the_others():
    data = jsonl(*({"id": str(n), "text": f"Report {n}."} for n in range(100))) + '{"id": "100", "text":'
    documents, remarks = read(data)
    assert len(documents) == 100
    (remark,) = remarks
    assert remark.startswith("line 101 is not JSON")


def test_many_bad_lines_are_counted():
    documents, remarks = read('{"text": "x"}\n' + "bad\n" * 10)
    assert len(documents) == 1
    assert [remark.split(" is")[0] for remark in remarks[:3]] == ["line 2", "line 3", "line 4"]
    assert remarks[3:] == ["7 more lines were not read"]


def test_file_of_bad_lines_is_refused():
    with pytest.raises(DocumentError, match="line 1 is not JSON"):
        read("bad\nbad\n")


def test_bad_bytes_are_remarked():
    good = json.dumps({"text": "Über öde Höfe führt größere Mühe."}, ensure_ascii=False).encode()
    (document,), remarks = read(good.replace("ß".encode(), b"\xff"))
    assert "grö\ufffdere" in document.text
    assert remarks == ["1 character could not be decoded (the first in line 1)"]


@pytest.mark.parametrize("indent", [1, 4, "\t"])
def test_pretty_printed_object_is_read(indent):
    (document,), _ = read(json.dumps({"id": "a", "text": "Nine euros."}, indent=indent))
    assert (document.id, document.text) == ("a", "Nine euros.")


@pytest.mark.parametrize("indent", [None, 2])
def test_list_of_objects_is_read(indent):
    documents, _ = read(json.dumps([{"text": "One."}, {"id": "b", "text": "Two."}], indent=indent))
    assert [(document.id, document.text) for document in documents] == [("file.jsonl:1", "One."), ("b", "Two.")]


def test_pretty_printed_objects_follow_one_another():
    data = "\n".join(json.dumps({"text": text}, indent=2) for text in ("One.", "Two."))
    assert [document.text for document in read(data)[0]] == ["One.", "Two."]


@pytest.mark.parametrize("data", ['{\n"a": 1\n}', "[\n1,\n2\n]", "[]", "{\n"])
def test_other_json_is_refused(data):
    with pytest.raises(DocumentError, match="wanted one JSON object"):
        read(data)


@pytest.mark.parametrize(
    ("date", "day"),
    [("June 12, 2021", "2021-06-12"), (1623456000, "2021-06-12"), ("2021", None), ("tomorrow", None), (True, None)],
)
def test_dates_are_whole_or_left_out(date, day):
    (document,), _ = read(jsonl({"text": "x", "date": date}))
    assert document.published == day
