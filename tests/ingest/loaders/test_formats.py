"""What each format keeps: order, tables, pages, title, date and publisher."""

import re
from pathlib import Path

import pytest

from qa.errors import DocumentError
from qa.ingest.files import SourceFile, load
from qa.types import page_at
from tests.support import sample_files


def read(suffix, data):
    return load(SourceFile(Path(f"file.{suffix}"), f"file.{suffix}"), data).documents


def known(document):
    return document.title, document.published, document.dated, document.publisher


# Web pages.

ARTICLE = ["The minister said on Monday that the talks in Geneva had gone on for an hour and a half. " * 4] * 3
STATED = (
    '<title>Talks | The Daily</title><meta property="og:title" content="Talks &amp; tea">'
    '<meta property="og:site_name" content="The Daily">'
    '<meta property="article:published_time" content="2022-01-14T10:00:00Z">'
)


def test_page_metadata_is_kept_boilerplate_dropped():
    page = sample_files.html(ARTICLE, STATED).replace(
        b"<body>", b"<body><nav><a href=/>Home</a> <a href=/s>Sports</a></nav><script>alert(1)</script>"
    )
    (document,) = read("html", page)
    assert known(document) == ("Talks & tea", "2022-01-14", "stated", "The Daily")
    assert "Geneva" in document.text
    assert not re.search("Sports|alert", document.text)


def test_date_in_page_text_is_ignored():
    (document,) = read("html", sample_files.html(["On 14 January 2022 they met in Geneva. " * 20]))
    assert (document.published, document.dated) == (None, None)


def test_small_page_is_kept_whole():
    (document,) = read("html", b"<h1>Tea</h1><ul><li>black<li>green</ul><style>p{}</style><p>It rained.")
    assert document.text == "Tea\n\nblack\ngreen\n\nIt rained."
    assert document.title == "Tea"


@pytest.mark.parametrize("meta", ['<meta charset="windows-1251">', '<meta http-equiv=x content="a; charset=cp1251">'])
def test_declared_encoding_is_used(meta):
    text = "Чай подали в четыре часа."
    (document,) = read("html", f"<html><head>{meta}</head><body><p>{text}</p></body></html>".encode("cp1251"))
    assert document.text == text
    (document,) = read("html", f"<html><head>{meta}</head><body><p>{text}</p></body></html>".encode())
    assert document.text == text  # it is UTF-8, whatever it says


@pytest.mark.parametrize("name", ["zip", "nothing", "rot13"])
def test_unknown_declared_encoding_is_ignored(name):
    page = f"<meta charset={name}><p>Le thé fut servi à quatre heures, l'été passé, à côté.".encode("latin-1")
    assert "thé fut servi" in read("html", page)[0].text


# PDF.


def test_page_number_follows_from_offset():
    pages = [["Tea was served."], ["It rained."], [], ["The end."]]
    (document,) = read("pdf", sample_files.pdf(pages))
    for words, page in (("Tea", 1), ("rained", 2), ("The end", 4), ("end.", 4)):
        assert page_at(document, document.text.index(words)) == page


def test_generated_titles_are_ignored():
    lines = [["The talks in Geneva", "Tea was served."]]
    assert read("pdf", sample_files.pdf(lines, title="On tea"))[0].title == "On tea"
    for title in ("", "Microsoft Word - tea.docx", "Untitled-1", "tea.indd", "12"):
        assert read("pdf", sample_files.pdf(lines, title=title))[0].title == "The talks in Geneva"


def test_hyphenated_words_are_joined_compounds_kept():
    lines = [
        "The well-known minister said that the negotia-",
        "tions were well-",
        "known, and that post-",
        "Soviet states and co-",
        "operation mattered. Cooperation matters.",
    ]
    (document,) = read("pdf", sample_files.pdf([lines]))
    assert "negotiations were well-known, and that post-Soviet states and cooperation mattered." in document.text


def test_hyphen_before_a_number_stays():
    assert "10-\n12 May" in read("pdf", sample_files.pdf([["It rained on the 10-", "12 May"]]))[0].text.replace(
        "10- ", "10-\n"
    )


def test_full_lines_are_joined_into_paragraphs():
    lines = [
        "Report",
        "The minister said on Monday that the talks in Geneva had gone",
        "on for an hour and a half, and that tea had been served at the",
        "end.",
        "- the first of the points that they had agreed on before they",
        "- the second",
    ]
    (document,) = read("pdf", sample_files.pdf([lines]))
    assert document.text.replace("\n\n", "\n").split("\n") == [lines[0], " ".join(lines[1:4]), *lines[4:]]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (sample_files.pdf([[], []]), "no text layer"),
        (sample_files.pdf([["x"]], count=3_001), "3,001 pages, the limit is 3,000"),
        (sample_files.pdf([["x"]], count=10_000), "10,000 pages"),
        (sample_files.pdf([["x"]], encrypted=True), "protected by a password"),
        (b"%PDF-1.4\n", "not a PDF, or is damaged"),
    ],
)
def test_unreadable_pdf_gives_its_reason(data, message):
    with pytest.raises(DocumentError, match=message):
        read("pdf", data)


# Word.


def test_tables_keep_their_place():
    rows = [["City", "Tea"], ["Oslo", "black"], ["Riga", "green"]]
    (document,) = read("docx", sample_files.word(["Before."], rows=rows))
    assert document.text == "Before.\n\nCity | Tea\nOslo | black\nRiga | green"


def test_merged_cell_is_read_once():
    import io

    import docx

    written = docx.Document()
    table = written.add_table(2, 3)
    table.cell(0, 0).merge(table.cell(0, 2)).text = "Tea"
    table.cell(1, 0).text = "black"
    out = io.BytesIO()
    written.save(out)
    assert read("docx", out.getvalue())[0].text == "Tea\nblack"


def test_creation_date_is_not_publication_date():
    (document,) = read("docx", sample_files.word(["Tea was served."], title="On tea"))
    assert known(document) == ("On tea", None, None, None)
    assert read("docx", sample_files.word(["Tea was served."]))[0].title == "Tea was served."


# Books.


def test_chapters_follow_the_spine():
    (document,) = read(
        "epub",
        sample_files.epub(
            [["One.", "Two."], ["Three."], ["Four."]], "On tea", "2022-01-14T00:00:00Z", "Tea &amp; Sons"
        ),
    )
    assert document.text == "One.\n\nTwo.\n\nThree.\n\nFour."
    assert known(document) == ("On tea", "2022-01-14", "stated", "Tea & Sons")


@pytest.mark.parametrize("date", ["2022", "", "long ago", "2022-13-01"])
def test_book_without_day_has_no_date(date):
    assert read("epub", sample_files.epub([["One."]], "T", date))[0].published is None


def test_encrypted_book_is_refused():
    encrypted = '<e><CipherReference URI="OEBPS/text/c%200.xhtml"/></e>'
    with pytest.raises(DocumentError, match="protected"):
        read("epub", sample_files.epub([["One."]], more={"META-INF/encryption.xml": encrypted}))


def test_encrypted_font_is_ignored():
    encrypted = '<e><CipherReference URI="OEBPS/font.otf"/></e>'
    assert read("epub", sample_files.epub([["One."]], more={"META-INF/encryption.xml": encrypted}))[0].text == "One."


def test_missing_chapter_is_named():
    broken = sample_files.archive({
        "META-INF/container.xml": '<c><rootfile full-path="b.opf"/></c>',
        "b.opf": '<p><item id="a" href="../../etc/passwd"/><itemref idref="a"/></p>',
    })  # fmt: skip
    with pytest.raises(DocumentError, match="etc/passwd"):
        read("epub", broken)


# Mail.

SENT = {"Date": "Fri, 14 Jan 2022 23:30:00 -0500", "To": "boris@example.org"}


def test_message_headers_are_in_the_text():
    (document,) = read("eml", sample_files.eml(["Tea is at four."], **SENT))
    assert document.text.splitlines()[:5] == [
        "From: Anna Berg <anna@example.org>", "To: boris@example.org", f"Date: {SENT['Date']}", "Subject: Tea", "",
    ]  # fmt: skip
    assert known(document) == ("Tea", "2022-01-14", "stated", "Anna Berg")


def test_html_message_is_plain_text():
    (document,) = read("eml", sample_files.eml(["Tea is <at> four.", "It rained."], html=True))
    assert document.text.endswith("\n\nTea is <at> four.\n\nIt rained.")


def test_plain_part_is_read_attachments_apart():
    from email.message import EmailMessage

    message = EmailMessage()
    message["Subject"] = "Тема"
    message.set_content("Plain.")
    message.add_alternative("<p>Rich.</p>", subtype="html")
    message.add_attachment("Secret.", filename="a.txt")
    document, _ = read("eml", message.as_bytes())
    assert (document.title, document.text) == ("Тема", "Subject: Тема\n\nPlain.\n")


@pytest.mark.parametrize("date", ["yesterday", "", "Fri, 99 Jan 2022 10:00:00"])
def test_message_without_valid_date_has_none(date):
    data = b"Subject: x\nDate: " + date.encode() + b"\nContent-Type: text/plain; charset=nothing\n\nT\xe9a"
    (document,) = read("eml", data)
    assert (document.published, document.text[-3:]) == (None, "Téa")


def test_message_without_headers_is_refused():
    with pytest.raises(DocumentError, match="not an e-mail message"):
        read("eml", b"Tea was served.\n")


def test_mailbox_is_split_into_messages():
    first, second = sample_files.eml(["One.", ">From here on it rained."]), sample_files.eml(["Two."], **SENT)
    documents = read("mbox", sample_files.mbox(first, second))
    assert [document.id for document in documents] == ["file.mbox:1", "file.mbox:2"]
    assert "\nFrom here on it rained." in documents[0].text
    assert documents[1].published == "2022-01-14"


@pytest.mark.parametrize(
    ("data", "message"), [(b"Tea.", "not a mailbox"), (sample_files.mbox(b"\n\nTea"), "message 1 has none")]
)
def test_malformed_mailbox_is_refused(data, message):
    with pytest.raises(DocumentError, match=message):
        read("mbox", data)


# Tables.


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_table_is_a_document_with_its_rows(delimiter):
    rows = [["City", "Tea"], ["Oslo", 'bl"ack'], ["", ""], ["Ri\nga", "a,b;c"]]
    (document,) = read("csv", sample_files.table(rows, delimiter))
    assert (document.id, document.text) == ("file.csv", 'City | Tea\nOslo | bl"ack\nRi ga | a,b;c')


def test_huge_cell_is_read():
    (document,) = read("csv", sample_files.table([["a"], ["x" * 200_000]]))
    assert document.text.endswith("x" * 200_000)


# OpenDocument and RTF.


def test_odt_lists_tables_and_spaces():
    body = (
        "<text:h>Tea</text:h><text:list><text:list-item><text:p>black</text:p></text:list-item></text:list>"
        "<text:p>at<text:s/>four<text:line-break/>o'<text:span>clock</text:span></text:p>"
        "<table:table><table:table-row><table:table-cell><text:p>a</text:p></table:table-cell>"
        "<table:table-cell><text:p>b</text:p></table:table-cell></table:table-row></table:table>"
        "<text:tracked-changes><text:p>gone</text:p></text:tracked-changes>"
    )
    (document,) = read("odt", sample_files.odt([], title="On tea", body=body))
    assert document.title == "On tea"
    assert document.text.startswith("Tea\n\nblack\n\nat four\no'clock\n\n")
    assert "gone" not in document.text
    assert re.search(r"a \| b$", document.text)


def test_protected_odt_is_refused():
    data = sample_files.archive({"content.xml": "x", "META-INF/manifest.xml": "<m><manifest:encryption-data/></m>"})
    with pytest.raises(DocumentError, match="password"):
        read("odt", data)


def test_rtf_in_other_alphabets():
    (document,) = read("rtf", sample_files.rtf(["Чай {в} четыре \\ часа.", "日本 👩"]))
    assert document.text == "Чай {в} четыре \\ часа.\n\n日本 👩"
    assert read("rtf", rb"{\rtf1\ansi\ansicpg1251 \'d7\'e0\'e9}")[0].text == "Чай"
