"""What tests of HTML share: texts that would do harm as markup, and the check that they did not."""

import re
from html import unescape
from html.parser import HTMLParser

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
PLACED = re.compile(r"(?:(?:left|top|height|--size):\d+(?:\.\d+)?(?:%|px);?)+")
OURS = {
    "a",
    "article",
    "blockquote",
    "button",
    "div",
    "h2",
    "i",
    "li",
    "mark",
    "p",
    "path",
    "span",
    "strong",
    "svg",
    "ul",
}


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
    assert not {name for name in names if name.startswith("on") or name in ("src", "srcdoc", "action")}
    assert all(PLACED.fullmatch(value) for name, value in found.attributes if name == "style")
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
