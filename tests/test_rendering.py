"""Whatever a document, a title, a name or a question holds, it is text on the page."""

import re
from html import unescape
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.rendering import (
    answer_as_html,
    answer_as_text,
    confidence_in_words,
    document_as_html,
    ledger_as_text,
    link,
    nearest,
    scores_as_text,
    sources_as_html,
)
from qa.rows import Entry
from qa.types import Answer, Citation, Document, Hit, Passage

PAYLOADS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "' onmouseover='alert(1)",
    "</mark></div><iframe src='//evil.example'>",
    "javascript:alert(1)",
    "[click](javascript:alert(1)) ![x](https://evil.example/p.png)",
    "# heading\n**bold** `code` $x^2$ \\(y\\) $$z$$",
    "{{value}} ${alert(1)} `${alert(1)}` <%= 1 %>",
    "&lt;script&gt;alert(1)&lt;/script&gt; &amp;amp;",
    "\u202egnp.exe\u2066 right to left",
    "<!-- --><style>*{display:none}</style>",
]
TAGS = re.compile(r"<[^>]*>")
OURS = {"a", "article", "blockquote", "button", "div", "h2", "mark", "p", "span", "strong"}
TEXTS = st.text(st.one_of(st.characters(codec="utf-8"), st.sampled_from("<>&\"'`${}\u202e")), max_size=200)


def stripped(html: str) -> str:
    return unescape(TAGS.sub("", html))


class Tags(HTMLParser):
    """Collects what a browser would make elements and attributes of."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.attributes: set[tuple[str, str | None]] = set()
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.names.add(tag)
        self.attributes.update(attrs)

    def handle_comment(self, data):
        self.names.add("!--")


def assert_inert(html: str, allowed: set[str]) -> None:
    """Only our own elements, nothing that runs or loads, links to the web only."""
    found = Tags(html)
    assert found.names <= allowed
    names = {name for name, _ in found.attributes}
    assert not {name for name in names if name.startswith("on") or name in ("src", "style", "srcdoc", "action")}
    assert all(value.startswith(("http://", "https://")) for name, value in found.attributes if name == "href")


def make_document(text: str, title: str = "T", source: str = "d.txt") -> Document:
    return Document("d.txt", title, text, source, "2022-01-14", "text/plain", "0" * 64)


def make_answer(text: str = "Anna lives in Oslo.", *, abstained: bool = False, **more) -> Answer:
    passage = Passage(text, 0, len(text), text, ((0, len(text)),))
    citation = Citation(1, text, text, text, text, None, 0, len(text), text)
    fields = {
        "question": text,
        "standalone_question": text,
        "text": "Not said." if abstained else f"{text} [1]",
        "short": None,
        "citations": () if abstained else (citation,),
        "passages": (Hit(passage, 1.0, 0.5, 1.0, 1, 1),) * 5,
        "confidence": 0.8,
        "abstained": abstained,
        "corpus_fingerprint": "f",
    }
    return Answer(**{**fields, **more})


@pytest.mark.parametrize("payload", PAYLOADS)
@pytest.mark.parametrize("abstained", [False, True])
def test_payloads_stay_text_everywhere(payload, abstained):
    answer = make_answer(payload, abstained=abstained, standalone_question=f"{payload} then", short=payload)
    document = document_as_html(make_document(payload, payload, payload), [(0, 3), (2, 6)])
    for html in (answer_as_html(answer), sources_as_html(answer), document):
        assert_inert(html, OURS)


@given(TEXTS, st.lists(st.tuples(st.integers(-5, 210), st.integers(-5, 210)), max_size=6), st.integers(-1, 6))
def test_a_document_without_its_tags_is_its_text(text, marks, focus):
    html = document_as_html(make_document(text), marks, focus)
    body = html.split('<div class="qa-text" dir="auto">', 1)[1].removesuffix("</div></article>")
    assert stripped(body) == text
    assert html.count("<mark") == html.count("</mark>")
    assert html.count('id="qa-here"') <= 1


def test_marks_say_exactly_the_marked_words():
    html = document_as_html(make_document("Anna <lives> in Oslo."), [(0, 4), (5, 12)], focus=1)
    assert "<mark>Anna</mark>" in html
    assert '<mark id="qa-here">&lt;lives&gt;</mark>' in html


@pytest.mark.parametrize(
    ("marks", "marked"),
    [
        ([(0, 3), (2, 5)], ["abcde"]),
        ([(0, 2), (2, 4)], ["abcd"]),
        ([(4, 99), (-7, 1)], ["a", "ef"]),
        ([(3, 3), (5, 2), (9, 12)], []),
        ([(0, 6), (2, 3)], ["abcdef"]),
    ],
)
def test_marks_are_cut_to_the_text_and_merged(marks, marked):
    html = document_as_html(make_document("abcdef"), marks)
    assert [stripped(m) for m in re.findall(r"<mark[^>]*>.*?</mark>", html)] == marked


def test_a_mark_that_begins_before_the_text_can_be_the_focus():
    assert '<mark id="qa-here">ab</mark>' in document_as_html(make_document("abc"), [(-2, 2)])


@pytest.mark.parametrize("source", ["https://example.org/a?b=1&c=2", "http://example.org"])
def test_web_addresses_become_links(source):
    assert 'rel="noopener noreferrer nofollow"' in link(source)
    assert stripped(link(source)) == source


@pytest.mark.parametrize(
    "source", ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "a.txt", "//[x", ""]
)
def test_anything_else_is_no_link(source):
    assert "<a" not in link(source)
    assert unescape(link(source)) == source


def test_an_answer_quotes_marks_and_says_how_sure_it_is():
    html = answer_as_html(make_answer(short="Oslo"))
    assert 'class="qa-short">Oslo<' in html
    assert 'data-qa-open="1"' in html
    assert "Sure (80%)" in html
    assert "Understood as" not in html
    assert 'data-qa-open="1"' in sources_as_html(make_answer())


def test_a_follow_up_shows_how_it_was_understood():
    assert "Understood as: And Boris? (Anna)" in answer_as_html(make_answer(standalone_question="And Boris? (Anna)"))


def test_a_refusal_looks_like_none_of_the_answers():
    refusal = make_answer(abstained=True)
    html = answer_as_html(refusal)
    assert "qa-refusal" in html and "qa-quote" not in html and "qa-confidence" not in html
    beside = sources_as_html(refusal)
    assert "not an answer" in beside and beside.count("data-qa-near") == len(nearest(refusal)) == 3
    assert "data-qa-open" not in beside
    assert "Nearest passages, not an answer:" in answer_as_text(refusal)


def test_a_refusal_without_passages_shows_none():
    empty = make_answer(abstained=True, passages=())
    assert sources_as_html(empty) == ""
    assert answer_as_text(empty) == "Not said."


def test_an_answer_on_the_terminal_has_numbered_sources_and_no_line_breaks_in_them():
    text = answer_as_text(make_answer("Anna\nlives."))
    assert "[1] Anna lives." in text and "characters 0-11" in text and text.endswith("Sure (80%)")


@pytest.mark.parametrize(
    ("confidence", "words"),
    [(1.0, "Very sure (100%)"), (0.9, "Very sure (90%)"), (0.89, "Sure (89%)"), (0.5, "Fairly sure (50%)"),
     (0.25, "Unsure (25%)"), (0.0, "Very unsure (0%)")],
)  # fmt: skip
def test_confidence_in_words(confidence, words):
    assert confidence_in_words(confidence) == words


@pytest.mark.parametrize(
    ("source", "shown"),
    [("/home/anna/private/a.txt", "a.txt"), ("C:\\docs\\a.txt", "a.txt"), ("http://[broken", "[broken"),
     ("https://user@news.example/x/y", "news.example")],
)  # fmt: skip
def test_a_card_names_the_file_or_the_host(source, shown):
    citation = Citation(1, "a", "Title", source, "2022-01-14", 3, 0, 1, "A")
    assert stripped(sources_as_html(make_answer(citations=(citation,)))).endswith(f"2022-01-14 · page 3 · {shown}")


@pytest.mark.parametrize(
    ("published", "publisher", "dated", "shown"),
    [("2022-01-14", "TASS", "inferred", "TASS · 2022-01-14 (inferred) · a.txt"), (None, "TASS", None, "TASS · a.txt"),
     ("2022-01-14", None, "stated", "2022-01-14 · a.txt"), (None, None, None, "a.txt"),
     (None, "<b>", None, "<b> · a.txt")],
)  # fmt: skip
def test_who_published_and_when_stand_beside_a_source(published, publisher, dated, shown):
    citation = Citation(1, "a", "Title", "a.txt", published, None, 0, 1, "A", publisher, dated)
    answer = make_answer(citations=(citation,))
    assert stripped(sources_as_html(answer)).endswith(f"Title{shown}")
    assert f"    {shown.replace(' · ', ', ')}, characters 0-1" in answer_as_text(answer)
    document = Document("d", "T", "text", "a.txt", published, "text/plain", "0" * 64, publisher, "en", dated)
    assert stripped(document_as_html(document, [])) == f"T{shown}text"
    assert "<b>" not in sources_as_html(answer) + document_as_html(document, [])


def test_ledger_as_text_has_a_line_a_file_and_the_reason():
    entries = [
        Entry("a.txt", "", 1, "indexed", "", 1200, 0.1, ""),
        Entry("b.txt", "", 0, "failed", "is empty", 0, 0.0, ""),
    ]
    first, second = ledger_as_text(entries).splitlines()
    assert "indexed" in first and "1,200 passages" in first and first.endswith("a.txt")
    assert second.endswith("b.txt  is empty")


def test_scores_as_text_has_scores_with_their_intervals():
    one = {
        "set": "seeds", "task": "qa", "questions": 5, "f1": 0.5, "exact": 0.25, "intervals": {"f1": [0.4, 0.6]},
        "latency_ms": {"p50": 12.34},
    }  # fmt: skip
    text = scores_as_text([one])
    assert "seeds (qa, 5 questions)" in text
    assert re.search(r"f1 +0\.5000  \[0\.400, 0\.600\]", text)
    assert re.search(r"exact +0\.2500$", text, re.MULTILINE)
    assert "p50 12.3" in text
