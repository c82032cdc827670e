"""Store chats on disk; each belongs to one browser and one corpus, and is kept until it is deleted."""

import json
import re
import sqlite3
import threading
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qa.errors import QAError
from qa.history.turn import Turn, turn_from_dict, without_excerpts
from qa.paths import chats_file, home_of
from qa.store.corpus import Corpus
from qa.store.queries import utc_now
from qa.store.schema import transaction, translated_errors

MAX_SHOWN_TURNS = 100
"""Latest turns of a chat that are shown; older ones stay on disk."""

MAX_LISTED_CHATS = 200
"""Chats in a list, the latest first."""

MAX_NAME_CHARS, MAX_REMARK_CHARS = 80, 2_000

TOKEN = re.compile(r"[0-9a-f]{32}")
"""The identifier of a browser or a chat: 128 random bits, which nobody can guess."""

SCHEMA = """
CREATE TABLE IF NOT EXISTS conversations (
    key INTEGER PRIMARY KEY AUTOINCREMENT, corpus TEXT NOT NULL, browser TEXT NOT NULL, id TEXT NOT NULL,
    name TEXT NOT NULL, at TEXT NOT NULL, UNIQUE (corpus, browser, id)
);
CREATE TABLE IF NOT EXISTS turns (
    conversation INTEGER NOT NULL REFERENCES conversations(key) ON DELETE CASCADE, place INTEGER NOT NULL,
    turn TEXT NOT NULL, rating INTEGER NOT NULL, remark TEXT NOT NULL, at TEXT NOT NULL,
    PRIMARY KEY (conversation, place)
) WITHOUT ROWID;
"""

OTHER_VERSION = "Another version of this program answered this; ask again."


@dataclass(frozen=True, slots=True)
class ChatKey:
    """The key of a chat; both parts come from the browser and are checked.

    Raises:
        QAError: a part is not a TOKEN.
    """

    browser: str
    id: str

    def __post_init__(self) -> None:
        if not TOKEN.fullmatch(self.browser) or not TOKEN.fullmatch(self.id):
            raise QAError("the browser sent no valid identifier; reload the page")


@dataclass(frozen=True, slots=True)
class ChatSummary:
    """A chat in a list."""

    id: str
    name: str
    turns: int
    at: str
    """Time of the last turn, in UTC."""


class ChatStore:
    """The chats about one corpus; may be used from several threads and processes."""

    def __init__(self, folder: Path, corpus: str) -> None:
        """Open the database in `folder`, or create it; `corpus` is the name of the corpus.

        Raises:
            CorpusError, DamagedCorpus: the database cannot be used.
        """
        self._corpus = corpus
        self._path = chats_file(folder)
        self._lock = threading.RLock()
        folder.mkdir(parents=True, exist_ok=True)
        with translated_errors(self._path):
            self._database = sqlite3.connect(self._path, timeout=60, isolation_level=None, check_same_thread=False)
            for pragma in ("journal_mode = WAL", "foreign_keys = ON", "secure_delete = ON"):
                self._database.execute(f"PRAGMA {pragma}")
            self._database.executescript(SCHEMA)

    @classmethod
    def for_corpus(cls, corpus: Corpus) -> "ChatStore":
        """Open the chats about a corpus, in the data folder that the corpus is in."""
        return cls(home_of(corpus.folder), corpus.folder.name)

    def close(self) -> None:
        """Close the database."""
        self._database.close()

    def list_chats(self, browser: str) -> list[ChatSummary]:
        """Return a browser's chats, the latest first."""
        rows = self._rows(
            "SELECT id, name, (SELECT count(*) FROM turns WHERE conversation = key), at FROM conversations "
            "WHERE corpus = ? AND browser = ? ORDER BY at DESC, key DESC LIMIT ?",
            self._corpus, browser, MAX_LISTED_CHATS,
        )  # fmt: skip
        return [ChatSummary(*row) for row in rows]

    def turns(self, key: ChatKey) -> list[Turn]:
        """Return the latest MAX_SHOWN_TURNS turns, oldest first; none if there is no such chat."""
        return [_turn(*row[1:]) for row in self._latest(key)]

    def name(self, key: ChatKey) -> str:
        """Return the name of a chat; empty if there is no such chat."""
        rows = self._rows("SELECT name FROM conversations WHERE key = ?", self._row_key(key))
        return str(rows[0][0]) if rows else ""

    def add(self, key: ChatKey, turn: Turn) -> None:
        """Append a turn to a chat; if the chat is new, start it and name it after the question."""
        with self._changing():
            at, name = utc_now(), turn.question.strip()[:MAX_NAME_CHARS]
            self._database.execute(
                "INSERT INTO conversations (corpus, browser, id, name, at) VALUES (?, ?, ?, ?, ?) "
                "ON CONFLICT DO UPDATE SET at = excluded.at",
                (self._corpus, key.browser, key.id, name, at),
            )
            chat = self._row_key(key)
            self._database.execute(
                "INSERT INTO turns SELECT ?, coalesce(max(place), -1) + 1, ?, 0, '', ? FROM turns "
                "WHERE conversation = ?",
                (chat, json.dumps(turn.to_dict()), at, chat),
            )

    def rename(self, key: ChatKey, name: str) -> None:
        """Rename a chat; an empty name changes nothing."""
        if name := " ".join(name.split())[:MAX_NAME_CHARS]:
            with self._changing():
                self._database.execute("UPDATE conversations SET name = ? WHERE key = ?", (name, self._row_key(key)))

    def delete(self, key: ChatKey) -> None:
        """Delete a chat with its turns and ratings; what is deleted is overwritten on disk."""
        with self._changing():
            self._database.execute("DELETE FROM conversations WHERE key = ?", (self._row_key(key),))
        with self._lock:
            self._database.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def rate(self, key: ChatKey, place: int, rating: int, remark: str) -> None:
        """Rate the turn at `place` of `turns` with a remark: 1 is thumbs up, -1 thumbs down, 0 neither."""
        with self._changing():
            latest = self._latest(key)
            if 0 <= place < len(latest) and rating in (-1, 0, 1):
                self._database.execute(
                    "UPDATE turns SET rating = ?, remark = ? WHERE conversation = ? AND place = ?",
                    (rating, remark.strip()[:MAX_REMARK_CHARS], self._row_key(key), latest[place][0]),
                )

    def remove_excerpts(self, documents: Collection[str]) -> int:
        """Erase what this corpus's chats quote from documents, by id; return the number of turns changed."""
        changed: list[tuple[str, int, int]] = []
        query = "SELECT turn, conversation, place FROM turns JOIN conversations ON key = conversation WHERE corpus = ?"
        with self._changing():
            for written, conversation, place in self._rows(query, self._corpus):
                data = json.loads(written)
                if (without := without_excerpts(data, documents)) != data:
                    changed.append((json.dumps(without), conversation, place))
            self._database.executemany("UPDATE turns SET turn = ? WHERE conversation = ? AND place = ?", changed)
        with self._lock, translated_errors(self._path):
            self._database.execute("VACUUM")
            self._database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return len(changed)

    def files(self) -> list[Path]:
        """Return the database's files."""
        return sorted(file for file in self._path.parent.glob(f"{self._path.name}*") if file.is_file())

    def all_chats(self) -> list[list[Turn]]:
        """Return the turns of every browser's chats about this corpus, for `qa eval --from-feedback`."""
        keys = self._rows("SELECT browser, id FROM conversations WHERE corpus = ? ORDER BY key", self._corpus)
        return [self.turns(ChatKey(browser, id)) for browser, id in keys]

    def _latest(self, key: ChatKey) -> list[tuple[Any, ...]]:
        rows = self._rows(
            "SELECT place, turn, rating, remark FROM turns WHERE conversation = ? ORDER BY place DESC LIMIT ?",
            self._row_key(key), MAX_SHOWN_TURNS,
        )  # fmt: skip
        return rows[::-1]

    def _row_key(self, key: ChatKey) -> int:
        rows = self._rows(
            "SELECT key FROM conversations WHERE corpus = ? AND browser = ? AND id = ?",
            self._corpus, key.browser, key.id,
        )  # fmt: skip
        return int(rows[0][0]) if rows else -1

    @contextmanager
    def _changing(self) -> Iterator[None]:
        with self._lock, translated_errors(self._path), transaction(self._database):
            yield

    def _rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        with self._lock, translated_errors(self._path):
            return self._database.execute(query, values).fetchall()


def _turn(written: str, rating: int, remark: str) -> Turn:
    data = json.loads(written)
    try:
        return turn_from_dict(data | {"rating": rating, "remark": remark})
    except (TypeError, KeyError, ValueError):
        return Turn(str(data.get("question", "")), problem=OTHER_VERSION)
