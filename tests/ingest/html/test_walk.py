"""The walk over a page: each unit is a block, and none is lost."""

from html import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.ingest.blocks import assemble
from qa.ingest.html.tree import parse_page
from qa.ingest.html.walk import inline_text, units_of
from qa.types import BlockKind


def blocks(page):
    return [(unit.part.kind.value, unit.part.text) for unit in units_of(parse_page(page))]


@pytest.mark.parametrize(
    ("page", "wanted"),
    [
        ("Tea was served.", [("text", "Tea was served.")]),
        ("<h2>Tea</h2><p>It <b>rai</b>ned\n all  day.", [("heading", "Tea"), ("text", "It rained all day.")]),
        ("<div>One.<div>Two.</div>Three.</div>", [("text", "One."), ("text", "Two."), ("text", "Three.")]),
        (
            "<ul><li>black<li>green<ul><li>jasmine</ul></ul>",
            [("item", "black"), ("item", "green"), ("item", "jasmine")],
        ),
        ("<p>a<wbr>b gov&shy;ernment.", [("text", "ab government.")]),
        ("<pre>if x:\n    y</pre>", [("item", "if x:\n    y")]),
        ("<pre>It rained.\n\nTea was served.</pre>", [("text", "It rained."), ("text", "Tea was served.")]),
        ("<blockquote>We shall never sell it.</blockquote>", [("text", "We shall never sell it.")]),
        ("<p>One<script>x</script> two<style>x</style>.<!-- x --><p hidden>x", [("text", "One two.")]),
        ("<figure><img alt=x><figcaption>The crane.</figcaption></figure>", [("text", "The crane.")]),
        ("<p>He said <q>no</q>.", [("text", "He said “no”.")]),
        ("<x-card><p>One.</p></x-card>t<x-y>e</x-y>a.", [("text", "One."), ("text", "tea.")]),
        ('<div role="heading" aria-level="3">Tea</div>', [("heading", "Tea")]),
        ("<ruby>茶<rt>cha</rt></ruby>を飲む。", [("text", "茶(cha)を飲む。")]),
        ("<p>x <span>y</span><br></p><br><p>z.", [("item", "x y"), ("text", "z.")]),
    ],
)
def test_blocks_of_pages(page, wanted):
    assert blocks(page) == wanted


@pytest.mark.parametrize(
    ("page", "text"),
    [
        ("in 1998<sup>3</sup> and 10<sup>3</sup>", "in 1998³ and 10³"),
        ('in 1871<a href="#n"><sup>2</sup></a>', "in 1871²"),
        ('in 1871<sup><a href="#n">2</a></sup>', "in 1871²"),
        ('government<a href="#n">5</a> agreed', "government⁵ agreed"),
        ('in 1871<sup><a href="#n">[2]</a></sup>', "in 1871[2]"),
        ('see <a href="#n">5</a> and <a href="p.html">6</a>', "see 5 and 6"),
        ("H<sub>2</sub>O", "H₂O"),
        ("the 19<sup>th</sup> century", "the 19th century"),
        ("1998<sup>3a</sup>", "1998^3a"),
        ('<h2>Tea<a href="#tea">¶</a></h2>', "Tea"),
        ("the law <math><mi>E</mi><mo>=</mo><mi>m</mi></math> holds", "the law E=m holds"),
        ('<img class="emoji" alt="😀"> tea', "😀 tea"),
        ('<input type=hidden value=x><input value="Gaivota">', "Gaivota"),
    ],
)
def test_inline_text(page, text):
    assert inline_text(parse_page(page)) == text


def test_term_and_definition_are_one_item():
    page = "<dl><dt>tea<dt>chai<dd><p>A drink.</p><p>It is hot.</p><dd>A meal.<dt>water</dl>"
    units = [unit.part for unit in units_of(parse_page(page))]
    assert [(part.kind, part.text, part.context) for part in units] == [
        (BlockKind.ITEM, "tea, chai: A drink.", ""),
        (BlockKind.ITEM, "It is hot.", "tea, chai"),
        (BlockKind.ITEM, "A meal.", "tea, chai"),
        (BlockKind.ITEM, "water", ""),
    ]


def test_nested_terms_are_the_context():
    page = "<dl><dt>class Tea<dd><p>A drink.</p><dl><dt>pour()<dd><p>Fill a cup.</p><p>Mind the lid.</p></dl></dl>"
    assert [(unit.part.text, unit.part.context) for unit in units_of(parse_page(page))] == [
        ("class Tea: A drink.", ""),
        ("pour(): Fill a cup.", "class Tea"),
        ("Mind the lid.", "class Tea › pour()"),
    ]


def test_forms_and_frames_are_read():
    page = (
        "<label>Vessel <input value=Gaivota></label><select><option>Sloop<option>Ketch</select><textarea>12 tonnes."
        "</textarea><iframe srcdoc='&lt;p&gt;The inner page.'>no</iframe>"
    )
    assert [text for _, text in blocks(page)] == ["Vessel Gaivota", "Sloop", "Ketch", "12 tonnes.", "The inner page."]
    assert blocks("<frameset><frame src=a><noframes><p>The fee.</p></noframes></frameset>") == [("text", "The fee.")]


def test_labels_of_a_drawing_are_read():
    assert blocks("<svg><title>x</title><text>BEGIN</text><g><text>END</text></g></svg>") == [("item", "BEGIN END")]


def test_frames_within_frames_end():
    page = "<p>x."
    for _ in range(20):
        page = f'<p>y.<iframe srcdoc="{escape(page)}"></iframe>'
    assert 1 < len(blocks(page)) < 10


def test_linked_characters_are_counted():
    (unit,) = units_of(parse_page('<p>See <a href="x">the tea</a> of <a id="y">today</a>.'))
    assert unit.linked == len("the tea")


WORDS = st.text("abcäñ", min_size=1, max_size=6)
TREES = st.recursive(
    WORDS,
    lambda inner: st.tuples(
        st.sampled_from(["p", "div", "b", "ul", "li", "dl", "dt", "dd", "h2", "pre", "blockquote", "table", "tr", "td",
                         "th", "section", "span", "sup", "figcaption", "aside", "button", "select", "option"]),
        st.lists(inner, min_size=1, max_size=4),
    ),
    max_leaves=20,
)  # fmt: skip


def markup(tree):
    return f" {tree} " if isinstance(tree, str) else f"<{tree[0]}>{''.join(map(markup, tree[1]))}</{tree[0]}>"


@given(TREES)
def test_every_word_of_any_tree_is_kept(tree):
    root = parse_page(markup(tree))
    text, found = assemble(unit.part for unit in units_of(root))
    assert sorted("".join(root.itertext()).split()) == sorted(
        text.replace("^", " ").replace(" | ", " ").replace(": ", " ").replace(", ", " ").split()
    )
    ends = [0, *(place for block in found for place in (block.start, block.end)), len(text)]
    assert ends == sorted(ends)
    assert all(text[block.start : block.end].strip() for block in found)
