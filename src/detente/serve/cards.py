"""Records by their key, in Arrow files that are mapped into memory: one record costs a search by halves and no query.

Measured on the sample store: an event with all that it rests on takes 26 ms of processor time by seven queries of DuckDB, most of it for
planning over wide nested rows, and 2 ms so.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.ipc

from ..tables import CLAIMS, EVENTS, FAMILIES, LINKS, PAIRS, VARIANTS
from .plain import records

# Reasons of claims are by far the longest, and only asked for one claim at a time.
CLAIM_COLUMNS = tuple(name for name in CLAIMS.names if name not in {"batch", "why", "recorded", "knowledge", "detente", "file"})
# What is kept: the key, and the columns.
KEPT: dict[str, tuple[str, tuple[str, ...]]] = {
    "events": ("id", tuple(EVENTS.names)),
    "variants": ("event", tuple(VARIANTS.names)),
    "links": ("event", tuple(LINKS.names)),
    "claims": ("id", CLAIM_COLUMNS),
    "articles": ("id", ("id", "title", "publisher", "url", "published")),
    "pairs": ("pair", tuple(PAIRS.names)),
    "families": ("article", tuple(name for name in FAMILIES.names if name not in {"keys", "source"})),
}
SORTED = frozenset({"events", "variants", "links", "claims", "articles", "families"})  # those that the shelf holds in order of their keys
_MADE = {"pair": "source || '|' || target"}  # keys that are no columns
_ROWS = 20_000  # of one batch


def select(name: str) -> str:
    """The columns that are kept of a table, as SQL."""
    return ", ".join(f'"{column}"' for column in KEPT[name][1])


class Cards:
    """Tables of a folder, each sorted by its key."""

    def __init__(self, folder: Path) -> None:
        self._batches: dict[str, list[pa.RecordBatch]] = {}
        self._firsts: dict[str, list[str]] = {}
        for name, (key, _) in KEPT.items():
            reader = pa.ipc.open_file(pa.memory_map(str(folder / f"{name}.arrow")))
            self._batches[name] = [batch for n in range(reader.num_record_batches) if (batch := reader.get_batch(n)).num_rows]
            self._firsts[name] = [batch.column(key)[0].as_py() for batch in self._batches[name]]

    @classmethod
    def make(cls, folder: Path, rows: Callable[[str, int], pa.RecordBatchReader]) -> Cards:
        """Writes tables into a folder. `rows`: gives the rows of a query, so many at a time."""
        for name, (key, _) in KEPT.items():
            made = f", {_MADE[key]} AS {key}" if key in _MADE else ""
            found = rows(f'SELECT {select(name)}{made} FROM "{name}"{"" if name in SORTED else f" ORDER BY {key}"}', _ROWS)
            with pa.OSFile(str(folder / f"{name}.arrow"), "wb") as sink, pa.ipc.new_file(sink, found.schema) as writer:
                for batch in found:
                    writer.write_batch(batch)
        return cls(folder)

    def of(self, name: str, keys: Iterable[str], columns: Sequence[str] = ()) -> list[dict[str, Any]]:
        """All rows of a table with these keys, in the order of the keys; some columns, or those that are kept."""
        parts = [part for key in keys for part in self.parts(name, key)]
        if not parts:
            return []
        chosen = list(columns) or list(KEPT[name][1])
        one = parts[0] if len(parts) == 1 else pa.Table.from_batches(parts).select(chosen).combine_chunks()
        return records(one.select(chosen))

    def parts(self, name: str, key: str) -> list[pa.RecordBatch]:
        """The rows with a key as they lie in the file, with the key as a column even where the table has none."""
        found: list[pa.RecordBatch] = []
        batches, column = self._batches[name], KEPT[name][0]
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
    return way(range(len(keys)), key, low, key=lambda place: keys[place].as_py())
