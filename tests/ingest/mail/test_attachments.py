"""Attachments of messages."""

from email.message import EmailMessage

import pytest

from qa.ingest.mail.attachments import file_name, read_attachment
from qa.types import Document, Remark


def attached(data, name, kind="application/octet-stream"):
    part = EmailMessage()
    part.set_content(data, *kind.split("/"), filename=name)
    return part


@pytest.mark.parametrize(
    ("given", "name"), [("a.txt", "a.txt"), ("C:\\docs\\a.txt", "a.txt"), ("../../a.txt", "a.txt"), ("", "")]
)
def test_names_are_without_folders(given, name):
    assert file_name(attached(b"x", given)) == name


@pytest.mark.parametrize(
    ("name", "kind"), [("a.txt", "application/octet-stream"), ("notes", "text/plain"), ("A.TXT", "application/pdf")]
)
def test_type_follows_from_name_then_content(name, kind):
    part = EmailMessage()
    part.set_payload("Tea at four.")
    part["Content-Type"] = kind
    part["Content-Disposition"] = f'attachment; filename="{name}"'
    (document,) = read_attachment(part, f"m.eml#{name}")
    assert isinstance(document, Document)
    assert (document.id, document.text) == (f"m.eml#{name}", "Tea at four.")


def test_large_attachment_is_remarked(monkeypatch):
    monkeypatch.setenv("QA_MAX_FILE_MB", "0.001")
    (remark,) = read_attachment(attached(b"x" * 2_000, "a.txt"), "m.eml#a.txt")
    assert remark == Remark("the attachment a.txt was not read, because it is larger than 0.001 MB")


def test_remarks_of_a_loader_name_the_attachment():
    _, remark = read_attachment(attached("Größe Höhe Mühe ".encode() + b"\xff a", "a.txt"), "m.eml#a.txt")
    assert remark.text.startswith("the attachment a.txt: 1 character")
