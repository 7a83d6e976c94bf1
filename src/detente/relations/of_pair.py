"""A relation: everything that a store knows of two parties, asked for piece by piece and worked out when asked."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from ..knowledge import Knowledge
from ..tables import quoted
from .agreements import COLUMNS as AGREEMENTS
from .agreements import Agreement, agreements
from .brief import Brief, Material, Mood, Source, Turn, brief
from .constants import load_rules
from .coverage import Reading, reading_sql
from .facts import known_memberships
from .memberships import COLUMNS as MEMBERSHIPS
from .memberships import Belonging, standings
from .named import Named
from .parties import Pair
from .phrases import phrases
from .rules import ledger_rules
from .shifts import Shift, shifts
from .stances import COLUMNS as STANCES
from .stances import Stances, stances
from .timeline import Timeline, timeline

if TYPE_CHECKING:
    from ..store import Store

_CITED = 4  # claims of an event that a brief may cite


class Relation:
    """The relation of two parties ("TUR", "al-nusra-front", "SYR:REB", "*:REB"). What it tells is as old as its store.

    `named`: gives who is named where, which serves many pairs; without it the store counts for each pair anew.
    """

    def __init__(
        self, store: Store, a: str, b: str, knowledge: Knowledge, directed: bool = False, named: Callable[[], Named] | None = None,
    ) -> None:
        self._store, self._knowledge, self._named = store, knowledge, named
        self.a, self.b, self.directed = a, b, directed
        self.pair = Pair.of(a, b, directed, knowledge.registry.homes)

    # -- rows -----------------------------------------------------------------------------------------------------------

    @cached_property
    def pairs(self) -> pa.Table:
        """The pair's rows of PAIRS."""
        return self._store.table("pairs", where=self.pair.sql())

    @cached_property
    def reading(self) -> Reading:
        """Articles of each day: all, those that name either side, those that name both."""
        rooted = self.pair.source.root and self.pair.target.root  # else the rows say who stands for a side
        return self._read_of(self.pair.sides(self.pairs if rooted else self.pair.select(self.pairs)))

    def _read_of(self, sides: tuple[Collection[str], Collection[str]]) -> Reading:
        return self._named().reading(sides) if self._named else Reading(self._store.sql(reading_sql(sides)))

    @cached_property
    def events(self) -> pa.Table:
        """The pair's events (EVENTS), of every lane, in order of day and id."""
        ids = sorted(set(self.pairs["event"].to_pylist()))
        found = self._store.table("events", where={"id": ids}) if ids else self._store.table("events", where="false")
        return found.sort_by([("date", "ascending"), ("id", "ascending")])

    @cached_property
    def facts(self) -> pa.Table:
        """Facts of the ledgers that concern either party: its stances, memberships and agreements."""
        one, other = quoted(self.a), quoted(self.b)
        where = (f"holder IN ({one}, {other}) OR object IN ({one}, {other}) OR list_contains(parties, {one})"
                 f" OR list_contains(parties, {other})")
        own = self._store.table("facts", where=where)
        return pa.concat_tables([own, known_memberships(self._knowledge, (self.a, self.b))])

    @cached_property
    def held(self) -> pa.Table:
        """Of the facts at least the stances of either, towards whomever, with the columns that stances are worked out from."""
        return self._facts(STANCES, f"ledger = 'stance' AND holder IN ({quoted(self.a)}, {quoted(self.b)})")

    @cached_property
    def between(self) -> pa.Table:
        """Of the facts at least the agreements of both, with the columns that agreements are worked out from."""
        both = " AND ".join(f"list_contains(parties, {quoted(side)})" for side in (self.a, self.b))
        return self._facts(AGREEMENTS, f"ledger = 'agreement' AND {both}")

    @cached_property
    def belonging(self) -> pa.Table:
        """Of the facts at least the memberships of either, with the columns that memberships are worked out from."""
        if "facts" in self.__dict__:
            return self.facts
        own = self._facts(MEMBERSHIPS, f"ledger = 'member' AND holder IN ({quoted(self.a)}, {quoted(self.b)})")
        return pa.concat_tables([own, known_memberships(self._knowledge, (self.a, self.b)).select(MEMBERSHIPS)])

    def _facts(self, columns: Sequence[str], where: str) -> pa.Table:
        """Some facts, unless all are at hand already: nothing of a million claims is read that is not needed."""
        return self.facts if "facts" in self.__dict__ else self._store.table("facts", columns, where=where)

    # -- what it adds up to ---------------------------------------------------------------------------------------------

    def timeline(self, since: date | None = None, until: date | None = None) -> Timeline:
        """Events, counts per period, index with bands, coverage; over all days that something is known of, or those given."""
        return timeline(self.pairs, self.reading, self.pair, load_rules().index, (since, until))

    def shifts(self, known_at: date | None = None) -> list[Shift]:
        """Where the relation turned, oldest first. `known_at`: as it could be seen on that day."""
        return shifts(self.timeline() if known_at is None else self.known(known_at), load_rules().shifts)

    def known(self, at: date) -> Timeline:
        """The time line of what had happened and been told by a day."""
        told = self.events.filter(pc.fill_null(pc.less_equal(self.events["first_published"], pa.scalar(at)), True))
        pairs = self.pairs.filter(pc.is_in(self.pairs["event"], told["id"].combine_chunks()))
        days = self.reading.days
        read = Reading(days.filter(pc.less_equal(days["day"], pa.scalar(at))))
        return timeline(pairs, read, self.pair, load_rules().index, (None, at))

    def stances(self, known_at: date | None = None, alone: bool = False) -> Stances:
        """How the two stand to each other and, unless they are asked for `alone`, to third parties. `known_at`: only what was said by that
        day."""
        two = pa.array([self.a, self.b])
        facts = self.held
        wanted = pc.is_in(facts["holder"], two)
        if alone:
            wanted = pc.and_(wanted, pc.is_in(facts["object"], two))
        return stances(facts.filter(wanted), ledger_rules(), known_at)

    def memberships(self, known_at: date | None = None) -> tuple[Belonging, ...]:
        """What each of the two belongs to, by the knowledge and by articles."""
        facts = self.belonging
        return standings(facts.filter(pc.is_in(facts["holder"], pa.array([self.a, self.b]))), known_at)

    def agreements(self, known_at: date | None = None) -> tuple[Agreement, ...]:
        """Agreements between the two, others taking part or not."""
        facts = self.between
        parties = facts["parties"].combine_chunks()
        rows, named = pc.list_parent_indices(parties), pc.list_flatten(parties)
        of_one, of_other = (pc.unique(rows.filter(pc.equal(named, side))) for side in (self.a, self.b))
        told = facts.take(of_one.filter(pc.is_in(of_one, of_other)))
        return agreements(told, ledger_rules(), known_at)

    def brief(self, at: date, since: date | None = None) -> Brief:
        """One page on the relation on a day, made of what had been said by then. `since`: from when changes count, else three months."""
        since = since or at - timedelta(days=91)
        line = self.known(at)
        known = self.facts.filter(pc.or_kleene(pc.is_null(self.facts["said"]), pc.less_equal(self.facts["said"], pa.scalar(at))))
        events = [e for e in self.events.to_pylist() if (e["first_published"] or at) <= at]
        deals = self.agreements(at)
        claims = self._claims([e["id"] for e in events])
        entries = {row["id"]: row["entry"] or row["claim"] for row in known.select(["id", "entry", "claim"]).to_pylist()}
        cited = {*(c for own in claims.values() for c in own), *entries.values()} - {""}
        days = self._read_of(({self.a}, {self.b})).days
        days = days.filter(pc.less_equal(days["day"], pa.scalar(at)))
        recent = days.filter(pc.greater_equal(days["day"], pa.scalar(since)))
        material = Material(
            pair=(self.a, self.b), at=at, since=since, moods=self._moods(line, at, since),
            turns=[_turn(s) for s in shifts(line, load_rules().shifts)], events=events, claims=claims,
            stances=self.stances(at), belongings=self.memberships(at), agreements=deals, facts=entries,
            sources={i: s for i, s in self._sources(sorted(cited)).items() if s.published is None or s.published <= at},
            names=self._names(events, known), last_read=pc.max(days["day"]).as_py(),
            articles=(pc.sum(recent["both"]).as_py() or 0, pc.sum(recent["either"]).as_py() or 0),
        )
        return brief(material, phrases(), f"Store version {self._store.version}; knowledge {self._knowledge.version}.")

    # -- pieces ---------------------------------------------------------------------------------------------------------

    def _moods(self, line: Timeline, at: date, since: date) -> list[Mood]:
        moods = []
        for half_life in line.rules.half_lives:
            now = line.standing(half_life, at)
            before = line.standing(half_life, since).index if line.span[0] <= since else None
            moods.append(Mood(half_life, now.index, now.low, now.high, before))
        return moods

    def _claims(self, events: list[str]) -> dict[str, list[str]]:
        """Claims of each event, the founder's first, then those that fit best."""
        if not events:
            return {}
        rows = self._store.table("links", ["event", "claim", "founder", "points", "article"], where={"event": events}).to_pylist()
        found: dict[str, list[str]] = {}
        seen: set[tuple[str, str]] = set()
        for row in sorted(rows, key=lambda r: (r["event"], not r["founder"], -(r["points"] or 0.0), r["claim"])):
            own = found.setdefault(row["event"], [])
            if len(own) < _CITED and (row["event"], row["article"]) not in seen:
                own.append(row["claim"])
                seen.add((row["event"], row["article"]))
        return found

    def _sources(self, ids: list[str]) -> dict[str, Source]:
        columns = ["id", "article", "publisher", "published", "sentence", "title", "url"]
        result: dict[str, Source] = {}
        for name in ("claims", "entries"):
            for row in self._store.table(name, columns, where={"id": ids}).to_pylist() if ids else ():
                result[row["id"]] = Source(**row)
        return result

    def _names(self, events: list[dict[str, Any]], facts: pa.Table) -> Mapping[str, str]:
        ids = {self.a, self.b, *(i for name in ("holder", "object") for i in facts[name].to_pylist() if i)}
        ids |= {part for name in ("holder", "object") for i in facts[name].to_pylist() if i for part in i.split("+")}
        ids |= {p["root"] for event in events for side in ("actor", "recipient") for p in event[side] or () if p["root"]}
        return {ident: name_of(ident, self._knowledge) for ident in ids}


def name_of(ident: str, knowledge: Knowledge) -> str:
    """A party's name: from the knowledge, "Syria: rebels" for "SYR:REB", else the id."""
    words = phrases().sectors
    country, colon, sector = ident.partition(":")
    actor = knowledge.registry.actors.get(country)
    if not colon:
        return actor.name if actor else ident
    return f"{actor.name if actor else country}: {words.get(sector, sector)}"


def _turn(shift: Shift) -> Turn:
    return Turn(shift.first, shift.last, shift.size, shift.sureness, tuple(cause.event for cause in shift.events), shift.state)
