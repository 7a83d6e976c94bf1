"""What an event holds, field by field, and what of it is no longer there after a way out and back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..tables import EVENTS, PARTY, SPOT, TOLL

Event = dict[str, Any]
KINDS = ("dropped", "altered", "added")
# What every import of a foreign form writes anew, so that only the loss of a value counts, not the other value.
RENEWED = frozenset({"id", "revision", "dataset", "original", "extra", "fold"})
_LISTS = {"actor": [part.name for part in PARTY], "recipient": [part.name for part in PARTY], "quantities": [part.name for part in TOLL]}
_SPOT = [part.name for part in SPOT]


def leaves(event: Event) -> dict[str, Any]:
    """Values by path ("date", "actor.name", "place.lat"), those of parties and quantities as tuples in order.

    Nothing is None: no value, an empty text, an empty list and a list of nothing are one and the same here.
    """
    found: dict[str, Any] = {}
    for name in EVENTS.names:
        value = event.get(name)
        if name in _LISTS:
            for part in _LISTS[name]:
                found[f"{name}.{part}"] = plain(_column(value, part))
        elif name == "place":
            for part in _SPOT:
                found[f"place.{part}"] = plain(value.get(part) if value else None)
        else:
            found[name] = plain(value)
    return found


def plain(value: Any) -> Any:
    """A value in the form that is compared: empty things are None, lists are tuples."""
    if isinstance(value, (list, tuple)):
        parts = tuple(plain(part) for part in value)
        return parts if any(part is not None for part in parts) else None
    return None if value == "" else value


def differences(before: Event, after: Event, renewed: bool) -> Iterator[tuple[str, str]]:
    """Each path of `leaves` whose value changed, with what became of it: dropped, altered or added.

    `renewed`: the way back wrote ids and origins anew; then those count only where they had a value that is gone.
    """
    for name in EVENTS.names:
        old, new = before.get(name), after.get(name)
        if old == new:
            continue
        pairs: list[tuple[str, Any, Any]]
        if name in _LISTS:
            pairs = [(f"{name}.{part}", _column(old, part), _column(new, part)) for part in _LISTS[name]]
        elif name == "place":
            pairs = [(f"place.{part}", old.get(part) if old else None, new.get(part) if new else None) for part in _SPOT]
        else:
            pairs = [(name, old, new)]
        for path, had, has in pairs:
            if had != has and (what := _change(plain(had), plain(has))) and (what == "dropped" or not renewed or path not in RENEWED):
                yield path, what


def _column(items: list[Event | None] | None, part: str) -> list[Any]:
    return [item.get(part) if item else None for item in items or ()]


def _change(old: Any, new: Any) -> str:
    """What became of a value in plain form; nothing where it is the same."""
    return "" if old == new else "dropped" if new is None else "added" if old is None else "altered"


def regroup(rows: Sequence[Event]) -> Event:
    """The one event behind rows for its pairs: parties in order, each once; everything else from the first row."""
    if len(rows) == 1:
        return rows[0]
    return {**rows[0], **{side: _once(party for row in rows for party in row[side] or ()) for side in ("actor", "recipient")}}


def _once(parties: Iterable[Event]) -> list[Event]:
    found: list[Event] = []
    for party in parties:
        if party not in found:
            found.append(party)
    return found


@dataclass(slots=True)
class Loss:
    """What became of a field, in events: its value dropped, altered, or added where there was none."""

    dropped: int = 0
    altered: int = 0
    added: int = 0


@dataclass(slots=True)
class Losses:
    """Counts of all fields of an export."""

    fields: dict[str, Loss] = field(default_factory=dict)
    events: int = 0

    def note(self, before: Event, after: Event, renewed: bool) -> None:
        """Counts one event's differences."""
        touched = False
        for path, what in differences(before, after, renewed):
            loss = self.fields.setdefault(path, Loss())
            setattr(loss, what, getattr(loss, what) + 1)
            touched = True
        self.events += touched

    def table(self) -> dict[str, dict[str, int]]:
        """By field, in the order of the table of events: what happened how often, zeros left out."""
        order = {path: place for place, path in enumerate(leaves({}))}
        rows = sorted(self.fields.items(), key=lambda item: order[item[0]])
        return {path: {what: count for what in KINDS if (count := getattr(loss, what))} for path, loss in rows}
