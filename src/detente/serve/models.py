"""Answers that are worked out rather than read from a table, as the OpenAPI document describes them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from pydantic import BaseModel, ConfigDict

from ..relations.agreements import Agreement
from ..relations.blocs import Triad
from ..relations.memberships import Belonging
from ..relations.stances import Change, Period


class Out(BaseModel):
    """An answer, with nothing beside what is named."""

    model_config = ConfigDict(extra="forbid")


class StoreOut(Out):
    """The state of the store that an answer is from."""

    pin: str
    moment: datetime | None
    fold: str | None


class Named(Out):
    """A party."""

    id: str
    name: str


class Sides(Out):
    """Whose relation it is."""

    a: Named
    b: Named
    directed: bool
    store: StoreOut


class Span(Out):
    """Days, both included."""

    first: date
    last: date


class StandingOut(Out):
    """The index on a day with its 80 % band (low, high) and 95 % band; None where the pair was not covered."""

    half_life: int
    day: date
    index: float | None
    low: float | None
    high: float | None
    lowest: float | None
    highest: float | None
    percentile: float | None
    weight: float
    cooperation: float
    conflict: float
    events: int
    left_out: int
    articles_either: int | None
    articles_both: int | None
    formula: str


class CountsOut(Out):
    """How many events: those that count, and all by lane and quad."""

    happened: int
    lanes: dict[str, int]
    quads: dict[str, int]


class LastEvent(Out):
    """An event in brief."""

    id: str
    event: str
    mode: str | None
    quad: str | None
    lane: str
    standing: str | None
    date: date | None
    date_precision: str | None
    articles: int | None
    origins_low: int | None
    origins_high: int | None
    headline: str | None
    vague: bool | None


class RelationOut(Sides):
    """The state of a relation."""

    span: Span | None
    counts: CountsOut
    standing: list[StandingOut]
    last: list[LastEvent]


class DayOut(Out):
    """The index on a day of a drawing."""

    day: date
    index: float | None
    low: float | None
    high: float | None
    lowest: float | None
    highest: float | None
    thin: bool


class LineOut(Out):
    """An index over time."""

    half_life: int
    days: list[DayOut]


class TimelineOut(Sides):
    """A time line."""

    span: Span | None
    level: str
    counts: list[dict[str, Any]]
    lines: list[LineOut]
    events: list[dict[str, Any]]
    events_left_out: int


class StancesOut(Sides):
    """Stances of a pair."""

    periods: list[Period]
    changes: list[Change]
    disputes: list[tuple[Period, Period]]


class MembershipsOut(Sides):
    """Memberships of a pair."""

    memberships: list[Belonging]


class AgreementOut(Out):
    """An agreement, and the stage that it had reached."""

    stage: str
    agreement: Agreement


class AgreementsOut(Sides):
    """Agreements of a pair."""

    agreements: list[AgreementOut]


class LevelOut(Out):
    """A level with its 80 % interval."""

    value: float | None
    low: float | None
    high: float | None


class CauseOut(Out):
    """An event that made a shift."""

    event: str
    day: date
    weight: float


class ShiftOut(Out):
    """A shift."""

    id: str
    source: str
    target: str
    directed: bool
    method: str
    series: str
    towards: int
    first: date
    last: date
    seen: date
    before: LevelOut
    after: LevelOut
    size: float | None
    unit: str
    sureness: float | None
    rate: str
    chance: float | None
    not_before: date | None
    events: list[CauseOut]
    also: list[str]
    note: str
    previous: str | None
    state: str


class ShiftsOut(Sides):
    """Shifts of a pair."""

    shifts: list[ShiftOut]


class SentenceOut(Out):
    """A sentence of a brief with the ids of claims and entries it rests on."""

    text: str
    evidence: list[str]


class SectionOut(Out):
    """A section of a brief."""

    title: str
    sentences: list[SentenceOut]


class SourceOut(Out):
    """A sentence of an article that a brief rests on."""

    number: int
    id: str
    article: str
    publisher: str | None
    published: date | None
    sentence: str
    title: str | None
    url: str | None


class BriefOut(Out):
    """A brief."""

    title: str
    at: date
    since: date
    note: str
    sections: list[SectionOut]
    sources: list[SourceOut]
    store: StoreOut


class NodeOut(Out):
    """An actor of the network: number of its bloc, how much it would lose elsewhere, how often its bloc is with it again."""

    id: str
    name: str
    bloc: int
    margin: float
    sure: float


class EdgeOut(Out):
    """Two actors that are close or at odds."""

    a: str
    b: str
    index: float
    low: float
    high: float
    weight: float
    events: list[str]


class BalanceOut(Out):
    """How many triads are balanced, against chance; the tense ones."""

    triads: int
    balanced: int
    share: float | None
    expected: float | None
    z: float | None
    walks: float | None
    tense: list[Triad]


class BlocsOut(Out):
    """The signed network of a day and its blocs."""

    day: date | None
    modularity: float | None
    actors: list[NodeOut]
    edges: list[EdgeOut]
    balance: BalanceOut | None
    store: StoreOut
