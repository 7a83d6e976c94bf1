"""A copy of the store as it is now, sorted by what is asked for, in a temporary folder: an answer in milliseconds.

A store is laid out for adding: one record means looking through all files. Here rows stand in order of their ids, so that DuckDB reads one
group of them; `cards` has them by their keys, `named` who is named where. The copy is only ever read for the very pin that it was made at;
anything else is asked of the store itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import pyarrow as pa

from ..errors import StoreError
from ..relations.named import SQL, Named
from ..store.pins import Pin
from ..store.reader import ALL, Session, duckdb_library
from ..tables import quoted
from .cards import Cards
from .filters import CLAIM_PARTIES
from .folder import Folder
from .ranks import Ranks

if TYPE_CHECKING:
    import duckdb

ORDER = {
    "articles": "id", "claims": "id", "entries": "id", "events": "id", "links": "event, claim", "variants": "event, field", "foreign": "id",
    "pairs": "source, target, date", "facts": "holder, object", "families": "article", "decisions": "made_at", "rejects": "recorded",
    "runs": "recorded",
}


PARTIES = "_parties"  # a column of its own
RANKED = {"events": ("date", "list_distinct(parties)"), "claims": ("published", PARTIES)}  # by which day, and whose they are
_FILE = "shelf.duckdb"


class Shelf:
    """The copy, or (`twin`) a connection to it for one thread. `keeps`: what holds its folder; it goes when the last connection does."""

    def __init__(self, pin: Pin, path: Path, connection: duckdb.DuckDBPyConnection, keeps: object = None) -> None:
        self.pin, self.path, self._con, self._keeps = pin, path, connection, keeps
        self.cards, self.named = Cards(path), Named.load(path)
        self.ranks = {name: Ranks.load(path, f"ranks-{name}") for name in RANKED}

    @classmethod
    def make(cls, pin: Pin, session: Session) -> Shelf:
        """Copies what a session sees at a pin into a folder that goes with it."""
        folder = Folder("detente-shelf-")
        return cls(pin, folder.path, fill(folder.path, session), folder)

    @classmethod
    def open(cls, pin: Pin, path: Path, threads: int) -> Self:
        """The copy that another process made by `fill`, read by so many threads for one question."""
        con = duckdb_library().connect(str(path / _FILE), read_only=True, config={"python_enable_replacements": "false"})
        con.execute(f"SET threads = {threads}")
        return cls(pin, path, _locked(con, path))

    def twin(self) -> Shelf:
        """A connection of its own to the same copy."""
        other = Shelf.__new__(Shelf)
        other.__dict__.update(self.__dict__, _con=self._con.cursor())
        return other

    def ask(self, query: str, given: Mapping[str, pa.Table] | None = None, values: Sequence[Any] = ()) -> pa.Table:
        """The answer to one of our own SELECTs; see `Session.ask`. Raises StoreError."""
        for name, table in (given or {}).items():
            self._con.register(name, table)
        try:
            return (self._con.sql(query, params=list(values)) if values else self._con.sql(query)).to_arrow_table()
        except duckdb_library().Error as error:
            raise StoreError(str(error).strip(), "the question is one that the server put wrongly, or it was broken off") from error

    def interrupt(self) -> None:
        """Breaks off what is being asked, from another thread."""
        self._con.interrupt()

    def close(self) -> None:
        """Closes this connection."""
        self._con.close()


def fill(path: Path, session: Session) -> duckdb.DuckDBPyConnection:
    """Copies what a session sees into a folder; gives the connection that did."""
    con = duckdb_library().connect(str(path / _FILE), config={"python_enable_replacements": "false"})
    con.execute("SET TimeZone = 'UTC'")
    con.execute("SET enable_progress_bar = false")
    con.execute(f"SET temp_directory = {quoted(str(path / 'spill'))}")
    for name, order in ORDER.items():
        more = f", {CLAIM_PARTIES} AS {PARTIES}" if name == "claims" else ""
        con.register("_rows", session.batches(f'SELECT *{more} FROM "{name}" ORDER BY {order}'))
        con.execute(f'CREATE TABLE "{name}" AS SELECT * FROM _rows')
        con.unregister("_rows")
    con.execute('CREATE VIEW imported AS SELECT * FROM "foreign"')
    con.execute(f'CREATE VIEW {ALL} AS SELECT * FROM events UNION ALL SELECT * FROM "foreign"')
    con.execute("CHECKPOINT")
    Cards.make(path, lambda query, rows: con.sql(query).to_arrow_reader(rows))
    Named.of(con.sql(SQL).to_arrow_table()).save(path)
    for name, (day, parties) in RANKED.items():
        rows = con.sql(f'SELECT id, {day} AS day, {parties} AS parties FROM "{name}" ORDER BY {day} NULLS FIRST, id')
        Ranks.of(rows.to_arrow_table()).save(path, f"ranks-{name}")
    return _locked(con, path)


def _locked(con: duckdb.DuckDBPyConnection, path: Path) -> duckdb.DuckDBPyConnection:
    """Nothing but the copy can be read from here on."""
    con.execute("SET TimeZone = 'UTC'")
    con.execute("SET enable_progress_bar = false")
    con.execute(f"SET temp_directory = {quoted(str(path / 'spill'))}")
    con.execute("SET enable_external_access = false")
    con.execute("SET lock_configuration = true")
    return con
