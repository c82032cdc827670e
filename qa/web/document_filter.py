"""Which documents the chat may use: chosen by day, by publisher and one by one."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from qa.types import Listed, Scope

DAY = re.compile(r"\d{4}-\d\d-\d\d")

MAX_EXCLUDED = 10_000
"""Documents left out one by one that are listened to."""


@dataclass(frozen=True, slots=True)
class DocumentFilter:
    """What was chosen; everything, where nothing was."""

    since: str = ""
    """The first day, as YYYY-MM-DD; with one, documents whose day is not known are left out."""
    until: str = ""
    publisher: str = ""
    excluded: frozenset[str] = frozenset()
    """Ids of documents that are left out one by one."""

    @classmethod
    def from_payload(cls, sent: object) -> "DocumentFilter":
        """From what the page's script sent, in which any shape is possible; what is not understood chooses nothing."""
        given: Mapping[str, Any] = sent if isinstance(sent, dict) else {}
        without = given.get("excluded")
        ids = without[:MAX_EXCLUDED] if isinstance(without, list) else []
        since, until = (_day(given.get(key)) for key in ("since", "until"))
        publisher = given.get("publisher")
        return cls(
            since,
            until,
            publisher if isinstance(publisher, str) else "",
            frozenset(id for id in ids if isinstance(id, str)),
        )

    def matches(self, document: Listed) -> bool:
        """Whether a document is among those chosen by day and publisher."""
        day = document.published or ""
        dated = not (self.since or self.until) or (day and self.since <= day and (not self.until or day <= self.until))
        return bool(dated) and self.publisher in ("", document.publisher)

    def selected_ids(self, documents: Sequence[Listed]) -> Scope:
        """The ids of the chosen documents; None where these are all."""
        chosen = frozenset(one.id for one in documents if one.id not in self.excluded and self.matches(one))
        return None if len(chosen) == len(documents) else chosen


def _day(given: object) -> str:
    return given if isinstance(given, str) and DAY.fullmatch(given) else ""
