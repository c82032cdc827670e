"""Open Office Open XML files (.docx, .pptx), of the transitional and the strict form, with macros or as templates."""

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import unquote
from zipfile import ZipFile

from lxml import etree

from qa.errors import DocumentError
from qa.ingest.archives import read_member
from qa.ingest.markup import parse_xml
from qa.ingest.office.elements import attribute, descendants, local

KINDS = {
    "document": "a Word document (.docx)",
    "presentation": "a presentation (.pptx)",
    "workbook": "a spreadsheet (.xlsx)",
}
"""What a file is by the root of its main part."""


@dataclass(frozen=True, slots=True)
class Link:
    """A relationship of a part to another."""

    kind: str
    """The last word of its type: styles, slide, image."""
    target: str
    """The name of the part in the archive; empty if it is outside."""


@dataclass(slots=True)
class Package:
    """The parts of a file, each read when it is asked for."""

    archive: ZipFile
    problems: list[str] = field(default_factory=list)
    """What could not be read, in words that follow the file's name."""
    _links: dict[str, dict[str, Link]] = field(default_factory=dict)

    def main(self, root_name: str, usual: str) -> tuple[str, etree._Element]:
        """Return the name and the root of the main part.

        Args:
            root_name: The local name of the root that is wanted.
            usual: The name that the part has if the file does not say.

        Raises:
            DocumentError: there is no such part, it is damaged, or the file is of another kind.
        """
        named = [link.target for link in self.links("").values() if link.kind == "officeDocument"]
        name = next((one for one in named if self.has(one)), usual)
        root = parse_xml(read_member(self.archive, name))
        if local(root) != root_name:
            found = KINDS.get(local(root), "something else")
            raise DocumentError(f"is {found}, not {KINDS[root_name]}; rename it")
        return name, root

    def has(self, name: str) -> bool:
        """Return whether the archive has a part of this name."""
        return name in self.archive.NameToInfo

    def part(self, name: str, what: str) -> etree._Element | None:
        """Return the root of a part; None if there is none, or if it is damaged, which becomes one of the problems."""
        if not name or not self.has(name):
            return None
        try:
            return parse_xml(read_member(self.archive, name))
        except DocumentError as error:
            self.problems.append(f"{what} cannot be read, it {error}")
            return None

    def links(self, name: str) -> dict[str, Link]:
        """Return the relationships of a part by id; of the whole package if the name is empty."""
        if name not in self._links:
            folder, base = posixpath.split(name)
            root = self.part(posixpath.join(folder, "_rels", f"{base}.rels"), "a list of its parts")
            self._links[name] = {} if root is None else dict(_links(root, folder))
        return self._links[name]

    def linked(self, name: str, kind: str) -> Iterator[str]:
        """Yield the names of the parts that a part is related to in one way."""
        yield from (link.target for link in self.links(name).values() if link.kind == kind and link.target)

    def first(self, name: str, kind: str, what: str) -> etree._Element | None:
        """Return the root of the first part that a part is related to in one way; None if there is none."""
        return self.part(next(self.linked(name, kind), ""), what)

    def title(self) -> str:
        """Return the title in the file's properties; empty if there is none."""
        root = self.first("", "core-properties", "the list of its properties")
        if root is None:
            root = self.part("docProps/core.xml", "the list of its properties")
        found = next(descendants(root, "title"), None) if root is not None else None
        return (found.text or "") if found is not None else ""


def _links(root: etree._Element, folder: str) -> Iterator[tuple[str, Link]]:
    for one in root:
        kind = attribute(one, "Type").rpartition("/")[2]
        target = unquote(attribute(one, "Target"))
        if attribute(one, "TargetMode") == "External":
            target = ""
        elif target:
            target = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
        yield attribute(one, "Id"), Link(kind, target)
