"""Events of other data sets: kept beside our own, each once by data set and id, never folded with ours unasked."""

from __future__ import annotations

import time

import pyarrow as pa
import pyarrow.compute as pc

from ..errors import RunError, StoreError
from ..tables import EVENTS
from .delta import Tag, next_moment, number_of, pauses, told
from .reader import import_mark
from .rows import filled
from .runs import Run
from .schema import Tables

TAG = "foreign"


def add(tables: Tables, events: pa.Table, note: str | None) -> int:
    """Stores the events that are not there yet and says how many. `fold` of each tells when it came.

    Raises StoreError for another form, an empty `dataset` or `id`, an id twice in one data set; RunError where it cannot be written.
    """
    from deltalake.exceptions import CommitFailedError

    rows = filled(events, EVENTS, "foreign events")
    for name in ("dataset", "id"):
        if rows[name].null_count or pc.any(pc.equal(rows[name], "")).as_py():
            raise StoreError(f"foreign events: a row has no {name}", "name the data set and its id, so that a second import adds nothing")
    if rows.group_by(["dataset", "id"]).aggregate([]).num_rows < rows.num_rows:
        raise StoreError("foreign events: an id occurs twice in one data set", "make ids of what tells rows apart, such as id and day")
    table = tables["foreign"]
    with Run(tables, "import", note=note) as run:
        for pause in pauses():
            handle = table.handle()
            with told(table):
                there = handle.to_pyarrow_table(columns=["dataset", "id"])
            new = _absent(rows, there)
            run.counts = {"claims": new.num_rows, "version": handle.version()}
            if not new.num_rows:
                return 0
            moment = next_moment(number_of(handle, TAG))
            mark = pa.repeat(pa.scalar(import_mark(moment), pa.string()), new.num_rows)
            new = new.set_column(new.schema.get_field_index("fold"), new.schema.field("fold"), mark)
            try:
                run.counts["version"] = table.append(new, Tag(TAG, moment), handle)
                return int(new.num_rows)
            except CommitFailedError:
                time.sleep(pause)
    raise RunError(f"{table}: other processes kept writing", "start again")


def _absent(rows: pa.Table, there: pa.Table) -> pa.Table:
    numbered = rows.select(["dataset", "id"]).append_column("row", pa.array(range(rows.num_rows), pa.int64()))
    left = numbered.join(there, ["dataset", "id"], join_type="left anti")
    return rows.take(left["row"].combine_chunks().sort())
