"""Rich Text Format: every word that is shown, in order, as the kind of unit that it is."""

import pytest

from qa.ingest.loaders.rtf import load
from tests.ingest.loaders.test_docx import split

HEAD = (
    rb"{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0\fcharset0 Arial;}{\f1\fcharset2 Symbol;}{\f2\fcharset204 Cyr;}"
    rb"{\f3\fcharset128 Mincho;}}{\stylesheet{\s0\f0 Normal;}{\s1\f1\fs32\outlinelevel0 heading 1;}{\s2 Title;}"
    rb"{\s3 heading 2;}}"
)


def read(body, head=HEAD):
    return split(load(head + body + b"}", "file.rtf"))


def lines(body):
    document, _ = read(body)
    return [(block.kind.value, document.text[block.start : block.end]) for block in document.blocks]


def texts(body):
    return [text for _, text in lines(body)]


def test_headings_are_found_by_style_or_level():
    body = rb"\pard\s1 Tides\par\pard\s3 Low\par\pard\outlinelevel1 High\par\pard\s0 Text.\par"
    document, _ = read(body)
    assert [(block.kind.value, block.level) for block in document.blocks] == [
        ("heading", 1), ("heading", 2), ("heading", 2), ("text", 0),
    ]  # fmt: skip


def test_heading_keeps_its_list_label():
    body = rb"\pard\s1{\listtext\pard\plain 1.\tab}\ls1 Tides\par\pard Text.\par"
    assert lines(body) == [("heading", "1. Tides"), ("text", "Text.")]


def test_list_items_have_their_labels():
    body = rb"\pard{\listtext\tab 1.\tab}\ls1 one\par{\pntext\f1\'b7\tab}two\par\pard\ls0 Text.\par"
    assert lines(body) == [("item", "1. one"), ("item", "two"), ("text", "Text.")]


ROW = rb"\trowd\cellx1\cellx2\cellx3\pard\intbl %s\cell %s\cell %s\cell\row "


def test_tables_are_rows_with_headers():
    body = rb"\pard Before.\par" + ROW % (b"City", b"Since", b"Tea") + ROW % (b"Oslo", b"1048", b"black")
    document, _ = read(body + rb"\pard After.\par")
    shown = [(block.kind.value, document.text[block.start : block.end]) for block in document.blocks]
    assert shown == [
        ("text", "Before."), ("header", "City | Since | Tea"), ("row", "Oslo | 1048 | black"), ("text", "After."),
    ]  # fmt: skip
    assert [header for _, header in document.blocks[2].cells] == ["City", "Since", "Tea"]


def test_stated_header_row_is_one():
    body = rb"\trowd\trhdr\cellx1\cellx2\pard\intbl City\cell Tea\cell\row" + ROW % (b"Oslo", b"x", b"")
    assert lines(body)[0] == ("header", "City | Tea")


def test_nested_tables_follow_their_row():
    inner = rb"\itap2 c\nestcell d\nestcell{\*\nesttableprops\trowd\cellx1\cellx2\nestrow}{\nonesttables\par}"
    body = rb"\trowd\cellx1\cellx2\pard\intbl a\cell " + inner + rb"\pard\intbl b\cell\row\pard After.\par"
    assert texts(body) == ["a | b", "c | d", "After."]


def test_row_without_end_loses_nothing():
    assert texts(rb"\trowd\cellx1\cellx2\pard\intbl a\cell b\cell") == ["a | b"]


@pytest.mark.parametrize(
    "note",
    [
        rb"{\super\chftn}{\footnote\pard\plain{\super\chftn} By Paulo.}",
        rb"{\super \chftn{\*\footnote \chftn\pard\plain By Paulo.\par}}",
    ],
)
def test_footnote_follows_its_paragraph(note):
    assert texts(rb"\pard Built in 1871" + note + rb" by the town.\par") == [
        "Built in 1871¹ by the town.",
        "¹ By Paulo.",
    ]


def test_hidden_and_deleted_text_is_left_out():
    document, remarks = read(rb"\pard The fee is {\deleted seven}{\revised nine} euros.{\v secret}\v0  Now.\par")
    assert document.text == "The fee is nine euros. Now."
    assert remarks == ["holds deleted text (tracked changes), left out", "holds hidden text, left out"]


def test_fields_show_their_results_only():
    body = (
        rb'{\field{\*\fldinst HYPERLINK "http://x"}{\fldrslt the link}} of {\field{\fldinst{\f0 PAGE}}{\fldrslt 17}}.'
    )
    assert texts(body) == ["the link of 17."]


def test_superscripts_never_join_the_number_before():
    assert texts(rb"1998{\super 12} and H{\sub 2}O 10\super 3\nosupersub  m") == ["1998¹² and H₂O 10³ m"]


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (rb"caf\'e9", "café"),
        (rb"{\f2 \'d7\'e0\'e9}", "Чай"),
        (rb"{\f3 \'93\'fa\'96\'7b}", "日本"),
        (rb"{\f1 a} \u61537?", "α α"),
        (rb"\uc1\u1095?\u-10179?\u-8704?", "ч😀"),
        (rb"\uc2\u1095\'3f\'3f{\uc0\u1072 b}", "чаb"),
        (rb"\u1095\'3fx", "чx"),
        (rb"a\~b\_c\-d\emdash e\ldblquote f\rdblquote  \{g\} \\", "a b-cd—e“f” {g} \\"),
        (rb"a\line b\tab c", "a\nb c"),
        (b"one \r\ntwo", "one two"),
        (b"caf\xe9", "café"),
        (rb"\u99999999999999999999 x", "x"),
        (rb"{\upr{plain}{\*\ud{\u1095?}}}", "ч"),
        (rb"a\bin4 {{{{b", "ab"),
        (rb"x\up6 2\up0  y\dn4 1\dn0", "x² y₁"),
        (
            rb"{\mmath{\*\moMath{\msSup{\msSupPr{\*\mctrlPr c}}{\me x}{\msup 2}}{\mr =}}{\mmathPict{\pict 0}}}",
            "x²=",
        ),
    ],
)
def test_characters_are_decoded(body, text):
    assert texts(body) == [text]


def test_text_boxes_are_read_once():
    shape = (
        rb"{\shp{\*\shpinst{\sp{\sn name}{\sv value}}{\shptxt\pard In the box.\par}}{\shprslt{\pard In the box.\par}}}"
    )
    assert texts(rb"\pard Before " + shape + rb"and after.\par") == ["Before and after.", "In the box."]


def test_what_is_no_text_is_left_out():
    body = rb"{\info{\author Nobody}{\*\company None}}{\*\generator Foo;}{\pict\pngblip 8950}{\*\bkmkstart a}Kept."
    body += rb"{\xe entry}{\*\annotation\pard Check.\par}{\*\unknown{\deep words}}"
    document, remarks = read(body)
    assert (document.text, remarks) == ("Kept.", ["holds comments, left out"])


def test_page_heads_are_in_no_passage():
    body = rb"{\header\pard Head\par}{\footer\pard Foot\par}{\footerf\pard Foot\par}\pard Text.\par"
    assert lines(body) == [("text", "Text."), ("furniture", "Head"), ("furniture", "Foot")]


@pytest.mark.parametrize(
    ("body", "title"),
    [
        (rb"{\info{\title On t\'eaa}}\pard First.\par", "On têa"),
        (rb"\pard Before\par\pard\s2 The Book\par", "The Book"),
        (rb"\pard First line\par", "First line"),
    ],
)
def test_title_is_stated_styled_or_first(body, title):
    assert read(body)[0].title == title


def test_default_font_has_its_encoding():
    data = rb"{\rtf1\ansi\deff2{\fonttbl{\f0 A;}{\f2\fcharset204 Cyr;}}\f0 a\plain  \'d7\'e0\'e9}"
    assert split(load(data, "file.rtf"))[0].text == "a Чай"
