"""Full text: sentences that claims and entries stand in, titles of articles, names of actors and persons.

The words stand in an index of SQLite (FTS5) without the texts: these come from the store. A row's number begins with the day of its
article, so that the newest come first without sorting, and a page begins where the last one ended. The index only ever grows; what it finds
counts only where the store, at the pin that is asked for, has that very coding of the article. So it serves every state of the store.
"""

from __future__ import annotations

import re
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from ..errors import RequestError
from ..knowledge import Knowledge
from ..knowledge.names import fold
from ..relations.parties import number
from .reading import Reading
from .shelf import Folder

_WORD = re.compile(r'"([^"]*)"|(\S+)')
_TOKEN = re.compile(r"\w+")
_SHIFT = 1 << 24  # rows of one day
_BEGIN = 400_000  # days from 1970 back, so that all are counted from 1 on
TITLE = -1
_SCHEMA = """
CREATE VIRTUAL TABLE IF NOT EXISTS words USING fts5(text, content='', detail=full, tokenize="unicode61 remove_diacritics 2");
CREATE TABLE IF NOT EXISTS spots(id INTEGER PRIMARY KEY, article TEXT NOT NULL, batch TEXT NOT NULL, sentence INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS marks(store TEXT PRIMARY KEY, moment INTEGER NOT NULL);
"""
_NEW = """
SELECT article, batch, sentence_index AS sentence, any_value(sentence) AS text, any_value(published) AS day FROM (
  SELECT article, batch, sentence_index, sentence, published FROM claims WHERE epoch_us(recorded) > {mark}
  UNION ALL SELECT article, batch, sentence_index, sentence, published FROM entries WHERE epoch_us(recorded) > {mark}
) GROUP BY ALL HAVING text IS NOT NULL
UNION ALL SELECT id, batch, -1, title, published FROM articles WHERE epoch_us(recorded) > {mark} AND title IS NOT NULL
ORDER BY day, article, sentence
"""


@dataclass(frozen=True, slots=True)
class Spot:
    """A sentence that was found (`sentence`: its number, TITLE for a title). `row` orders spots: the later the newer."""

    row: int
    article: str
    batch: str
    sentence: int


@dataclass(frozen=True, slots=True)
class Terms:
    """What is looked for: phrases of folded words; a phrase's last word may be only begun."""

    phrases: tuple[tuple[tuple[str, ...], bool], ...]

    @classmethod
    def parse(cls, text: str) -> Terms:
        """Reads words, "phrases" and beginnings*; all of them must be there. Raises RequestError where there is no word."""
        found = []
        for phrase, word in _WORD.findall(text)[:20]:
            words = tuple(_TOKEN.findall(fold(phrase or word).lower()))
            if words:
                found.append((words, (phrase or word).endswith("*")))
        if not found:
            raise RequestError(400, "bad_value", "q: no word to look for", 'give words, "a phrase", or a beginning*')
        return cls(tuple(found))

    def match(self) -> str:
        """As FTS5 writes it. Only letters and digits come into it, each phrase between quotation marks."""
        return " AND ".join(f'"{" ".join(words)}"{" *" if begun else ""}' for words, begun in self.phrases)

    def marks(self, text: str) -> list[tuple[int, int]]:
        """Where the words stand in a text, as offsets."""
        tokens = [(hit.group(), hit.start(), hit.end()) for hit in _TOKEN.finditer(fold(text).lower())]
        found = set()
        for words, begun in self.phrases:
            for place in range(len(tokens) - len(words) + 1):
                here = [token for token, _, _ in tokens[place : place + len(words)]]
                if here[:-1] == list(words[:-1]) and (here[-1].startswith(words[-1]) if begun else here[-1] == words[-1]):
                    found.add((tokens[place][1], tokens[place + len(words) - 1][2]))
        return sorted(found)


class Index:
    """The index of one server. `file`: where it is kept; without one in a temporary folder, made anew at every start."""

    def __init__(self, file: Path | None) -> None:
        self._folder = None if file else Folder("detente-search-")
        self._file = self._folder.path / "search.sqlite" if self._folder else file
        self._lock, self._mark = threading.Lock(), 0
        self._names: Names | None = None
        with closing(self._connect()) as con:
            con.executescript(_SCHEMA)

    def close(self) -> None:
        """Removes what was only for now."""
        if self._folder is not None:
            self._folder.remove()

    def names(self, knowledge: Knowledge) -> Names:
        """Names of the knowledge."""
        if self._names is None:
            self._names = Names(knowledge)
        return self._names

    def sync(self, reading: Reading, wait: float = 5.0) -> None:
        """Takes in what a reading shows and the index lacks. Raises RequestError where another thread is at it for long."""
        if self._mark >= reading.held.articles:
            return
        if not self._lock.acquire(timeout=wait):
            raise RequestError(503, "indexing", "the index of the search is being made", "try again in 5 seconds")
        try:
            if self._mark < reading.held.articles:
                self._take_in(reading)
        finally:
            self._lock.release()

    def find(self, terms: Terms, span: tuple[date | None, date | None], before: int | None, limit: int) -> list[Spot]:
        """Spots that hold all terms, the newest first, within a span of days of publication and before a row."""
        low = _row(span[0]) if span[0] else 0
        high = _row(span[1]) + _SHIFT if span[1] else 1 << 62
        high = min(high, before) if before is not None else high
        query = "SELECT rowid FROM words WHERE words MATCH ? AND rowid >= ? AND rowid < ? ORDER BY rowid DESC LIMIT ?"
        with closing(self._connect()) as con:
            rows = [row for (row,) in con.execute(query, (terms.match(), low, high, limit))]
            marks = ", ".join("?" * len(rows))
            found = con.execute(f"SELECT id, article, batch, sentence FROM spots WHERE id IN ({marks})", rows)
            spots = {spot[0]: Spot(*spot) for spot in found}
        return [spots[row] for row in rows if row in spots]

    def _connect(self) -> sqlite3.Connection:
        con = sqlite3.connect(self._file, timeout=30, isolation_level=None)
        con.execute("PRAGMA journal_mode = WAL")
        con.execute("PRAGMA synchronous = OFF" if self._folder else "PRAGMA synchronous = NORMAL")
        return con

    def _take_in(self, reading: Reading) -> None:
        store = str(reading)
        with closing(self._connect()) as con:
            con.execute("BEGIN IMMEDIATE")
            known = con.execute("SELECT moment FROM marks WHERE store = ?", (store,)).fetchone()
            mark = known[0] if known else 0
            if not known:  # the file of another store, or a new one
                con.executescript("INSERT INTO words(words) VALUES ('delete-all'); DELETE FROM spots; DELETE FROM marks;")
                con.execute("BEGIN IMMEDIATE")
            if mark < reading.held.articles:
                for rows in _numbered(reading, mark, con):
                    con.executemany("INSERT INTO spots VALUES (?, ?, ?, ?)", [row[:4] for row in rows])
                    con.executemany("INSERT INTO words(rowid, text) VALUES (?, ?)", [(row[0], row[4]) for row in rows])
                mark = reading.held.articles
                con.execute("INSERT OR REPLACE INTO marks VALUES (?, ?)", (store, mark))
            con.execute("COMMIT")
        self._mark = mark


def _row(day: date | None) -> int:
    return (number(day) + _BEGIN) * _SHIFT if day else 0


def _numbered(reading: Reading, mark: int, con: sqlite3.Connection) -> Iterator[list[tuple[int, str, str, int, str]]]:
    """New spots with their rows: after those of the same day that are there."""
    found = reading.ask(_NEW.format(mark=mark))
    day, following = None, 0
    for batch in found.to_batches(max_chunksize=20_000):
        rows: list[tuple[int, str, str, int, str]] = []
        for article, own, sentence, text, told in zip(*(column.to_pylist() for column in batch.columns), strict=True):
            if told != day or not following:
                day, first = told, _row(told)
                last = con.execute("SELECT max(id) FROM spots WHERE id >= ? AND id < ?", (first, first + _SHIFT)).fetchone()[0]
                following = max(last or first, rows[-1][0] if rows and rows[-1][0] < first + _SHIFT and rows[-1][0] >= first else 0) + 1
            rows.append((following, article, own, sentence, text))
            following += 1
        yield rows


class Names:
    """Names of actors and office holders as words, made once."""

    def __init__(self, knowledge: Knowledge) -> None:
        registry = knowledge.registry
        self._actors = [
            ({"id": actor.id, "name": actor.name, "kind": actor.kind}, [(name, _words(name)) for name in
             dict.fromkeys((actor.name, *registry.names_of(actor.id), actor.id))]) for actor in registry.actors.values()
        ]
        self._people = [
            ({"person": term.person, "actor": actor, "role": term.role, "since": term.valid_from, "until": term.valid_to}, _words(term.person))
            for actor in registry.actors for term in registry.offices(actor)
        ]

    def find(self, terms: Terms, limit: int = 20) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        """Actors and office holders whose names hold all terms: those whose own name it is first."""
        words = [f" {word}" for phrase, _ in terms.phrases for word in phrase]
        whole = "".join(words)
        found: list[tuple[tuple[bool, int, str], dict[str, Any]]] = []
        for told, names in self._actors:
            fits = [(name, own) for name, own in names if all(word in own for word in words)]
            if fits:
                exact = any(own == whole for _, own in fits)
                found.append(((not exact, len(fits[0][0]), told["id"]), {**told, "matched": fits[0][0]}))
        people = [told for told, own in self._people if all(word in own for word in words)]
        return [told for _, told in sorted(found, key=lambda pair: pair[0])[:limit]], people[:limit]


def _words(name: str) -> str:
    """Folded words, each after a space."""
    return "".join(f" {word}" for word in _TOKEN.findall(fold(name).lower()))
