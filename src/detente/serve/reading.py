"""A store held still for one thread: one connection that stays open, so that a question costs only itself."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, Literal, Self, TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ..errors import StoreError
from ..relations.named import SQL, Named
from ..store.adding import schema_of
from ..store.pins import Pin
from ..store.plain import records
from ..store.reader import Session, named_in, select
from ..tables import CLAIMS, EVENTS, FACTS, PAIRS, TABLES
from ..world import World
from .cards import KEPT
from .ranks import Ranks
from .shelf import PARTIES, Shelf

T = TypeVar("T")
SEEN = tuple(name for name in TABLES if name not in {"sketches", "blocks"})
# A query for the rows of some keys: `cards` answer it where they hold its table by that key.
_BY_KEY = re.compile(
    r"""\s*SELECT\s+(\*|[\w\s,"]+?)\s+FROM\s+"?(\w+)"?\s+WHERE\s+(\w+)\s*"""
    r"""(?:=\s*\?|IN\s*\(\s*SELECT\s+unnest\(\?\)\s*\))\s*""", re.IGNORECASE,
)


@lru_cache(1000)
def by_key(query: str) -> tuple[str, tuple[str, ...]] | None:
    """Which of the cards hold the answer to a query for the rows of some keys, and its columns; None for any other query."""
    found = _BY_KEY.fullmatch(query)
    if not found:
        return None
    told, name, key = found.groups()
    kind = KEPT.get(name)
    if kind is None or kind.key != key:
        return None
    columns = tuple(TABLES[name].names) if told == "*" else tuple(part.strip().strip('"') for part in told.split(","))
    return (name, columns) if set(columns) <= set(kind.columns) else None


def _as(rows: pa.Table, schema: pa.Schema) -> pa.Table:
    """Rows with the types of a table; those of the copy have them already."""
    return rows if rows.schema.equals(schema) else rows.cast(schema)


def _facts(rows: pa.Table) -> pa.Table:
    return _as(rows, pa.schema([FACTS.field(column) for column in rows.schema.names]))


class Reading(World):
    """A world at a pin with an open connection. Made by `Reading.open(uri).hold_at(pin, …)`; serves one thread, `stop` aside."""

    _pin: Pin | None = None
    _asks: Session | Shelf | None = None
    shared: dict[str, Any]  # what all readings of a pin hold in common
    own: dict[Any, Any]  # what was worked out in this one, for later questions

    def hold_at(self, pin: Pin, shelf: Shelf | None, shared: dict[str, Any]) -> Self:
        """The same store as a pin saw it, read from the shelf where one is given. Raises StoreError where that is gone."""
        still = self.pinned(pin)
        still.shared, still.own = shared, {}
        still._pin = pin
        still._asks = shelf.twin() if shelf else still.session(SEEN)
        return still

    @property
    def held(self) -> Pin:
        """At what it is held. Raises StoreError where it is not."""
        if self._pin is None:
            raise StoreError(f"{self}: not held at any pin", "call `hold_at` first")
        return self._pin

    @property
    def is_shelved(self) -> bool:
        """Whether it reads the sorted copy."""
        return isinstance(self._asks, Shelf)

    @property
    def claim_parties(self) -> str | None:
        """The column of claims that holds their parties ready, where there is one."""
        return PARTIES if self.is_shelved else None

    @property
    def version(self) -> int:
        """Version of the articles, of the pin where it is held at one."""
        return self._pin.version if self._pin else super().version

    def ask(self, query: str, values: Sequence[Any] = ()) -> pa.Table:
        """The answer to one of our own SELECTs, with values for its question marks."""
        return self._open().ask(query, values=values)

    def rows(self, query: str, values: Sequence[Any] = ()) -> list[dict[str, Any]]:
        """The same as records. Rows of some keys (`… WHERE id = ?`) come from the cards, without a query."""
        held = by_key(query) if isinstance(self._asks, Shelf) and len(values) == 1 else None
        if held is not None and isinstance(self._asks, Shelf):
            keys = [values[0]] if isinstance(values[0], str) else sorted({key for key in values[0] if key is not None})
            return self._asks.cards.of(held[0], keys, held[1])
        return records(self.ask(query, values))

    def by(self, name: str, key: str) -> list[dict[str, Any]]:
        """The rows of one of the tables of `cards` by its key there, in any order."""
        if isinstance(self._asks, Shelf):
            return self._asks.cards.of(name, [key])
        return self.rows(f'SELECT {KEPT[name].chosen} FROM "{name}" WHERE {KEPT[name].key} = ?', [key])

    def by_each(self, name: str, keys: Iterable[str]) -> list[dict[str, Any]]:
        """The same for several keys, in their order."""
        wanted = list(dict.fromkeys(keys))
        if isinstance(self._asks, Shelf):
            return self._asks.cards.of(name, wanted)
        place = {key: number for number, key in enumerate(wanted)}
        own = KEPT[name].key
        rows = self.rows(f'SELECT {KEPT[name].chosen} FROM "{name}" WHERE {own} IN (SELECT unnest(?))', [wanted]) if wanted else []
        return sorted(rows, key=lambda row: place[row[own]])

    def pair(self, source: str, target: str) -> pa.Table | None:
        """Rows of PAIRS of one ordered pair of parties; None where only a query finds them."""
        if not isinstance(self._asks, Shelf):
            return None
        return _as(self._asks.cards.table("pairs", [f"{source}|{target}"]), PAIRS)

    def facts_of(self, parties: Sequence[str]) -> pa.Table | None:
        """Rows of FACTS that concern any of some parties, each once; None where only a query finds them."""
        if not isinstance(self._asks, Shelf):
            return None
        found = self._asks.cards.table("facts of", sorted(set(parties)))
        first = np.unique(found["id"].to_numpy(zero_copy_only=False).astype(str), return_index=True)[1]
        return _as(found.take(pa.array(first, pa.int64())), FACTS)

    def agreements_of(self, a: str, b: str) -> pa.Table | None:
        """Rows of FACTS on agreements that concern both of two parties, as the ledger needs them; None where only a query finds them."""
        if not isinstance(self._asks, Shelf) or a == b:
            return None
        return _facts(self._asks.cards.table("agreements", ["|".join(sorted((a, b)))], KEPT["agreements"].columns))

    def facts_held(self, ledger: Literal["stances", "memberships"], parties: Sequence[str]) -> pa.Table | None:
        """Rows of FACTS of one ledger whose holder is one of some parties, as the ledger needs them; None where only a query finds them."""
        if not isinstance(self._asks, Shelf):
            return None
        return _facts(self._asks.cards.table(ledger, sorted(set(parties)), KEPT[ledger].columns))

    def events_of(self, ids: Iterable[str], columns: Sequence[str] = EVENTS.names) -> pa.Table | None:
        """Rows of EVENTS with some ids, in order of day and id; None where only a query finds them. `columns`: date and id among them."""
        if not isinstance(self._asks, Shelf):
            return None
        found = self._asks.cards.table("events", sorted(set(ids)), columns)
        found = found.take(pc.sort_indices(found, [("date", "ascending"), ("id", "ascending")]))
        return _as(found, pa.schema([EVENTS.field(column) for column in columns]))

    def events_by(self, ids: Iterable[str]) -> pa.Table | None:
        """Rows of EVENTS in the order of their ids; None where only a query finds them."""
        return _as(self._asks.cards.table("events", ids), EVENTS) if isinstance(self._asks, Shelf) else None

    def claims_by(self, ids: Iterable[str], columns: Sequence[str]) -> pa.Table | None:
        """Some columns of CLAIMS in the order of their ids; None where only a query finds them."""
        if not isinstance(self._asks, Shelf):
            return None
        wanted, cards = list(ids), self._asks.cards
        own, rest = cards.table("claims", wanted), cards.table("reasons", wanted)
        parts = {name: rest[name] if name in KEPT["reasons"].columns[1:] else own[name] for name in columns}
        return pa.table(parts).cast(pa.schema([CLAIMS.field(name) for name in columns]))

    def ranks(self, name: str) -> Ranks | None:
        """Rows of events or claims in order, by party; None where only a query finds them."""
        return self._asks.ranks[name] if isinstance(self._asks, Shelf) else None

    def named(self) -> Named:
        """As `World.named`."""
        return self._asks.named if isinstance(self._asks, Shelf) else self.common("named", lambda: Named.of(self.ask(SQL)))

    def common(self, name: str, make: Callable[[], T]) -> T:
        """Something costly that is the same for all readings of this pin, made once. Two threads may make it at once: both are right."""
        if name not in self.shared:
            self.shared[name] = make()
        found: T = self.shared[name]
        return found

    def table(self, name: str, columns: Sequence[str] | None = None, where: str | Mapping[str, Any] | None = None) -> pa.Table:
        """As `Store.table`."""
        query, given = select(name, columns, where)
        return self._open().ask(query, given).cast(schema_of(name, columns))

    def sql(self, query: str) -> pa.Table:
        """As `Store.sql`, over the tables that are seen here."""
        if unseen := set(named_in(query)) - set(SEEN):
            raise StoreError(f"not seen here: {sorted(unseen)[0]}", f"known: {', '.join(SEEN)}")
        return self.ask(query)

    def stop(self) -> None:
        """Breaks off what is being asked; may be called from any thread."""
        if self._asks is not None:
            self._asks.interrupt()

    def close(self) -> None:
        """Closes the connection."""
        if self._asks is not None:
            self._asks.close()
        self._asks = None
        super().close()

    def _open(self) -> Session | Shelf:
        if self._asks is None:
            raise StoreError(f"{self}: this reading is closed", "hold it anew")
        return self._asks


class Job:
    """One piece of work in a thread, which may be told to stop while it lasts."""

    def __init__(self) -> None:
        self._lock, self._stopped = threading.Lock(), False
        self._reading: Reading | None = None

    def begin(self, reading: Reading) -> bool:
        """Notes what is read; False if nobody waits for the work any more."""
        with self._lock:
            self._reading = reading
            return not self._stopped

    def end(self) -> None:
        """Notes that the work is done, so that the next one is not stopped in its place."""
        with self._lock:
            self._reading = None

    def stop(self) -> None:
        """Breaks the work off."""
        with self._lock:
            self._stopped = True
            if self._reading is not None:
                self._reading.stop()
