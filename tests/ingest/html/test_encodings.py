"""Encodings of web pages: as browsers read them."""

import pytest

from qa.errors import DocumentError
from qa.ingest.html.encodings import decode_page

TEXT = "<p>Le thé “vert” fut servi — à quatre heures.</p>"


@pytest.mark.parametrize("label", ["latin-1", "ISO-8859-1", "us-ascii", "windows-1252", "l1"])
def test_latin_1_means_windows_1252(label):
    page = f"<meta charset={label}>{TEXT}"
    assert decode_page(page.encode("cp1252")) == page


@pytest.mark.parametrize(
    ("label", "encoding", "text"),
    [
        ("gb2312", "gb18030", "茶会在四点钟举行，鎔"),
        ("shift_jis", "cp932", "お茶は四時①"),
        ("x-sjis", "cp932", "お茶は四時①"),
        ("ks_c_5601-1987", "cp949", "차는 네 시에 똠"),
        ("iso-8859-9", "cp1254", "Çay saat dörtte — şimdi"),
        ("koi8-r", "koi8_r", "Чай подали в четыре"),
        ("iso-2022-jp", "iso2022_jp", "お茶は四時"),
    ],
)
def test_labels_mean_what_browsers_take_them_for(label, encoding, text):
    page = f'<meta http-equiv="Content-Type" content="text/html; charset={label}"><p>{text}</p>'
    assert decode_page(page.encode(encoding)) == page


def test_xml_declaration_states_the_encoding():
    page = f'<?xml version="1.0" encoding="iso-8859-1"?><html><body>{TEXT}</body></html>'
    assert decode_page(page.encode("cp1252")) == page


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_byte_order_mark_precedes_the_declaration(encoding):
    page = f"<meta charset=koi8-r>{TEXT}"
    assert decode_page(page.encode(encoding)) == page


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_is_read_without_mark(encoding):
    assert decode_page(TEXT.encode(encoding)) == TEXT


def test_utf_8_precedes_the_declaration():
    page = f"<meta charset=latin-1>{TEXT}"
    assert decode_page(page.encode()) == page


def test_stray_byte_becomes_replacement_character():
    page = f"<meta charset=cp1252>{TEXT * 5}".encode("cp1252") + b"\x81"
    assert decode_page(page).endswith("</p>\ufffd")


@pytest.mark.parametrize("label", ["nothing", "rot13", "utf-16", "zip"])
def test_impossible_declaration_is_ignored(label):
    assert "thé" in decode_page(
        f"<meta charset={label}><p>Le thé fut servi à quatre heures, l'été passé.".encode("cp1252")
    )


def test_binary_page_is_refused():
    with pytest.raises(DocumentError):
        decode_page(b"\x89PNG\r\n\x1a\n\0\0")
