"""Which place a name means in one article: all its names are weighed together.

In: the article, the knowledge. Out: `Geography.place(start, end)`, a gazetteer entry or None. Names that could mean several places are
scored, each candidate c of a name with

    score(c) =   POPULATION · log10(people + 300)          bigger places are meant more often
               + FAME if it is a state's capital or has FAMOUS people and more
               + OWN_NAME if it is the place's own name, KEPT if a hand-made table gives it
               + KIND[country, region, district]   against a town
               - SEAT for a region that has its name from a town in it ("Aleppo"), unless a word says that the region is meant
               + RANK if a word beside the name fits or contradicts ("… County", "the village of …")
               + CONTAINER for each container beside the name that holds it ("Paris, Texas")
               + LOOSE for a looser one ("Tripoli in northern Lebanon")
               + HOME if it lies in the publisher's country
               + NEAR · (1 - exp(-Σ w·p·exp(-d / REACH)))    other names' candidates close by; the same with WIDE
               + DISTRICT · (1 - exp(-Σ w·p)) of the others in the same district
               + REGION · share of the other names in the same admin-1 region
               + COUNTRY · share of the other names in the same country, the names and adjectives of states included

where w is how sure another name is a place at all and p how probable its candidate is, d the distance in km. The probabilities are the
scores through a softmax; they start without the last four terms and are computed ROUNDS times. A spelling has one sense in an
article, except where a container says otherwise for one mention. The weights are round numbers: guessed, then
moved by a search that counted right places in `tests/flow/test_geography.py` and nothing else.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ..knowledge import GazetteerEntry, Knowledge, Sense
from ..knowledge.atlas import key
from ..knowledge.sphere import EARTH, kilometres
from ..records import Article
from .place_names import Container, PlaceName, Reader

POPULATION, OWN_NAME, KEPT, RANK, CONTAINER, LOOSE, HOME = 1.0, 1.5, 2.5, 4.0, 10.0, 3.0, 3.0
NEAR, WIDE, DISTRICT, REGION, COUNTRY = 12.0, 1.0, 5.0, 5.0, 5.0
REACH, WIDE_REACH = 45.0, 300.0
KIND = {"country": 6.0, "region": 2.0, "district": -4.0}
SEAT, FAME, FAMOUS = 3.0, 2.0, 1_000_000
LOCAL, SPAN = 3.0, 2.0
ALONE = 0.7  # weight that is added to that of all other names: one alone is never all of the evidence
ROUNDS = 4
MOST_CANDIDATES, MOST_NAMES = 30, 60
CLOSE = 150.0
WELL_KNOWN = 100_000
_HOST = re.compile(r"^(?:\w+://)?([\w-]+(?:\.[\w-]+)+)")


@dataclass(slots=True)
class _Group:
    """One spelling in an article with what is known of it."""

    names: list[PlaceName] = field(default_factory=list)
    candidates: list[GazetteerEntry] = field(default_factory=list)
    scores: list[float] = field(default_factory=list)
    weight: float = 0.0


class Geography:
    """The places of one article; nothing is read before something is asked. Without `context` every name means the largest place."""

    def __init__(self, article: Article, knowledge: Knowledge, *, context: bool = True) -> None:
        self._context = context
        self._text, self._knowledge = article.text, knowledge
        self._home = _home(article, knowledge)
        self._answers: dict[tuple[int, int], GazetteerEntry | None] = {}

    def place(self, start: int, end: int) -> GazetteerEntry | None:
        """The place that the words between two offsets of the article mean; None where the gazetteer has no such name."""
        span = (start, end)
        if span not in self._answers:
            name = self._by_start.get(start)
            if name is None or name.end != end:
                name = self._reader.name_at(start, end)
            self._answers[span] = _unless_denied(name, self._sense(name)) if name else None
        return self._answers[span]

    def covering(self, offset: int) -> PlaceName | None:
        """The name, read without a tree, that covers an offset of the article."""
        slot = bisect_right(self._starts, offset) - 1
        return self._names[slot] if slot >= 0 and offset < self._names[slot].end else None

    def holder(self, start: int, end: int) -> str | None:
        """The country that the words beside a stretch of text say it lies in, or None."""
        _, containers, loose = self._reader.beside(start, end)
        return next((c.country for c in (*containers, *loose) if c.country), None)

    @property
    def generic(self) -> frozenset[str]:
        """Words that end names of places and buildings and name none of them alone."""
        return self._knowledge.place_words.generic

    def names(self) -> list[PlaceName]:
        """All names that the gazetteer knows, in text order."""
        return self._names

    def _sense(self, name: PlaceName) -> GazetteerEntry | None:
        if len(name.senses) == 1:
            return name.senses[0].entry
        if not self._context:
            return max((s.entry for s in name.senses), key=lambda e: (e.kind == "country", e.population))
        group = self._model.group_of(name)
        if group is not None:
            return group
        alone = _Group([name])
        _score(alone, self._home)
        return self._model.best(alone)

    @cached_property
    def _reader(self) -> Reader:
        return Reader(self._text, self._knowledge)

    @cached_property
    def _names(self) -> list[PlaceName]:
        return self._reader.names()

    @cached_property
    def _starts(self) -> list[int]:
        return [name.start for name in self._names]

    @cached_property
    def _by_start(self) -> dict[int, PlaceName]:
        return {name.start: name for name in self._names}

    @cached_property
    def _model(self) -> _Model:
        return _Model(self._names, self._home)


class _Model:
    """All groups of an article and how probable each of their candidates is."""

    def __init__(self, names: Iterable[PlaceName], home: str | None) -> None:
        self._groups: dict[str, _Group] = {}
        self._special: dict[tuple[str, tuple[Container, ...]], str] = {}
        self._place(names)
        for group in self._groups.values():
            _score(group, home)
        chosen = sorted(self._groups, key=lambda k: -self._groups[k].weight)[:MOST_NAMES]
        self._slots = {name: slot for slot, name in enumerate(chosen)}
        self._read([self._groups[name] for name in chosen])

    def _place(self, names: Iterable[PlaceName]) -> None:
        """Sorts names into groups: one for each spelling, a further one for mentions whose containers agree with no candidate in common."""
        spellings: dict[str, list[PlaceName]] = defaultdict(list)
        for name in names:
            spellings[key(name.text)].append(name)
        for spelling, own in spellings.items():
            held: list[tuple[str, set[GazetteerEntry]]] = []
            free = []
            for name in own:
                fits = {s.entry for s in name.senses if all(holds(c, s.entry) for c in name.containers)} if name.containers else set()
                if not fits:
                    free.append(name)
                    continue
                slot = next((n for n, (_, other) in enumerate(held) if other & fits), None)
                if slot is None:
                    label = spelling if not held else f"{spelling}\t{len(held)}"
                    held.append((label, fits))
                else:
                    label = held[slot][0]
                    held[slot] = (label, held[slot][1] & fits)
                self._groups.setdefault(label, _Group()).names.append(name)
                self._special[spelling, name.containers] = label
            if free:
                self._groups.setdefault(spelling, _Group()).names.extend(free)

    def _read(self, groups: list[_Group]) -> None:
        entries = [entry for group in groups for entry in group.candidates]
        self._entries = entries
        self._owner = np.array([n for n, group in enumerate(groups) for _ in group.candidates], np.intp)
        base = np.array([score for group in groups for score in group.scores])
        weights = np.array([group.weight for group in groups])
        if not entries:
            return
        self._traits = _Traits(entries)
        self._weights = weights[self._owner]
        other = self._owner[:, None] != self._owner[None, :]
        links = [link * other for link in self._traits.against(self._traits)]
        total = weights.sum() - self._weights + ALONE
        self._p = self._softmax(base)
        self._scores = base
        for _ in range(ROUNDS):
            flow = self._weights * self._p
            self._scores = base + _context(links, flow, total)
            self._p = self._softmax(self._scores)

    def _softmax(self, scores: NDArray[np.float64]) -> NDArray[np.float64]:
        top = np.full(int(self._owner.max()) + 1, -np.inf)
        np.maximum.at(top, self._owner, scores)
        raised = np.exp(scores - top[self._owner])
        total = np.bincount(self._owner, raised)
        return np.asarray(raised / total[self._owner])

    def group_of(self, name: PlaceName) -> GazetteerEntry | None:
        """The sense of a name that was read with the article; None where it was not."""
        spelling = key(name.text)
        label = self._special.get((spelling, name.containers), spelling)
        group = self._groups.get(label)
        if group is None or not group.candidates:
            return None
        slot = self._slots.get(label)
        if slot is None:
            return self.best(group)
        own = np.flatnonzero(self._owner == slot)
        return self._entries[int(own[int(np.argmax(self._scores[own]))])]

    def best(self, group: _Group) -> GazetteerEntry | None:
        """The best candidate of a group from outside, weighed against all names of the article."""
        if not group.candidates:
            return None
        scores = np.array(group.scores)
        if self._entries:
            flow = self._weights * self._p
            scores = scores + _context(_Traits(group.candidates).against(self._traits), flow, flow.sum() + ALONE)
        return group.candidates[int(np.argmax(scores))]


class _Traits:
    """Where entries lie, as arrays."""

    def __init__(self, entries: list[GazetteerEntry]) -> None:
        lat, lon = np.radians([e.lat for e in entries]), np.radians([e.lon for e in entries])
        self.points = np.stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)], 1)
        self.exact = np.array([float(e.precision in {"city", "site"}) if e.kind != "district" else 1.0 for e in entries])
        self.country = np.array([hash(e.country) if e.country else 0 for e in entries])
        self.district = np.array([hash((e.code, e.district)) if e.district else 0 for e in entries])
        people = np.log10([e.population + 300 for e in entries])
        self.fame = np.where([e.kind in {"town", "capital"} for e in entries], np.clip((people - LOCAL) / SPAN, 0.0, 1.0), 1.0)
        self.region = np.array([hash(e.code) if e.code else 0 for e in entries])

    def against(self, others: _Traits) -> list[NDArray[np.float64]]:
        """For each own entry and each of the others: same district, nearness of two kinds from 0 to 1, same region, same country."""
        apart = EARTH * np.arccos(np.clip(self.points @ others.points.T, -1.0, 1.0))
        exact = self.exact[:, None] * others.exact[None, :]
        country = (self.country[:, None] == others.country[None, :]) & (self.country[:, None] != 0)
        region = (self.region[:, None] == others.region[None, :]) & (self.region[:, None] != 0)
        district = (self.district[:, None] == others.district[None, :]) & (self.district[:, None] != 0)
        near, wide = np.exp(-apart / REACH) * exact, np.exp(-apart / WIDE_REACH) * exact
        return [district.astype(float), near, wide, region.astype(float), country * self.fame[:, None]]


def _context(links: list[NDArray[np.float64]], flow: NDArray[np.float64], total: NDArray[np.float64] | float) -> NDArray[np.float64]:
    """The terms of the score that other names give. `flow`: weight times probability of each of their candidates."""
    district, near, wide, region, country = (link @ flow for link in links)
    close = DISTRICT * (1 - np.exp(-district)) + NEAR * (1 - np.exp(-near)) + WIDE * (1 - np.exp(-wide))
    return np.asarray(close + (REGION * region + COUNTRY * country) / total)


def _unless_denied(name: PlaceName, entry: GazetteerEntry | None) -> GazetteerEntry | None:
    """No entry where the text puts a small place into another country than the only ones known: it means one that is not known."""
    told = {c.country for c in (*name.containers, *name.loose) if c.country}
    known = entry is None or entry.population >= WELL_KNOWN or entry.kind not in {"town", "district"}
    return entry if known or not told or entry is None or entry.country in told else None


def holds(container: Container, entry: GazetteerEntry) -> bool:
    """Whether a place lies in a container."""
    if container.code:
        return entry.code == container.code and entry.kind != "region"
    if container.country and entry.country == container.country and entry.kind != "country":
        return True
    return any(_in_area(entry, area) for area in container.areas if area != entry)


def _in_area(entry: GazetteerEntry, area: GazetteerEntry) -> bool:
    if area.kind == "region" and area.code:
        return entry.code == area.code
    same = area.country is None or area.country == entry.country
    return same and distance(entry, area) < (CLOSE if area.kind == "district" else 2 * CLOSE)


def distance(one: GazetteerEntry, two: GazetteerEntry) -> float:
    """Kilometres between two places."""
    return kilometres(one.lat, one.lon, two.lat, two.lon)


def _score(group: _Group, home: str | None) -> None:
    """Fills in a group's candidates with the terms of the score that need no other name."""
    senses: dict[GazetteerEntry, Sense] = {}
    for name in group.names:
        for sense in name.senses:
            if sense.entry not in senses or sense.main:
                senses[sense.entry] = sense
    towns = {entry.code for entry in senses if entry.kind in {"town", "capital"}}
    scored = []
    for number, sense in enumerate(senses.values()):
        score = _own_score(sense, group.names, home)
        if sense.entry.kind == "region" and sense.entry.code in towns and not sense.kept:
            score -= SEAT * all(name.rank != "region" for name in group.names)
        scored.append((score, number, sense.entry))
    scored.sort(reverse=True)
    group.candidates = [entry for _, _, entry in scored[:MOST_CANDIDATES]]
    group.scores = [score for score, _, _ in scored[:MOST_CANDIDATES]]
    weights = [n.weight for n in group.names]
    sure = max(weights) if group.names[0].doubtful is False else sum(weights) / len(weights)
    group.weight = sure * (1 + math.log(len(weights)) / 2)


def _own_score(sense: Sense, names: list[PlaceName], home: str | None) -> float:
    entry = sense.entry
    score = POPULATION * math.log10(entry.population + 300) + KIND.get(entry.kind, 0.0)
    score += FAME * (entry.kind == "capital" or (entry.kind == "town" and entry.population >= FAMOUS))
    score += OWN_NAME * sense.main + KEPT * sense.kept + HOME * (home is not None and entry.country == home)
    ranks = {name.rank for name in names if name.rank}
    area = entry.kind in {"region", "district"} or (entry.precision == "region" and sense.kept)
    if "region" in ranks:
        score += RANK if area else -RANK / 2
    if "town" in ranks:
        score += -RANK if area or entry.kind == "country" else 0.0
    for containers, value in ((_distinct(n.containers for n in names), CONTAINER), (_distinct(n.loose for n in names), LOOSE)):
        score += sum(value if holds(c, entry) else 0.0 for c in containers)
    return score


def _distinct(several: Iterable[tuple[Container, ...]]) -> set[Container]:
    return {container for own in several for container in own}


def _home(article: Article, knowledge: Knowledge) -> str | None:
    """The publisher's country: as its outlet's row says, else as its address ends ("….co.uk"); None where neither tells."""
    publisher = article.publisher or ""
    known = next((t.country for t in knowledge.registry.names.exact(publisher) if t.kind == "outlet"), None)
    host = _HOST.search(article.url or publisher)
    return known or (knowledge.places.of_domain(host[1].rsplit(".", 1)[-1]) if host else None)


__all__ = ["Geography", "distance", "holds"]
