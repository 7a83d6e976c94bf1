"""Tables that are worked out from the kept ones: several of them change together, and each state knows what it was worked out from.

A derivation writes its tables one after the other; a row of RUNS, written last, names the versions that belong together. Readers go by
that row, so a derivation that dies half-way is never seen, and one that is under way does not disturb them.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from ..errors import RunError, StoreError
from ..tables import DERIVED
from .delta import Table, Tag, next_moment, number_of, pauses, told
from .moments import Marks
from .rows import filled
from .schema import Tables

TAG = "derived"
# By which rows are replaced; the other tables go by their event.
KEY = {"facts": "id", "events": "id", "families": "article", "sketches": "article", "blocks": "component"}


@dataclass(frozen=True, slots=True)
class State:
    """One finished derivation. `versions` of the tables that it wrote; `version`: that of the articles it saw; `run`: its row in RUNS."""

    run: str
    what: str
    marks: Marks
    version: int
    versions: dict[str, int]

    def note(self) -> str:
        """As it stands in RUNS."""
        return json.dumps({"articles": self.marks.articles, "decisions": self.marks.decisions, "tables": self.versions})


def states(runs: pa.Table) -> list[State]:
    """All finished derivations, the oldest input first; of the same input, the one finished first."""
    rows = runs.filter(pc.and_kleene(pc.equal(runs["state"], "derived"), pc.is_valid(runs["note"])))
    found = []
    for row in rows.select(["run", "what", "version", "note", "recorded"]).to_pylist():
        note = json.loads(row["note"])
        state = State(row["run"], row["what"], Marks(note["articles"], note["decisions"]), row["version"], note["tables"])
        found.append(((state.marks.articles, state.marks.decisions, row["recorded"]), state))
    return [state for _, state in sorted(found, key=lambda pair: pair[0])]


def newest(found: Iterable[State], name: str, marks: Marks) -> State | None:
    """The newest state of a table that rests on nothing after the marks."""
    fit = [
        state for state in found
        if name in state.versions and state.marks.articles <= marks.articles and state.marks.decisions <= marks.decisions
    ]
    return fit[-1] if fit else None


def ids_condition(name: str, drop: Sequence[str], table: pa.Table) -> str:
    """Delta's predicate for the rows that go: those of the given keys, and of all keys that come."""
    key = KEY.get(name, "event")
    keys = sorted({*drop, *table[key].to_pylist()}) or [""]
    if any("'" in item for item in keys):
        raise StoreError("an id with a quotation mark", "ids are a letter, an underscore and hexadecimal digits")
    return f"{key} IN ({', '.join(repr(item) for item in keys)})"


class Derivation:
    """Writes the tables of one derivation; made by `Store.derive`. Nothing of it is seen before `Store.derive` has ended well."""

    def __init__(self, tables: Tables, base: dict[str, int | None]) -> None:
        self._tables, self._base = tables, base
        self.versions: dict[str, int] = {}

    def replace(self, name: str, table: pa.Table, drop: Sequence[str] | None = None) -> None:
        """Replaces a derived table; with `drop`, only the rows of those ids and of the ids in `table` (events, or facts in FACTS).

        Raises StoreError for a table that is not derived or has another form, RunError where it cannot be written.
        """
        if name not in DERIVED:
            raise StoreError(f"{name!r} is no derived table", f"known: {', '.join(DERIVED)}")
        rows = filled(table, DERIVED[name], name)
        if rows[KEY.get(name, "event")].null_count:
            raise StoreError(f"{name}: a row has no {KEY.get(name, 'event')}", "fill it")
        base = self.versions.get(name, self._base.get(name))
        self.versions[name] = _write(self._tables[name], rows, base, None if drop is None else ids_condition(name, drop, rows))


def _write(table: Table, rows: pa.Table, base: int | None, predicate: str | None) -> int:
    from deltalake.exceptions import CommitFailedError

    if base is None:
        predicate = None  # nothing was there before
    for pause in pauses():
        handle = table.handle()
        tag = Tag(TAG, next_moment(number_of(handle, TAG)))
        try:
            if predicate is not None and base is not None and handle.version() != base:
                with told(table):
                    handle.restore(base)  # what lies above is of a derivation that died, or of one beside this
            before = int(handle.version())
            version = table.overwrite(handle, rows, tag, predicate)
            if version == before + 1:  # else Delta has put it on top of what another process wrote meanwhile
                return version
        except CommitFailedError:
            time.sleep(pause)
    raise RunError(f"{table}: other processes kept writing", "start again")


def derived_row(state: State) -> dict[str, Any]:
    """The state as a row of RUNS."""
    return {"run": state.run, "what": state.what, "state": "derived", "version": state.version, "note": state.note()}
