"""Read the XML of a spreadsheet piece by piece: a sheet can hold a million rows that are formatted and empty."""

from collections.abc import Iterator
from zipfile import ZipFile

from lxml import etree

from qa.errors import DocumentError
from qa.ingest.markup import element_name


def elements(archive: ZipFile, member: str, *names: str, starts: bool = False) -> Iterator[tuple[str, etree._Element]]:
    """Yield each element of the given names when it ends, with "end"; it is emptied afterwards.

    Args:
        archive: The spreadsheet.
        member: The name of its XML file.
        names: Names of elements without their namespaces. Those within one of them go with it.
        starts: Whether to yield "start" with each of them as well.

    Raises:
        DocumentError: the file is missing or damaged, or declares entities.
    """
    events = ("start", "end") if starts else ("end",)
    try:
        with archive.open(member) as opened:
            # Entities are not expanded, so that none can grow; the parser limits the depth.
            parser = etree.iterparse(
                opened,
                events=events,
                tag=[f"{{*}}{name}" for name in names],
                resolve_entities=False,
                load_dtd=False,
                no_network=True,
                huge_tree=False,
                remove_comments=True,
                remove_pis=True,
            )
            for event, element in parser:
                _refuse_entities(element)
                yield event, element
                if event == "end":
                    _forget(element)
    except KeyError as error:
        raise DocumentError(f"does not contain {member!r}, so it is not what its suffix says") from error
    except etree.XMLSyntaxError as error:
        raise DocumentError(f"contains XML that cannot be read ({' '.join(str(error.msg).split())})") from error
    except (DocumentError, MemoryError):
        raise
    except Exception as error:  # zlib, lzma and bz2 each have errors of their own
        raise DocumentError(f"is damaged at {member!r} ({error})") from error


def _forget(element: etree._Element) -> None:
    element.clear()
    while element.getprevious() is not None:
        del element.getparent()[0]


def _refuse_entities(element: etree._Element) -> None:
    dtd = element.getroottree().docinfo.internalDTD if element.getprevious() is None else None
    if dtd is not None and any(True for _ in dtd.iterentities()):
        raise DocumentError("declares entities, which are not allowed; save it without a DOCTYPE")


def local_attributes(element: etree._Element) -> dict[str, str]:
    """Return an element's attributes by their names without namespaces."""
    return {str(name).rpartition("}")[2]: str(value) for name, value in element.attrib.items()}


def children(element: etree._Element, *names: str) -> Iterator[etree._Element]:
    """Yield the children of the given names without namespaces, in order."""
    return (child for child in element if element_name(child) in names)
