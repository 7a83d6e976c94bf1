"""Our own CSV: one flat row an event, for spreadsheets. Lists of parties, sectors and quantities are joined, so nearly all comes back.

Parties and quantities are parted by ";", sectors of one party by "|". `killed_*` and the article of the headline are for reading only.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pyarrow as pa

from ..errors import BadRecord
from ..tables import EVENTS, PARTY, SPOT, TOLL
from .cells import aligned, day, joined, real, split, whole
from .forms import Cells, Drafted, Layout, Source
from .leaves import Event

_SIDES = ("actor", "recipient")
_NOTHING = frozenset({""})
Reader = Callable[[str | None, str], Any]
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
            parties = [party or {} for party in event[side] or ()]
            for part in _PARTY:
                flat[f"{side}_{part}"] = joined([party.get(part) for party in parties], ";") if part != "sector" and parties else None
            if parties:
                listed = (party.get("sector") or () for party in parties)
                flat[f"{side}_sector"] = joined(["|".join((one or "").replace("|", "/") for one in own) for own in listed], ";")
        place = event["place"] or {}
        flat |= {f"place_{part}": place.get(part) for part in _PLACE}
        tolls = [toll for toll in event["quantities"] or () if toll]
        flat |= {f"quantity_{part}": joined([toll[part] for toll in tolls], ";") if tolls else None for part in _TOLLS}
        killed: Event = next((toll for toll in tolls if toll["kind"] == "killed"), {})
        flat |= {f"killed_{bound}": killed.get(bound) for bound in _KILLED}
        flat |= {f"article_{name}": getattr(source, name) for name in _ARTICLE}
        return [[flat[name] for name in self.layout.columns]]

    def read(self, cells: Cells) -> Drafted:
        """One row, whole, with its own id."""
        event: Event = {name: read(cells.get(name), name) for name, read in _WHOLE.items()}
        for name in _TEXTS:
            event[name] = [part or "" for part in split(cells.get(name) or None, _NOTHING)]
        for side in _SIDES:
            event[side] = self._parties(cells, side)
        spot = {part: read(cells.get(f"place_{part}"), f"place_{part}") for part, read in _PLACE.items()}
        event["place"] = spot if any(value is not None for value in spot.values()) else None
        event["quantities"] = _listed(cells, "quantity", _TOLLS)
        event["dataset"] = event["dataset"] or ""
        if not event["id"]:
            raise BadRecord("row", 0, "id is empty", "a row needs it")
        return Drafted(event, event["id"])

    def own_id(self, original: str) -> str | None:
        """The id: rows hold it."""
        return original

    def _parties(self, cells: Cells, side: str) -> list[Event]:
        found = _listed(cells, side, _PARTY)
        for party in found:
            party["root"] = party["root"] or ""
            party["sector"] = (party["sector"] or "").split("|") if party["sector"] else []
        return found


def _listed(cells: Cells, owner: str, readers: dict[str, Reader]) -> list[Event]:
    """Things whose fields stand in columns side by side."""
    columns = [split(cells.get(f"{owner}_{part}") or None, _NOTHING) for part in readers]
    return [
        {part: read(value, part) for (part, read), value in zip(readers.items(), row, strict=True)} for row in aligned(columns)
    ]


def _flag(text: str | None, column: str) -> bool | None:
    """True or false, None for nothing. Raises BadRecord."""
    if not text:
        return None
    if text.lower() not in {"true", "false"}:
        raise BadRecord("row", 0, f"{column} {text!r} is neither true nor false", "correct the row")
    return text.lower() == "true"


def _reader(kind: pa.DataType) -> Reader:
    """Reads a cell as a value of an Arrow type."""
    if pa.types.is_date(kind):
        return lambda text, column: day(text, column) if text else None
    if pa.types.is_integer(kind):
        return whole
    if pa.types.is_floating(kind):
        return real
    if pa.types.is_boolean(kind):
        return _flag
    return lambda text, column: text or None


_TEXTS = ("context", "parties")
_WHOLE = {field.name: _reader(field.type) for field in EVENTS if not pa.types.is_nested(field.type)}
_PARTY, _PLACE, _TOLLS = ({part.name: _reader(part.type) for part in parts} for parts in (PARTY, SPOT, TOLL))
