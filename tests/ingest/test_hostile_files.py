"""Malicious and broken files: each is soon one line in the ledger, and the other files are indexed."""

import time
import zlib

import pytest

from qa.ingest import sandbox
from qa.ingest.indexing import index
from qa.store.corpus import Corpus
from tests.support import sample_files

LAUGHS = "<!DOCTYPE a [" + "".join(
    f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "lol" * 100}">' for n in range(10)
) + "]>"  # fmt: skip
READS = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'


def zip_with(name: str, content: str, others=None) -> bytes:
    return sample_files.archive({**(others or {}), name: content})


def word_with(document: str) -> bytes:
    import io
    import zipfile

    with zipfile.ZipFile(io.BytesIO(sample_files.word(["x"]))) as whole:
        members = {name: whole.read(name) for name in whole.namelist()}
    return sample_files.archive({**members, "word/document.xml": document})


def lying_zip() -> bytes:
    """Make an archive whose member states 10 bytes and unpacks to more."""
    data = bytearray(sample_files.archive({"content.xml": b"<x/>" + b" " * 10_000}))
    for mark, place in ((b"PK\3\4", 22), (b"PK\1\2", 24)):
        at = data.index(mark) + place
        data[at : at + 4] = (10).to_bytes(4, "little")
    return bytes(data)


def nested_mail(depth: int) -> bytes:
    head = b"Subject: x\nMIME-Version: 1.0\n"
    parts = b"".join(b'Content-Type: multipart/mixed; boundary="%d"\n\n--%d\n' % (n, n) for n in range(depth))
    return head + parts + b"Content-Type: text/plain\n\nTea.\n"


def flate_bomb() -> bytes:
    """Make a PDF whose page unpacks to 500 MB of blanks."""
    packed = zlib.compressobj(9)
    stream = b"".join(packed.compress(b" " * 1_000_000) for _ in range(500)) + packed.flush()
    plain = sample_files.pdf([["x"]])
    head, rest = plain.split(b"5 0 obj\n", 1)
    tail = rest.split(b"endobj\n", 1)[1]
    body = b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream\nendobj\n" % (len(stream), stream)
    return head + b"5 0 obj\n" + body + tail


# Each of these is refused, with these words in its reason.
REFUSED = {
    "laughs.odt": (sample_files.odt(["x"], doctype=LAUGHS), "entit"),
    "laughs.docx": (word_with(f"{LAUGHS}<a>&l9;</a>"), ""),
    "laughs.epub": (sample_files.epub([["x"]], more={"OEBPS/b.opf": f"{LAUGHS}<a>&l9;</a>"}), "entit"),
    "reads.odt": (sample_files.odt(["x"], doctype=READS), "entities"),
    "bomb.docx": (zip_with("word/document.xml", " " * 250_000_000), "unpacks to 250 MB, the limit is 200"),
    "members.epub": (sample_files.archive({f"a{n}": "" for n in range(5_001)}, 0), "5,001 files"),
    "lies.odt": (lying_zip(), "damaged"),
    "deep.odt": (sample_files.odt([], body="<text:p>" * 5_000 + "</text:p>" * 5_000), "XML"),
    "no_zip.docx": (b"Tea was served.", "not a zip archive"),
    "old.docx": (bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600), "password or in an older Office format"),
    "other.docx": (sample_files.odt(["x"]), "word/document.xml"),
    "cut.docx": (sample_files.word(["x"])[:-200], "not a zip archive"),
    "cut.pdf": (sample_files.pdf([["x"]])[:300], ""),
    "pages.pdf": (sample_files.pdf([["x"]], count=10_000), "10,000 pages"),
    "secret.pdf": (sample_files.pdf([["x"]], encrypted=True), "password"),
    "scanned.pdf": (sample_files.pdf([[]]), "no text layer"),
    "mime.eml": (nested_mail(3_000), "nested too deeply"),
}
# These may be read or refused, but must not crash or take long.
SURVIVED = {
    "deep.html": b"<div>" * 100_000 + b"Tea",
    "tables.html": b"<table><tr><td>" * 5_000 + b"Tea",
    "attributes.html": b"<p " + b" ".join(b"a%d=1" % n for n in range(50_000)) + b">Tea",
    "script.html": b"<script>" + b"x" * 1_000_000,
    "comment.html": b"<!--" * 100_000,
    "entities.html": b"&amp;" * 200_000,
    "flate.pdf": flate_bomb(),
    "characters.rtf": b"{\\rtf1 \\u99999999999999999999 x}",
    "braces.rtf": b"{\\rtf1 " + b"{" * 100_000,
    "escapes.rtf": b"{\\rtf1 " + b"\\'" * 100_000,
    "headers.eml": b"Subject: " + b"=?utf-8?q?" * 20_000 + b"\n\nx",
    "address.eml": b"From: " + b"(" * 20_000 + b"\n\nx",
    "many.mbox": b"From a\nSubject: x\n\nTea.\n\n" * 1_000,
    "quotes.csv": b'a\n"' * 10_000,
}


@pytest.fixture
def ledger(tmp_path, hashing):
    """Return a function that indexes files and returns the ledger by name."""

    def of(files):
        folder = tmp_path / "files"
        folder.mkdir()
        for name, data in files.items():
            (folder / name).write_bytes(data)
        corpus = Corpus(tmp_path / "corpus", hashing)
        try:
            return {entry.name: entry for entry in index(corpus, [folder]).entries}
        finally:
            corpus.close()

    return of


def test_hostile_files_are_refused_and_others_indexed(ledger):
    good = {f"z_good.{suffix}": make(["Tea was served in Geneva."]) for suffix, make in sample_files.MAKERS.items()}
    entries = ledger({name: data for name, (data, _) in REFUSED.items()} | good)
    for name, (_, reason) in REFUSED.items():
        assert (entries[name].status, entries[name].passages) == ("failed", 0), name
        assert reason in entries[name].reason, name
        assert 0 < len(entries[name].reason) <= 300, name
        assert "\n" not in entries[name].reason, name
    assert {entries[name].status for name in good} == {"indexed"}


@pytest.mark.parametrize("name", SURVIVED)
def test_demanding_files_end_soon(ledger, monkeypatch, name):
    monkeypatch.setattr(sandbox, "TIMEOUT_SECONDS", 20)
    began = time.monotonic()
    entries = ledger({name: SURVIVED[name], "z_good.html": sample_files.html(["Tea was served."])})
    assert time.monotonic() - began < 60
    assert entries["z_good.html"].status == "indexed"
    assert entries[name].status in ("indexed", "failed")
    assert entries[name].status == "indexed" or entries[name].reason
