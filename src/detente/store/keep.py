"""Housekeeping: fewer, larger files; and no files or rows that nothing names any more."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import pyarrow as pa
import pyarrow.compute as pc

from ..tables import DERIVED, KEPT
from . import derived, writer
from .delta import Table, Tag, next_moment, now, number_of, told
from .moments import Marks
from .schema import Tables

# Rows of claims without an article may be those of a batch that is just being stored; `writer` writes its own anew long before this.
GRACE_HOURS = 24.0
MOST_FILES = 64
_PAIRS_AT_ONCE = 2000


@dataclass(frozen=True, slots=True)
class Vacuumed:
    """`files`: removed from the disk; `rows`: of claims and entries that no article named, removed from the tables."""

    files: int
    rows: int


def compact(tables: Tables, names: Iterable[str] = tuple(KEPT), most: int = 1) -> int:
    """Joins the files of each kept table that has more than `most`; gives how many files it has saved.

    Where another process is compacting too, the table is left to it.
    """
    from deltalake.exceptions import CommitFailedError

    saved = 0
    for name in names:
        handle = tables[name].handle()
        if len(handle.file_uris()) <= most:
            continue
        try:
            with told(tables[name]):
                metrics = handle.optimize.compact()
        except CommitFailedError:
            continue
        saved += metrics["numFilesRemoved"] - metrics["numFilesAdded"]
    return saved


def compact_derived(tables: Tables, states: Sequence[derived.State], most: int = 8) -> tuple[int, list[derived.State]]:
    """The same for the derived tables; gives the states that are to stand in RUNS, since readers go by the versions named there."""
    from deltalake.exceptions import CommitFailedError

    saved, found = 0, []
    for name in DERIVED:
        state = derived.newest(states, name, Marks())
        if state is None:
            continue
        handle = tables[name].handle()
        if handle.version() != state.versions[name] or len(handle.file_uris()) <= most:
            continue  # another derivation is under way, or nothing is to be saved
        try:
            with told(tables[name]):
                metrics = handle.optimize.compact()
        except CommitFailedError:
            continue
        if int(handle.version()) == state.versions[name] + 1:
            saved += metrics["numFilesRemoved"] - metrics["numFilesAdded"]
            found.append(replace(state, what="compact", versions={name: int(handle.version())}))
    return saved, found


def vacuum(tables: Tables, states: Sequence[derived.State], hours: float, grace: float = GRACE_HOURS) -> Vacuumed:
    """Removes rows that no article names, and the files that no version of the last `hours` needs.

    Files that never came into a table, of adds that died, go only where `hours` is a day or more: they may be those of an add under way.
    Reading as of older moments keeps working for what articles say; derived tables of then have to be worked out anew.
    """
    rows = remove_orphans(tables, grace)
    files = 0
    for name, table in tables.of.items():
        state = derived.newest(states, name, Marks()) if name in DERIVED else None
        keep = [state.versions[name]] if state else None
        handle = table.handle()
        with told(table):
            files += len(handle.vacuum(
                retention_hours=int(hours), dry_run=False, enforce_retention_duration=False, full=hours >= GRACE_HOURS, keep_versions=keep,
            ))
    return Vacuumed(files, rows)


def remove_orphans(tables: Tables, grace: float) -> int:
    """Deletes claims and entries older than `grace` hours that no row of the articles names; says how many.

    First a commit without rows is put before the articles: whoever began to store a batch earlier has to look again, and writes the
    batch anew if it is old. So a batch cannot be named after its rows were found to be orphans.
    """
    articles = tables["articles"]
    handle = articles.handle()
    found = {name: _orphans(tables[name], handle, grace) for name in ("claims", "entries")}
    if not any(pairs.num_rows for pairs in found.values()):
        return 0
    moment = next_moment(number_of(handle, writer.TAG))
    articles.fence(handle, Tag(writer.TAG, moment))
    handle, removed = articles.handle(), 0
    for name in found:
        pairs = _orphans(tables[name], handle, grace)
        for start in range(0, pairs.num_rows, _PAIRS_AT_ONCE):
            removed += _delete(tables[name], pairs.slice(start, _PAIRS_AT_ONCE))
    return removed


def _orphans(table: Table, articles: object, grace: float) -> pa.Table:
    """Pairs of batch and article in a table that no row of the articles has, where all is older than the grace time."""
    with told(table):
        rows = table.handle().to_pyarrow_table(columns=["batch", "article", "recorded"])
        named = articles.to_pyarrow_table(columns=["batch", "id"])  # type: ignore[attr-defined]  # a handle of deltalake
    old = rows.group_by(["batch", "article"]).aggregate([("recorded", "max")])
    limit = now() - int(grace * 3_600_000_000)
    old = old.filter(pc.less_equal(old["recorded_max"].cast(pa.int64()), limit)).select(["batch", "article"])
    return old.join(named.rename_columns(["batch", "article"]), ["batch", "article"], join_type="left anti").sort_by("batch")


def _delete(table: Table, pairs: pa.Table) -> int:
    by_batch: dict[str, list[str]] = {}
    for row in pairs.to_pylist():
        by_batch.setdefault(row["batch"], []).append(row["article"])
    parts = [f"(batch = {_text(batch)} AND article IN ({', '.join(map(_text, ids))}))" for batch, ids in by_batch.items()]
    handle = table.handle()
    with told(table):
        done = handle.delete(" OR ".join(parts))
    table.settle(int(handle.version()))
    return int(done["num_deleted_rows"] or 0)


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
