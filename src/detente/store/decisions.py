"""What people decide about events and articles: rows that are only ever added, and what of them stands."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from ..errors import RunError, StoreError
from ..fold.decisions import stands
from ..records import content_id
from ..tables import DECISION_KINDS, DECISIONS
from .delta import Table, Tag, next_moment, number_of, pauses
from .moments import time_of
from .rows import filled, stamped

TAG = "decisions"
_GROUPS = {"same": 1, "different": 2, "value": 1, "reject_claim": 1, "reject_event": 1, "confirm": 1, "retract": 1, "revoke": 0}
_CONTENT = ("kind", "groups", "field", "value", "reason", "revokes", "made_by")


def checked(kind: str, groups: Sequence[Sequence[str]], field: str | None, value: str | None, revokes: str | None) -> None:
    """Raises StoreError for a decision that says nothing."""
    if kind not in DECISION_KINDS:
        raise StoreError(f"no decision of kind {kind!r}", f"known: {', '.join(DECISION_KINDS)}")
    if isinstance(groups, str) or any(isinstance(group, str) or not all(isinstance(item, str) for item in group) for group in groups):
        raise StoreError("groups of a decision are lists of ids", 'give them as [["m_1", "m_2"]]')
    least = _GROUPS[kind]
    if len(groups) < least or not all(groups):
        raise StoreError(f"a decision {kind!r} needs {least} group{'s' * (least > 1)} of ids", "no group may be empty")
    if kind == "same" and sum(map(len, groups)) < 2:
        raise StoreError("a decision 'same' joins two mentions and more", "name both in its group")
    if kind == "value" and not (field and value is not None):
        raise StoreError("a decision 'value' needs a field and a value", "value is text; numbers and days as text too")
    if (kind == "revoke") != bool(revokes):
        raise StoreError("`revokes` names the decision that a 'revoke' undoes, and stands with no other kind", "give its id")


def standing(decisions: pa.Table) -> pa.Table:
    """Those that stand: neither revoked (a revoked revocation undoes nothing) nor revocations themselves; as they were made.

    A function of the set of rows: neither their order nor when this store took them in matters.
    """
    rows = in_order(decisions)
    keep = stands(rows.select(["id", "kind", "revokes"]).to_pylist())
    return rows.filter(pa.array([flag and kind != "revoke" for flag, kind in zip(keep, rows["kind"].to_pylist(), strict=True)], pa.bool_()))


def in_order(decisions: pa.Table) -> pa.Table:
    """As they were made, those of one moment by their ids."""
    return decisions.sort_by([("made_at", "ascending"), ("id", "ascending")])


def append(table: Table, row: dict[str, Any]) -> str:
    """Adds a decision and gives its id; where the very same stands already, the id of that one, and adds nothing.

    Raises StoreError where it revokes what is not there, RunError where the table cannot be written.
    """
    def build(there: pa.Table, moment: int) -> tuple[pa.Table, str]:
        if row["revokes"] and row["revokes"] not in set(there["id"].to_pylist()):
            raise StoreError(f"no decision has the id {row['revokes']}", "`Store.decisions()` lists them")
        same = [other for other in _live(there) if all(_plain(other[name]) == _plain(row[name]) for name in _CONTENT)]
        if same:
            return DECISIONS.empty_table(), str(same[-1]["id"])
        key = content_id("d", moment, *(_plain(row[name]) for name in _CONTENT))
        return pa.Table.from_pylist([{**row, "id": key, "made_at": time_of(moment)}], schema=DECISIONS), key

    return str(_append(table, build))


def take_in(table: Table, decisions: pa.Table) -> int:
    """Adds the decisions of another store that are not there yet, by id, and says how many. Raises as `append`, and for another form."""
    rows = filled(decisions, DECISIONS, "decisions")
    for row in rows.select(["kind", "groups", "field", "value", "revokes"]).to_pylist():
        checked(row["kind"], row["groups"] or [], row["field"], row["value"], row["revokes"])

    def build(there: pa.Table, _: int) -> tuple[pa.Table, int]:
        new = rows.filter(pc.invert(pc.is_in(rows["id"], value_set=there["id"].combine_chunks())))
        return new, int(new.num_rows)

    return int(_append(table, build))


def _append(table: Table, build: Any) -> Any:
    from deltalake.exceptions import CommitFailedError

    for pause in pauses():
        handle = table.handle()
        moment = next_moment(number_of(handle, TAG))
        rows, answer = build(handle.to_pyarrow_table(), moment)
        if not rows.num_rows:
            return answer
        try:
            table.append(stamped(rows, moment), Tag(TAG, moment), handle)
            return answer
        except CommitFailedError:
            time.sleep(pause)
    raise RunError(f"{table}: other processes kept writing", "start again")


def _live(there: pa.Table) -> Iterable[dict[str, Any]]:
    rows = in_order(there).to_pylist()
    return (row for row, keep in zip(rows, stands(rows), strict=True) if keep)


def _plain(value: Any) -> Any:
    return sorted(sorted(group) for group in value) if isinstance(value, list) else value or ""
