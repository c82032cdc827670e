"""E-mail messages: charsets, parts, attachments, invitations, signatures."""

import json
from email.message import EmailMessage
from pathlib import Path

import pytest

from qa.errors import DocumentError
from qa.ingest.files import SourceFile, load
from qa.types import BlockKind
from tests.support import sample_files

RUSSIAN = "Заседание совета порта прошло во вторник в Москве."
TYPOGRAPHIC = "Inês said “the fee is 5 €” – and left."
ENGLISH = "The fee is nine euros."
INVITATION = (
    "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:Board meet\r\n ing\r\nLOCATION:Customs house\\, hall 2\r\n"
    "DTSTART:20220114T100000Z\r\nDTEND;TZID=Europe/Lisbon:20220114T113000\r\n"
    'ORGANIZER;CN="Anna Berg":mailto:anna@example.org\r\nDESCRIPTION:Bring the plans.\\nTea is served.\r\n'
    "BEGIN:VALARM\r\nDESCRIPTION:Reminder\r\nEND:VALARM\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)


def raw(body, kind="text/plain", start=b""):
    data = body if isinstance(body, bytes) else body.encode()
    return start + f"From: Anna <a@x.org>\r\nSubject: Tea\r\nContent-Type: {kind}\r\n\r\n".encode() + data


def message(*attached, text=ENGLISH, html=""):
    made = EmailMessage()
    made["From"], made["Subject"] = "Anna <a@x.org>", "Tea"
    made.set_content(text)
    if html:
        made.add_alternative(html, subtype="html")
    for name, data in attached:
        made.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    return made


def read(data):
    return load(SourceFile(Path("m.eml"), "m.eml"), data if isinstance(data, bytes) else data.as_bytes())


def body(data):
    return read(data).documents[0].text.partition("\n\n")[2].strip()


@pytest.mark.parametrize(
    ("text", "charset", "really"),
    [
        (TYPOGRAPHIC, "us-ascii", "utf-8"),
        (TYPOGRAPHIC, "x-unknown", "utf-8"),
        (TYPOGRAPHIC, "iso-8859-1", "cp1252"),
        (TYPOGRAPHIC, "iso-8859-1", "utf-8"),
        (RUSSIAN, "utf-8", "cp1251"),
        (RUSSIAN, "", "koi8-r"),
        (RUSSIAN, "iso-8859-1", "cp1251"),
        (RUSSIAN, "koi8-r", "koi8-r"),
        ("总理朱镕基在上海会见了陶喆。", "gb2312", "gbk"),
        ("①番の議題は髙橋氏。", "shift_jis", "cp932"),
        ("会議は火曜日に開かれた。", "iso-2022-jp", "iso-2022-jp"),
        ("회의는 화요일에 열렸다. 똠방", "euc-kr", "cp949"),
    ],
)
def test_wrong_charsets_are_corrected(text, charset, really):
    kind = f"text/plain; charset={charset}" if charset else "text/plain"
    assert body(raw(text.encode(really), kind)) == text


def test_html_names_its_charset():
    page = f'<html><head><meta charset="windows-1251"></head><body><p>{RUSSIAN}</p></body></html>'
    assert body(raw(page.encode("cp1251"), "text/html")) == RUSSIAN


def test_raw_bytes_in_a_header_are_decoded():
    (document,) = read(b"Subject: " + "Größe des Hafens".encode("cp1252") + b"\n\nText").documents
    assert document.title == "Größe des Hafens"


@pytest.mark.parametrize("start", [b"\xef\xbb\xbf", b"\r\n\r\n", b"\n", b"\xef\xbb\xbf\n"])
def test_mark_and_blank_lines_are_skipped(start):
    (document,) = read(raw(ENGLISH, start=start)).documents
    assert document.text == f"From: Anna <a@x.org>\nSubject: Tea\n\n{ENGLISH}"


def test_headers_are_items_before_the_text():
    (document,) = read(raw(ENGLISH)).documents
    assert [(block.kind, document.text[block.start : block.end]) for block in document.blocks] == [
        (BlockKind.ITEM, "From: Anna <a@x.org>"),
        (BlockKind.ITEM, "Subject: Tea"),
        (BlockKind.TEXT, ENGLISH),
    ]


@pytest.mark.parametrize("mark", ["-- \n", "--\n", "-- \r\n"])
def test_signature_is_furniture(mark):
    (document,) = read(raw(f"{ENGLISH}\n\n{mark}Anna Berg\nHarbour master\n")).documents
    last = document.blocks[-1]
    assert last.kind is BlockKind.FURNITURE
    assert document.text[last.start : last.end].endswith("Harbour master")


def test_quoted_reply_stays_text():
    (document,) = read(raw(f"I agree.\n\n> {ENGLISH}\n")).documents
    assert [block.kind for block in document.blocks[2:]] == [BlockKind.TEXT, BlockKind.TEXT]


def test_html_is_read_where_plain_is_blank():
    assert body(message(text=" \n", html="<p>Rich.</p>")) == "Rich."
    assert body(message(text="Plain.", html="<p>Rich.</p>")) == "Plain."


def test_all_text_parts_are_read_in_order():
    made = message()
    made.add_attachment("After the picture.", disposition="inline")
    assert body(made).split() == [*ENGLISH.split(), "After", "the", "picture."]


def test_attachments_are_documents():
    book = sample_files.odt(["The lamp dates from 1904."], title="Lamp")
    loaded = read(message(("lamp.odt", book), ("notes.txt", b"Tea at four."), ("notes.txt", b"Tea at five.")))
    assert [(document.id, document.text) for document in loaded.documents[1:]] == [
        ("m.eml#lamp.odt", "The lamp dates from 1904."),
        ("m.eml#notes.txt", "Tea at four."),
        ("m.eml#notes.txt (2)", "Tea at five."),
    ]
    assert loaded.note == ""


def test_records_of_an_attachment_have_its_id():
    loaded = read(message(("a.jsonl", b'{"id": "7", "text": "Tea."}')))
    assert loaded.documents[1].id == "m.eml#a.jsonl#7"


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("boat.xyz", b"\x89PNG", "not a supported type"),
        ("plan.pdf", b"no pdf", "the attachment plan.pdf "),
        ("book.docx", b"PK\3\4", "the attachment book.docx "),
        ("box.mbox", b"From x", "is a mailbox"),
    ],
)
def test_unreadable_attachment_is_remarked(name, data, reason):
    loaded = read(message((name, data)))
    assert len(loaded.documents) == 1
    assert name in loaded.note
    assert reason in loaded.note


def test_forwarded_message_is_a_document():
    inner = message(text="The lamp dates from 1904.")
    inner.replace_header("Subject", "Lamp")
    made = message()
    made.add_attachment(inner)
    outer, forwarded = read(made).documents
    assert (forwarded.id, forwarded.title) == ("m.eml#forwarded message", "Lamp")
    assert "1904" not in outer.text


def test_deeply_forwarded_message_is_remarked():
    made = message()
    for _ in range(9):
        outer = message()
        outer.add_attachment(made)
        made = outer
    loaded = read(made)
    assert len(loaded.documents) == 5
    assert "nested too deeply" in loaded.note


def test_invitation_is_read():
    assert body(raw(INVITATION, "text/calendar; charset=utf-8")).split("\n") == [
        "Event: Board meeting",
        "Start: 2022-01-14 10:00 UTC",
        "End: 2022-01-14 11:30 (Europe/Lisbon)",
        "Place: Customs house, hall 2",
        "Organizer: Anna Berg <anna@example.org>",
        "Description: Bring the plans.",
        "Tea is served.",
    ]


@pytest.mark.parametrize("smime", ["enveloped-data", "signed-data"])
def test_encrypted_message_is_remarked(smime):
    loaded = read(raw("AAAA", f"application/pkcs7-mime; smime-type={smime}; name=smime.p7m"))
    assert loaded.note.endswith("so it was not read")


def test_signed_message_is_read():
    signature = "--b\r\nContent-Type: application/pgp-signature\r\n\r\nx\r\n--b--"
    parts = f"--b\r\nContent-Type: text/plain\r\n\r\n{ENGLISH}\r\n{signature}"
    loaded = read(raw(parts, "multipart/signed; boundary=b"))
    assert loaded.documents[0].text.strip().endswith(ENGLISH)
    assert loaded.note == ""


def test_damaged_text_is_remarked():
    loaded = read(raw("Größe, Höhe, Mühe, Öl. ".encode() + b"a\xffb", "text/plain; charset=utf-8"))
    assert "1 character could not be decoded" in loaded.note


def test_other_text_is_no_message():
    with pytest.raises(DocumentError, match="not an e-mail message"):
        read(json.dumps({"text": "x"}).encode())
