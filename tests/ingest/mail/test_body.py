"""The texts of a message."""

from email import message_from_bytes, policy

import pytest

from qa.ingest.mail.body import read_body


def read(kind, data):
    return read_body(message_from_bytes(f"Content-Type: {kind}\n\n{data}".encode(), policy=policy.default))


def part(kind, data):
    return f"--b\nContent-Type: {kind}\n\n{data}\n"


def texts(body):
    return [text.strip() for text, _ in body.texts]


def test_best_alternative_is_read_with_invitation():
    calendar = "BEGIN:VEVENT\nSUMMARY:Board\nEND:VEVENT"
    data = part("text/html", "<p>Rich.</p>") + part("text/plain", "Plain.") + part("text/calendar", calendar)
    assert texts(read("multipart/alternative; boundary=b", data + "--b--")) == ["Plain.", "Event: Board"]


def test_pictures_of_a_page_are_no_attachments():
    data = part("text/html", "<p>Rich.</p>") + part("image/png; name=logo.png", "x")
    body = read("multipart/related; boundary=b", data + "--b--")
    assert (texts(body), body.attached) == (["Rich."], [])
    assert len(read("multipart/mixed; boundary=b", data + "--b--").attached) == 1


def test_repeated_text_is_read_once():
    data = part("text/plain", "Tea.") + part("text/plain", "Tea.")
    assert texts(read("multipart/mixed; boundary=b", data + "--b--")) == ["Tea."]


def test_delivery_report_is_read():
    data = part("message/delivery-status", "Reporting-MTA: dns; x.org\n\nAction: failed\nStatus: 5.1.1\n")
    (text,) = texts(read("multipart/report; boundary=b", data + "--b--"))
    assert text.split("\n") == ["Reporting-MTA: dns; x.org", "Action: failed", "Status: 5.1.1"]


def test_long_text_after_two_dashes_is_no_signature():
    body = read("text/plain", "Tea.\n-- \n" + "More.\n" * 30)
    assert {block.kind.value for _, blocks in body.texts for block in blocks} == {"text"}


@pytest.mark.parametrize("kind", ["multipart/encrypted; boundary=b", "application/pkcs7-mime"])
def test_encrypted_text_is_remarked(kind):
    assert read(kind, part("text/plain", "x") + "--b--").remarks == ["its text is encrypted, so it was not read"]
