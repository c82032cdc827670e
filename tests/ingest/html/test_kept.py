"""How much of a page was kept, in words."""

from qa.ingest.html.kept import what_was_kept
from qa.ingest.html.tree import parse_page


def said(page, text, labels=()):
    root = parse_page(page)
    elements = [element for element in root.iter("nav", "form")]
    return what_was_kept(root, text, dict(zip(elements, labels, strict=False)))


def test_nothing_is_said_if_all_was_kept():
    assert said("<p>It rained in 1998<sup>3</sup>.", "It rained in 1998³.") == ""


def test_share_and_what_was_left_out_are_said():
    page = "<nav>Home News</nav><p>It rained all day in Riga.<form>Go</form>"
    assert said(page, "It rained all day in Riga.", ["navigation", "a form"]) == (
        "67 % of the visible text is kept; left out: navigation, a form"
    )


def test_hidden_and_struck_text_is_named():
    page = "<p>The fee is <del>nine</del> eleven euros.<p hidden>Secret.<noscript>Scripts!</noscript>"
    page += "<iframe src=x></iframe>"
    remark = said(page, "The fee is nine eleven euros.")
    for words in ("struck-out", "not displayed", "without scripts", "frames"):
        assert words in remark


def test_lost_words_are_said_even_without_a_reason():
    assert said("<p>It rained all day.", "It rained") == "50 % of the visible text is kept"
