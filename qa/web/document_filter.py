"""Which documents the chat may use: filtered by day and publisher, and excluded one by one."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from qa.types import DocumentSummary, Scope

DAY = re.compile(r"\d{4}-\d\d-\d\d")

MAX_EXCLUDED_DOCUMENTS = 10_000
"""Of a longer list of excluded documents, the rest is ignored."""


@dataclass(frozen=True, slots=True)
class DocumentFilter:
    """Conditions on documents; with none set, it selects all."""

    since: str = ""
    """First day, as YYYY-MM-DD; with one, documents without a known day are not selected."""
    until: str = ""
    """Last day, as YYYY-MM-DD; with one, documents without a known day are not selected."""
    publisher: str = ""
    excluded: frozenset[str] = frozenset()
    """Ids of documents that are excluded one by one."""

    @classmethod
    def from_payload(cls, payload: object) -> "DocumentFilter":
        """Read what the page's script sent, which may have any shape; a condition that is malformed is not set."""
        fields: Mapping[str, Any] = payload if isinstance(payload, dict) else {}
        excluded, publisher = fields.get("excluded"), fields.get("publisher")
        ids = excluded[:MAX_EXCLUDED_DOCUMENTS] if isinstance(excluded, list) else []
        return cls(
            _day(fields.get("since")),
            _day(fields.get("until")),
            publisher if isinstance(publisher, str) else "",
            frozenset(id for id in ids if isinstance(id, str)),
        )

    def matches(self, document: DocumentSummary) -> bool:
        """Whether a document meets the conditions on day and publisher."""
        day = document.published or ""
        dated = not (self.since or self.until) or (day and self.since <= day and (not self.until or day <= self.until))
        return bool(dated) and self.publisher in ("", document.publisher)

    def selected_ids(self, documents: Sequence[DocumentSummary]) -> Scope:
        """Return the ids of the selected documents, or None if all are selected."""
        selected = frozenset(one.id for one in documents if one.id not in self.excluded and self.matches(one))
        return None if len(selected) == len(documents) else selected


def _day(value: object) -> str:
    return value if isinstance(value, str) and DAY.fullmatch(value) else ""
