"""Fonts and styles of Rich Text Format."""

from qa.ingest.office.rtf.described import Described


def test_fonts_have_encodings_and_names():
    made = Described()
    made.begin("fonttbl", 1)
    for word, number in (("f", 2), ("fcharset", 204), ("f", 3), ("fcharset", 2), ("f", 4), ("cpg", 936)):
        made.word(word, number)
    made.put("Sim")
    made.put("Sun;")
    assert made.encodings == {2: "cp1251", 4: "gbk"}
    assert (made.symbol_fonts, made.font_names) == ({3}, {4: "SimSun;"})


def test_styles_have_levels_whatever_their_font():
    made = Described()
    made.begin("stylesheet", 1)
    for word, number in (("s", 1), ("f", 5), ("outlinelevel", 2)):
        made.word(word, number)
    made.word("s", 2)
    made.put("heading 4;")
    made.word("cs", 1)
    made.put("Title;")
    made.word("s", 7)
    made.put("Title;")
    assert made.levels == {1: 3, 2: 4}
    assert (made.is_title(7), made.is_title(1)) == (True, False)
