"""Relations of two parties: state, time line, stances, memberships, agreements, shifts, brief; and which pairs there are."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import Field

from ...errors import RequestError
from ...relations.brief_text import to_html, to_markdown
from ...relations.draw import draw
from ..answers import TABLE, Rows, Words
from ..asking import answer, asked_of
from ..filters import Asked, Conditions, Day, Listed, Spanned, Text, of_span, party, span_of
from ..listing import Plan, page
from ..models import AgreementsOut, BriefOut, MembershipsOut, RelationOut, ShiftsOut, StancesOut, TimelineOut
from ..policy import page_policy
from ..reading import Reading
from ..relation import Served, daily_rows, line_of, relation, shift_of, sides, summary
from ..schemas import listed

router = APIRouter(prefix="/api/relations", tags=["relations"])
Name = Annotated[str, Path(max_length=200, description='an id, a name, or a sector as "*:REB"')]


class PairQuery(Asked):
    """What a relation understands."""

    directed: bool = Field(default=False, description="only what the first does to the second")


class LineQuery(PairQuery, Spanned):
    """What a time line understands."""

    level: Literal["day", "week", "month"] = "month"
    part: Literal["counts", "index"] = Field(default="counts", description="of CSV and Parquet: counts per period, or the daily index")


class LedgerQuery(Asked):
    """What ledgers of a pair understand."""

    at: Day | None = Field(default=None, description="by what had been said by this day")


class BriefQuery(PairQuery):
    """What a brief understands."""

    at: Day | None = Field(default=None, description="the day of the brief; else that of the newest article")
    since: Day | None = Field(default=None, description="from when changes count; else three months")


class PairsQuery(Listed, Spanned):
    """Which pairs are listed."""

    actor: Text | None = Field(default=None, description="only pairs of this party")
    least: int = Field(default=1, ge=1, le=1_000_000, description="only pairs with so many events")


def _day(text: str | None, first: bool = False) -> date | None:
    return span_of(text)[0 if first else 1] if text else None


_PAIRS = """(SELECT a || '|' || b AS id, a, b, count(DISTINCT event) AS events,
  count(DISTINCT event) FILTER (score > 0) AS cooperation, count(DISTINCT event) FILTER (score < 0) AS conflict,
  avg(score) AS score, min(date) AS first, max(date) AS last
  FROM (SELECT least(source, target) AS a, greatest(source, target) AS b, event, score, date FROM pairs
        WHERE source <> target AND source <> '' AND target <> '' AND lane = 'happened' AND {where})
  GROUP BY a, b HAVING count(DISTINCT event) >= {least})"""


def pairs_of(reading: Reading, query: PairsQuery, asked: str) -> Rows:
    """Pairs with events in a span, those with the newest ones first."""
    found = Conditions()
    of_span(found, query.since, query.until, "date", "coalesce(date_end, date)")
    if query.actor:
        name = party(query.actor, reading.knowledge)
        found.add("source = ? OR target = ?", name, name)
    source = _PAIRS.format(where=found.sql(), least=query.least)
    rows = page(reading, Plan(source, ("id", "a", "b", "events", "cooperation", "conflict", "score", "first", "last"), "last",
                              values=tuple(found.values)), Conditions(), query, asked)
    return Rows(rows.table.drop_columns(["id"]), rows.next)


def brief_of(pair: Served, query: BriefQuery, kind: str) -> Words | dict[str, Any]:
    """The brief of a pair: as records, as Markdown, or as a page of its own."""
    at = _day(query.at) or pair.reading.last
    if at is None:
        raise RequestError(404, "not_found", "no article has a day, so there is no day for a brief", "give at=2016-07-05")
    since = _day(query.since, first=True)
    if since is not None and since > at:
        raise RequestError(400, "bad_value", "since is after at", "give an earlier since")
    made = pair.brief(at, since)
    if kind == "md":
        return Words(to_markdown(made))
    if kind == "html":
        figure = draw(pair.timeline(made.since, made.at), pair.shifts())
        text = to_html(made, figure)
        return Words(text, {"Content-Security-Policy": page_policy(text)})
    numbers = made.numbers()
    return {
        "title": made.title, "at": made.at, "since": made.since, "note": made.note,
        "sections": [{"title": title, "sentences": [{"text": one.text, "evidence": list(one.evidence)} for one in own]}
                     for title, own in made.sections],
        "sources": [{"number": number, **_source(made.sources[ident])} for ident, number in numbers.items()],
    }


def _source(source: Any) -> dict[str, Any]:
    return {name: getattr(source, name) for name in ("id", "article", "publisher", "published", "sentence", "title", "url")}


@router.get("", responses=listed("Pair", TABLE))
async def list_relations(request: Request, query: Annotated[PairsQuery, Query()]) -> Response:
    """Pairs of parties that have events together, those with the newest ones first."""
    return await answer(request, query, lambda reading, _: pairs_of(reading, query, asked_of(request, query)), TABLE)


@router.get("/{a}/{b}", responses={200: {"model": RelationOut}})
async def get_relation(request: Request, a: Name, b: Name, query: Annotated[PairQuery, Query()]) -> Response:
    """The state of a relation: index with its bands, counts of events, the last ones."""
    return await answer(request, query, lambda reading, _: summary(relation(reading, a, b, query.directed), reading))


@router.get("/{a}/{b}/timeline", responses={200: {"model": TimelineOut}})
async def get_timeline(request: Request, a: Name, b: Name, query: Annotated[LineQuery, Query()]) -> Response:
    """The time line: counts per period with what was read, the index with its bands, one mark per event."""
    def make(reading: Reading, kind: str) -> Any:
        pair = relation(reading, a, b, query.directed)
        line = pair.timeline(_day(query.since, first=True), _day(query.until))
        if kind != "json":
            return Rows(daily_rows(line) if query.part == "index" else line.counts(query.level))
        return line_of(pair, line, query.level, reading.knowledge)

    return await answer(request, query, make, TABLE)


@router.get("/{a}/{b}/stances", responses={200: {"model": StancesOut}})
async def get_stances(request: Request, a: Name, b: Name, query: Annotated[LedgerQuery, Query()]) -> Response:
    """How the two stand to each other and to third parties: periods, changes, contradictions."""
    def make(reading: Reading, _: str) -> dict[str, Any]:
        pair = relation(reading, a, b, directed=False)
        found = pair.stances(_day(query.at))
        return {**sides(pair, reading.knowledge), "periods": found.periods, "changes": found.changes, "disputes": found.disputes}

    return await answer(request, query, make)


@router.get("/{a}/{b}/memberships", responses={200: {"model": MembershipsOut}})
async def get_memberships(request: Request, a: Name, b: Name, query: Annotated[LedgerQuery, Query()]) -> Response:
    """What each of the two belongs to: by the knowledge, by articles, and where these contradict each other."""
    def make(reading: Reading, _: str) -> dict[str, Any]:
        pair = relation(reading, a, b, directed=False)
        return {**sides(pair, reading.knowledge), "memberships": pair.memberships(_day(query.at))}

    return await answer(request, query, make)


@router.get("/{a}/{b}/agreements", responses={200: {"model": AgreementsOut}})
async def get_agreements(request: Request, a: Name, b: Name, query: Annotated[LedgerQuery, Query()]) -> Response:
    """Agreements between the two, with their stages and conditions."""
    def make(reading: Reading, _: str) -> dict[str, Any]:
        pair = relation(reading, a, b, directed=False)
        day = _day(query.at)
        return {**sides(pair, reading.knowledge),
                "agreements": [{"stage": deal.stage(day), "agreement": deal} for deal in pair.agreements(day)]}

    return await answer(request, query, make)


@router.get("/{a}/{b}/shifts", responses={200: {"model": ShiftsOut}})
async def get_shifts(request: Request, a: Name, b: Name, query: Annotated[PairQuery, Query()]) -> Response:
    """Where the relation turned: between which days, how far, how sure, by which events."""
    def make(reading: Reading, _: str) -> dict[str, Any]:
        pair = relation(reading, a, b, query.directed)
        return {**sides(pair, reading.knowledge), "shifts": [shift_of(shift) for shift in pair.shifts()]}

    return await answer(request, query, make)


@router.get("/{a}/{b}/brief", responses={200: {"model": BriefOut}})
async def get_brief(request: Request, a: Name, b: Name, query: Annotated[BriefQuery, Query()]) -> Response:
    """One page on the relation, each sentence with its evidence: JSON, Markdown (.md) or a page of its own (.html)."""
    def make(reading: Reading, kind: str) -> Any:
        return brief_of(relation(reading, a, b, query.directed), query, kind)

    return await answer(request, query, make, ("json", "md", "html"))
