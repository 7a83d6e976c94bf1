"""Records by their key, in Arrow files that are mapped into memory: one record costs a search by halves and no query.

Measured on the sample store: an event with all that it rests on takes 26 ms of processor time by seven queries of DuckDB, most of it for
planning over wide nested rows, and 2 ms so.
"""

from __future__ import annotations

from bisect import bisect_left
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.ipc

from ..store.reader import Session
from ..tables import CLAIMS, EVENTS, FAMILIES, LINKS, PAIRS, VARIANTS

# Reasons of claims are by far the longest, and only asked for one claim at a time.
CLAIM_COLUMNS = tuple(name for name in CLAIMS.names if name not in {"batch", "why", "recorded", "knowledge", "detente", "file"})
# What is kept: the key, and the columns.
KEPT: dict[str, tuple[str, tuple[str, ...]]] = {
    "events": ("id", tuple(EVENTS.names)), "variants": ("event", tuple(VARIANTS.names)), "links": ("event", tuple(LINKS.names)),
    "claims": ("id", CLAIM_COLUMNS), "articles": ("id", ("id", "title", "publisher", "url", "published")),
    "pairs": ("pair", tuple(PAIRS.names)), "families": ("article", tuple(name for name in FAMILIES.names if name not in {"keys", "source"})),
}
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
    def make(cls, folder: Path, session: Session) -> Cards:
        """Writes what a session sees into a folder."""
        for name, (key, _) in KEPT.items():
            made = f", {_MADE[key]} AS {key}" if key in _MADE else ""
            rows = session.batches(f'SELECT {select(name)}{made} FROM "{name}" ORDER BY {key}', _ROWS)
            with pa.OSFile(str(folder / f"{name}.arrow"), "wb") as sink, pa.ipc.new_file(sink, rows.schema) as writer:
                for batch in rows:
                    writer.write_batch(batch)
        return cls(folder)

    def of(self, name: str, key: str) -> list[dict[str, Any]]:
        """All rows of a table with this key."""
        return [row for part in self.parts(name, key) for row in part.to_pylist()]

    def parts(self, name: str, key: str) -> list[pa.RecordBatch]:
        """The same as they lie in the file, with the key as a column even where the table has none."""
        found: list[pa.RecordBatch] = []
        batches, column = self._batches[name], KEPT[name][0]
        number = max(0, bisect_left(self._firsts[name], key) - 1)
        while number < len(batches):
            keys = batches[number].column(column)
            low = bisect_left(range(len(keys)), key, key=lambda place, keys=keys: keys[place].as_py())  # type: ignore[misc]
            high = low
            while high < len(keys) and keys[high].as_py() == key:
                high += 1
            found += [batches[number].slice(low, high - low)] if high > low else []
            if high < len(keys):
                return found
            number += 1
        return found
