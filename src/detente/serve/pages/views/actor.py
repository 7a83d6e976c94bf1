"""An actor: names, offices, memberships, whom it deals with, its newest events."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import numpy as np

from ....knowledge.actors import TITLED, plain
from ....relations.parties import day_of
from ....relations.phrases import phrases
from ...filters import Conditions
from ...reading import Reading
from ...relation import relation
from .. import rows, spots
from ..answering import missing
from ..asking import Asked
from ..draw.small import Dot, dots
from ..format import counted, day, span
from ..names import Names, path
from . import ego
from .ledgers import Book

PARTNERS = 12
_SIZES = ((640, 480), (360, 280))
NAMES = 6
_WITH = """SELECT CASE WHEN source = ? THEN target ELSE source END AS id, count(DISTINCT event) AS n FROM pairs
WHERE (source = ? OR target = ?) AND source <> target AND source <> '' AND target <> '' AND lane = 'happened'
GROUP BY 1 ORDER BY n DESC, id LIMIT 60"""
KINDS = {"state": "state", "organisation": "organisation", "group": "group", "sector": "known only by country and sector"}


def view(reading: Reading, asked: Asked, ident: str) -> Mapping[str, Any]:
    """Values of the page."""
    root = reading.party(ident)
    if "*" in root:
        raise missing("a pattern is no actor", "give an id or a name")
    names, registry = Names(reading.knowledge), reading.knowledge.registry
    actor = registry.actors.get(root)
    newest = rows.newest(reading) or date(1970, 1, 1)
    partners = reading.rows(_WITH, [root, root, root])
    found = [_dot(reading, asked, names, root, row) for row in partners[:PARTNERS]]
    found.sort(key=lambda dot: -abs((dot.now or 0) - (dot.before or 0)))
    wanted = Conditions()
    wanted.add("list_contains(parties, ?)", root)
    size = asked.count("n", 20, 500)
    total = rows.count(reading, wanted)
    book = Book(reading, asked)
    mine = relation(reading, root, root, False)
    members = book.memberships(mine.memberships(), None)
    offices = registry.offices(root)
    return {
        "title": names.of(root),
        "root": root,
        "kind": KINDS[actor.kind if actor else "sector"],
        "actor": actor,
        "sectors": [phrases().sectors.get(s, s) for s in (actor.sector if actor else root.split(":")[1:])],
        "aliases": [name for name in registry.names_of(root) if name != names.of(root)][:NAMES],
        "country": _country(actor, names, asked),
        "sentence": f"{counted(total, 'event')} with {counted(len(partners), 'partner')}; newest article {day(newest)}.",
        "dots": [dots(found, f"Relations of {names.of(root)}: index on the last day", "dw"), dots(found, "The same, narrow", "dn", True)]
        if found
        else [],
        "partners": found,
        "ego": ego.pictures(reading, asked, root, [row["id"] for row in partners[:PARTNERS]], newest) if partners else [],
        "rest": [(names.of(row["id"]), asked.to(path("relation", root, row["id"])), row["n"]) for row in partners[PARTNERS:]],
        "offices_now": [_office(term) for term in sorted(offices, key=lambda t: plain(t.role) not in TITLED) if _held(term, newest)],
        "offices": [_office(term) for term in reversed(offices)],
        "members": members,
        "members_now": [row for row, held in zip(members, mine.memberships(), strict=True) if held.held(newest)],
        "stances": book.stances(mine.stances()),
        **_map(reading, asked, names, root, wanted), "newest": newest,
        "total": total,
        "size": size,
        "events": [rows.as_row(event, names, asked) for event in rows.events(reading, wanted, size)],
        "lasting": span(actor.valid_from, actor.valid_to) if actor and (actor.valid_from or actor.valid_to) else "",
    }


def _map(reading: Reading, asked: Asked, names: Names, root: str, wanted: Conditions) -> dict[str, Any]:
    """Where the events of an actor happened."""
    only = Conditions([*wanted.parts, "lane = 'happened'"], list(wanted.values))
    found = spots.of_events(reading, only, names, spots.to_map(asked, actor=root))
    drawn = [] if found.is_empty else spots.pictures(
        found, names, f"Where events of {names.of(root)} happened", spots.fitted(found), _SIZES)
    return {"map": drawn, "map_told": spots.told(found), "map_keys": spots.keys(found)}


def _country(actor: Any, names: Names, asked: Asked) -> tuple[str, str] | None:
    if actor is None or not actor.country or actor.country == actor.id:
        return None
    return names.of(actor.country), asked.to(path("actor", actor.country))


def _dot(reading: Reading, asked: Asked, names: Names, root: str, row: Mapping[str, Any]) -> Dot:
    pair = relation(reading, root, row["id"], False)
    line = pair.whole
    half_life = line.rules.half_lives[0]
    known = np.flatnonzero(~line.line(half_life).gap)
    last = day_of(line.line(half_life).daily.first + int(known[-1])) if len(known) else line.span[1]
    now = line.standing(half_life, last)
    ago = now.day - timedelta(days=365)
    before = line.standing(half_life, ago).index if line.span[0] <= ago else None
    return Dot(names.of(row["id"]), asked.to(path("relation", root, row["id"])), now.index, now.low, now.high, before, row["n"],
               now.day if now.index is not None and now.day < line.span[1] else None)


def _held(term: Any, at: date) -> bool:
    return (term.valid_from is None or term.valid_from <= at) and (term.valid_to is None or at <= term.valid_to)


def _office(term: Any) -> tuple[str, str, str]:
    return term.person, term.role, span(term.valid_from, term.valid_to)
