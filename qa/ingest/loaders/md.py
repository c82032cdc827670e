"""Load Markdown as written, without rendering it; the title is the stated one, or the first heading."""

from collections.abc import Iterator

from qa.ingest.decoding import decoded
from qa.text.dates import stated_day
from qa.text.markdown import front_matter, markdown_blocks
from qa.types import BlockKind, Document, Remark, make_document


def load(data: bytes, name: str) -> Iterator[Document | Remark]:
    """Yield the document in an .md file, with a remark if some of it is damaged.

    Raises:
        DocumentError: the file is binary or in no known encoding.
    """
    read = decoded(data)
    blocks, stated = markdown_blocks(read.text), front_matter(read.text)
    heading = next((block for block in blocks if block.kind is BlockKind.HEADING), None)
    title = stated.get("title") or (read.text[heading.start : heading.end] if heading else "")
    yield make_document(
        id=name,
        title=title,
        text=read.text,
        source=name,
        media_type="text/markdown",
        published=stated_day(stated.get("date")),
        blocks=blocks,
    )
    if read.remark:
        yield Remark(read.remark)
