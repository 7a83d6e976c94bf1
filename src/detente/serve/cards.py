"""Records by their key, in Arrow files that are mapped into memory: one record costs a search by halves and no query.

Measured with a million claims: an event with all that it rests on takes 3 ms of processor time so; by seven queries of DuckDB 26 ms even in
a small store, most of it for planning over wide nested rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.ipc

from ..relations.agreements import COLUMNS as AGREEMENTS
from ..relations.memberships import COLUMNS as MEMBERSHIPS
from ..relations.stances import COLUMNS as STANCES
from ..store.plain import records
from ..tables import CLAIMS, EVENTS, FACTS, FAMILIES, LINKS, PAIRS, VARIANTS


@dataclass(frozen=True, slots=True)
class Kind:
    """What is kept of a table: its `columns`, by a `key` that is a column or is `made` by SQL. `table`: where it is not named so.
    `sorted`: the copy has the rows in order of the key already. `more`: keys that a row has, as SQL for a list; it is kept under each.
    `only`: which rows, as SQL. `then`: the order of the rows of one key, where it matters."""

    key: str
    columns: tuple[str, ...]
    table: str = ""
    made: str = ""
    more: str = ""
    sorted: bool = False
    only: str = ""
    then: str = ""

    @property
    def chosen(self) -> str:
        """The columns as SQL."""
        return ", ".join(f'"{column}"' for column in self.columns)

    def sql(self, name: str) -> str:
        """The query for the rows in order of their keys."""
        made = f"unnest({self.more})" if self.more else self.made
        order = "" if self.sorted else f" ORDER BY {self.key}{f', {self.then}' if self.then else ''}"
        where = f" WHERE {self.only}" if self.only else ""
        return f'SELECT {self.chosen}{f", {made} AS {self.key}" if made else ""} FROM "{self.table or name}"{where}{order}'


def _without(names: Sequence[str], *left_out: str) -> tuple[str, ...]:
    return tuple(name for name in names if name not in left_out)


_PARTIES = "list_distinct([holder, object] || coalesce(parties, []))"
# Reasons of claims are by far the longest, and most answers do without: they lie apart.
CLAIM_COLUMNS = _without(CLAIMS.names, "batch", "why", "recorded", "knowledge", "detente", "file")
KEPT = {
    "events": Kind("id", tuple(EVENTS.names), sorted=True),
    "variants": Kind("event", tuple(VARIANTS.names), sorted=True),
    "links": Kind("event", tuple(LINKS.names), sorted=True),
    "claims": Kind("id", CLAIM_COLUMNS, sorted=True),
    "reasons": Kind("id", ("id", "why", "recorded", "knowledge", "detente", "file"), "claims", sorted=True),
    "articles": Kind("id", ("id", "title", "publisher", "url", "published"), sorted=True),
    "families": Kind("article", _without(FAMILIES.names, "keys", "source"), sorted=True),
    "pairs": Kind("pair", tuple(PAIRS.names), made="source || '|' || target"),
    "facts": Kind("id", tuple(FACTS.names)),
    "facts of": Kind("party", tuple(FACTS.names), "facts", more=_PARTIES),
    # What the ledgers of two parties are worked out from: of two that are much in the news it is a hundredth of what concerns either.
    "agreements": Kind("pair", AGREEMENTS, "facts", only="ledger = 'agreement'", then="id",
                       more=f"flatten([[one || '|' || other for other in {_PARTIES} if other > one] for one in {_PARTIES}])"),
    "stances": Kind("holder", STANCES, "facts", only="ledger = 'stance'", then="id"),
    "memberships": Kind("holder", MEMBERSHIPS, "facts", only="ledger = 'member'", then="id"),
}
_ROWS = 20_000  # of one batch
_TAKEN = 250  # rows from which on they are taken batch by batch, which costs milliseconds for each batch
Places = npt.NDArray[np.int64]


class Cards:
    """Tables of a folder, each sorted by its key; all keys of a table stand in one array beside it."""

    def __init__(self, folder: Path) -> None:
        self._batches: dict[str, list[pa.RecordBatch]] = {}
        self._starts: dict[str, npt.NDArray[np.int64]] = {}
        self._keys: dict[str, npt.NDArray[np.bytes_]] = {}
        self._empty: dict[str, pa.Table] = {}
        for name, kind in KEPT.items():
            reader = pa.ipc.open_file(pa.memory_map(str(folder / f"{name}.arrow")))
            self._batches[name] = [reader.get_batch(n).select(kind.columns) for n in range(reader.num_record_batches)]
            self._starts[name] = np.cumsum([0, *(batch.num_rows for batch in self._batches[name])])
            self._keys[name] = np.load(folder / f"{name}.npy", mmap_mode="r")
            self._empty[name] = pa.table([pa.array([], reader.schema.field(column).type) for column in kind.columns], list(kind.columns))

    @classmethod
    def make(cls, folder: Path, rows: Callable[[str, int], pa.RecordBatchReader]) -> Cards:
        """Writes tables into a folder. `rows`: gives the rows of a query, so many at a time."""
        for name, kind in KEPT.items():
            found = rows(kind.sql(name), _ROWS)
            keys = [np.zeros(0, np.bytes_)]
            with pa.OSFile(str(folder / f"{name}.arrow"), "wb") as sink, pa.ipc.new_file(sink, found.schema) as writer:
                for batch in found:
                    writer.write_batch(batch)
                    column = batch.column(kind.key).cast(pa.binary())
                    keys.append(column.to_numpy(zero_copy_only=False).astype(np.bytes_))
            np.save(folder / f"{name}.npy", np.concatenate(keys))
        return cls(folder)

    def of(self, name: str, keys: Iterable[str], columns: Sequence[str] = ()) -> list[dict[str, Any]]:
        """All rows of a table with these keys, in the order of the keys; some columns, or those that are kept."""
        return records(self.table(name, keys, columns))

    def table(
        self, name: str, keys: Iterable[str], columns: Sequence[str] = (), only: Callable[[pa.RecordBatch], pa.BooleanArray] | None = None,
    ) -> pa.Table:
        """The same as a table of Arrow. `only`: which rows of a part count; the others are never copied."""
        parts = self._parts(name, list(keys), () if only else columns)
        if only is not None:
            parts = [part.filter(only(part)) for part in parts]
            parts = [part.select(columns) for part in parts] if columns else parts
        if len(parts) < 2:
            return pa.Table.from_batches(parts) if parts else self._empty[name].select(columns) if columns else self._empty[name]
        return pa.Table.from_batches(parts).combine_chunks()

    def _parts(self, name: str, keys: list[str], columns: Sequence[str]) -> list[pa.RecordBatch]:
        """The rows with some keys as they lie in the file, those that lie together in one part."""
        wanted = np.array([key.encode() for key in keys], np.bytes_)
        lows, highs = (np.searchsorted(self._keys[name], wanted, side) for side in ("left", "right"))
        if len(wanted) > _TAKEN:
            return self._taken(name, lows, highs, columns)
        runs: list[tuple[int, int]] = []
        for low, high in zip(lows.tolist(), highs.tolist(), strict=True):
            if runs and runs[-1][1] == low:
                runs[-1] = runs[-1][0], high
            elif high > low:
                runs.append((low, high))
        found = []
        batches, starts = self._batches[name], self._starts[name]
        for low, high in runs:
            place = int(np.searchsorted(starts, low, "right")) - 1
            while low < high:
                end = min(high, int(starts[place + 1]))
                part = batches[place].slice(low - int(starts[place]), end - low)
                found.append(part.select(columns) if columns else part)
                low, place = end, place + 1
        return found

    def _taken(self, name: str, lows: Places, highs: Places, columns: Sequence[str]) -> list[pa.RecordBatch]:
        """The same for many keys: those that follow one another in one batch are taken at once."""
        counts = (highs - lows).clip(0)
        before = np.cumsum(counts) - counts
        rows = np.arange(int(counts.sum())) + np.repeat(lows - before, counts)
        starts = self._starts[name]
        places = np.searchsorted(starts, rows, "right") - 1
        edges = [0, *(np.flatnonzero(np.diff(places)) + 1).tolist(), len(rows)]
        found = []
        for begin, end in pairwise(edges):
            batch = self._batches[name][places[begin]]
            found.append((batch.select(columns) if columns else batch).take(pa.array(rows[begin:end] - starts[places[begin]])))
        return found
