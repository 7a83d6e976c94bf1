"""Folding what is new: only what it may touch is worked out again, and the outcome is that of folding everything.

A claim's event depends on its component (tellings joined by links, ties of decisions and attachments), vague claims and denials besides on
the events that they might join. So: the components of all that a new claim is compared with and not refused; then, twice, the vague claims
and denials near those, and the components of all that these are near to. That set is folded anew with its neighbours beside it.
Whoever keeps the tables (the store) answers the questions of `State`, and then drops and writes the rows that `Refolded` names.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from ..tables import CLAIMS
from .blocks import block_keys, blocks_of, keys_of, near_keys
from .core import Folded, Prepared, Told, Whole, compared, folded_told, told_by
from .decisions import Ruling, ruling
from .features import DENIED
from .mentions import spot
from .rules import FoldRules
from .tellings import is_anchor

Keys = npt.NDArray[np.uint64]
_Rows = tuple[pa.Table, pa.Table, pa.Table]
ROUNDS = 2  # how often a change can pass from an event to vague claims or denials and on to their events


class State(Protocol):
    """What was folded before, by BLOCKS, and the claims as they are now. Claims that are asked for and no longer count are left out."""

    @property
    def crowded(self) -> frozenset[int]:
        """The crowded blocks of the last fold."""

    def near(self, keys: Keys) -> Collection[str]:
        """Claims of BLOCKS under any of some keys."""

    def counts(self, keys: Keys) -> dict[int, int]:
        """How many claims of BLOCKS stand under each of some keys."""

    def components(self, claims: Collection[str]) -> Collection[str]:
        """The components of claims that were folded before."""

    def within(self, components: Collection[str]) -> Collection[str]:
        """The claims of components."""

    def at(self, mentions: Collection[str]) -> Collection[str]:
        """The claims that stand at mentions now."""

    def mentions(self, articles: Collection[str]) -> Sequence[str]:
        """All mentions of claims of some articles now."""

    def rows(self, claims: Collection[str]) -> tuple[pa.Table, pa.Table, pa.Table]:
        """Rows of CLAIMS, all of the articles that some claims stand in, as they are now; rows of ARTICLES and FAMILIES for these articles.

        Whole articles, since what an article is about is told by all its claims.
        """


@dataclass(frozen=True, slots=True, eq=False)
class Change:
    """What has changed since the last fold.

    `new`: ids of claims that are new, or whose article or family of copies has other rows than before (with copies: all claims of an
    article whose row of FAMILIES changed). `gone`: rows of CLAIMS that no longer count. `decisions`: all there are now; `before`: then.
    `articles`, `families`: rows for the articles of what is gone, as they were; without them these stand alone, by their claims' own days.
    """

    new: Collection[str]
    gone: pa.Table
    decisions: pa.Table
    before: pa.Table
    articles: pa.Table | None = None
    families: pa.Table | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Refolded:
    """What to write. `components`: drop the rows of LINKS and BLOCKS with these, and EVENTS, VARIANTS and PAIRS of the events that those
    LINKS name; then add the tables of `folded`. Its `crowded`, `lost` and `orphaned` are those of the whole; its `review` is of the
    part."""

    components: frozenset[str]
    folded: Folded


def refold(change: Change, state: State, rules: FoldRules) -> Refolded:
    """The fold of what a change touches, given what was folded before."""
    ruled, old = _ruling(change.decisions, state), _ruling(change.before, state)
    turned = set(state.at(_differing(ruled, old)))
    turned = set(state.rows(turned)[0]["id"].to_pylist())  # what a claim tells rests on the others of its article, too
    start = set(change.new) | turned
    start |= set(state.at(state.mentions(sorted(set(change.gone["article"].to_pylist())))))
    start = set(state.rows(start)[0]["id"].to_pylist())
    work = _Work(state, change, Whole(ruled, state.crowded, frozenset()), rules)
    work.past, work.turned = replace(work.whole, ruling=old), turned
    crowded, stirred = work.recrowded(start)
    work.whole = replace(work.whole, crowded=crowded)
    start |= stirred
    reached = work.reached(start)
    for _ in range(ROUNDS):
        further = work.beside(reached)
        if further == reached:
            break
        reached = further
    made = work.load(reached, near=True)
    folded = folded_told(work.told(made), made[2], rules, replace(work.whole, active=frozenset(reached)))
    gone = set(change.gone["id"].to_pylist())
    return Refolded(frozenset(state.components(reached | gone)), folded)


def _ruling(decisions: pa.Table, state: State) -> Ruling:
    """Decisions bound to all mentions of the articles that they name."""
    named = {parts.article for groups in decisions["groups"].to_pylist() for group in groups or () for m in group if (parts := spot(m))}
    return ruling(decisions, state.mentions(sorted(named)))


def _differing(one: Ruling, other: Ruling) -> set[str]:
    """Mentions of which the two say different things."""
    found = one.rejected ^ other.rejected
    for mine, theirs in ((one.same, other.same), (one.rejected_events, other.rejected_events)):
        for name in mine.keys() | theirs.keys():
            if mine.get(name) != theirs.get(name):
                found |= {*mine.get(name, ()), *theirs.get(name, ())}
    for name in one.different.keys() | other.different.keys():
        if one.different.get(name) != other.different.get(name):
            found |= {m for side in (one, other) for group in side.different.get(name, ()) for m in group}
    for value in set(one.values) ^ set(other.values):
        found |= set(value.mentions)
    for name in one.confirmed.keys() ^ other.confirmed.keys():
        found |= {*one.confirmed.get(name, ()), *other.confirmed.get(name, ())}
    return found


def _both(rows: pa.Table, more: pa.Table, key: str) -> pa.Table:
    """Rows with those of a second table whose keys the first lacks."""
    new = more.filter(pc.invert(pc.is_in(more[key], rows[key].combine_chunks().cast(pa.string()))))
    return pa.concat_tables([rows, new.select(rows.schema.names)], promote_options="permissive") if new.num_rows else rows


class _Work:
    """The steps of one refolding."""

    def __init__(self, state: State, change: Change, whole: Whole, rules: FoldRules) -> None:
        self.state, self.change, self.whole, self.rules = state, change, whole, rules
        self.past = whole  # as it was when what is gone was there
        self.turned: set[str] = set()  # claims of which decisions say other things than before
        self._gone = frozenset(change.gone["id"].to_pylist())
        self._known: dict[str, tuple[Keys, npt.NDArray[np.int8]]] = {}  # keys of claims that were looked at
        self._last: tuple[frozenset[str], Told] | None = None

    def keys(self, rows: _Rows, past: bool = False) -> tuple[Keys, npt.NDArray[np.int8]]:
        """The keys of claims, with their kinds, once for each claim that has them."""
        if not rows[0].num_rows:
            return np.zeros(0, np.uint64), np.zeros(0, np.int8)
        if past or self.whole.ruling.same:  # a decision makes the keys of a claim depend on claims of other articles
            keys = keys_of(self.told(rows, past).told, self.rules)
            return keys.key, keys.kind
        ids = rows[0]["id"].to_pylist()
        strange = pa.array([name not in self._known for name in ids], pa.bool_())
        if pc.any(strange).as_py():
            articles = pc.unique(rows[0]["article"].filter(strange))
            self._learn((rows[0].filter(pc.is_in(rows[0]["article"], articles)), *rows[1:]))
        found = [self._known[name] for name in ids]
        return np.concatenate([key for key, _ in found]), np.concatenate([kind for _, kind in found])

    def _learn(self, rows: _Rows) -> None:
        ready = self.told(rows)
        keys = keys_of(ready.told, self.rules)
        order = np.argsort(keys.telling, kind="stable")
        ends = np.searchsorted(keys.telling[order], np.arange(len(ready.told) + 1))
        key, kind = keys.key[order], keys.kind[order]
        self._known.update(dict.fromkeys(rows[0]["id"].to_pylist(), (key[:0], kind[:0])))  # rejected ones tell nothing
        for n, lead in enumerate(ready.told.lead.tolist()):
            own = slice(ends[n], ends[n + 1])
            self._known[ready.columns.ids[lead]] = key[own], kind[own]

    def told(self, rows: _Rows, past: bool = False) -> Told:
        """What claims tell; of the same claims it need not be worked out again."""
        if past:
            return told_by(*rows, self.change.decisions, self.rules, self.past)
        names = frozenset(rows[0]["id"].to_pylist())
        if self._last is None or self._last[0] != names:
            self._last = names, told_by(*rows, self.change.decisions, self.rules, self.whole)
        return self._last[1]

    def _compared(self, rows: _Rows, some: Collection[str], past: bool = False) -> tuple[Prepared, npt.NDArray[np.bool_]]:
        """Claims with the pairs that some of them are in, and a flag for each telling that is one of these."""
        ready, chosen = self.told(rows, past), set(some)
        own = np.array([ready.columns.ids[n] in chosen for n in ready.told.lead.tolist()], np.bool_)
        return compared(ready, self.rules, self.past if past else self.whole, own), own

    def load(self, claims: Collection[str], near: bool) -> _Rows:
        """Rows of claims; with those whom they are compared with."""
        rows = self.state.rows(claims)
        if near and rows[0].num_rows:
            key, kind = self.keys(rows)
            around = set(self.state.near(near_keys(key, kind, self.rules.file.windows.fresh))) - self._gone
            if not around <= set(claims):
                rows = self.state.rows(set(claims) | around)
        return rows

    def _old(self) -> _Rows:
        """Rows of what is gone."""
        _, articles, families = self.state.rows([])
        change = self.change
        articles = articles if change.articles is None else change.articles
        families = families if change.families is None else change.families
        return change.gone.select(CLAIMS.names), articles, families

    def recrowded(self, start: set[str]) -> tuple[frozenset[int], set[str]]:
        """The crowded blocks of today, and all claims of blocks that have become so or ceased to be."""
        most = self.rules.at.crowded
        folded = self._folded(start)
        new = [n for n in start if n not in folded]
        key, kind = self.keys(self.state.rows(new))
        lost, lost_kind = self.keys(self._old(), past=True)
        both, kinds = np.r_[key, lost], np.r_[kind, lost_kind]
        if not len(both):
            return self.state.crowded, set()
        keys, first = np.unique(both, return_index=True)
        blocks = blocks_of(keys, kinds[first])
        crowded = set(self.state.crowded)
        added = dict(zip(*(side.tolist() for side in np.unique(key, return_counts=True)), strict=True))
        taken = dict(zip(*(side.tolist() for side in np.unique(lost, return_counts=True)), strict=True))
        before = self.state.counts(keys)
        stirred: set[str] = set()
        for name, sort, block in zip(keys.tolist(), kinds[first].tolist(), blocks.tolist(), strict=True):
            whole = block_keys(name, sort)
            now = before.get(name, 0) + added.get(name, 0) - taken.get(name, 0)
            if block not in crowded and now > most:
                crowded.add(block)
                stirred |= set(self.state.near(whole))
            elif block in crowded and now <= most:
                count = self.state.counts(whole)
                if all(count.get(k, 0) + added.get(k, 0) - taken.get(k, 0) <= most for k in whole.tolist()):
                    crowded.discard(block)
                    stirred |= set(self.state.near(whole))
        return frozenset(crowded), stirred - self._gone

    def _folded(self, claims: Iterable[str]) -> frozenset[str]:
        """Those of some claims that were folded before."""
        return frozenset(self.state.within(self.state.components(set(claims))))

    def reached(self, start: set[str]) -> set[str]:
        """The start, the components of all that it is, or what is gone was, compared with and not refused."""
        touched = set(start) | self._linked(self.load(start, near=True), start)
        if self.turned:  # one that is rejected now was near others before
            key, kind = self.keys(self.state.rows(self.turned), past=True)
            around = set(self.state.near(near_keys(key, kind, self.rules.file.windows.fresh))) - self._gone
            touched |= self._linked(self.state.rows(self.turned | around), self.turned, past=True)
        if self._gone:
            old, articles, families = self._old()
            key, kind = self.keys((old, articles, families), past=True)
            around = set(self.state.near(near_keys(key, kind, self.rules.file.windows.fresh))) - self._gone
            claims, more, kin = self.state.rows(around)
            both = pa.concat_tables([claims.filter(pc.invert(pc.is_in(claims["id"], old["id"].combine_chunks()))), old])
            beside = (both, _both(more, articles, "id"), _both(kin, families, "article"))
            touched |= self._linked(beside, self._gone, past=True)
        return (touched | set(self.state.within(self.state.components(touched | self._gone)))) - self._gone

    def _linked(self, rows: _Rows, some: Collection[str], past: bool = False) -> set[str]:
        """Claims that are not refused beside some of the claims."""
        if not rows[0].num_rows:
            return set()
        made, own = self._compared(rows, some, past)
        rows_of = np.r_[made.pairs.j[own[made.pairs.i]], made.pairs.i[own[made.pairs.j]]]
        return {made.columns.ids[made.told.lead[n]] for n in np.unique(rows_of).tolist()}

    def beside(self, reached: set[str]) -> set[str]:
        """With the vague claims and denials near some claims, and the components of all that these are near to."""
        rows = self.load(reached, near=True)
        if not rows[0].num_rows:
            return reached
        made, own = self._compared(rows, reached)
        loose = ~is_anchor(made.told) | (made.told.lane == DENIED)
        ids = [made.columns.ids[n] for n in made.told.lead.tolist()]
        i, j = made.pairs.i, made.pairs.j
        near = np.r_[i[own[j] & loose[i]], j[own[i] & loose[j]]]
        chosen = {ids[n] for n in np.unique(np.r_[near, np.flatnonzero(own & loose)]).tolist()}
        around = self._linked(self.load(chosen, near=True), chosen)
        touched = chosen | around
        return reached | ((touched | set(self.state.within(self.state.components(touched)))) - self._gone)
