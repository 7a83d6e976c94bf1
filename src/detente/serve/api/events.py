"""Events: lists, and one with everything that it rests on."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from ...knowledge import Knowledge
from ...relations.of_pair import name_of
from ...store.reader import ALL
from ...tables import EVENTS
from ..answers import PLACES, Rows
from ..asking import answer, asked_of
from ..filters import Asked, EventQuery, of_events
from ..listing import Plan, page, page_of_parties
from ..moved import elsewhere
from ..reading import Reading
from ..schemas import listed, one

router = APIRouter(prefix="/api/events", tags=["events"])


def rows_of(reading: Reading, query: EventQuery, asked: str, with_place: bool = False) -> Rows:
    """A page of events."""
    found = of_events(query, reading.knowledge)
    if with_place:
        found.add("place.lat IS NOT NULL AND place.lon IS NOT NULL")
    source = "events" if query.dataset is None else ALL if query.dataset == "*" else "imported"
    plan = Plan(source, EVENTS.names, "date")
    quick = None if with_place else page_of_parties(reading, plan, query, asked)
    return quick or page(reading, plan, found, query, asked)


def event_of(reading: Reading, ident: str) -> dict[str, Any]:
    """An event with its variants, its claims with the reasons of their links, their articles, and decisions on it. Raises RequestError."""
    found = reading.by("events", ident) or reading.rows("SELECT * FROM imported WHERE id = ?", [ident])
    if not found:
        raise elsewhere(reading, ident, "/api/events")
    variants = sorted(
        reading.by("variants", ident), key=lambda row: tuple(row[name] or "" for name in ("field", "standing", "value", "claim"))
    )
    links = sorted(reading.by("links", ident), key=lambda row: (not row["founder"], -(row["points"] or 0.0), row["claim"]))
    claims = {row["id"]: row for row in reading.by_each("claims", (link["claim"] for link in links))}
    ids = sorted({link["article"] for link in links})
    kin = {row["article"]: row for row in reading.by_each("families", ids)}
    articles = [{**row, "family": kin.get(row["id"])} for row in reading.by_each("articles", ids)]
    return {
        "event": found[0],
        "variants": variants,
        "claims": [{**link, "said": claims.get(link["claim"])} for link in links],
        "articles": sorted(articles, key=lambda row: (row["published"] or date.max, row["id"])),
        "decisions": decisions_on(reading, {link["mention"] for link in links}),
        "names": names_of(found[0], reading.knowledge),
    }


def decisions_on(reading: Reading, mentions: set[str]) -> list[dict[str, Any]]:
    """Decisions that name any of some mentions, as they were made."""
    decided = reading.common("decisions", lambda: reading.rows("SELECT * FROM decisions ORDER BY made_at, id"))
    return [row for row in decided if any(not mentions.isdisjoint(group) for group in row["groups"] or ())]


def names_of(event: dict[str, Any], knowledge: Knowledge) -> dict[str, str]:
    """Names of the parties of an event by their ids."""
    return {ident: name_of(ident, knowledge) for ident in event["parties"] or ()}


@router.get("", responses=listed("Event", PLACES))
async def list_events(request: Request, query: Annotated[EventQuery, Query()]) -> Response:
    """Events, newest first: who did what to whom, when, where, how well it is attested. GeoJSON holds those with a place."""
    return await answer(
        request, query, lambda reading, kind: rows_of(reading, query, asked_of(request, query), kind == "geojson"), PLACES
    )


@router.get("/{ident}", responses=one("EventWhole", moves=True))
async def get_event(request: Request, ident: str, query: Annotated[Asked, Query()]) -> Response:
    """One event: its values with all variants, the claims that make it and why, their articles, decisions on it. The id of an event that
    was merged leads (308) to the event that now holds it."""
    return await answer(request, query, lambda reading, _: event_of(reading, ident))
