"""The tree of a page: what is parsed, and what in it is not displayed."""

import pytest

from qa.ingest.html.tree import is_hidden, names, parse_page, tag

XHTML = '<html xmlns="http://www.w3.org/1999/xhtml"><head><title/></head><body><a id="x"/>{}</body></html>'


def shown(page):
    return " ".join("".join(parse_page(page).itertext()).split())


@pytest.mark.parametrize("page", ["", " \n", "<!-- nothing -->"])
def test_page_of_nothing_has_no_tree(page):
    assert parse_page(page) is None or shown(page) == ""


def test_xhtml_elements_may_close_themselves():
    assert shown(XHTML.format("<p>Tea was served.</p>")) == "Tea was served."
    assert shown(XHTML.format("<p>Tea <br>was served.</p>")) == "Tea was served."  # not well-formed


@pytest.mark.parametrize(
    ("declared", "reference", "text"),
    [
        ('<!ENTITY nbsp "&#160;">', "a&nbsp;b", "a b"),
        ('<!ENTITY town "Vila do Conde">', "in &town;.", "in Vila do Conde."),
        ("", "&eacute;t&eacute; &amp; th&eacute;", "été & thé"),
        ('<!ENTITY x SYSTEM "file:///etc/hostname">', "a &x; b", "a &x; b"),
        ('<!ENTITY a "ha"><!ENTITY b "&a;&a;">', "&a; &b;", "ha &b;"),
    ],
)
def test_plain_entities_are_read_and_others_not(declared, reference, text):
    doctype = f"<!DOCTYPE html [{declared}]>" if declared else ""
    assert shown(doctype + XHTML.format(f"<p>{reference}</p>")) == text


def test_many_references_do_not_fill_the_memory():
    value = "x" * 500
    page = f'<!DOCTYPE html [<!ENTITY x "{value}">]>' + XHTML.format("<p>" + "&x;" * 100_000 + "</p>")
    assert len(shown(page)) < 2_000_000


@pytest.mark.parametrize("name", ["div", "span", "blockquote", "ul"])
def test_deeply_nested_words_are_read(name):
    assert shown(f"<p>One.</p>{f'<{name}>' * 5_000}Two.{f'</{name}>' * 5_000}<p>Three.</p>").replace(" ", "") == (
        "One.Two.Three."
    )


@pytest.mark.parametrize(
    "element",
    [
        "<p hidden>x", '<p style="display: none">x', '<p style="color:red;visibility:hidden">x', "<script>x</script>",
        "<template>x</template>", "<style>x</style>", "<dialog>x</dialog>", '<p class="sr-only">x',
    ],
)  # fmt: skip
def test_hidden_elements(element):
    assert is_hidden(parse_page(f"<body>{element}").find("body")[0])


@pytest.mark.parametrize(
    "element", ["<p>x", "<dialog open>x</dialog>", "<details>x</details>", '<p style="color:red">x']
)
def test_displayed_elements(element):
    assert not is_hidden(parse_page(f"<body>{element}").find("body")[0])


def test_names_are_classes_and_id():
    element = parse_page('<body><p id="Top" class="a  B">x').find("body")[0]
    assert (tag(element), names(element)) == ("p", {"a", "b", "top"})
