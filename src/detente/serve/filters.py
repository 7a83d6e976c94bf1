"""What may be asked of lists: the keys of a query, strictly, and the conditions of SQL that they become.

Values never stand in the text of a query: they go beside it, for its question marks.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from ..errors import RequestError, UnknownName
from ..knowledge import Knowledge
from ..records import STATUSES
from ..tables import LANES, STANDINGS
from ..world import party_of

MOST = 5000
QUADS = {"mc": "material cooperation", "vc": "verbal cooperation", "vx": "verbal conflict", "mx": "material conflict"}
LEDGERS = ("stance", "member", "agreement")
_DAY = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?", re.ASCII)
_UNSHOWN = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")


def _plain(text: str) -> str:
    if _UNSHOWN.search(text):
        raise ValueError("holds a control character")
    return text


def _day(text: str) -> str:
    span_of(text)
    return text


def _box(text: str) -> str:
    parts = text.split(",")
    try:
        west, south, east, north = map(float, parts)
    except ValueError:
        raise ValueError("is four numbers: west,south,east,north") from None
    if not (-180 <= west <= 180 and -180 <= east <= 180 and -90 <= south <= north <= 90):
        raise ValueError("is west,south,east,north in degrees, south before north")
    return text


def span_of(text: str) -> tuple[date, date]:
    """First and last day of "2016", "2016-06" or "2016-06-29". Raises ValueError."""
    found = _DAY.fullmatch(text)
    if not found or int(found[1]) == 0:
        raise ValueError("is a day as 2016-06-29, a month as 2016-06 or a year as 2016")
    year, month, day = (int(part or 0) for part in found.groups())
    if day:
        only = date(year, month, day)
        return only, only
    if not month:
        return date(year, 1, 1), date(year, 12, 31)
    return date(year, month, 1), date(year, month, monthrange(year, month)[1])


Text = Annotated[str, Field(max_length=200, min_length=1), AfterValidator(_plain)]
Day = Annotated[str, Field(max_length=10, pattern=r"^\d{4}(-\d{2}){0,2}$", examples=["2016-06-29", "2016"]), AfterValidator(_day)]
Box = Annotated[str, Field(max_length=100, examples=["25,34,45,43"]), AfterValidator(_box)]
Share = Annotated[float, Field(ge=0, le=1)]


class Asked(BaseModel):
    """What every address understands."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    as_of: Text | None = Field(default=None, description="the store as it was: a version, a day, or a moment as 2026-11-28T09:30")


class Listed(Asked):
    """What every list understands."""

    limit: int = Field(default=100, ge=1, le=MOST, description="rows of a page")
    cursor: Annotated[str, Field(max_length=2000)] | None = Field(default=None, description="`next` of the page before")


class Spanned(BaseModel):
    """A span of days."""

    since: Day | None = Field(default=None, description="from this day on")
    until: Day | None = Field(default=None, description="up to this day")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.since and self.until and span_of(self.since)[0] > span_of(self.until)[1]:
            raise ValueError("since is after until")
        return self


class Party(Listed, Spanned):
    """Filters by who takes part."""

    actor: Text | None = Field(default=None, description='a party: an id, a name, or a sector as "*:REB"')
    other: Text | None = Field(default=None, description="another party of the same event")
    directed: bool = Field(default=False, description="only what `actor` does to `other`")
    sector: Text | None = Field(default=None, description="a sector of PLOVER that takes part, as GOV or REB; several with commas")
    event: Text | None = Field(default=None, description="events of PLOVER, as CONSULT,AID")
    mode: Text | None = Field(default=None, description="modes, as phone")
    context: Text | None = Field(default=None, description="contexts, as military")
    quad: Text | None = Field(default=None, description="mc, vc, vx, mx: material or verbal, cooperation or conflict (x)")
    bbox: Box | None = Field(default=None, description="a box of places: west,south,east,north")
    voice: Text | None = Field(default=None, description="on whose word: speaker, outlet, document, or an actor")
    min_conf: Share | None = Field(default=None, description="least confidence, 0 to 1")


class EventQuery(Party):
    """Filters of events."""

    lane: Text | None = Field(default=None, description=f"{', '.join(LANES)}")
    standing: Text | None = Field(default=None, description=f"{', '.join(STANDINGS)}")
    dataset: Text | None = Field(default=None, description="an imported data set by its name; * for our own and all others")
    vague: bool | None = Field(default=None, description="only those without a day of their own (true), or without these (false)")
    sort: Literal["-date", "date"] = Field(default="-date", description="newest or oldest first")


class ClaimQuery(Party):
    """Filters of claims."""

    status: Text | None = Field(default=None, description=f"{', '.join(STATUSES)}")
    article: Text | None = Field(default=None, description="id of an article")
    sort: Literal["-published", "published"] = Field(default="-published", description="newest or oldest first")


class ArticleQuery(Listed, Spanned):
    """Filters of articles."""

    actor: Text | None = Field(default=None, description="an actor that the article names")
    publisher: Text | None = None
    sort: Literal["-published", "published"] = "-published"


class FactQuery(Listed, Spanned):
    """Filters of facts of the ledgers."""

    ledger: Literal["stance", "member", "agreement"] | None = None
    actor: Text | None = Field(default=None, description="holder, object or party")
    other: Text | None = Field(default=None, description="another holder, object or party")
    value: Text | None = Field(default=None, description="the state that it moves to, as supports")
    min_conf: Share | None = None
    sort: Literal["-said", "said"] = "-said"


class ActorQuery(Listed):
    """Filters of actors."""

    q: Text | None = Field(default=None, description="part of a name")
    kind: Literal["state", "organisation", "group", "sector", "unknown"] | None = None
    country: Text | None = Field(default=None, description="a country, by its three letters")
    told: bool = Field(default=False, description="only those that the store tells events of")


@dataclass(slots=True)
class Conditions:
    """Conditions of SQL with the values of their question marks, in order."""

    parts: list[str] = field(default_factory=list)
    values: list[Any] = field(default_factory=list)

    def add(self, condition: str, *values: Any) -> None:
        """Adds one."""
        self.parts.append(condition)
        self.values.extend(values)

    def one_of(self, column: str, text: str | None, known: Iterable[str] = (), upper: bool = False) -> None:
        """`column` is one of the words of a list with commas. Raises RequestError for a word that nobody knows."""
        if text is None:
            return
        words = words_of(column, text, tuple(known), upper)
        self.add(f"{column} IN ({', '.join('?' * len(words))})", *words)

    def sql(self) -> str:
        """As it stands after WHERE."""
        return " AND ".join(f"({part})" for part in self.parts) or "true"


def words_of(name: str, text: str, known: Sequence[str], upper: bool = False) -> list[str]:
    """The words of a list with commas. Raises RequestError 400 for one that is not among the known ones, with the nearest."""
    words = [word.strip().upper() if upper else word.strip() for word in text.split(",") if word.strip()]
    if not words or len(words) > 50:
        raise RequestError(400, "bad_value", f"{name}: give one to fifty words", "part them by commas")
    for word in words:
        if known and word not in known:
            near = get_close_matches(word, known, 1, 0.5)
            hint = f"did you mean {near[0]}?" if near else f"known: {', '.join(known)}"
            raise RequestError(400, "bad_value", f"{name}: not understood: {word}", hint)
    return words


def party(name: str, knowledge: Knowledge) -> str:
    """The id of a party in a query. Raises RequestError 400 where nobody is called so."""
    try:
        return party_of(name, knowledge)
    except UnknownName as error:
        raise RequestError(400, "unknown_name", error.message, error.hint) from error


def _side(of: str, sides: str, known: Conditions) -> None:
    """A party takes part in `sides` (SQL for a list of parties, which events and claims alike have as structures)."""
    country, colon, sector = of.partition(":")
    if of == "*":
        return
    if not colon:
        known.add(f"list_contains([coalesce(p.root, '') for p in {sides}], ?)", of)
    elif country == "*":
        known.add(f"list_contains(flatten([p.sector for p in {sides}]), ?)", sector)
    elif sector == "*":
        known.add(f"list_contains([coalesce(p.country, '') for p in {sides}], ?)", country)
    else:
        known.add(f"list_contains(flatten([[p.country || ':' || s for s in p.sector] for p in {sides}]), ?)", of)


_BOTH = "list_concat(coalesce(actor, []), coalesce(recipient, []))"
_CLAIM_SIDES = {  # claims know no root: a party is an id, or a country where the id is missing or an organ's
    name: f"[{{'root': coalesce(p.id, p.country), 'country': p.country, 'sector': p.sector}} for p in {sides}]"
    for name, sides in (("both", _BOTH), ("actor", "coalesce(actor, [])"), ("recipient", "coalesce(recipient, [])"))
}
_EVENT_SIDES = {"both": _BOTH, "actor": "coalesce(actor, [])", "recipient": "coalesce(recipient, [])"}


# Ids and countries of the parties of a claim: what a copy of the store holds ready, as working it out reads all structures.
CLAIM_PARTIES = f"list_distinct(flatten([[coalesce(p.id, p.country)] for p in {_BOTH}]))"


def of_parties(query: Party, knowledge: Knowledge, ready: str | None) -> Conditions:
    """The conditions that events and claims share. `ready`: a column in which a plain party is found quickest, if any."""
    of_events = isinstance(query, EventQuery)
    found, ontology = Conditions(), knowledge.ontology
    sides = _EVENT_SIDES if of_events else _CLAIM_SIDES
    names = [party(name, knowledge) if name else None for name in (query.actor, query.other)]
    for name, where in zip(names, ("actor", "recipient"), strict=True):
        if name is None:
            continue
        if ready and not query.directed and name in knowledge.registry.actors:
            found.add(f"list_contains({ready}, ?)", name)
        else:
            _side(name, sides[where if query.directed else "both"], found)
    if query.sector:
        sectors = words_of("sector", query.sector, (), upper=True)
        found.add(f"list_has_any(flatten([p.sector for p in {_BOTH}]), [{', '.join('?' * len(sectors))}])", *sectors)
    found.one_of("event", query.event, sorted(ontology.events), upper=True)
    found.one_of("mode", query.mode)
    if query.context:
        words = words_of("context", query.context, sorted(ontology.contexts))
        found.add(f"list_has_any(context, [{', '.join('?' * len(words))}])", *words)
    if query.quad:
        words = [QUADS.get(word, word) for word in words_of("quad", query.quad, (*QUADS, *QUADS.values()))]
        found.add(f"quad IN ({', '.join('?' * len(words))})", *words)
    if query.bbox:
        west, south, east, north = map(float, query.bbox.split(","))
        between = "place.lon BETWEEN ? AND ?" if west <= east else "(place.lon >= ? OR place.lon <= ?)"  # over the date line
        found.add(f"place.lat BETWEEN ? AND ? AND {between}", south, north, west, east)
    if query.min_conf is not None:
        found.add("confidence >= ?", query.min_conf)
    return found


def of_span(found: Conditions, since: str | None, until: str | None, first: str, last: str) -> None:
    """What begins by `until` and ends from `since` on, by two columns."""
    if since:
        found.add(f"{last} >= ?::DATE", span_of(since)[0].isoformat())
    if until:
        found.add(f"{first} <= ?::DATE", span_of(until)[1].isoformat())


def of_events(query: EventQuery, knowledge: Knowledge) -> Conditions:
    """Conditions on EVENTS."""
    found = of_parties(query, knowledge, "parties")
    of_span(found, query.since, query.until, "date", "coalesce(date_end, date)")
    found.one_of("lane", query.lane, LANES)
    found.one_of("standing", query.standing, STANDINGS)
    if query.dataset and query.dataset != "*":
        found.one_of("dataset", query.dataset)
    if query.vague is not None:
        found.add("coalesce(vague, false) = ?", query.vague)
    if query.voice:
        kind = query.voice in {"speaker", "outlet", "document"}
        name = query.voice if kind else party(query.voice, knowledge)
        said = "voice_kind = ?" if kind else "starts_with(voice, ? || ':')"
        found.add(f"id IN (SELECT event FROM variants WHERE {said})", name)
    return found


def of_claims(query: ClaimQuery, knowledge: Knowledge, ready: str | None = None) -> Conditions:
    """Conditions on CLAIMS; `ready` as in `of_parties`."""
    found = of_parties(query, knowledge, ready)
    of_span(found, query.since, query.until, "coalesce(date, published)", "coalesce(date_end, date, published)")
    found.one_of("status", query.status, STATUSES)
    found.one_of("article", query.article)
    if query.voice in {"speaker", "outlet", "document"}:
        found.add("voice.kind = ?", query.voice)
    elif query.voice:
        name = party(query.voice, knowledge)
        found.add("voice.speaker.id = ? OR voice.speaker.country = ?", name, name)
    return found


def of_articles(query: ArticleQuery, knowledge: Knowledge) -> Conditions:
    """Conditions on ARTICLES."""
    found = Conditions()
    if query.actor:
        found.add("list_contains(actors, ?)", party(query.actor, knowledge))
    if query.publisher:
        found.add("publisher = ?", query.publisher)
    of_span(found, query.since, query.until, "published", "published")
    return found


def of_facts(query: FactQuery, knowledge: Knowledge) -> Conditions:
    """Conditions on FACTS."""
    found = Conditions()
    found.one_of("ledger", query.ledger)
    for name in (query.actor, query.other):
        if name:
            ident = party(name, knowledge)
            found.add("holder = ? OR object = ? OR list_contains(parties, ?)", ident, ident, ident)
    found.one_of("value", query.value)
    of_span(found, query.since, query.until, "said", "said")
    if query.min_conf is not None:
        found.add("confidence >= ?", query.min_conf)
    return found
