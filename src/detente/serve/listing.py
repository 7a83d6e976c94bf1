"""Lists, page by page. A cursor carries the pin that the first page was read at, and the last row that was given.

So whatever is added, folded, decided or retracted meanwhile, the pages together hold every record of that state once.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import pyarrow as pa
import pyarrow.compute as pc

from ..errors import RequestError, StoreError
from ..store.pins import Pin
from .answers import Rows
from .filters import Conditions, Listed, Party, party
from .reading import Reading
from .shelf import RANKED

_PLAIN = frozenset({"actor", "other", "directed", "limit", "cursor", "sort", "as_of"})
_BAD = "take it as `next` of a page gave it, and leave the other keys as they were"


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a page ended. `at`: value that rows are sorted by, and id, of its last row; `asked`: a hash of the query."""

    pin: Pin
    at: tuple[Any, ...]
    asked: str

    def __str__(self) -> str:
        text = json.dumps([str(self.pin), *self.at, self.asked], separators=(",", ":"))
        return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")

    @classmethod
    def parse(cls, text: str, asked: str) -> Cursor:
        """Reads what `str` gives. Raises RequestError for anything else, and for a cursor of another query."""
        try:
            raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
            pin, *at, whose = json.loads(raw.decode("utf-8"))
            if not (isinstance(pin, str) and at and all(type(part) in {str, int} for part in at)):
                raise ValueError("parts of another kind")
            found = cls(Pin.parse(pin), tuple(at), str(whose))
        except (ValueError, TypeError, RecursionError, binascii.Error, StoreError) as error:
            raise RequestError(400, "bad_cursor", "this cursor cannot be read", _BAD) from error
        if found.asked != asked:
            raise RequestError(400, "bad_cursor", "this cursor belongs to another question", _BAD)
        return found


def fingerprint(path: str, query: Mapping[str, Any]) -> str:
    """A hash of what is asked, page and cursor aside."""
    plain = {key: value for key, value in query.items() if key not in {"cursor", "limit"} and value is not None}
    return hashlib.blake2b(json.dumps([path, plain], sort_keys=True, default=str).encode(), digest_size=8).hexdigest()


@dataclass(frozen=True, slots=True)
class Plan:
    """`source`: a table or a subquery; the columns to give; by which column (of a `kind`) it is sorted, ties by `key`."""

    source: str
    columns: Sequence[str]
    by: str
    kind: Literal["DATE", "TIMESTAMPTZ"] = "DATE"
    key: str = "id"
    values: tuple[Any, ...] = ()  # for question marks in `source`


def page(reading: Reading, plan: Plan, conditions: Conditions, query: Listed, asked: str) -> Rows:
    """One page of a list. `query.sort` says which way; rows without a date come last either way."""
    newest = str(getattr(query, "sort", "-")).startswith("-")
    empty = "0001-01-01" if newest else "9999-12-31"
    order = f"coalesce({plan.by}, {plan.kind} '{empty}')"
    wanted = Conditions([*conditions.parts], [*conditions.values])
    if query.cursor is not None:
        day, ident = _two(Cursor.parse(query.cursor, asked))
        wanted.add(f"({order}, {plan.key}) {'<' if newest else '>'} (?::{plan.kind}, ?)", day, ident)
    way = "DESC" if newest else "ASC"
    if reading.is_shelved and plan.source in {"claims", "events"}:
        return _chosen_first(reading, plan, wanted, query, (order, way, asked))
    columns = ", ".join(plan.columns)
    sql = (f"SELECT {columns}, CAST({order} AS VARCHAR) AS _order FROM {plan.source} WHERE {wanted.sql()}"
           f" ORDER BY {order} {way}, {plan.key} {way} LIMIT {query.limit + 1}")
    found = reading.ask(sql, [*plan.values, *wanted.values])
    more = found.num_rows > query.limit
    shown = found.slice(0, query.limit)
    last = None
    if more:
        ends = shown.slice(query.limit - 1).select(["_order", plan.key]).to_pylist()[0]
        last = str(Cursor(reading.held, (ends["_order"], ends[plan.key]), asked))
    return Rows(shown.drop_columns(["_order"]), last)


def _chosen_first(reading: Reading, plan: Plan, wanted: Conditions, query: Listed, how: tuple[str, str, str]) -> Rows:
    """The same in two steps: which rows, by the columns that conditions name; then these rows. Rows are wide, and most are not shown."""
    order, way, asked = how
    found = reading.ask(
        f"SELECT {plan.key}, CAST({order} AS VARCHAR) AS _order FROM {plan.source} WHERE {wanted.sql()}"
        f" ORDER BY {order} {way}, {plan.key} {way} LIMIT {query.limit + 1}", [*plan.values, *wanted.values],
    )
    return _whole(reading, plan, (found[plan.key].to_pylist(), found["_order"].to_pylist()), query, asked)


def page_of_parties(reading: Reading, plan: Plan, query: Party, asked: str) -> Rows | None:
    """The same where nothing is asked for but parties that the knowledge has, from `Ranks`; None where it takes a query."""
    ranks = reading.ranks(plan.source) if plan.source in RANKED else None
    if ranks is None or query.model_fields_set - _PLAIN or query.directed:
        return None
    parties = [party(name, reading.knowledge) for name in (query.actor, query.other) if name]
    if any(name not in reading.knowledge.registry.actors for name in parties):
        return None
    after = _two(Cursor.parse(query.cursor, asked)) if query.cursor is not None else None
    newest = str(getattr(query, "sort", "-")).startswith("-")
    return _whole(reading, plan, ranks.page(parties, newest, after, query.limit + 1), query, asked)


def _whole(reading: Reading, plan: Plan, chosen: tuple[list[str], list[str]], query: Listed, asked: str) -> Rows:
    """Whole rows by their ids, and the cursor after them. `chosen`: ids and days, one more than is shown where there are more."""
    ids = chosen[0][: query.limit]
    last = None
    if len(chosen[0]) > query.limit:
        last = str(Cursor(reading.held, (chosen[1][query.limit - 1], ids[-1]), asked))
    if plan.source == "events" and (held := reading.events_by(ids)) is not None:
        return Rows(held.select(plan.columns), last)
    names = [column.strip('"') for column in plan.columns]
    if plan.source == "claims" and (held := reading.claims_by(ids, names)) is not None:
        return Rows(held, last)
    marks = ", ".join("?" * len(ids))
    rows = reading.ask(f"SELECT {', '.join(plan.columns)} FROM {plan.source} WHERE {plan.key} IN ({marks or 'NULL'})", ids)
    places = pc.index_in(pa.array(ids, pa.string()), rows[plan.key].combine_chunks().cast(pa.string()))
    return Rows(rows.take(places), last)


def slice_of(rows: Sequence[Mapping[str, Any]], query: Listed, asked: str, pin: Pin) -> tuple[Sequence[Mapping[str, Any]], str | None]:
    """One page of a list that is worked out as a whole at every state, and is the same each time: the cursor counts."""
    begin = 0
    if query.cursor is not None:
        at = Cursor.parse(query.cursor, asked).at
        if len(at) != 1 or not isinstance(at[0], int) or at[0] < 0:
            raise RequestError(400, "bad_cursor", "this cursor cannot be read", _BAD)
        begin = at[0]
    end = begin + query.limit
    return rows[begin:end], str(Cursor(pin, (end,), asked)) if end < len(rows) else None


def _two(cursor: Cursor) -> tuple[str, str]:
    """A day and an id. Raises RequestError."""
    try:
        day, ident = cursor.at
        datetime.fromisoformat(str(day))
    except ValueError as error:
        raise RequestError(400, "bad_cursor", "this cursor cannot be read", _BAD) from error
    return str(day), str(ident)
