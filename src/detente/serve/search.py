"""Full text: all sentences of articles, their titles, names of actors and persons.

The words stand in an index of SQLite (FTS5) without the texts: these come from the store. A row's number begins with the day of its
article, so that the newest come first without sorting, and a page begins where the last one ended. The index only ever grows; what it finds
counts only where the store, at the pin that is asked for, has that very coding of the article. So it serves every state of the store.
Where a server keeps texts back, or a store has none, only the sentences that claims and entries stand in are found.
"""

from __future__ import annotations

import re
import sqlite3
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from itertools import product
from pathlib import Path
from typing import Any

from ..errors import RequestError
from ..knowledge import Knowledge
from ..knowledge.names import fold
from ..relations.parties import number
from .folder import Folder
from .pieces import pieces
from .reading import Reading

_WORD = re.compile(r'"([^"]*)"|(\S+)')
_TOKEN = re.compile(r"\w+")
_SHIFT = 1 << 24  # rows of one day
_BEGIN = 400_000  # days from 1970 back, so that all are counted from 1 on
TITLE = -1
_FORM = 2  # of the index; a kept one of another form is made anew
_SCHEMA = """
CREATE VIRTUAL TABLE IF NOT EXISTS words USING fts5(text, content='', detail=full, tokenize="unicode61 remove_diacritics 2");
CREATE TABLE IF NOT EXISTS spots(id INTEGER PRIMARY KEY, article TEXT NOT NULL, batch TEXT NOT NULL, start INTEGER NOT NULL,
  stop INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS marks(store TEXT PRIMARY KEY, moment INTEGER NOT NULL);
"""
_EMPTY = "DROP TABLE IF EXISTS words; DROP TABLE IF EXISTS spots; DROP TABLE IF EXISTS marks;"
_ARTICLES = """SELECT id, batch, title, published, {text} AS text FROM articles
WHERE epoch_us(recorded) > {mark} AND starts_with(id, 'a_{part}') ORDER BY published, id"""
_CLAIMED = """SELECT article, batch, start, "end", any_value(sentence) AS sentence FROM (
  SELECT article, batch, start, "end", sentence FROM claims WHERE article IN (SELECT unnest(?))
  UNION ALL SELECT article, batch, start, "end", sentence FROM entries WHERE article IN (SELECT unnest(?))
) GROUP BY ALL ORDER BY start"""
_AT_ONCE = 5000  # articles that are read at once
_DIGITS = "0123456789abcdef"


@dataclass(frozen=True, slots=True)
class Spot:
    """A sentence that was found: its offsets, `start` TITLE for a title. `row` orders spots: the later the newer."""

    row: int
    article: str
    batch: str
    start: int
    end: int


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
    """The index of one server. `file`: where it is kept; without one in a temporary folder, made anew at every start. `whole`: of all
    sentences, not only of those that something was read in."""

    def __init__(self, file: Path | None, whole: bool = True) -> None:
        self._whole, self._share = whole, 0.0
        self._folder: Folder | None = None
        self._file: Path = file if file is not None else self._made().path / "search.sqlite"
        self._lock, self._mark = threading.Lock(), 0
        self._names: Names | None = None
        with closing(self._connect()) as con:
            if con.execute("PRAGMA user_version").fetchone()[0] != _FORM:
                con.executescript(f"{_EMPTY} PRAGMA user_version = {_FORM};")
            con.executescript(_SCHEMA)

    @property
    def is_whole(self) -> bool:
        """Whether all sentences are in it, not only those that something was read in."""
        return self._whole

    def _made(self) -> Folder:
        self._folder = Folder("detente-search-")
        return self._folder

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
            done = f"{self._share:.0%} of the articles are in it; " if self._share else ""
            raise RequestError(503, "indexing", "the index of the search is being made", f"{done}try again in 5 seconds")
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
            found = con.execute(f"SELECT id, article, batch, start, stop FROM spots WHERE id IN ({marks})", rows)
            spots = {spot[0]: Spot(*spot) for spot in found}
        return [spots[row] for row in rows if row in spots]

    def _connect(self) -> sqlite3.Connection:
        con = sqlite3.connect(self._file, timeout=30, isolation_level=None)
        con.execute("PRAGMA journal_mode = WAL")
        con.execute("PRAGMA synchronous = OFF" if self._folder else "PRAGMA synchronous = NORMAL")
        return con

    def _take_in(self, reading: Reading) -> None:
        store = f"{reading}{'' if self._whole else ' without texts'}"
        with closing(self._connect()) as con:
            con.execute("BEGIN IMMEDIATE")
            known = con.execute("SELECT moment FROM marks WHERE store = ?", (store,)).fetchone()
            mark = known[0] if known else 0
            if not known:  # the file of another store, or a new one
                con.executescript("INSERT INTO words(words) VALUES ('delete-all'); DELETE FROM spots; DELETE FROM marks;")
                con.execute("BEGIN IMMEDIATE")
            if mark < reading.held.articles:
                for rows in self._numbered(reading, mark, con):
                    con.executemany("INSERT INTO spots VALUES (?, ?, ?, ?, ?)", [row[:5] for row in rows])
                    con.executemany("INSERT INTO words(rowid, text) VALUES (?, ?)", [(row[0], row[5]) for row in rows])
                mark = reading.held.articles
                con.execute("INSERT OR REPLACE INTO marks VALUES (?, ?)", (store, mark))
            con.execute("COMMIT")
        self._mark, self._share = mark, 0.0

    def _numbered(self, reading: Reading, mark: int, con: sqlite3.Connection) -> Iterator[list[tuple[int, str, str, int, int, str]]]:
        """New spots with their rows, so many articles at a time: after those of the same day that are there."""
        count = reading.rows(f"SELECT count(*) AS n FROM articles WHERE epoch_us(recorded) > {mark}")[0]["n"]
        places = 0 if count <= _AT_ONCE else 1 if count <= 16 * _AT_ONCE else 2
        parts = ["".join(digits) for digits in product(_DIGITS, repeat=places)]
        for number_, part in enumerate(parts):
            text = "text" if self._whole else "NULL"
            articles = reading.rows(_ARTICLES.format(text=text, mark=mark, part=part))
            rows: list[tuple[int, str, str, int, int, str]] = []
            day, following = None, 0
            for told, article, batch, start, end, words in _spots(reading, articles):
                if told != day or not following:
                    day, first = told, _row(told)
                    last = con.execute("SELECT max(id) FROM spots WHERE id >= ? AND id < ?", (first, first + _SHIFT)).fetchone()[0]
                    following = (last or first) + 1
                rows.append((following, article, batch, start, end, words))
                following += 1
            self._share = number_ / len(parts)
            yield rows


def _spots(reading: Reading, articles: Sequence[Mapping[str, Any]]) -> Iterator[tuple[date | None, str, str, int, int, str]]:
    """Titles and sentences of articles, in the order of their days."""
    bare = [row["id"] for row in articles if not row["text"]]
    claimed: dict[tuple[str, str], list[tuple[int, int, str]]] = {}
    for row in reading.rows(_CLAIMED, [bare, bare]) if bare else ():
        if row["sentence"]:
            claimed.setdefault((row["article"], row["batch"]), []).append((row["start"], row["end"], row["sentence"]))
    for article in articles:
        own = (article["published"], article["id"], article["batch"])
        if article["title"]:
            yield *own, TITLE, TITLE, article["title"]
        if article["text"]:
            for start, end in pieces(article["text"]):
                yield *own, start, end, article["text"][start:end]
        for start, end, sentence in claimed.get((article["id"], article["batch"]), ()):
            yield *own, start, end, sentence


def _row(day: date | None) -> int:
    return (number(day) + _BEGIN) * _SHIFT if day else 0


class Names:
    """Names of actors and office holders as words, made once."""

    def __init__(self, knowledge: Knowledge) -> None:
        registry = knowledge.registry
        self._actors = [
            (
                {"id": actor.id, "name": actor.name, "kind": actor.kind},
                [(name, _words(name)) for name in dict.fromkeys((actor.name, *registry.names_of(actor.id), actor.id))],
            )
            for actor in registry.actors.values()
        ]
        self._people = [
            (
                {"person": term.person, "actor": actor, "role": term.role, "since": term.valid_from, "until": term.valid_to},
                _words(term.person),
            )
            for actor in registry.actors
            for term in registry.offices(actor)
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
