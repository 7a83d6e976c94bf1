"""A brief: the state of a relation on one page, made of records alone. Every sentence names the claims and entries that it rests on.

Sections stand in a fixed order: state, change, events, stances, agreements and conditions, memberships, disputed, not known, coverage.
A sentence without evidence is not written, save those of coverage and of what is not known, which count articles and gaps.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from .agreements import Agreement
from .memberships import Belonging
from .phrases import Phrases, day_text, listed, named, signed, span_text
from .stances import Period, Stances

EVENTS, CAUSES, STALE = 12, 5, 365
COUNTED = frozenset({"State of the relation", "Not known", "Coverage"})  # they count what is there or missing


@dataclass(frozen=True, slots=True)
class Source:
    """A sentence of an article that something rests on."""

    id: str
    article: str
    publisher: str | None
    published: date | None
    sentence: str
    title: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a brief with the ids of the claims and entries that it rests on."""

    text: str
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Brief:
    """The whole page. `sources`: id → Source of everything cited; `sections`: title and sentences, in order."""

    title: str
    at: date
    since: date
    sections: tuple[tuple[str, tuple[Sentence, ...]], ...]
    sources: Mapping[str, Source]
    note: str

    def numbers(self) -> dict[str, int]:
        """Evidence numbers by id, in order of first use."""
        order: dict[str, int] = {}
        for _, sentences in self.sections:
            for sentence in sentences:
                for ident in sentence.evidence:
                    order.setdefault(ident, len(order) + 1)
        return order


@dataclass(frozen=True, slots=True)
class Mood:
    """The index on a day: `value` is None where the pair was not covered; `low` and `high` bound the 80 % band."""

    half_life: int
    value: float | None
    low: float
    high: float
    before: float | None  # on the first day of the brief


@dataclass(frozen=True, slots=True)
class Turn:
    """A shift: between which days, how large, how sure (0 to 1, None: a rule's alert), the events that made it."""

    first: date
    last: date
    size: float
    sureness: float | None
    causes: tuple[str, ...]
    state: str


@dataclass(frozen=True, slots=True)
class Material:
    """What a brief is made of. `events`: rows of EVENTS that concern the pair, of every lane; `claims`: event id → claim ids, best first.

    `articles`: those that name both, and those that name either, in the time of the brief; `last_read`: the day of the newest article.
    """

    pair: tuple[str, str]
    at: date
    since: date
    moods: Sequence[Mood]
    turns: Sequence[Turn]
    events: Sequence[Mapping[str, Any]]
    claims: Mapping[str, Sequence[str]]
    stances: Stances
    belongings: Sequence[Belonging]
    agreements: Sequence[Agreement]
    facts: Mapping[str, str]  # fact id → id of its entry or claim
    sources: Mapping[str, Source]
    names: Mapping[str, str]
    articles: tuple[int | None, int | None]
    last_read: date | None


def brief(material: Material, words: Phrases, note: str = "") -> Brief:
    """The brief of a pair. `note`: a line on store version and knowledge, shown at its foot."""
    writer = _Writer(material, words)
    sections: list[tuple[str, Callable[[], Iterable[Sentence]]]] = [
        ("State of the relation", writer.state), ("What changed", writer.changes), ("Key events", writer.events),
        ("Stances", writer.stances), ("Agreements and open conditions", writer.agreements), ("Memberships", writer.memberships),
        ("Disputed", writer.disputed), ("Not known", writer.unknown), ("Coverage", writer.coverage),
    ]
    told = tuple((title, tuple(s for s in write() if s.evidence or title in COUNTED)) for title, write in sections)
    cited = {ident for _, sentences in told for sentence in sentences for ident in sentence.evidence}
    a, b = (named(side, material.names) for side in material.pair)
    return Brief(f"{a} and {b}", material.at, material.since, told, {i: material.sources[i] for i in sorted(cited)}, note)


class _Writer:
    """One method a section."""

    def __init__(self, material: Material, words: Phrases) -> None:
        self.it, self.words = material, words
        self.sides = [named(side, material.names) for side in material.pair]
        self.recent = [e for e in material.events if _begun(e) and material.since <= _begun(e) <= material.at]

    def state(self) -> Iterator[Sentence]:
        """The index of each half-life, and what it rests on."""
        for mood in self.it.moods:
            what, day = "mood" if mood.half_life <= 60 else "standing", day_text(self.it.at)
            if mood.value is None:
                yield Sentence(f"The {what} (half-life {mood.half_life} days) on {day} is not covered: too little was read.")
                continue
            told = (f"The {what} of relations between {listed(self.sides)} on {day} is {signed(mood.value)} on a scale from −10 (conflict) "
                    f"to +10 (cooperation), with a half-life of {mood.half_life} days; 80 % band {signed(mood.low)} to {signed(mood.high)}")
            if mood.before is not None:
                told += f"; on {day_text(self.it.since)} it was {signed(mood.before)}"
            yield Sentence(told + ".", self._evidence(self._weightiest(3)))

    def changes(self) -> Iterator[Sentence]:
        """Shifts, then stances that turned in the time of the brief."""
        for turn in self.it.turns:
            if turn.last < self.it.since or turn.first > self.it.at:
                continue
            way = "towards cooperation" if turn.size > 0 else "towards conflict"
            sure = "" if turn.sureness is None else f", sureness {turn.sureness:.0%}".replace("%", " %")
            causes = [e for e in self.it.events if e["id"] in turn.causes][:CAUSES]
            told = "; ".join(f"{self._told(e)} ({day_text(_begun(e))})" for e in causes if _begun(e))
            yield Sentence(f"{span_text(turn.first, turn.last)}: relations turned {way} by {signed(turn.size)}{sure}"
                           + (f"; it was made by: {told}." if told else "."), self._evidence(causes))
        for change in self.it.stances.changes:
            if change.by and self.it.since <= change.by <= self.it.at:
                yield self._turned(change.before, change.now, change.after, change.by)

    def events(self) -> Iterator[Sentence]:
        """The weightiest events of the time, in order of their days; what is planned after them."""
        for event in sorted(self._weightiest(EVENTS), key=lambda e: (_begun(e) or date.max, e["id"])):
            yield self._event(event)
        ahead = [e for e in self.it.events if e["lane"] == "planned" and (e["first_published"] or self.it.at) >= self.it.since]
        for event in sorted(ahead, key=lambda e: (-_weight(e), e["id"]))[: EVENTS // 3]:
            yield self._event(event)

    def stances(self) -> Iterator[Sentence]:
        """How each of the two stands to the other and to third parties, on the day of the brief."""
        for period in self.it.stances.at(self.it.at):
            told = f"{named(period.holder, self.it.names)} {self.words.stance(period.value, named(period.other, self.it.names))}"
            yield Sentence(f"{told} ({self.words.lines[period.line]}, {_since(period)}).", self._of_facts(period.facts))
        for period in self.it.stances.periods:
            if period.over and not period.held(self.it.at):
                told = f"{named(period.holder, self.it.names)} {self.words.stance(period.value, named(period.other, self.it.names))}"
                yield Sentence(f"Formerly: {told} ({self.words.lines[period.line]}; {_until(period)}).", self._of_facts(period.facts))

    def agreements(self) -> Iterator[Sentence]:
        """Each agreement with its stages, then its conditions."""
        for deal in self.it.agreements:
            steps = [s for s in deal.steps if s.lane == "happened"]
            stages = ", ".join(
                f"{step.stage} {'on' if step.exact else 'reported'} {day_text(step.day)}" if step.day else step.stage
                for step in _firsts(steps)
            )
            parties = listed([named(p, self.it.names) for p in deal.parties])
            told = f"{parties}: “{deal.matter}”, {deal.stage(self.it.at)}" + (f" ({stages})" if stages else "")
            if deal.accepted_by and set(deal.accepted_by) != set(deal.parties):
                told += f"; acceptance is reported of {listed([named(p, self.it.names) for p in deal.accepted_by])} alone"
            yield Sentence(told + ".", self._of_facts(deal.facts))
            for condition in deal.conditions:
                yield Sentence(f"Open condition: “{condition.text}”.", self._of_facts((condition.fact,)))

    def memberships(self) -> Iterator[Sentence]:
        """Memberships that articles speak of."""
        for held in self.it.belongings:
            if not held.facts or held.disputed_by:
                continue
            since = f" since {day_text(held.since)}" if held.since else ""
            kind = held.value if held.lane == "happened" else f"{held.value} (planned or wished for)"
            known = ", as the knowledge has it too" if held.known else ""
            yield Sentence(f"{named(held.member, self.it.names)}: {kind} of {named(held.body, self.it.names)}{since}{known}.",
                           self._of_facts(held.facts))

    def disputed(self) -> Iterator[Sentence]:
        """Contradictions, shown and not averaged."""
        for one, two in self.it.stances.disputes:
            told = [f"{self.words.stance(p.value, named(p.other, self.it.names))} ({self.words.lines[p.line]})" for p in (one, two)]
            yield Sentence(f"{named(one.holder, self.it.names)} {told[0]}, but {told[1]}.", self._of_facts((*one.facts, *two.facts)))
        for held in self.it.belongings:
            if held.facts and held.disputed_by and not held.known:
                against = listed([d.removeprefix("knowledge: ") for d in held.disputed_by])
                yield Sentence(f"{named(held.member, self.it.names)} is called {held.value} of {named(held.body, self.it.names)}; "
                               f"the knowledge has it as {against}.", self._of_facts(held.facts))
        for event in self.recent:
            if event["standing"] in {"denied", "mixed", "claimed"}:
                yield Sentence(f"{self._told(event)} ({day_text(_begun(event))}): {event['standing']}.", self._evidence([event]))
            for toll in event["quantities"] or ():
                if toll["low"] is not None and toll["high"] is not None and toll["low"] != toll["high"]:
                    range_ = f"{toll['low']:,}–{toll['high']:,}" + (f", best {toll['best']:,}" if toll["best"] is not None else "")
                    yield Sentence(f"{self._told(event)} ({day_text(_begun(event))}): {toll['kind']} {range_}.", self._evidence([event]))

    def unknown(self) -> Iterator[Sentence]:
        """Gaps that can be counted."""
        for deal in self.it.agreements:
            missing = [named(p, self.it.names) for p in deal.parties if p not in deal.accepted_by]
            if deal.stage(self.it.at) in {"proposed", "transmitted", "reported"} and missing:
                yield Sentence(f"Whether {listed(missing)} accepted “{deal.matter}”.", self._of_facts(deal.facts[:1]))
        for period in self.it.stances.at(self.it.at):
            if period.last_seen and (self.it.at - period.last_seen).days > STALE:
                told = self.words.stance(period.value, named(period.other, self.it.names))
                yield Sentence(f"Whether {named(period.holder, self.it.names)} still {told}: last attested {day_text(period.last_seen)}.",
                               self._of_facts(period.facts[-1:]))
        undated = sum(1 for e in self.it.events if e["vague"])
        if undated:
            yield Sentence(f"The day of {undated:,} reported {'event' if undated == 1 else 'events'} of the pair.")
        if self.it.last_read and self.it.last_read < self.it.at - timedelta(days=1):
            yield Sentence(f"Anything after {day_text(self.it.last_read)}: no later article was read.")

    def coverage(self) -> Iterator[Sentence]:
        """How much was read."""
        both, either = self.it.articles
        if both is None or either is None:
            yield Sentence("How much was read about the pair is not known.")
            return
        events = sum(1 for e in self.recent if e["lane"] == "happened")
        when = span_text(self.it.since, self.it.at)
        yield Sentence(f"{when}: {both:,} articles name both, {either:,} either; {events:,} events of the pair.")

    # -- parts of sentences ---------------------------------------------------------------------------------------------

    def _event(self, event: Mapping[str, Any]) -> Sentence:
        day = _begun(event)
        when = day_text(day) if day else "No day given"
        mode = f"/{event['mode']}" if event["mode"] else ""
        place = f" in {event['place']['name']}" if event["place"] and event["place"]["precision"] in {"city", "site"} else ""
        low, high = event["origins_low"], event["origins_high"]
        alone = f"{low}" if low == high else f"{low}–{high}"
        reports = f"{event['articles']} {'article' if event['articles'] == 1 else 'articles'}, {alone} independent, {event['standing']}"
        return Sentence(f"{when}: {self._told(event)}{place} ({event['event']}{mode}, {signed(event['score'])}; {reports}).",
                        self._evidence([event]))

    def _told(self, event: Mapping[str, Any]) -> str:
        sides = [[named(p["root"], self.it.names) or p["name"] or "" for p in event[side] or ()] for side in ("actor", "recipient")]
        actors, others = (list(dict.fromkeys(name for name in side if name)) for side in sides)
        return self.words.event(event["event"], event["mode"], event["lane"], actors, others)

    def _turned(self, before: Period, now: Period, after: date | None, by: date) -> Sentence:
        holder, other = named(before.holder, self.it.names), named(before.other, self.it.names)
        when = f"between {day_text(after)} and {day_text(by)}" if after and after != by else f"by {day_text(by)}"
        old, new = (self.words.stance(period.value, other) for period in (before, now))
        return Sentence(f"{holder}: what was “{old}” turned {when} into “{new}”.", self._of_facts((*before.facts, *now.facts)))

    def _weightiest(self, count: int) -> list[Mapping[str, Any]]:
        told = [e for e in self.recent if e["lane"] == "happened"]
        return sorted(told, key=lambda e: (-_weight(e), e["id"]))[:count]

    def _evidence(self, events: Iterable[Mapping[str, Any]]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(c for e in events for c in self.it.claims.get(e["id"], ())[:3] if c in self.it.sources))

    def _of_facts(self, facts: Iterable[str]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(i for f in facts if (i := self.it.facts.get(f, "")) in self.it.sources))[:4]


def _begun(event: Mapping[str, Any]) -> Any:
    return event["date"]


def _weight(event: Mapping[str, Any]) -> float:
    """What stands on the page: severity or warmth by how many independent origins tell it."""
    return abs(float(event["score"])) * float(event["confidence"]) * math.log2(1 + (event["origins_low"] or 1))


def _firsts(steps: Iterable[Any]) -> list[Any]:
    """The first report of each stage, those with a day of their own before others."""
    best: dict[str, Any] = {}
    for step in steps:
        known = best.get(step.stage)
        if known is None or (step.exact and not known.exact):
            best[step.stage] = step
    return sorted(best.values(), key=lambda step: step.rank)


def _since(period: Period) -> str:
    if period.from_low and period.from_low == period.from_high:
        return f"since {day_text(period.from_low)}"
    return f"since {day_text(period.from_high)} at the latest" if period.from_high else "since when is not known"


def _until(period: Period) -> str:
    if period.to_low and period.to_high and period.to_low != period.to_high:
        return f"ended between {day_text(period.to_low)} and {day_text(period.to_high)}"
    end = period.to_high or period.to_low
    return f"ended by {day_text(end)}" if end else "its end is not known"
