"""Our own CSV: one flat row an event, for spreadsheets. Lists of parties, sectors and quantities are joined, so nearly all comes back.

Parties and quantities are parted by ";", sectors of one party by "|". `killed_*` and the article of the headline are for reading only.
"""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from ..errors import BadRecord
from ..tables import EVENTS, PARTY, SPOT, TOLL
from .cells import aligned, day, joined, real, split, whole
from .forms import Cells, Drafted, Layout, Source
from .leaves import Event

_SIDES = ("actor", "recipient")
_NOTHING = frozenset({""})
_ARTICLE = ("title", "publisher", "url", "published")
_KILLED = ("low", "best", "high")


def _columns() -> tuple[str, ...]:
    found: list[str] = []
    for name in EVENTS.names:
        parts = {"actor": PARTY, "recipient": PARTY, "place": SPOT, "quantities": TOLL}.get(name)
        found += [f"{'quantity' if name == 'quantities' else name}_{part.name}" for part in parts] if parts else [name]
    return (*found, *(f"killed_{bound}" for bound in _KILLED), *(f"article_{name}" for name in _ARTICLE))


class Flat:
    """Our own flat form."""

    layout: Layout = Layout("csv", "", _columns(), wanted=("id", "event", "date", "lane", "actor_id", "recipient_id"), between=",")

    def rows(self, event: Event, source: Source) -> list[list[Any]] | str:
        """One row; every event has one."""
        flat: Event = {name: event[name] for name in EVENTS.names if name in self.layout.columns}
        flat["context"], flat["parties"] = joined(event["context"] or (), ";"), joined(event["parties"] or (), ";")
        for side in _SIDES:
            for part in PARTY:
                values = [party[part.name] if party else None for party in event[side] or ()]
                if part.name == "sector":
                    values = ["|".join((one or "").replace("|", "/") for one in own or ()) for own in values]
                flat[f"{side}_{part.name}"] = joined(values, ";")
        for part in SPOT:
            flat[f"place_{part.name}"] = (event["place"] or {}).get(part.name)
        tolls = [toll for toll in event["quantities"] or () if toll]
        for part in TOLL:
            flat[f"quantity_{part.name}"] = joined((toll[part.name] for toll in tolls), ";")
        killed: Event = next((toll for toll in tolls if toll["kind"] == "killed"), {})
        flat |= {f"killed_{bound}": killed.get(bound) for bound in _KILLED}
        flat |= {f"article_{name}": getattr(source, name) for name in _ARTICLE}
        return [[flat[name] for name in self.layout.columns]]

    def read(self, cells: Cells) -> Drafted:
        """One row, whole, with its own id."""
        event: Event = {}
        for field in EVENTS:
            if field.name in _SIDES:
                event[field.name] = self._parties(cells, field.name)
            elif field.name == "place":
                spot = {part.name: _value(cells.get(f"place_{part.name}"), part.type, f"place_{part.name}") for part in SPOT}
                event["place"] = spot if any(value is not None for value in spot.values()) else None
            elif field.name == "quantities":
                event["quantities"] = _listed(cells, "quantity", TOLL)
            elif pa.types.is_list(field.type):
                event[field.name] = [part or "" for part in split(cells.get(field.name) or None, _NOTHING)]
            else:
                event[field.name] = _value(cells.get(field.name), field.type, field.name)
        if not event["id"]:
            raise BadRecord("row", 0, "id is empty", "a row needs it")
        return Drafted(event, event["id"])

    def own_id(self, original: str) -> str | None:
        """The id: rows hold it."""
        return original

    def _parties(self, cells: Cells, side: str) -> list[Event]:
        found = _listed(cells, side, PARTY)
        for party in found:
            party["sector"] = (party["sector"] or "").split("|") if party["sector"] else []
        return found


def _listed(cells: Cells, owner: str, parts: pa.StructType) -> list[Event]:
    """Things whose fields stand in columns side by side."""
    columns = [split(cells.get(f"{owner}_{part.name}") or None, _NOTHING) for part in parts]
    kinds = [pa.string() if pa.types.is_list(part.type) else part.type for part in parts]
    names = [part.name for part in parts]
    return [
        {name: _value(value, kind, f"{owner}_{name}") for name, kind, value in zip(names, kinds, row, strict=True)}
        for row in aligned(columns)
    ]


def _value(text: str | None, kind: pa.DataType, column: str) -> Any:
    """A cell as a value of an Arrow type. Raises BadRecord."""
    if text is None or text == "":
        return None
    if pa.types.is_date(kind):
        return day(text, column)
    if pa.types.is_integer(kind):
        return whole(text, column)
    if pa.types.is_floating(kind):
        return real(text, column)
    if pa.types.is_boolean(kind):
        if text.lower() not in {"true", "false"}:
            raise BadRecord("row", 0, f"{column} {text!r} is neither true nor false", "correct the row")
        return text.lower() == "true"
    return text
