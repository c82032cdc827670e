"""Read presentations in OpenDocument: each slide is a section, under its title, with the speaker's notes."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from lxml import etree

from qa.ingest.blocks import Part
from qa.ingest.office.elements import attribute, children, local
from qa.ingest.office.odf.body import Body
from qa.ingest.office.slides import NOTES, headed, unread
from qa.types import BlockKind

RUNNING = frozenset({"date-time", "footer", "header", "page-number"})
"""Classes of frames that are alike on all slides."""

GROUPS = frozenset({"a", "g"})
UNSHOWN = frozenset({"notes", "forms", "animations", "par", "page-thumbnail"})


@dataclass(slots=True)
class OdfSlides:
    """Reads the slides of a presentation."""

    body: Body
    hidden: list[int] = field(default_factory=list)
    """The numbers of the slides that are not shown."""
    empty: list[int] = field(default_factory=list)
    """The numbers of the slides without text."""

    def read(self, root: etree._Element) -> Iterator[Part]:
        """Yield the units of all slides that are shown."""
        for count, page in enumerate(children(root, "page"), 1):
            if self.body.styles.is_hidden_page(attribute(page, "style-name")):
                self.hidden.append(count)
            else:
                yield from self._slide(page, count)

    def _slide(self, page: etree._Element, count: int) -> Iterator[Part]:
        frames = list(_frames(page))
        read = [(attribute(frame, "class"), list(self.body.blocks(frame))) for frame in frames]
        titles = [parts for kind, parts in read if kind == "title" and _words(parts)]
        title = titles[0] if titles else []
        others = [(kind, parts) for kind, parts in read if parts is not title]
        below = [_below(part, kind) for kind, parts in others for part in parts]
        below += [
            replace(part, kind=BlockKind.TEXT, context=NOTES)
            for notes in children(page, "notes")
            for frame in _frames(notes)
            if attribute(frame, "class") == "notes"
            for part in self.body.blocks(frame)
        ]
        yield from headed(_words(title), below, count, self.empty)

    def remarks(self) -> Iterator[str]:
        """Yield what was left out, in words that follow the file's name."""
        yield from unread(self.hidden, self.empty)


def _frames(page: etree._Element) -> Iterator[etree._Element]:
    """Yield what is on a slide, out of its groups."""
    for one in page:
        if local(one) in GROUPS:
            yield from _frames(one)
        elif local(one) not in UNSHOWN:
            yield one


def _below(part: Part, kind: str) -> Part:
    """Return a unit as it stands under its slide's title."""
    if kind in RUNNING:
        return replace(part, kind=BlockKind.FURNITURE, level=0)
    # A heading within a slide would end the slide's section.
    return replace(part, level=part.level + 1) if part.kind is BlockKind.HEADING else part


def _words(parts: list[Part]) -> str:
    return " ".join(" ".join(part.text for part in parts).split())
