"""Records by their key, in Arrow files that are mapped into memory: one record costs a search by halves and no query.

Measured with a million claims: an event with all that it rests on takes 2 ms of processor time so; by seven queries of DuckDB 26 ms even in
a small store, most of it for planning over wide nested rows.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.ipc

from ..store.plain import records
from ..tables import CLAIMS, EVENTS, FACTS, FAMILIES, LINKS, PAIRS, VARIANTS


@dataclass(frozen=True, slots=True)
class Kind:
    """What is kept of a table: its `columns`, by a `key` that is a column or is `made` by SQL. `table`: where it is not named so.
    `sorted`: the copy has the rows in order of the key already. `more`: keys that a row has, as SQL for a list; it is kept under each."""

    key: str
    columns: tuple[str, ...]
    table: str = ""
    made: str = ""
    more: str = ""
    sorted: bool = False

    def sql(self, name: str) -> str:
        """The query for the rows in order of their keys."""
        columns = ", ".join(f'"{column}"' for column in self.columns)
        made = f"unnest({self.more})" if self.more else self.made
        order = "" if self.sorted else f" ORDER BY {self.key}"
        return f'SELECT {columns}{f", {made} AS {self.key}" if made else ""} FROM "{self.table or name}"{order}'


def _without(names: Sequence[str], *left_out: str) -> tuple[str, ...]:
    return tuple(name for name in names if name not in left_out)


# Reasons of claims are by far the longest, and only asked for one claim at a time.
CLAIM_COLUMNS = _without(CLAIMS.names, "batch", "why", "recorded", "knowledge", "detente", "file")
KEPT = {
    "events": Kind("id", tuple(EVENTS.names), sorted=True),
    "variants": Kind("event", tuple(VARIANTS.names), sorted=True),
    "links": Kind("event", tuple(LINKS.names), sorted=True),
    "claims": Kind("id", CLAIM_COLUMNS, sorted=True),
    "articles": Kind("id", ("id", "title", "publisher", "url", "published"), sorted=True),
    "families": Kind("article", _without(FAMILIES.names, "keys", "source"), sorted=True),
    "pairs": Kind("pair", tuple(PAIRS.names), made="source || '|' || target"),
    "facts": Kind("id", tuple(FACTS.names)),
    "facts of": Kind("party", tuple(FACTS.names), "facts", more="list_distinct([holder, object] || coalesce(parties, []))"),
}
_ROWS = 20_000  # of one batch


class Cards:
    """Tables of a folder, each sorted by its key."""

    def __init__(self, folder: Path) -> None:
        self._batches: dict[str, list[pa.RecordBatch]] = {}
        self._firsts: dict[str, list[str]] = {}
        for name, kind in KEPT.items():
            reader = pa.ipc.open_file(pa.memory_map(str(folder / f"{name}.arrow")))
            self._batches[name] = [batch for n in range(reader.num_record_batches) if (batch := reader.get_batch(n)).num_rows]
            self._firsts[name] = [batch.column(kind.key)[0].as_py() or "" for batch in self._batches[name]]

    @classmethod
    def make(cls, folder: Path, rows: Callable[[str, int], pa.RecordBatchReader]) -> Cards:
        """Writes tables into a folder. `rows`: gives the rows of a query, so many at a time."""
        for name, kind in KEPT.items():
            found = rows(kind.sql(name), _ROWS)
            with pa.OSFile(str(folder / f"{name}.arrow"), "wb") as sink, pa.ipc.new_file(sink, found.schema) as writer:
                for batch in found:
                    writer.write_batch(batch)
        return cls(folder)

    def of(self, name: str, keys: Iterable[str], columns: Sequence[str] = ()) -> list[dict[str, Any]]:
        """All rows of a table with these keys, in the order of the keys; some columns, or those that are kept."""
        return records(self.table(name, keys, columns))

    def table(self, name: str, keys: Iterable[str], columns: Sequence[str] = ()) -> pa.Table:
        """The same as a table of Arrow."""
        parts = [part for key in keys for part in self.parts(name, key)]
        chosen = list(columns or KEPT[name].columns)
        if not parts:
            known = self._batches[name]
            return known[0].slice(0, 0).select(chosen) if known else pa.table({column: pa.nulls(0) for column in chosen})
        return pa.Table.from_batches(parts).select(chosen).combine_chunks()

    def parts(self, name: str, key: str) -> list[pa.RecordBatch]:
        """The rows with a key as they lie in the file, with the key as a column even where the table has none."""
        found: list[pa.RecordBatch] = []
        batches, column = self._batches[name], KEPT[name].key
        number = max(0, bisect_left(self._firsts[name], key) - 1)
        while number < len(batches):
            keys = batches[number].column(column)
            low = _place(keys, key, bisect_left)
            high = _place(keys, key, bisect_right, low)
            found += [batches[number].slice(low, high - low)] if high > low else []
            if high < len(keys):
                return found
            number += 1
        return found


def _place(keys: pa.Array, key: str, way: Callable[..., int], low: int = 0) -> int:
    return way(range(len(keys)), key, low, key=lambda place: keys[place].as_py() or "")
