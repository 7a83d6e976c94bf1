"""A relation beside others: `?with=A,B;C,D` puts pairs below one another, on one scale."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ....errors import UnknownName
from ..asking import Asked
from ..draw import multiples
from ..draw.panels import scale_of
from ..format import counted, signed, span
from ..names import path
from .look import Look

MOST = 11  # pairs beside the first


@dataclass(frozen=True, slots=True)
class Compared:
    """The figure of several pairs."""

    title: str
    about: str
    picture: str


def named(asked: Asked) -> list[tuple[str, str]]:
    """Pairs of parties that an address names beside the first, as they are written there."""
    found: list[tuple[str, str]] = []
    for part in asked.get("with").split(";"):
        a, comma, b = (word.strip() for word in part.partition(","))
        if comma and a and b:
            found.append((a, b))
        elif part.strip():
            asked.wrong("with", f"“{part.strip()[:40]}” is no pair (write two parties with a comma between)")
    return found


def others(look: Look) -> list[Look]:
    """The same for each pair that is to stand beside the first, over the same days. What is not known is told and left out."""
    found: dict[tuple[str, str], Look] = {}
    days = look.line.span
    plain = Asked(look.asked.path, {key: value for key, value in look.asked.values.items() if key in {"half_life", "as_of"}})
    for a, b in named(look.asked):
        try:
            one = Look(look.reading, plain, a, b, days)
        except UnknownName as error:
            look.asked.wrong("with", f"{error.message} ({error.hint})")
            continue
        if frozenset((one.one, one.other)) != frozenset((look.one, look.other)):
            found.setdefault((min(one.one, one.other), max(one.one, one.other)), one)
    if len(found) > MOST:
        look.asked.wrong("with", f"more than {MOST} pairs; the first ones are shown")
    return list(found.values())[:MOST]


def drawn(look: Look, beside: Sequence[Look], frame: multiples.Frame = multiples.WIDE, prefix: str = "ml", name: str = "") -> Compared:
    """The figure of the first pair and those beside it."""
    every = [look, *beside]
    scale = scale_of(max(one.most for one in every))
    title = f"{look.label} beside {counted(len(beside), 'other pair')}, {span(*look.line.span)}"
    about = (f"Index with a half-life of {look.half_life} days and its 80 % band, all on the scale from −{scale} to +{scale}; below each "
             "what happened, and how much was read; hatched where nothing was.")
    pairs = [multiples.Pair(one.label, one.line, _told(one)) for one in every]
    return Compared(title, about, multiples.draw(pairs, (title, about, look.half_life, scale), frame, prefix, name))


def _told(look: Look) -> str:
    now = look.last_covered
    state = "not covered" if now is None else f"{signed(now.index)} on {span(now.day, now.day)}"
    return f"{state}, {counted(len(look.inside), 'event')}"


def table(look: Look, beside: Sequence[Look]) -> list[dict[str, Any]]:
    """The pairs as rows: index on the first and the last day, events by kind; with the way to each, and to leave it out."""
    found = []
    for one in (look, *beside):
        own = one.line.line(one.half_life)
        known = np.flatnonzero(~own.gap)
        first, last = (float(own.daily.index[known[place]]) if len(known) else None for place in (0, -1))
        quads = np.bincount(np.array([q for q in _quads(one) if q >= 0], int), minlength=4)[:4].tolist()
        rest = ";".join(f"{other.one},{other.other}" for other in beside if other is not one)
        found.append({
            "name": one.label, "link": look.asked.to(path("relation", one.one, one.other), **_days(look)), "first": first, "now": last,
            "change": None if first is None or last is None else last - first, "quads": quads, "events": len(one.inside),
            "without": look.asked.link(**{"with": rest or None}) if one is not look else "",
        })
    return found


def _quads(look: Look) -> list[int]:
    inside = {event["id"] for event in look.inside}
    return [int(quad) for event, quad in zip(look.line.acts.event, look.line.acts.quad, strict=True) if str(event) in inside]


def _days(look: Look) -> dict[str, str | None]:
    return {key: look.asked.get(key) or None for key in ("from", "to")}
