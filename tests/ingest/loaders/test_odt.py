"""OpenDocument texts: every word that is shown, in order, as the kind of unit that it is."""

import pytest

from qa.errors import DocumentError
from qa.ingest.loaders.odt import load
from qa.types import BlockKind
from tests.ingest.loaders.test_docx import split
from tests.support.word_files import docx, frame, odf, page
from tests.support.word_files import p as word_p

AUTOMATIC = (
    '<style:style style:name="Up" style:family="text"><style:text-properties style:text-position="super 58%"/>'
    "</style:style>"
    '<style:style style:name="Down" style:family="text"><style:text-properties style:text-position="-25% 58%"/>'
    "</style:style>"
    '<style:style style:name="Hid" style:family="text"><style:text-properties text:display="none"/></style:style>'
    '<style:style style:name="P1" style:family="paragraph" style:parent-style-name="Title"/>'
    '<style:style style:name="P2" style:family="paragraph" style:parent-style-name="Caption"/>'
    '<text:list-style style:name="L1">'
    '<text:list-level-style-number text:level="1" style:num-format="1" style:num-suffix="."/>'
    '<text:list-level-style-number text:level="2" style:num-format="a" style:num-suffix=")"/></text:list-style>'
)
STYLES = (
    '<office:styles><style:style style:name="Caption" style:family="paragraph"/><text:outline-style>'
    '<text:outline-level-style text:level="1" style:num-format="1"/>'
    '<text:outline-level-style text:level="2" style:num-format="1" text:display-levels="2"/>'
    "</text:outline-style></office:styles><office:master-styles><style:master-page><style:header><text:p>Head</text:p>"
    "</style:header><style:footer><text:p>Foot</text:p></style:footer></style:master-page></office:master-styles>"
)


def read(body, **options):
    return split(load(odf(body, automatic=AUTOMATIC, **options), "file.odt"))


def lines(body, **options):
    document, _ = read(body, **options)
    return [(block.kind.value, document.text[block.start : block.end]) for block in document.blocks]


def texts(body, **options):
    return [text for _, text in lines(body, **options)]


def p(inside, style=""):
    return f'<text:p text:style-name="{style}">{inside}</text:p>'


def note(mark, body, kind="footnote"):
    return (
        f'<text:note text:note-class="{kind}"><text:note-citation>{mark}</text:note-citation>'
        f"<text:note-body>{body}</text:note-body></text:note>"
    )


def items(*inside, attributes=""):
    return f"<text:list {attributes}>{''.join(f'<text:list-item>{one}</text:list-item>' for one in inside)}</text:list>"


def test_note_never_cuts_its_sentence():
    body = p(f"Built in 1871{note(2, p('By Paulo Reis.'))} by the town.") + p("It stands.")
    assert texts(body) == ["Built in 1871² by the town.", "² By Paulo Reis.", "It stands."]


@pytest.mark.parametrize(("mark", "shown"), [("i", "ⁱ"), ("iv", "[iv]"), ("*", "*"), ("12", "¹²")])
def test_marks_of_notes_stay_apart(mark, shown):
    assert texts(p(f"In 1871{note(mark, p('One.'), 'endnote')}.")) == [f"In 1871{shown}.", f"{shown} One."]


def test_raised_and_lowered_spans():
    body = p('10<text:span text:style-name="Up">3</text:span> H<text:span text:style-name="Down">2</text:span>O')
    assert texts(body) == ["10³ H₂O"]


def test_hidden_text_is_left_out():
    body = p('Kept.<text:span text:style-name="Hid"> Hidden.</text:span><text:hidden-text text:string-value="x"/>')
    body += f'<text:section text:display="none">{p("Gone.")}</text:section>'
    body += p('<text:hidden-paragraph text:is-hidden="true"/>Gone too.')
    document, remarks = read(body)
    assert (document.text, remarks) == ("Kept.", ["holds hidden text, left out"])


def test_tracked_changes_show_the_new_text():
    gone = f"<text:changed-region><text:deletion>{p('seven')}</text:deletion></text:changed-region>"
    body = f"<text:tracked-changes>{gone}</text:tracked-changes>"
    body += p('The fee is <text:change-start text:change-id="a"/>nine<text:change-end text:change-id="a"/> euros.')
    document, remarks = read(body)
    assert (document.text, remarks) == ("The fee is nine euros.", ["holds deleted text (tracked changes), left out"])


def test_comments_are_left_out():
    document, remarks = read(p(f"Kept<office:annotation>{p('Check.')}</office:annotation> whole."))
    assert (document.text, remarks) == ("Kept whole.", ["holds comments, left out"])


def test_spaces_tabs_and_line_ends():
    assert texts(p('a<text:s text:c="3"/>b<text:tab/>c<text:line-break/>d  e\n f')) == ["a b c\nd e f"]


def test_ruby_shows_its_base_only():
    ruby = "<text:ruby><text:ruby-base>東</text:ruby-base><text:ruby-text>とう</text:ruby-text></text:ruby>"
    assert texts(p(f"{ruby}京")) == ["東京"]


def test_headings_have_levels_and_numbers():
    body = '<text:h text:outline-level="1">Tides</text:h><text:h text:outline-level="2">Low</text:h>'
    document, _ = read(body + body, styles=STYLES)
    assert [block.level for block in document.blocks] == [1, 2, 1, 2, 0, 0]
    assert texts(body + body, styles=STYLES)[:4] == ["1 Tides", "1.1 Low", "2 Tides", "2.1 Low"]


def test_list_items_have_their_numbers():
    named = 'text:style-name="L1"'
    body = items(p("a"), p("b") + items(p("c"), p("d")), p("e") + p("more"), attributes=named)
    body += items(p("f"), attributes=named)
    body += items(p("g"), attributes=named + ' text:continue-numbering="true"') + items(p("h"))
    assert lines(body) == [
        ("item", "1. a"), ("item", "2. b"), ("item", "a) c"), ("item", "b) d"), ("item", "3. e"), ("item", "more"),
        ("item", "1. f"), ("item", "2. g"), ("item", "h"),
    ]  # fmt: skip


def cells(*inside):
    return "".join(
        one if one.startswith("<table") else f"<table:table-cell>{p(one)}</table:table-cell>" for one in inside
    )


def table(*rows, header=""):
    shown = f"<table:table-header-rows><table:table-row>{header}</table:table-row></table:table-header-rows>"
    made = "".join(f"<table:table-row>{row}</table:table-row>" for row in rows)
    return f"<table:table>{shown * bool(header)}{made}</table:table>"


def test_rows_know_header_and_caption():
    body = p("The towns", "P2") + table(cells("Oslo", "black"), header=cells("City", "Tea"))
    document, _ = read(body, styles=STYLES)
    row = next(block for block in document.blocks if block.kind is BlockKind.ROW)
    assert (row.context, [header for _, header in row.cells]) == ("The towns", ["City", "Tea"])


def test_merged_and_repeated_cells_are_read_once():
    wide = f'<table:table-cell table:number-columns-spanned="2">{p("Both")}</table:table-cell>'
    covered = "<table:covered-table-cell/>"
    empty = '<table:table-cell table:number-columns-repeated="1000000"/>'
    body = table(cells(wide + covered, "x"), cells("a", "b", "c"), cells("d") + empty)
    assert texts(body)[:2] == ["Both |  | x", "a | b | c"]
    assert len(read(body)[0].text) < 500


def test_nested_table_follows_its_row():
    inner = f"<table:table-cell>{p('b')}{table(cells('c', 'd'))}</table:table-cell>"
    assert texts(table(cells("a", inner), cells("e", "f"))) == ["a | b", "c | d", "e | f"]


def test_sections_and_text_boxes_are_read():
    box = f"<draw:frame><draw:text-box>{p('In the box.')}</draw:text-box></draw:frame>"
    picture = "<draw:frame><draw:image/><svg:title>no</svg:title><svg:desc>no</svg:desc></draw:frame>"
    body = f"<text:section>{p(f'Before {box}and after.{picture}')}</text:section>{box}"
    assert texts(body) == ["Before and after.", "In the box.", "In the box."]


def test_contents_and_page_heads_are_in_no_passage():
    index = f"<text:table-of-content><text:index-body>{p('Tides 3')}</text:index-body></text:table-of-content>"
    assert lines(index + p("Text."), styles=STYLES) == [
        ("furniture", "Tides 3"), ("text", "Text."), ("furniture", "Head"), ("furniture", "Foot"),
    ]  # fmt: skip


def test_formula_stays_in_its_sentence():
    math = "<math><mrow><msup><mi>x</mi><mn>2</mn></msup><mo>=</mo><mfrac><mi>a</mi><mi>b</mi></mfrac></mrow></math>"
    body = p('So <draw:frame><draw:object xlink:href="./Object 1"/></draw:frame> holds.')
    assert texts(body, more={"Object 1/content.xml": math}) == ["So x²=a/b holds."]


@pytest.mark.parametrize(("stated", "title"), [("On tides", "On tides"), ("", "The Book"), ("Untitled 1", "The Book")])
def test_title_is_stated_or_styled(stated, title):
    assert read(p("Before") + p("The Book", "P1"), title=stated)[0].title == title


def test_pictures_without_text_are_named():
    document, remarks = read(p("<draw:frame><draw:image/></draw:frame>"))
    assert (document.text, remarks) == ("", ["holds only pictures, so it may be scanned"])


def test_flat_file_is_read():
    document, _ = split(load(odf(p("Tea."), title="On tea", flat=True), "file.fodt"))
    assert (document.text, document.title) == ("Tea.", "On tea")


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (odf(page(frame("x")), "presentation"), r"is a presentation \(\.odp\), not a text document"),
        (docx(word_p("x")), "content.xml"),
        (odf(p("x"), more={"META-INF/manifest.xml": "<m><encryption-data/></m>"}), "password"),
        (b"<html/>", "something else"),
    ],
)
def test_other_files_are_refused(data, message):
    with pytest.raises(DocumentError, match=message):
        list(load(data, "file.odt"))


def test_damaged_styles_are_named_rest_is_read():
    found = list(load(odf(p("Kept."), more={"meta.xml": "<broken"}), "file.odt"))
    assert (found[0].text, "cannot be read" in found[1].text) == ("Kept.", True)
