"""One-byte encodings of the Latin alphabet."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.text.latin_encodings import ENCODINGS, is_latin, likeliest


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Où est la forêt d'Ésope ?", "mac_roman"),
        ("La città è più bella.", "cp850"),
        ("Źle się czuł w środę.", "iso8859_2"),
        ("Příliš žluťoučký kůň.", "cp1250"),
        ("The fee is £5, at 20° – “always”.", "cp1252"),
    ],
)
def test_likeliest_encoding_makes_sense(text, encoding):
    data = text.encode(encoding)
    assert data.decode(likeliest(data)) == text


@pytest.mark.parametrize(("text", "encoding"), [("Привет, мир", "cp1251"), ("Καλημέρα", "cp1253"), ("会議は", "cp932")])
def test_other_alphabets_are_not_latin(text, encoding):
    assert not is_latin(text.encode(encoding))
    assert is_latin("Größe, Höhe".encode("cp1252"))


@given(st.binary(max_size=200))
def test_any_bytes_have_a_likeliest_encoding(data):
    assert likeliest(data) in ENCODINGS
