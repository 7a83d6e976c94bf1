"""The relation of two parties as files: its figure as a picture, the figure's data, all that the page shows as records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

from pydantic_core import to_json

from ....relations.parties import day_of
from ....store.moments import time_of
from ....tables import EVENTS
from ....version import VERSION
from ...answers import rows_to_csv
from ...reading import Reading
from ...relation import shift_of, sides, standing_of
from ..asking import Asked
from ..draw import timeline as drawing
from ..draw.frame import framed
from ..format import day
from . import compare
from .look import Look
from .relation import chosen_events

QUADS = ("material_cooperation", "verbal_cooperation", "verbal_conflict", "material_conflict")


def picture(reading: Reading, asked: Asked, a: str, b: str, how: tuple[drawing.Frame, str, str]) -> str:
    """The figure as markup, without names of events (a brief lists them). `how`: its frame, the prefix of its ids, its class."""
    look = Look(reading, asked, a, b)
    drawn, _ = look.figure()
    return drawing.draw(look.line, replace(drawn, labels=()), *how)


def source_lines(reading: Reading) -> list[str]:
    """Where the data of a picture are from, and as of when."""
    pin = reading.held
    moment = f"as of {day(time_of(pin.articles))}, version {pin.version}" if pin.articles else "empty"
    return [f"From a store of public news, {moment}; coded and folded by Détente {VERSION}, knowledge {reading.knowledge.version}."]


def as_svg(reading: Reading, asked: Asked, a: str, b: str) -> bytes:
    """The figure as a picture of its own, in light colours, with its title and sources."""
    look = Look(reading, asked, a, b)
    others = compare.others(look)
    if others:
        found = compare.drawn(look, others)
        return framed(found.picture, found.title, [found.about, *source_lines(reading)], with_key=False).encode("utf-8")
    drawn, named = look.figure()
    told = [f"{place} {look.word(ident)}" for place, ident in enumerate(named, 1)]
    about = f"{look.sentence()} Index with a half-life of {look.half_life} days and its 80 % band; hatched where nothing was read."
    return framed(drawing.draw(look.line, drawn), drawn.title, [about, *told, *source_lines(reading)]).encode("utf-8")


def as_csv(reading: Reading, asked: Asked, a: str, b: str) -> bytes:
    """The figure's data: one row a day and pair, with index and band where they are known."""
    look = Look(reading, asked, a, b)
    rows = [row for one in (look, *compare.others(look)) for row in daily(one)]
    return rows_to_csv(rows)


def as_json(reading: Reading, asked: Asked, a: str, b: str) -> bytes:
    """The same by columns, short enough to be read by a figure that moves; days count from `first`."""
    look = Look(reading, asked, a, b)
    found = []
    for one in (look, *compare.others(look)):
        rows = daily(one)
        columns = {name: [row[name] for row in rows] for name in ("index", "low", "high", *QUADS, "either", "both")}
        found.append({"a": one.one, "b": one.other, "name": one.label, "first": rows[0]["day"] if rows else None, **columns})
    return to_json({"half_life": look.half_life, "pairs": found}, inf_nan_mode="null")


def daily(look: Look) -> list[dict[str, Any]]:
    """Index with its band, events of each kind and articles, day by day."""
    own = look.line.line(look.half_life)
    counts = {row["start"]: row for row in look.line.counts("day").to_pylist()}
    band = {day_of(day_): (low, high) for day_, (low, high) in zip(own.grid.tolist(), own.band[:, :2].tolist(), strict=True)}
    found = []
    for row in own.rows().to_pylist():
        count, dark = counts.get(row["day"], {}), row["index"] is None
        low, high = (None, None) if dark else band.get(row["day"], (None, None))
        line = {"index": row["index"], "low": low, "high": high}
        known = {name: None if value is None else round(value, 4) for name, value in line.items()}
        counted_ = {name: count.get(name) for name in (*QUADS, "read", "either", "both")}
        found.append({"day": row["day"], **known, **counted_, "a": look.one, "b": look.other})
    return found


def records(reading: Reading, asked: Asked, a: str, b: str) -> dict[str, Any]:
    """What the page shows, by parts: events of the days shown, shifts, ledgers, the days themselves."""
    look = Look(reading, asked, a, b, columns=EVENTS.names)
    if not look.pair.pairs.num_rows:
        return {**sides(look.pair, reading.knowledge), "events": [], **_ledgers(look)}
    first, last = look.line.span
    events = look.told(event["id"] for event in chosen_events(look)[0])
    return {
        **sides(look.pair, reading.knowledge), "span": {"first": first, "last": last}, "sentence": look.sentence(),
        "standing": standing_of(look.line.standing(look.half_life)), "events": events,
        "shifts": [shift_of(shift) for shift in look.shifts], **_ledgers(look), "days": daily(look),
    }


def _ledgers(look: Look) -> Mapping[str, Any]:
    both = {(look.one, look.other), (look.other, look.one)}
    return {
        "stances": [asdict(p) for p in look.pair.stances(alone=True).periods if (p.holder, p.other) in both],
        "agreements": [{**asdict(deal), "stage": deal.stage(None)} for deal in look.pair.agreements()],
        "memberships": [asdict(held) for held in look.pair.memberships() if held.facts],
    }
