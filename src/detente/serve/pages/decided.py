"""Decisions as pages show them: who decided what, when and why, whether it stands, and the way to take it back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from ...fold.decisions import ruling, stands
from ...fold.mentions import spot
from ...tables import DECISIONS
from ..moved import moved_to
from ..reading import Reading
from . import format as form
from .asking import Asked
from .names import LANE_WORDS, Names, path, shortened, title_of

Row = Mapping[str, Any]
KIND_WORDS = {
    "same": "put together: one event", "different": "taken apart: not one event", "value": "corrected", "reject_claim": "claim rejected",
    "reject_event": "event rejected", "confirm": "confirmed: one event", "retract": "article taken back", "revoke": "decision taken back",
}
FIELD_WORDS = {"event": "what", "mode": "how", "lane": "whether it happened", "standing": "how well it stands", "headline": "headline",
               "date": "when", "date_end": "until when"}
_EVENTS = """SELECT l.mention, e.id, e.headline FROM links l JOIN events e ON l.event = e.id
WHERE l.mention IN (SELECT unnest(?)) ORDER BY e.id"""


@dataclass(frozen=True, slots=True)
class Decided:
    """One decision. `state`: stands, taken back, overruled or loose; `told`: the state in words; `about`: what it is about, with links."""

    id: str
    kind: str
    what: str
    by: str
    day: str
    iso: str
    reason: str
    state: str
    told: str
    about: tuple[tuple[str, str], ...]
    undo: str


def all_of(reading: Reading) -> list[dict[str, Any]]:
    """Rows of DECISIONS, the latest first."""
    found: list[dict[str, Any]] = reading.common("decisions", lambda: reading.rows("SELECT * FROM decisions ORDER BY made_at, id"))
    return found[::-1]


def naming(reading: Reading, mentions: Iterable[str]) -> list[dict[str, Any]]:
    """Decisions that name any of some mentions or articles, and the latest revocation of each, the latest first."""
    wanted, rows = set(mentions), all_of(reading)
    return [row for row in rows if any(not wanted.isdisjoint(group) for group in row["groups"] or ())]


def on_event(reading: Reading, ident: str, mentions: Iterable[str]) -> list[dict[str, Any]]:
    """Decisions on an event: those that name its reports, and rejections of reports that it had."""
    found = {row["id"]: row for row in naming(reading, mentions)}
    for row in all_of(reading):
        of = row["value"] if row["kind"] == "reject_claim" and row["field"] == "event" else None
        if of and (of == ident or moved_to(reading, of) == ident):
            found[row["id"]] = row
    return [row for row in all_of(reading) if row["id"] in found]


def decided(reading: Reading, asked: Asked, rows: Sequence[Row]) -> list[Decided]:
    """Decisions in words, in the order given."""
    if not rows:
        return []
    every = all_of(reading)
    undone = {row["revokes"]: row for row, keep in zip(every, stands(every), strict=True) if keep and row["kind"] == "revoke"}
    named = {name for row in rows for group in row["groups"] or () for name in group}
    told = _Told(reading, asked, sorted(named))
    weak = _weak(reading, every, named)
    return [_one(row, undone.get(row["id"]), weak.get(row["id"], ""), told, asked) for row in rows]


def _one(row: Row, undone: Row | None, weak: str, told: _Told, asked: Asked) -> Decided:
    state = "taken back" if undone else weak or "stands"
    words = {
        "stands": "stands",
        "overruled": "a later decision says otherwise",
        "loose": "what it names is no longer told",
        "taken back": f"taken back by {undone['made_by']} on {form.day(undone['made_at'])}: {undone['reason']}" if undone else "",
    }[state]
    what = KIND_WORDS.get(row["kind"], str(row["kind"]))
    if row["kind"] == "value":
        what += f": {FIELD_WORDS.get(row['field'], str(row['field']))} set to {told.value(row['field'], row['value'])}"
    undo = "" if undone or asked.as_of else f"/decide?kind=revoke&ids={row['id']}"
    return Decided(row["id"], row["kind"], what, row["made_by"] or "somebody", form.day(row["made_at"]), f"{row['made_at']:%Y-%m-%dT%H:%M}",
                   row["reason"] or "", state, words, told.about(row), undo)


class _Told:
    """What decisions are about, looked up at once."""

    def __init__(self, reading: Reading, asked: Asked, named: Sequence[str]) -> None:
        self._asked, self._names = asked, Names(reading.knowledge)
        self._ontology = reading.knowledge.ontology
        rows = reading.rows(_EVENTS, [named]) if named else []
        self._events = {row["mention"]: row for row in rows}
        articles = sorted({spot_.article if (spot_ := spot(name)) else name for name in named})
        found = reading.rows("SELECT id, title, publisher FROM articles WHERE id IN (SELECT unnest(?))", [articles]) if articles else []
        self._articles = {row["id"]: title_of(row) for row in found}

    def about(self, row: Row) -> tuple[tuple[str, str], ...]:
        """Labels and addresses of what a decision names: events as they are now, else the articles that its reports stand in."""
        found: dict[str, str] = {}
        if row["kind"] == "revoke":
            found[f"/decisions#{row['revokes']}"] = "the decision"
        for name in (name for group in row["groups"] or () for name in group):
            event, place = self._events.get(name), spot(name)
            if event:
                found[self._asked.to(path("event", event["id"]))] = shortened(" ".join((event["headline"] or event["id"]).split()), 90)
            else:
                ident = place.article if place else name
                link = self._asked.to(path("article", ident))
                found[link] = f"in “{shortened(self._articles.get(ident, 'an article that was taken back'), 70)}”"
        return tuple((label, link) for link, label in list(found.items())[:6])

    def value(self, field: str | None, value: str | None) -> str:
        """A value that was set, in words."""
        known = self._ontology.events.get(value or "")
        if field == "event" and known:
            return known.label
        return LANE_WORDS.get(value or "", value or "nothing")


def _weak(reading: Reading, every: Sequence[Row], named: set[str]) -> dict[str, str]:
    """Decisions that say nothing now: overruled by a later one, or with nothing left that they name."""
    articles = sorted({place.article for name in named if (place := spot(name))})
    if not articles:
        return {}
    claims = reading.rows("SELECT mention FROM links WHERE article IN (SELECT unnest(?))", [articles])
    rejected = {name for row in every if row["kind"] in {"reject_claim", "reject_event"} for group in row["groups"] or () for name in group}
    table = pa.Table.from_pylist([dict(row) for row in every], schema=DECISIONS)
    found = ruling(table, sorted({row["mention"] for row in claims} | rejected))
    own = {row["id"] for row in every if any(not named.isdisjoint(group) for group in row["groups"] or ())}
    weak = {ident: "loose" for ident in found.orphaned if ident in own}
    return {**weak, **{ident: "overruled" for ident in found.lost if ident in own}}


__all__ = ["FIELD_WORDS", "KIND_WORDS", "Decided", "all_of", "decided", "naming", "on_event"]
