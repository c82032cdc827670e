"""Find what is on a page besides its text: navigation, search forms, footers. What may be text is kept."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from qa.ingest.html.inline import collapse
from qa.ingest.html.tree import is_hidden, names, tag
from qa.ingest.html.walk import BLOCKS

Labels = dict[etree._Element, str]
"""What each element is that is left out."""

NAVIGATION, FORM, FOOTER, CONTROLS, SHARING, LINKS = (
    "navigation", "a form", "a footer", "buttons", "invitations to share or subscribe", "links to other pages",
)  # fmt: skip
CONTENTS = "a table of contents"
"""What repeats a page's headings: it stays in the text."""

ROLES = {
    "contentinfo": FOOTER, "directory": NAVIGATION, "menu": NAVIGATION, "menubar": NAVIGATION, "navigation": NAVIGATION,
    "search": FORM, "tablist": NAVIGATION, "toolbar": CONTROLS,
}  # fmt: skip
TAGS = {"button": CONTROLS, "menu": NAVIGATION, "nav": NAVIGATION, "search": FORM}

WORDS = {
    FOOTER: r"(?:page|site|global)?-?footer|colophon|copyright",
    FORM: r"search(?:box|bar|form|menu)?|log-?in|sign-?(?:in|up)",
    NAVIGATION: r"(?:main|top|sub|side|site|page|doc|sec|global|nav)?-?(?:nav|navbar|navigation|menu|navheader|"
    r"navfooter|navlinks|menubar)|breadcrumbs?|pagination|pager|side-?bar(?:-?wrapper)?|sphinxsidebar|related|"
    r"skip-?(?:link|nav|to-content)|"
    r"mw-editsection|edit-?section|(?:prev|next)-?next|headerlink|linenos?|line-?numbers?|gutter|top-?bar|jump-?links?",
    SHARING: r"share|sharing|social|newsletter|subscribe|cookies?|consent|adverts?|advertisement|ads?|promo|sponsored|"
    r"share-?(?:bar|buttons|links|tools)|social-?(?:links|media|share|icons|bar)|cookie-?(?:banner|notice|consent|bar)",
}
NAMED = {label: re.compile(rf"(?:{words})", re.IGNORECASE) for label, words in WORDS.items()}
"""Names that pages give to these elements, as a class or id."""

TURNING = re.compile(
    r"(?:<+|«|←|‹)?\s*(?:prev(?:ious)?|next|up|home|top|back|contents|index|table of contents|first|last)"
    r"(?: (?:page|chapter|section|topic|up))?\s*(?:>+|»|→|›)?",
    re.IGNORECASE,
)
"""The text of a link that turns to another page."""

FOOT_LINE = re.compile(
    r"(?:this )?(?:page |document |file )?(?:was )?(?:last|first) "
    r"(?:updated?|modified|changed|edited|generated|revised)\b.{0,60}|"
    r"(?:powered|generated|created|built|made|hosted) (?:by|with|using)\b.{0,60}|(?:copyright|©|\(c\)).{0,160}",
    re.IGNORECASE | re.DOTALL,
)

BOXES = frozenset({"center", "div", "header", "section", "table", "ul"})
"""Elements that hold a page's head."""

MOSTLY_LINKS = 0.5
"""Share of an element's characters that are links, from which its name or place is believed."""

CONTENTS_LINKS = 0.75
ALL_LINKS = 0.9
MAX_CONTROL_WORDS = 8
MAX_FOOTER_WORDS = 150
MAX_FORM_WORDS = 60
MAX_NAMED_WORDS = 30
"""An element of more words that are no links is text, whatever its name."""


@dataclass(slots=True)
class _Size:
    """What an element shows."""

    chars: int = 0
    linked: int = 0
    words: int = 0
    links: int = 0

    @property
    def share(self) -> float:
        """The share of its characters that are links."""
        return self.linked / self.chars if self.chars else 0.0


CONTENTS_NAMES = re.compile(r"(?:page|local|mini|inner)?-?toc|table-?of-?contents|contents", re.IGNORECASE)


def find_contents(root: etree._Element) -> Labels:
    """Return the tables of contents of a page that has more text than that."""
    sizes = _sizes(root)
    found: Labels = {}
    steps = [root]
    while steps:
        element = steps.pop()
        if element is not root and _is_contents(element, sizes[element], sizes[root]):
            found[element] = CONTENTS
        elif not is_hidden(element):
            steps.extend(element)
    return found


def _is_contents(element: etree._Element, size: _Size, body: _Size) -> bool:
    named = element.get("role") == "doc-toc" or any(map(CONTENTS_NAMES.fullmatch, names(element)))
    return named and size.links > 1 and size.share >= CONTENTS_LINKS and size.words * 2 < body.words


def find_furniture(root: etree._Element) -> Labels:
    """Return the outermost elements of a page that are no part of its text, each with what it is."""
    sizes = _sizes(root)
    body = sizes[root]
    found: Labels = dict.fromkeys(_banners(root, sizes), NAVIGATION)
    steps = [root]
    while steps:
        element = steps.pop()
        if is_hidden(element) or element in found or _is_contents(element, sizes[element], body):
            continue
        label = "" if element is root else _label(element, sizes, body)
        if label:
            found[element] = label
        else:
            steps.extend(element)
    return found


def _sizes(root: etree._Element) -> dict[etree._Element, _Size]:
    """Return the size of each element; links count with all in them."""
    sizes: dict[etree._Element, _Size] = {}
    elements = [element for element in root.iter() if isinstance(element.tag, str)]
    for element in reversed(elements):  # children before their parents
        size = sizes[element] = _Size()
        if is_hidden(element):
            continue
        _count(size, element.text)
        for child in element:
            if child in sizes:
                _add(size, sizes[child])
            _count(size, child.tail)
        if tag(element) == "a" and element.get("href") is not None:
            size.linked, size.links = size.chars, 1
    return sizes


def _count(size: _Size, text: str | None) -> None:
    words = collapse(text).split()
    size.words += len(words)
    size.chars += sum(map(len, words))


def _add(size: _Size, part: _Size) -> None:
    size.chars += part.chars
    size.linked += part.linked
    size.words += part.words
    size.links += part.links


def _label(element: etree._Element, sizes: dict[etree._Element, _Size], body: _Size) -> str:
    size, name = sizes[element], tag(element)
    if not size.chars or name in ("html", "body", "main", "article") or name not in BLOCKS | {"span", "a", "label"}:
        return ""
    if size.words * 2 > body.words and size.share < MOSTLY_LINKS:  # never most of the page
        return ""
    return (
        _by_role(element, size)
        or _by_name(element, size)
        or _form(element, size, body)
        or _footer(element, size)
        or _aside(element, size)
        or _turning(element, size)
        or _foot_line(element, size)
    )


def _banners(root: etree._Element, sizes: dict[etree._Element, _Size]) -> Iterator[etree._Element]:
    """Yield the blocks of links at the top of a page, before its first heading."""
    body = next((element for element in root if tag(element) == "body"), root)
    shown = [child for child in body if tag(child) and not is_hidden(child) and sizes[child].chars]
    while len(shown) == 1 and tag(shown[0]) in ("div", "main", "center", "form"):  # a wrapper around everything
        shown = [child for child in shown[0] if tag(child) and not is_hidden(child) and sizes[child].chars]
    before: list[etree._Element] = []
    for child in shown:
        if any(re.fullmatch("h[1-6]", tag(node)) for node in child.iter()):
            break
        before.append(child)
    else:
        return
    for child in before:
        size = sizes[child]
        if size.share >= ALL_LINKS or (size.share >= MOSTLY_LINKS and size.links > 2 and tag(child) in BOXES):
            yield child


def _plain(size: _Size) -> float:
    """Return about how many words of an element are no links."""
    return size.words * (1 - size.share)


def _by_role(element: etree._Element, size: _Size) -> str:
    name = tag(element)
    label = ROLES.get(element.get("role") or "") or TAGS.get(name) or ""
    if label == CONTROLS:
        return label if size.words <= MAX_CONTROL_WORDS else ""
    if label == FOOTER:
        return label if _looks_like_footer(element, size) else ""
    return label if size.share >= MOSTLY_LINKS or _plain(size) <= MAX_NAMED_WORDS * 2 else ""


def _by_name(element: etree._Element, size: _Size) -> str:
    own = names(element)
    label = next((label for label, words in NAMED.items() if any(map(words.fullmatch, own))), "")
    if label == FOOTER:
        return label if not _is_within(element, "article") and _looks_like_footer(element, size) else ""
    if label and tag(element) in ("h1", "h2", "h3", "h4", "h5", "h6", "p") and size.share < MOSTLY_LINKS:
        return ""
    boxed = any("side" in name for name in own)  # many books put text in boxes of that name
    return label if size.share >= MOSTLY_LINKS or (_plain(size) <= MAX_NAMED_WORDS / 2 and not boxed) else ""


def _form(element: etree._Element, size: _Size, body: _Size) -> str:
    """Say whether a form is there to search or to log in; a form that is most of a page is its text."""
    if tag(element) != "form" or size.words * 4 > body.words:
        return ""
    prose = any(tag(node) in ("p", "table", "h1", "h2", "li", "textarea") for node in element.iter())
    return FORM if size.words <= MAX_FORM_WORDS and not prose else ""


def _footer(element: etree._Element, size: _Size) -> str:
    if tag(element) != "footer" or _is_within(element, "article", "section", "blockquote", "main"):
        return ""
    return FOOTER if _looks_like_footer(element, size) else ""


def _looks_like_footer(element: etree._Element, size: _Size) -> bool:
    if size.words > MAX_FOOTER_WORDS and size.share < MOSTLY_LINKS:
        return False
    text = " ".join(_shown(element))
    return size.share > 0.3 or bool(
        FOOT_LINE.match(text.strip()) or re.search(r"©|all rights reserved", text, re.IGNORECASE)
    )


def _shown(element: etree._Element) -> Iterator[str]:
    return (piece for text in element.itertext() if (piece := " ".join(text.split())))


def _aside(element: etree._Element, size: _Size) -> str:
    named = tag(element) in ("aside", "header") or element.get("role") in ("complementary", "banner")
    return LINKS if named and size.share >= MOSTLY_LINKS and size.links > 1 else ""


def _turning(element: etree._Element, size: _Size) -> str:
    """Say whether a short block turns to the pages before and after."""
    if not 1 < size.links <= 12 or size.share < MOSTLY_LINKS or size.words > MAX_FORM_WORDS:
        return ""
    links = (" ".join(_shown(link)) for link in element.iter() if tag(link) == "a")
    return NAVIGATION if sum(bool(TURNING.fullmatch(text)) for text in links) > 1 else ""


def _foot_line(element: etree._Element, size: _Size) -> str:
    """Say whether a short block at the very end of a page tells when it was changed, or whose it is."""
    if size.words > MAX_NAMED_WORDS or tag(element) not in ("address", "center", "div", "p", "small"):
        return ""
    last = not any(_has_text(node) for node in _following(element))
    return FOOTER if last and FOOT_LINE.fullmatch(" ".join(_shown(element))) else ""


def _following(element: etree._Element) -> Iterator[etree._Element]:
    """Yield all elements after the end of an element."""
    for around in (element, *element.iterancestors()):
        yield from around.itersiblings()


def _has_text(element: etree._Element) -> bool:
    return not is_hidden(element) and any(text.strip() for text in element.itertext())


def _is_within(element: etree._Element, *wanted: str) -> bool:
    return any(tag(ancestor) in wanted for ancestor in element.iterancestors())
