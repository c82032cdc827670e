"""Decoding of bytes to text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.errors import DocumentError
from qa.ingest.decoding import decode, decoded

FRENCH = "Le ministre a déclaré que la réponse était arrivée à l'été, où l'on préféra la forêt à la fenêtre. " * 5
RUSSIAN = "Министр сказал, что ответ пришёл в среду, и что переговоры в Женеве длились полтора часа. " * 5
SPANISH = "El señor dijo que mañana habrá una reunión en España, ¿verdad? " * 5
ENGLISH = "They met at the café in Zürich. Nobody spoke. " * 5
POLISH = "Minister powiedział, że odpowiedź nadejdzie w środę, a rozmowy będą trwać dłużej. " * 5
CZECH = "Příliš žluťoučký kůň úpěl ďábelské ódy. Ministr řekl, že odpověď přijde ve středu. " * 5
GREEK = "Ο υπουργός είπε ότι η απάντηση θα έρθει την Τετάρτη. " * 5
GERMAN = "Der Bürgermeister erklärte, dass die Gebühr künftig höher ausfällt; übermorgen öffnet das Ärztehaus. " * 2
HUNGARIAN = "A miniszter azt mondta, hogy a válasz szerdán érkezik. Őszintén örült, hogy fűtött szobában ült. " * 2
TURKISH = "Bakan, cevabın çarşamba günü geleceğini söyledi. Görüşmeler daha uzun sürecek, ışık sönmüş. " * 2
JAPANESE = "大臣は水曜日に返事が来ると言いました。会議は一時間半続いた。 " * 10
CHINESE = "部长说答复将于星期三到达。会谈持续了一个半小时。" * 5
MARKED = ["utf-8-sig", "utf-16", "utf-32"]


@given(st.text(st.characters(codec="utf-8", exclude_characters="\0\ufeff\ufffe")))
def test_utf8_is_decoded_as_written(text):
    assert decode(text.encode()) == text


@pytest.mark.parametrize("encoding", MARKED)
@pytest.mark.parametrize("text", [FRENCH, RUSSIAN, "a\r\nb\rc\n", "日本 👩‍👧"])
def test_byte_order_mark_sets_encoding_and_is_dropped(encoding, text):
    assert decode(text.encode(encoding)) == text


@pytest.mark.parametrize("mark", ["utf-16-be", "utf-32-be"])
def test_big_endian_marks_are_recognised(mark):
    assert decode("\ufeffПривет".encode(mark)) == "Привет"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (FRENCH, "latin-1"),
        (FRENCH, "cp1252"),
        (SPANISH, "latin-1"),
        (ENGLISH, "latin-1"),
        (ENGLISH.replace("'", "’").replace("spoke", "“spoke” – ever"), "cp1252"),
        (POLISH, "cp1250"),
        (RUSSIAN, "cp1251"),
        (RUSSIAN, "koi8-r"),
        (RUSSIAN, "cp866"),
        (RUSSIAN, "iso8859-5"),
        (CZECH, "cp1250"),
        (GREEK, "cp1253"),
        (JAPANESE, "shift_jis"),
        (JAPANESE * 300, "shift_jis"),
        (CHINESE, "gb18030"),
        (POLISH, "iso8859-2"),
        (CZECH, "iso8859-2"),
        (POLISH, "cp852"),
        (HUNGARIAN, "cp1250"),
        (TURKISH, "cp1254"),
        (FRENCH, "mac-roman"),
        (SPANISH, "mac-roman"),
        (GERMAN, "cp437"),
        (GERMAN, "cp850"),
        (FRENCH, "cp850"),
        (JAPANESE, "iso-2022-jp"),
        (FRENCH, "utf-16-le"),
        (RUSSIAN, "utf-16-be"),
        (CHINESE + "\n", "utf-16-le"),
        ("Café Zürich.", "latin-1"),
    ],
)
def test_unmarked_encoding_is_guessed(text, encoding):
    assert decode(text.encode(encoding)) == text


@pytest.mark.parametrize(
    "data",
    [
        b"text\0text",
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
        bytes(100),
        bytes(range(1, 32)) * 20 + b"\xff\xfe\xfd" * 50,
        b"\xff\xfea\xd8\0\xd8",
        b"\xef\xbb\xbfabc\xff",
        b"\xff\xfea",
    ],
    ids=["NUL", "PNG", "zeros", "controls", "bad UTF-16", "bad UTF-8 after its mark", "half a UTF-16 unit"],
)
def test_binary_is_refused(data):
    with pytest.raises(DocumentError):
        decode(data)


@given(st.binary(max_size=300))
def test_any_bytes_give_text_or_document_error(data):
    try:
        assert isinstance(decode(data), str)
    except DocumentError as error:
        assert "\n" not in str(error)


@pytest.mark.parametrize("data", [b"", b"\xef\xbb\xbf", b"\xff\xfe"])
def test_empty_file_is_empty_text(data):
    assert decode(data) == ""


@pytest.mark.parametrize("bad", [b"\xff", b"\xc3", b"\xe9\xe8"])
def test_mostly_valid_utf8_stays_utf8(bad):
    read = decoded((FRENCH + "fin ").encode() + bad + b" end\n")
    assert read.text.startswith(FRENCH)
    assert read.text.count("\ufffd") == read.damaged > 0
    assert "could not be decoded (the first in line 1)" in read.remark


def test_cut_utf8_keeps_its_text():
    read = decoded("A naïve café é".encode()[:-1])
    assert (read.text, read.damaged) == ("A naïve café \ufffd", 1)


def test_clean_text_has_no_remark():
    assert decoded(FRENCH.encode()).remark == ""


@pytest.mark.parametrize(
    ("text", "encoding", "declared"),
    [
        (FRENCH, "latin-1", "latin-1"),
        ("“Tea” – 5 €", "cp1252", "ISO-8859-1"),
        ("Café", "utf-8", "iso-8859-1"),
        ("Café", "utf-8", "us-ascii"),
        (RUSSIAN, "cp1251", "utf-8"),
        (RUSSIAN, "cp1251", "latin-1"),
        ("Да", "koi8-r", "koi8-r"),
        ("Łódź", "iso8859-2", '"iso-8859-2"'),
        ("联通", "gbk", "gb2312"),
        ("髙①", "cp932", "x-sjis"),
        ("Ça va", "mac-roman", "macintosh"),
        ("plain", "ascii", "nonsense"),
        (FRENCH, "utf-8", "base64"),
        (FRENCH, "utf-8", "punycode"),
        (FRENCH, "utf-8", ""),
    ],
)
def test_declared_encoding_is_used_where_it_fits(text, encoding, declared):
    assert decode(text.encode(encoding), declared) == text


@given(
    st.binary(max_size=100),
    st.sampled_from(["utf-8", "latin-1", "gb2312", "iso-2022-jp", "utf-16", "utf-7", "idna", "?"]),
)
def test_any_declared_bytes_give_text_or_error(data, declared):
    try:
        read = decoded(data, declared)
    except DocumentError as error:
        assert "\n" not in str(error)
    else:
        assert read.damaged <= read.text.count("\ufffd")
