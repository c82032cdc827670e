"""Check that the text of scanned pages is recognised, in the limited parser process too."""

import sys
from pathlib import Path

import pypdfium2
import pytest

from embeddings.errors import MissingDependency
from qa.errors import DocumentError
from qa.ingest import files, sandbox
from qa.ingest.recognition import engine
from tests.support.pdf_files import Page, scan, write

LINES = ["The harbour master is called Olga Prins.", "She was appointed in March 1868."]


@pytest.fixture
def recognising(monkeypatch):
    """Switch recognition on, in parser processes of this test only."""
    sandbox.stop()
    monkeypatch.setenv("QA_OCR", "1")
    yield
    sandbox.stop()


def load(pages):
    return files.load(files.SourceFile(Path("scan.pdf"), "scan.pdf"), write(pages))


def test_scanned_page_is_read(recognising):
    loaded = load([Page().text(60, 60, "Cover sheet."), scan(Page().lines(60, 100, LINES, 14, 24))])
    (document,) = loaded.documents
    page = document.text.split("\f")[1]
    assert "Olga Prins" in page
    assert "1868" in page
    assert "page 2 was read by text recognition" in loaded.note


def test_scanned_page_is_offered_by_name(monkeypatch):
    sandbox.stop()
    monkeypatch.delenv("QA_OCR", raising=False)
    page = scan(Page().lines(60, 100, LINES))
    assert "pip install 'cited-qa[ocr]'" in load([Page().text(60, 60, "Cover sheet."), page]).note
    with pytest.raises(DocumentError, match="QA_OCR=1"):
        load([page])


def test_missing_package_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "rapidocr", None)
    engine._recogniser.cache_clear()
    page = pypdfium2.PdfDocument(write([Page().text(60, 60, "Anna")]))[0]
    with pytest.raises(MissingDependency, match="pip install 'cited-qa"):
        engine.recognise(page)
    engine._recogniser.cache_clear()
