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

from .agreements import Agreement, Step
from .memberships import Belonging
from .phrases import Phrases, bounds_text, day_text, in_quotes, listed, named, signed, span_text
from .stances import Change, Period, Stances

EVENTS, CAUSES, STALE, CITED = 12, 5, 365, 3
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
            yield Sentence(told + ".", self._evidence(self._weightiest(CITED), 1))

    def changes(self) -> Iterator[Sentence]:
        """Shifts, then stances that turned in the time of the brief."""
        for turn in self.it.turns:
            if turn.last < self.it.since or turn.first > self.it.at:
                continue
            way = "towards cooperation" if turn.size > 0 else "towards conflict"
            sure = "" if turn.sureness is None else f", sureness {turn.sureness:.0%}".replace("%", " %")
            causes = [e for e in self.it.events if e["id"] in turn.causes][:CAUSES]
            told = "; ".join(f"{self._told(e)} ({_when(e)})" for e in causes if _begun(e))
            yield Sentence(f"{span_text(turn.first, turn.last)}: relations turned {way} by {signed(turn.size)}{sure}"
                           + (f". The events that made it: {told}." if told else "."), self._evidence(causes, 1))
        for change in self.it.stances.changes:
            if change.by and self.it.since <= change.by <= self.it.at:
                yield self._turned(change)

    def events(self) -> Iterator[Sentence]:
        """The weightiest events of the time, in order of their days; what is planned after them."""
        for event in sorted(self._weightiest(EVENTS), key=lambda e: (_begun(e) or date.max, e["id"])):
            yield self._event(event)
        ahead = [e for e in self.it.events if e["lane"] == "planned" and self._still_ahead(e)]
        for event in sorted(ahead, key=lambda e: (-_weight(e), e["id"]))[: EVENTS // 3]:
            yield self._event(event)

    def stances(self) -> Iterator[Sentence]:
        """How each of the two stands to the other and to third parties, on the day of the brief."""
        for period in self.it.stances.at(self.it.at):
            yield Sentence(f"{self._holds(period)} ({self.words.lines[period.line]}; {_since(period)}).", self._of_facts(period.facts))
        for period in self.it.stances.periods:
            if period.over and not period.held(self.it.at):
                told = f"Formerly, {self._holds(period)} ({self.words.lines[period.line]}; {_until(period)})."
                yield Sentence(told, self._of_facts(period.facts))

    def agreements(self) -> Iterator[Sentence]:
        """Each agreement with its stages, then its conditions."""
        for deal in self.it.agreements:
            parties, steps = listed([named(p, self.it.names) for p in deal.parties]), _firsts(deal.steps)
            happened = [step for step in steps if step.lane == "happened"]
            stages = ", ".join(_step(step) for step in happened) or ", ".join(
                f"{self.words.lanes.get(step.lane, step.lane)}: {_step(step)}" for step in steps)
            now = deal.stage(self.it.at)
            told = f"{parties}: {in_quotes(deal.matter)}, {stages}" if deal.matter else f"{parties}: an agreement without a name, {stages}"
            if happened and now != happened[-1].stage:
                told += f"; it stands at: {now}"
            if deal.accepted_by and set(deal.accepted_by) != set(deal.parties):
                told += f"; acceptance is reported of {listed([named(p, self.it.names) for p in deal.accepted_by])} alone"
            yield Sentence(told + ".", self._of_facts(deal.facts))
            for condition in deal.conditions:
                yield Sentence(f"Open condition: {in_quotes(condition.text)}.", self._of_facts((condition.fact,)))

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
        seen: set[frozenset[str]] = set()
        for one, two in self.it.stances.disputes:
            told = [f"{self._stance(p)} ({self.words.lines[p.line]})" for p in (one, two)]
            if frozenset((one.holder, *told)) not in seen:
                seen.add(frozenset((one.holder, *told)))
                evidence = (*self._of_facts(one.facts)[:2], *self._of_facts(two.facts)[:2])
                yield Sentence(f"{named(one.holder, self.it.names)} {told[0]}, but {told[1]}.", tuple(dict.fromkeys(evidence)))
        for held in self.it.belongings:
            if held.facts and held.disputed_by and not held.known:
                against = listed([d.removeprefix("knowledge: ") for d in held.disputed_by])
                yield Sentence(f"{named(held.member, self.it.names)} is called {held.value} of {named(held.body, self.it.names)}; "
                               f"the knowledge has it as {against}.", self._of_facts(held.facts))
        for event in (e for e in self.recent if e["lane"] in {"happened", "denied"}):
            if event["standing"] in {"denied", "mixed", "claimed"}:
                yield Sentence(f"{self._told(event)} ({_when(event)}): {self.words.standings[event['standing']]}.", self._evidence([event]))
            for toll in event["quantities"] or ():
                if toll["low"] is not None and toll["high"] is not None and toll["low"] != toll["high"]:
                    range_ = f"{toll['low']:,}–{toll['high']:,}" + (f", best {toll['best']:,}" if toll["best"] is not None else "")
                    yield Sentence(f"{self._told(event)} ({_when(event)}): {toll['kind']} {range_}.", self._evidence([event]))

    def unknown(self) -> Iterator[Sentence]:
        """Gaps that can be counted."""
        for deal in self.it.agreements:
            offered = {p for step in deal.steps if step.stage in {"proposed", "transmitted"} for p in step.by}
            missing = [named(p, self.it.names) for p in deal.parties if p not in deal.accepted_by and p not in offered]
            if deal.stage(self.it.at) in {"proposed", "transmitted"} and missing and deal.matter:
                yield Sentence(f"Whether {listed(missing)} accepted {in_quotes(deal.matter)}.", self._of_facts(deal.facts[:1]))
        for period in self.it.stances.at(self.it.at):
            if period.last_seen and (self.it.at - period.last_seen).days > STALE:
                told = self.words.stance(period.value, named(period.other, self.it.names))
                yield Sentence(f"Whether {named(period.holder, self.it.names)} still {told}: last told of {day_text(period.last_seen)}.",
                               self._of_facts(period.facts[-1:]))
        undated = sum(1 for e in self.it.events if e["vague"] and e["lane"] == "happened")
        if undated:
            what = "event of the pair that is" if undated == 1 else "events of the pair that are"
            they = "it does" if undated == 1 else "they do"
            yield Sentence(f"The day of {undated:,} {what} told as having happened; {they} not count in the index.")
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
        yield Sentence(f"{when}: {_count(both, 'article')} {'names' if both == 1 else 'name'} both, {either:,} at least one of them; "
                       f"{_count(events, 'event')} of the pair.")

    # -- parts of sentences ---------------------------------------------------------------------------------------------

    def _event(self, event: Mapping[str, Any]) -> Sentence:
        mode = f"/{event['mode']}" if event["mode"] else ""
        place = f" in {event['place']['name']}" if event["place"] and event["place"]["precision"] in {"city", "site"} else ""
        low, high = event["origins_low"], event["origins_high"]
        alone = f", {low} independent" if low == high else f", {low}–{high} independent"
        read = _count(event["articles"], "article") + (alone if event["articles"] > 1 else "")
        reports = f"{read}, {self.words.standings[event['standing']]}"
        score = "without a score" if event["score"] is None else signed(event["score"])
        told = f"{self._told(event)}{place} ({event['event']}{mode}, {score}; {reports})"
        return Sentence(f"{_when(event)}: {told}.", self._evidence([event]))

    def _still_ahead(self, event: Mapping[str, Any]) -> bool:
        """Announced in the time of the brief, and not for a day that has passed."""
        announced, last = event["first_published"] or self.it.at, event["date_end"] or event["date"]
        dated = event["date_basis"] not in {None, "publication"} and last is not None
        return bool(announced >= self.it.since and (not dated or last >= self.it.at))

    def _told(self, event: Mapping[str, Any]) -> str:
        sides = [[named(p["root"], self.it.names) or p["name"] or "" for p in event[side] or ()] for side in ("actor", "recipient")]
        actors, others = (list(dict.fromkeys(name for name in side if name)) for side in sides)
        return self.words.event(event["event"], event["mode"], event["lane"], actors, others)

    def _stance(self, period: Period) -> str:
        past = period.over or period.line == "acts"  # a deed is done; that it goes on is more than it says
        return self.words.stance(period.value, named(period.other, self.it.names), past)

    def _holds(self, period: Period) -> str:
        return f"{named(period.holder, self.it.names)} {self._stance(period)}"

    def _turned(self, change: Change) -> Sentence:
        before, now, by = change.before, change.now, change.by
        other = named(before.other, self.it.names)
        when = "" if by is None else f"by {day_text(by)}"
        if by and change.after and change.after < by:
            when = bounds_text(change.after, by)
        old, new = self.words.stance(before.value, other, True), self.words.stance(now.value, named(now.other, self.it.names))
        told = (f"{named(before.holder, self.it.names)} turned {when}: it {old} ({self.words.lines[before.line]}), "
                f"and now {new} ({self.words.lines[now.line]}).")
        return Sentence(told, tuple(dict.fromkeys((*self._of_facts(before.facts)[:2], *self._of_facts(now.facts)[:2]))))

    def _weightiest(self, count: int) -> list[Mapping[str, Any]]:
        told = [e for e in self.recent if e["lane"] == "happened"]
        return sorted(told, key=lambda e: (-_weight(e), e["id"]))[:count]

    def _evidence(self, events: Iterable[Mapping[str, Any]], each: int = CITED) -> tuple[str, ...]:
        """The best claims of some events, so many of each; of articles that say the same in the same words, one."""
        return tuple(i for e in events for i in self._distinct(self.it.claims.get(e["id"], ()))[:each])

    def _of_facts(self, facts: Iterable[str]) -> tuple[str, ...]:
        return self._distinct(self.it.facts.get(fact, "") for fact in facts)[:CITED]

    def _distinct(self, idents: Iterable[str]) -> tuple[str, ...]:
        told: dict[str, str] = {}
        for ident in dict.fromkeys(idents):
            if ident in self.it.sources:
                told.setdefault(" ".join(self.it.sources[ident].sentence.split()), ident)
        return tuple(told.values())


def _begun(event: Mapping[str, Any]) -> Any:
    return event["date"]


def _weight(event: Mapping[str, Any]) -> float:
    """What stands on the page: severity or warmth by how many independent origins tell it. An event without a score weighs nothing."""
    return abs(float(event["score"] or 0.0)) * float(event["confidence"] or 0.0) * math.log2(1 + (event["origins_low"] or 1))


def _firsts(steps: Iterable[Step]) -> list[Step]:
    """The first report of each stage, those with a day of their own before others."""
    best: dict[tuple[str, str], Step] = {}
    for step in steps:
        known = best.get((step.stage, step.lane))
        if known is None or (step.exact and not known.exact):
            best[step.stage, step.lane] = step
    return sorted(best.values(), key=lambda step: step.rank)


def _when(event: Mapping[str, Any]) -> str:
    """The day or days of an event; of what is dated by its report alone, when it was told."""
    first, last = event["date"], event["date_end"] or event["date"]
    if event["lane"] == "planned":
        told = event["first_published"]
        dated = first is not None and event["date_basis"] not in {None, "publication"}
        announced = f"Announced by {day_text(told)}" if told else "Announced"
        return f"{announced} for {span_text(first, last)}" if dated else announced
    if first is None:
        return "No day given"
    return f"Told on {span_text(first, last)}" if event["date_basis"] == "publication" else span_text(first, last)


def _step(step: Step) -> str:
    if step.day is None:
        return step.stage
    return f"{step.stage} on {day_text(step.day)}" if step.exact else f"{step.stage} (told on {day_text(step.day)})"


def _since(period: Period) -> str:
    """From when: told by its own words, else the days on which it was told."""
    low, high, seen = period.from_low, period.from_high, period.last_seen
    if period.line == "acts" and high:
        begun = bounds_text(low or high, high)
        return begun if not seen or seen <= high else f"from {begun} to {day_text(seen)}"
    if low and high:
        return f"since {bounds_text(low, high).replace('between', 'some day between')}"
    if high is None:
        return "from when is not known"
    return f"as told on {day_text(high)}" if not seen or seen <= high else f"as told from {day_text(high)} to {day_text(seen)}"


def _until(period: Period) -> str:
    if period.to_low and period.to_high and period.to_low != period.to_high:
        return f"it ended {bounds_text(period.to_low, period.to_high)}"
    end = period.to_high or period.to_low
    return f"over by {day_text(end)}" if end else "when it ended is not known"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
