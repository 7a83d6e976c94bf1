"""Actors: who is known and who is told of; one with names, offices, memberships and what the store tells of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

import pyarrow as pa
from fastapi import APIRouter, Path, Query, Request, Response

from ...errors import RequestError
from ...knowledge.names import fold
from ...relations.of_pair import name_of
from ..answers import TABLE, Rows
from ..asking import answer, asked_of
from ..filters import ActorQuery, Asked
from ..listing import slice_of
from ..reading import Reading
from ..schemas import listed, one

router = APIRouter(prefix="/api/actors", tags=["actors"])
_SCHEMA = pa.schema([
    ("id", pa.string()), ("name", pa.string()), ("kind", pa.string()), ("country", pa.string()), ("sectors", pa.list_(pa.string())),
    ("events", pa.int64()), ("first", pa.date32()), ("last", pa.date32()), ("articles", pa.int64()),
])
_EVENTS = """SELECT party AS id, count(*) AS events, min(date) AS first, max(date) AS last
FROM (SELECT unnest(parties) AS party, date FROM events WHERE lane = 'happened') GROUP BY party"""
# Of all actors at once: a query for one reads the whole table as well, and took 9 ms with a million claims.
_LANES = """SELECT party AS id, lane, quad, count(*) AS events FROM (SELECT unnest(list_distinct(parties)) AS party, lane, quad FROM events)
GROUP BY ALL ORDER BY ALL"""
_FACTS = """SELECT party AS id, ledger, count(*) AS facts FROM (SELECT unnest(list_distinct([holder, object] || coalesce(parties, [])))
AS party, ledger FROM facts) GROUP BY ALL ORDER BY ALL"""
_ARTICLES = "SELECT actor AS id, count(*) AS articles FROM (SELECT unnest(actors) AS actor FROM articles) GROUP BY actor"
_WITH = """SELECT one AS id, other, count(DISTINCT event) AS events, count(DISTINCT event) FILTER (score > 0) AS cooperation,
count(DISTINCT event) FILTER (score < 0) AS conflict, avg(score) AS score, max(date) AS last
FROM (SELECT source AS one, target AS other, event, score, date, lane FROM pairs
UNION ALL SELECT target AS one, source AS other, event, score, date, lane FROM pairs)
WHERE one <> other AND one <> '' AND other <> '' AND lane = 'happened' GROUP BY one, other
QUALIFY row_number() OVER (PARTITION BY one ORDER BY events DESC, other) <= 50 ORDER BY one, events DESC, other"""


def _all(reading: Reading) -> list[dict[str, Any]]:
    """Everybody: all actors of the knowledge, and all parties of events; those with most events first."""
    actors = reading.knowledge.registry.actors
    told = {row["id"]: row for row in reading.rows(_EVENTS)}
    named = {row["id"]: row["articles"] for row in reading.rows(_ARTICLES)}
    found = []
    for ident in {*actors, *told}:
        country, colon, sector = ident.partition(":")
        actor = actors.get(ident)
        own = told.get(ident, {})
        kind = actor.kind if actor else "sector" if colon else "unknown"
        home = actor.country if actor else country if colon else None
        sectors = list(actor.sector) if actor else [sector] if colon else []
        found.append({
            "id": ident, "name": name_of(ident, reading.knowledge), "kind": kind, "country": home, "sectors": sectors,
            "events": own.get("events", 0), "first": own.get("first"), "last": own.get("last"), "articles": named.get(ident, 0),
        })
    return sorted(found, key=lambda row: (-row["events"], -row["articles"], row["id"]))


def _of_each(reading: Reading, query: str) -> dict[str, list[dict[str, Any]]]:
    """The rows of a query for all actors, by its column `id`; worked out once for a state of the store."""
    def make() -> dict[str, list[dict[str, Any]]]:
        found: dict[str, list[dict[str, Any]]] = {}
        for row in reading.rows(query):
            found.setdefault(row.pop("id"), []).append(row)
        return found

    return reading.common(query, make)


def rows_of(reading: Reading, query: ActorQuery, asked: str) -> Rows:
    """A page of actors."""
    rows = reading.common("actors", lambda: _all(reading))
    if query.q:
        words = fold(query.q).lower().split()
        names = reading.knowledge.registry.names_of
        rows = [row for row in rows if _called((row["id"], row["name"], *names(row["id"])), words)]
    rows = [row for row in rows if query.kind in {None, row["kind"]} and query.country in {None, row["country"]}]
    rows = [row for row in rows if row["events"]] if query.told else rows
    shown, after = slice_of(rows, query, asked, reading.held)
    return Rows(pa.Table.from_pylist(list(shown), schema=_SCHEMA), after)


def _called(names: Sequence[str], words: Sequence[str]) -> bool:
    return any(all(word in fold(name).lower() for word in words) for name in names)


def actor_of(reading: Reading, name: str) -> dict[str, Any]:
    """An actor by what the knowledge has and what the store tells. Raises UnknownName."""
    ident, knowledge = reading.party(name), reading.knowledge
    if "*" in ident:
        raise RequestError(404, "not_found", "a pattern is no actor", "give an id or a name")
    actor = knowledge.registry.actors.get(ident)
    rows = {row["id"]: row for row in reading.common("actors", lambda: _all(reading))}
    known = None
    if actor:
        known = {"valid_from": actor.valid_from, "valid_to": actor.valid_to, "names": list(knowledge.registry.names_of(ident))}
    links = [
        {"organisation": held.organisation, "member": held.member, "kind": held.kind, "since": held.valid_from, "until": held.valid_to,
         "note": held.note}
        for held in knowledge.memberships.of(ident)
    ]
    offices = [
        {"person": term.person, "role": term.role, "sectors": list(term.sector), "since": term.valid_from, "until": term.valid_to}
        for term in knowledge.registry.offices(ident)
    ]
    lanes, facts = (_of_each(reading, query).get(ident, []) for query in (_LANES, _FACTS))
    others = [{"id": row["other"], **{key: row[key] for key in row if key != "other"}, "name": name_of(row["other"], knowledge)}
              for row in _of_each(reading, _WITH).get(ident, ())]
    country, _, sector = ident.partition(":")
    bare = {"id": ident, "name": name_of(ident, knowledge), "kind": "sector", "country": country, "sectors": [sector], "events": 0,
            "first": None, "last": None, "articles": 0}
    return {
        "actor": rows.get(ident, bare), "known": known, "offices": offices, "memberships": links,
        "members": [*knowledge.memberships.members(ident)], "counts": lanes, "relations": others, "facts": facts,
    }


@router.get("", responses=listed("Actor", TABLE))
async def list_actors(request: Request, query: Annotated[ActorQuery, Query()]) -> Response:
    """Actors: all that the knowledge has and all that events tell of, those with most events first."""
    return await answer(request, query, lambda reading, _: rows_of(reading, query, asked_of(request, query)), TABLE)


@router.get("/{name}", responses=one("ActorWhole"))
async def get_actor(request: Request, name: Annotated[str, Path(max_length=200)], query: Annotated[Asked, Query()]) -> Response:
    """One actor, by id or name: names, offices and memberships with their days; events by lane and quad; whom it deals with most."""
    return await answer(request, query, lambda reading, _: actor_of(reading, name))
