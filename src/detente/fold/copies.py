"""Copies of articles: families of articles that carry one text (reprinted, cut, with another title, first or last paragraph).

The rule, a function of the set of articles alone. Articles stand in the order of publication (day, minute where known, else the day's end,
id). An article is a copy of the earliest one before it that (a) shares a band of its MinHash or some whole sentences, (b) is at most `days`
older, (c) has Jaccard or containment of shingles as copies.yml asks, and (d) whose family began at most `days` before and whose first
article still holds `chained` of it. It then belongs to that article's family; else it founds one. So a chain of ever new versions of a
running story breaks where nothing of the beginning is left, and a round-up of two stories does not make one of them.
Methods: Broder 1997 (shingles, MinHash), banding as in Leskovec, Rajaraman and Ullman; the rest is decision 0017.
"""

from __future__ import annotations

import heapq
from bisect import bisect_left, insort
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ..errors import RunError
from ..tables import FAMILIES, SKETCHES, TEXT, TEXTS
from .copy_rules import CopyRules, load_copy_rules
from .origins import key_of, keys_of, source_of
from .sketches import Hashes, arrays_of, sketch

Reader = Callable[[list[date | None]], pa.Table]
_UNDATED = -1_000_000  # articles without a day are compared with one another alone
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Copies(NamedTuple):
    """Rows that are new or changed; whoever keeps them replaces earlier rows of the same article."""

    families: pa.Table
    sketches: pa.Table


class Likeness(NamedTuple):
    """How alike two sets of shingles are: shared by all, shared by the smaller's."""

    jaccard: float
    containment: float


@dataclass(frozen=True, slots=True)
class _Outcome:
    """`parent` and `head` are positions; -1 for one that lies outside what was loaded, own position for the first of a family."""

    parent: int
    head: int
    overlap: float = 1.0
    jaccard: float = 0.0


@dataclass(slots=True)
class _Row:
    article: str
    day: int
    table: int  # row of the joined table of sketches
    known: bool
    gone: bool
    shingles: Hashes
    bands: list[int] = field(default_factory=list)
    sentences: list[int] = field(default_factory=list)
    outcome: _Outcome | None = None


def families(articles: pa.Table, sketches: pa.Table | Reader | None = None, gone: pa.Table | None = None,
             rules: CopyRules | None = None) -> Copies:
    """Families of articles (rows of ARTICLES: id, published, published_at, publisher, text, credits) and their sketches.

    `sketches`: those of articles known before, as this function gave them: a table, or a function that gives the rows of a list of days of
    publication (None among them for undated ones), so that only the days around the new articles are ever read. `gone`: sketches of
    articles that count no more (retracted); they are to be left out of `sketches` from now on. Given both, the outcome is the same as from
    all articles at once. Raises MissingExtra without rensa, RunError for sketches made by another copies.yml.
    """
    rules = rules or load_copy_rules()
    fresh = sketch(articles, rules)
    removed = gone if gone is not None else SKETCHES.empty_table()
    read = _reader(sketches)
    days: set[int] = set()
    for pair in _moments(pa.concat_tables([fresh, removed])):
        days |= _spells(_day(*pair), -1, 1, rules.days + 1)
    while True:
        known = read([None if day == _UNDATED else date(1970, 1, 1) + timedelta(day) for day in sorted(days)])
        _check(known, rules)
        work = _Work(fresh, known, removed, rules)
        work.run()
        missing = work.needed - days
        if not missing or sketches is None:
            return work.result()
        days |= missing


def regroup(sketches: pa.Table, rules: CopyRules | None = None) -> Copies:
    """Families of all articles of a table of sketches, found anew whatever was known."""
    rules = rules or load_copy_rules()
    _check(sketches, rules)
    work = _Work(sketches, SKETCHES.empty_table(), SKETCHES.empty_table(), rules)
    work.run()
    return work.result()


def likeness(one: Hashes, other: Hashes) -> Likeness:
    """Jaccard and containment of two sorted sets of shingles; 0 where one is empty."""
    if not len(one) or not len(other):
        return Likeness(0.0, 0.0)
    both = np.concatenate([one, other])
    both.sort()
    shared = int(np.count_nonzero(both[1:] == both[:-1]))
    return Likeness(shared / (len(both) - shared), shared / min(len(one), len(other)))


def is_copy(alike: Likeness, shorter: int, rules: CopyRules) -> bool:
    """Whether two articles are so alike that one is taken from the other; `shorter`: shingles of the shorter one."""
    if shorter < rules.least:
        return False
    return alike.jaccard >= rules.jaccard or (alike.containment >= rules.containment and shorter >= rules.least_contained)


def _reader(sketches: pa.Table | Reader | None) -> Reader:
    if callable(sketches):
        return sketches
    table = SKETCHES.empty_table() if sketches is None else sketches
    return lambda days: table.filter(pc.is_in(table["published"], pa.array(days, pa.date32())))


def _check(known: pa.Table, rules: CopyRules) -> None:
    if set(pc.unique(known["rules"]).to_pylist()) - {rules.version}:
        raise RunError("sketches of articles were made by another copies.yml", "give all articles again without sketches")


def _moments(table: pa.Table) -> list[tuple[datetime | None, date | None]]:
    return list(zip(table["published_at"].to_pylist(), table["published"].to_pylist(), strict=True))


def _day(moment: datetime | None, day: date | None) -> int:
    """Days since 1970, by the minute where it is known."""
    if moment is not None:
        return (moment - _EPOCH).days
    return (day - date(1970, 1, 1)).days if day else _UNDATED


def _spells(day: int, before: int, after: int, length: int) -> set[int]:
    """All days of the spell of a day, and of so many spells before and after it."""
    first = day // length
    return {day} if day == _UNDATED else set(range((first + before) * length, (first + after + 1) * length))


class _Work:
    """One search: all rows in order of publication, an index of what may be copied, and a heap of rows yet to be decided."""

    def __init__(self, fresh: pa.Table, known: pa.Table, removed: pa.Table, rules: CopyRules) -> None:
        self.rules = rules
        replaced = set(fresh["article"].to_pylist())
        vanished = set(removed["article"].to_pylist())
        old = known.filter(pc.invert(pc.is_in(known["article"], pa.array(sorted(replaced | vanished), TEXT))))
        moved = known.filter(pc.is_in(known["article"], pa.array(sorted(replaced - vanished), TEXT)))
        parts = [fresh, old, removed, moved]  # a row that comes again may have got another day: its old place is emptied
        self.table = pa.concat_tables([part.select(SKETCHES.names) for part in parts]).combine_chunks()
        kinds = np.repeat(np.arange(4), [len(part) for part in parts])
        self.rows = self._ordered(kinds)
        self.low = self._first_in_reach()
        self.live: defaultdict[int, list[int]] = defaultdict(list)
        self.later: defaultdict[int, list[int]] = defaultdict(list)
        self.heap: list[int] = []
        self.decided: set[int] = set()
        self.changed: list[int] = []
        self.needed: set[int] = set()
        self.sizes: list[int] = []  # sentences of each row
        self._index()

    def _ordered(self, kinds: Any) -> list[_Row]:
        moments = _moments(self.table)
        ids = self.table["article"].to_pylist()
        shingles = arrays_of(self.table["shingles"])
        end = float("inf")
        minutes = [(moment - _EPOCH).total_seconds() if moment else end for moment, _ in moments]
        keys = [(_day(*pair), minutes[n], ids[n], kinds[n] >= 2, n) for n, pair in enumerate(moments)]
        keys.sort()
        return [_Row(ids[n], day, n, kinds[n] == 1, gone, shingles[n]) for day, _, _, gone, n in keys]

    def _first_in_reach(self) -> list[int]:
        days = np.array([row.day for row in self.rows], np.int64)
        return list(np.searchsorted(days, days - self.rules.days).tolist())

    def _index(self) -> None:
        """Fills the lists by key with what is known, and the heap with what is not."""
        self._share("bands", 0)
        turned = self._share("sentences", 1)
        place_of = {row.article: place for place, row in enumerate(self.rows) if not row.gone}
        states = [self.table[name].to_pylist() for name in ("copy_of", "family", "overlap", "jaccard")]
        for place, row in enumerate(self.rows):
            if not row.known:
                self.heap.append(place)
                continue
            parent, family, overlap, jaccard = (state[row.table] for state in states)
            source = place if parent is None else place_of.get(parent, -1)
            row.outcome = _Outcome(source, place_of.get(family, -1), overlap or 1.0, jaccard or 0.0)
            for lists, stands in ((self.later, True), (self.live, self._stands(place))):
                for key in (*row.bands, *row.sentences) if stands else ():
                    lists[key].append(place)
        self.heap += turned
        heapq.heapify(self.heap)

    def _share(self, name: str, odd: int) -> list[int]:
        """Gives each row the keys of a column that it shares with others; those that stand once find nothing, crowded sentences too much.

        Out: known rows near which a sentence has become crowded, or is so no more.
        """
        lists = arrays_of(self.table[name])
        ordered = [lists[row.table] for row in self.rows]
        sizes = [len(own) for own in ordered]
        owners = np.repeat(np.arange(len(ordered)), sizes)
        if not len(owners):
            return []
        _, keys, counts = np.unique(np.concatenate(ordered), return_inverse=True, return_counts=True)
        useful = counts[keys] > 1
        owners, keys = owners[useful], keys[useful]
        turned: list[int] = []
        if odd:
            self.sizes = sizes
            useful, turned = self._crowded(owners, keys)
            owners, keys = owners[useful], keys[useful]
        for place, key in zip(owners.tolist(), keys.tolist(), strict=True):
            getattr(self.rows[place], name).append(2 * key + odd)
        return turned

    def _crowded(self, owners: Any, keys: Any) -> tuple[Any, list[int]]:
        """Which sentences are of use (a mask), and the known rows for which that has changed by what is new or gone."""
        spells = np.array([row.day // (self.rules.days + 1) for row in self.rows], np.int64)[owners]
        known = np.array([row.known for row in self.rows])[owners]
        gone = np.array([row.gone for row in self.rows])[owners]
        spots, inverse = np.unique(np.stack([keys, spells]), axis=1, return_inverse=True)
        limit = self.rules.crowded
        now, before = (np.bincount(inverse, weights=mask, minlength=spots.shape[1]) > limit for mask in (~gone, known | gone))
        turned: set[int] = set()
        for key, spell in spots[:, now != before].T.tolist():
            turned.update(owners[known & (keys == key) & ((spells == spell) | (spells == spell + 1))].tolist())
        return ~now[inverse], sorted(turned)

    def _stands(self, place: int) -> bool:
        """Whether a row may be found as a source: one that is almost its source's twin is found through that."""
        outcome = self.rows[place].outcome
        return outcome is not None and (outcome.parent == place or outcome.jaccard < self.rules.represented)

    def run(self) -> None:
        """Decides the rows of the heap in order, and those after them which that may have changed."""
        length = self.rules.days + 1
        while self.heap:
            place = heapq.heappop(self.heap)
            if place in self.decided:
                continue
            self.decided.add(place)
            row = self.rows[place]
            outcome = None if row.gone else self._decide(place)
            self.needed |= _spells(row.day, -1, 0, length)
            if row.known and outcome == row.outcome:
                continue
            self._settle(place, outcome)
            self.needed |= _spells(row.day, 0, 1, length)
            self.changed.append(place)
            if self.later:
                self._wake(place)

    def _settle(self, place: int, outcome: _Outcome | None) -> None:
        row = self.rows[place]
        stood = self._stands(place)
        row.outcome = outcome
        stands = self._stands(place)
        if stood == stands:
            return
        for key in (*row.bands, *row.sentences):
            if stands:
                insort(self.live[key], place)
            else:
                self.live[key].remove(place)

    def _wake(self, place: int) -> None:
        """Puts known rows after a place, for which it is a candidate, to be decided again."""
        row = self.rows[place]

        def within(key: int) -> list[int]:
            after = self.later.get(key, [])
            return [other for other in after[bisect_left(after, place + 1) :] if self.low[other] <= place]

        for other in self._enough(place, (within(key) for key in row.bands), (within(key) for key in row.sentences)):
            if other not in self.decided:
                heapq.heappush(self.heap, other)

    def _candidates(self, place: int) -> list[int]:
        """Rows before a place that share a band or enough sentences, earliest first."""
        row, low, live = self.rows[place], self.low[place], self.live

        def within(key: int, most: int) -> list[int]:
            before = live.get(key, [])
            first = bisect_left(before, low)
            return before[first : min(bisect_left(before, place, first), first + most)]

        by_band = (within(key, self.rules.per_band) for key in row.bands)
        return sorted(self._enough(place, by_band, (within(key, len(self.rows)) for key in row.sentences)))

    def _enough(self, place: int, by_band: Iterable[list[int]], by_sentence: Iterable[list[int]]) -> set[int]:
        found: set[int] = set().union(*by_band)
        shared: Counter[int] = Counter()
        for others in by_sentence:
            shared.update(others)
        least = self.rules.shared_sentences
        found.update(o for o, count in shared.items() if count >= min(least, max(2, min(self.sizes[place], self.sizes[o]))))
        return found

    def _decide(self, place: int) -> _Outcome:
        own = self.rows[place].shingles
        for other in self._candidates(place):
            theirs = self.rows[other]
            alike = likeness(own, theirs.shingles)
            if not is_copy(alike, min(len(own), len(theirs.shingles)), self.rules):
                continue
            head = theirs.outcome.head if theirs.outcome else -1
            if head >= self.low[place] and (head == other or likeness(own, self.rows[head].shingles).containment >= self.rules.chained):
                return _Outcome(other, head, alike.containment, alike.jaccard)
        return _Outcome(place, place)

    def result(self) -> Copies:
        """The rows that are new or have changed."""
        places = [place for place in sorted(self.changed) if not self.rows[place].gone]
        rows = [self.rows[place] for place in places]
        kept = self.table.take(pa.array([row.table for row in rows], pa.int64()))
        outcomes = [row.outcome for row in rows if row.outcome is not None]
        firsts = [outcome.parent == place for outcome, place in zip(outcomes, places, strict=True)]
        state = {
            "family": [self.rows[outcome.head].article for outcome in outcomes],
            "copy_of": [None if first else self.rows[o.parent].article for o, first in zip(outcomes, firsts, strict=True)],
            "overlap": [None if first else o.overlap for o, first in zip(outcomes, firsts, strict=True)],
            "jaccard": [None if first else o.jaccard for o, first in zip(outcomes, firsts, strict=True)],
        }
        for name, values in state.items():
            kept = kept.set_column(SKETCHES.get_field_index(name), SKETCHES.field(name), pa.array(values, SKETCHES.field(name).type))
        columns = [self.table[name].to_pylist() for name in ("publisher", "credits")]
        own = [(columns[0][row.table], columns[1][row.table] or (), row.day, row.article) for row in rows]
        heads = [self.rows[outcome.head] for outcome in outcomes]
        first = [(columns[0][head.table], columns[1][head.table] or (), head.day, head.article) for head in heads]
        found = pa.table(
            {
                "article": kept["article"], "family": kept["family"], "origin_strong": kept["family"],
                "origin_weak": pa.array([key_of(*who) for who in first], TEXT), "copy_of": kept["copy_of"], "overlap": kept["overlap"],
                "keys": pa.array([keys_of(*who[:3]) for who in own], TEXTS), "source": pa.array([source_of(*who) for who in first], TEXT),
            },
            schema=FAMILIES,
        )
        return Copies(found, kept)
