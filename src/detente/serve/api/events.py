"""Events: lists, and one with everything that it rests on."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from ...errors import RequestError
from ...knowledge import Knowledge
from ...relations.of_pair import name_of
from ...store.reader import ALL
from ...tables import EVENTS
from ..answers import PLACES, Rows
from ..asking import answer, asked_of
from ..filters import Asked, EventQuery, of_events
from ..listing import Plan, page
from ..reading import Reading
from ..schemas import listed, one

router = APIRouter(prefix="/api/events", tags=["events"])
CLAIM = (
    "id, article, title, publisher, url, published, event, mode, status, confidence, actor, recipient, date, date_end, date_precision, "
    "place, quantities, voice, sentence, sentence_index, start, \"end\", trigger, trigger_start, trigger_end"
)


def rows_of(reading: Reading, query: EventQuery, asked: str, with_place: bool = False) -> Rows:
    """A page of events."""
    found = of_events(query, reading.knowledge)
    if with_place:
        found.add("place.lat IS NOT NULL AND place.lon IS NOT NULL")
    source = "events" if query.dataset is None else ALL if query.dataset == "*" else "imported"
    return page(reading, Plan(source, EVENTS.names, "date"), found, query, asked)


def event_of(reading: Reading, ident: str) -> dict[str, Any]:
    """An event with its variants, its claims with the reasons of their links, their articles, and decisions on it. Raises RequestError."""
    found = reading.rows("SELECT * FROM events WHERE id = ?", [ident]) or reading.rows("SELECT * FROM imported WHERE id = ?", [ident])
    if not found:
        raise RequestError(404, "not_found", "no event has this id", "a merged event is found by its claims, or as_of a day when it was there")
    variants = reading.rows("SELECT * FROM variants WHERE event = ? ORDER BY field, standing, value, claim", [ident])
    links = reading.rows("SELECT * FROM links WHERE event = ? ORDER BY founder DESC, points DESC NULLS LAST, claim", [ident])
    claims: dict[str, dict[str, Any]] = {}
    articles: list[dict[str, Any]] = []
    if links:
        ids = [link["claim"] for link in links]
        told = reading.rows(f"SELECT {CLAIM} FROM claims WHERE id IN (SELECT unnest(?))", [ids])
        claims = {row["id"]: row for row in told}
        articles = reading.rows(
            "SELECT a.id, a.title, a.publisher, a.url, a.published, f.family, f.copy_of, f.overlap, f.origin_strong, f.origin_weak"
            " FROM articles a LEFT JOIN families f ON f.article = a.id WHERE a.id IN (SELECT unnest(?)) ORDER BY a.published, a.id",
            [sorted({link["article"] for link in links})],
        )
    return {
        "event": found[0], "variants": variants, "claims": [{**link, "said": claims.get(link["claim"])} for link in links],
        "articles": articles, "decisions": decisions_on(reading, [link["mention"] for link in links]),
        "names": names_of(found[0], reading.knowledge),
    }


def decisions_on(reading: Reading, mentions: list[str]) -> list[dict[str, Any]]:
    """Decisions that name any of some mentions, as they were made."""
    if not mentions:
        return []
    return reading.rows("SELECT * FROM decisions WHERE list_has_any(flatten(groups), ?) ORDER BY made_at, id", [sorted(set(mentions))])


def names_of(event: dict[str, Any], knowledge: Knowledge) -> dict[str, str]:
    """Names of the parties of an event by their ids."""
    return {ident: name_of(ident, knowledge) for ident in event["parties"] or ()}


@router.get("", responses=listed("Event", PLACES))
async def list_events(request: Request, query: Annotated[EventQuery, Query()]) -> Response:
    """Events, newest first: who did what to whom, when, where, how well it is attested. GeoJSON holds those with a place."""
    return await answer(request, query, lambda reading, kind: rows_of(reading, query, asked_of(request, query), kind == "geojson"), PLACES)


@router.get("/{ident}", responses=one("EventWhole"))
async def get_event(request: Request, ident: str, query: Annotated[Asked, Query()]) -> Response:
    """One event: its values with all variants, the claims that make it and why, their articles, decisions on it."""
    return await answer(request, query, lambda reading, _: event_of(reading, ident))
