"""Folding what is new: only what it may touch is worked out again, and the outcome is that of folding everything.

What holds, so that this is so:

1. What a claim tells rests on the claims of its article, on those that a decision ties it to, and on its article's rows. Whoever is
   *stirred* (new or gone, of a changed article or family of copies, named by a changed decision, in a block that crowds or thins out) is
   taken with its whole article and with all that decisions tie to these. The points of all other pairs are what they were.
2. An event rests on the pairs within its component, and a component on pairs alone (`stages`). So whoever is in one component with somebody
   stirred, then or now, is folded anew: the old components of the stirred and of all that these are compared with now and not refused.
   All other components are what they were, pair by pair, and so are their events.
3. A row of LINKS rests besides on the runner-up, a claim of another component. Whoever has a stirred one for runner-up is folded anew, too.

Whoever keeps the tables (the store) answers the questions of `State`, and then drops and writes the rows that `Refolded` names.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from .blocks import COPY, PAIR, block_keys, blocks_of, keys_of, near_keys
from .core import Folded, Told, Whole, compared, folded_told, told_by
from .decisions import Ruling, ruling
from .mentions import mentions, spot
from .rules import FoldRules
from .words import mixed

Keys = npt.NDArray[np.uint64]
Kinds = npt.NDArray[np.int8]
_Rows = tuple[pa.Table, pa.Table, pa.Table]


class State(Protocol):
    """What was folded before, by BLOCKS, and the claims as they are now. Claims that are asked for and no longer count are left out."""

    @property
    def crowded(self) -> frozenset[int]:
        """The crowded blocks of the last fold."""

    def near(self, keys: Keys) -> Collection[str]:
        """Claims of BLOCKS under any of some keys."""

    def counts(self, keys: Keys) -> dict[int, int]:
        """How many claims of BLOCKS stand under each of some keys."""

    def keys(self, claims: Collection[str]) -> Keys:
        """The keys of claims that were folded before, each as often as claims have it."""

    def behind(self, claims: Collection[str]) -> Collection[str]:
        """The claims of LINKS that have one of some claims for runner-up."""

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
    article whose row of FAMILIES changed). `gone`: ids of claims that no longer count. `mentions`: those of the last fold, for each article
    that has other claims now (none for a new one). `decisions`: all there are now; `before`: then.
    """

    new: Collection[str]
    gone: Collection[str]
    mentions: Mapping[str, Sequence[str]]
    decisions: pa.Table
    before: pa.Table


@dataclass(frozen=True, slots=True, eq=False)
class Refolded:
    """What to write. `components`: drop the rows of LINKS and BLOCKS with these, and EVENTS, VARIANTS and PAIRS of the events that those
    LINKS name; then add the tables of `folded`. Its `crowded`, `lost` and `orphaned` are those of the whole; its `review` is of the
    part."""

    components: frozenset[str]
    folded: Folded


def refold(change: Change, state: State, rules: FoldRules) -> Refolded:
    """The fold of what a change touches, given what was folded before."""
    ruled = _ruling(change.decisions, state, {})
    turned = state.at(_differing(ruled, _ruling(change.before, state, change.mentions)))
    work = _Work(state, change, Whole(ruled, state.crowded, frozenset()), rules)
    work.stir({*change.new, *turned, *state.at(state.mentions(sorted(change.mentions)))})
    reached = work.reached()
    made = work.load(reached, near=True)
    folded = folded_told(work.told(made), made[2], rules, replace(work.whole, active=frozenset(reached)))
    return Refolded(frozenset(state.components(reached | work.gone)), folded)


def mentions_by_article(claims: pa.Table, articles: Iterable[str]) -> dict[str, list[str]]:
    """The mentions of claims, for each of some articles."""
    columns = [claims[name].to_pylist() for name in ("article", "trigger_start", "trigger_end", "event", "id")]
    found: dict[str, list[str]] = {name: [] for name in articles}
    for article, mention in zip(columns[0], mentions(*columns), strict=True):
        if article in found:
            found[article].append(mention)
    return found


def _ruling(decisions: pa.Table, state: State, before: Mapping[str, Sequence[str]]) -> Ruling:
    """Decisions bound to all mentions of the articles that they name: those of `before`, else those of today."""
    named = {parts.article for groups in decisions["groups"].to_pylist() for group in groups or () for m in group if (parts := spot(m))}
    then = [mention for article in sorted(named & before.keys()) for mention in before[article]]
    return ruling(decisions, [*then, *state.mentions(sorted(named - before.keys()))])


def _differing(one: Ruling, other: Ruling) -> set[str]:
    """Mentions of which the two say different things."""
    found = one.rejected ^ other.rejected
    for name in one.rejected_events.keys() | other.rejected_events.keys():
        if one.rejected_events.get(name) != other.rejected_events.get(name):
            found |= {*one.rejected_events.get(name, ()), *other.rejected_events.get(name, ())}
    for mine, theirs in ((one.same, other.same), (one.different, other.different)):
        for name in mine.keys() | theirs.keys():
            if mine.get(name) != theirs.get(name):
                found |= {m for groups in (mine.get(name, ()), theirs.get(name, ())) for group in groups for m in group}
    for value in set(one.values) ^ set(other.values):
        found |= set(value.mentions)
    for name in one.confirmed.keys() ^ other.confirmed.keys():
        found |= {*one.confirmed.get(name, ()), *other.confirmed.get(name, ())}
    return found


class _Work:
    """The steps of one refolding."""

    def __init__(self, state: State, change: Change, whole: Whole, rules: FoldRules) -> None:
        self.state, self.whole, self.rules = state, whole, rules
        self.gone = frozenset(change.gone)
        self.stirred: set[str] = set()
        self._decisions = change.decisions
        self._tied: dict[str, set[str]] = {}
        for group in whole.ruling.tied():
            for mention in group:
                self._tied.setdefault(mention, set()).update(group)
        self._known: dict[str, tuple[Keys, Kinds]] = {}  # keys of claims that were looked at
        self._last: tuple[frozenset[str], Told] | None = None

    def rows(self, claims: Collection[str]) -> _Rows:
        """Rows of all claims that what some claims tell rests on: of their articles, and of all that decisions tie to these."""
        rows = self.state.rows(claims)
        while self._tied and rows[0].num_rows:
            here = mentions_by_article(rows[0], pc.unique(rows[0]["article"]).to_pylist())
            wanted = {other for own in here.values() for mention in own for other in self._tied.get(mention, ())}
            missing = set(self.state.at(wanted)) - set(rows[0]["id"].to_pylist())
            if not missing:
                break
            rows = self.state.rows({*rows[0]["id"].to_pylist(), *missing})
        return rows

    def keys(self, rows: _Rows) -> tuple[Keys, Kinds]:
        """The keys of claims, with their kinds, once for each claim that has them."""
        ids = rows[0]["id"].to_pylist()
        if not ids:
            return np.zeros(0, np.uint64), np.zeros(0, np.int8)
        strange = pa.array([name not in self._known for name in ids], pa.bool_())
        if pc.any(strange).as_py():
            articles = pc.unique(rows[0]["article"].filter(strange))
            self._learn(rows if self._tied else (rows[0].filter(pc.is_in(rows[0]["article"], articles)), *rows[1:]))
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

    def told(self, rows: _Rows) -> Told:
        """What claims tell; of the same claims it need not be worked out again."""
        names = frozenset(rows[0]["id"].to_pylist())
        if self._last is None or self._last[0] != names:
            self._last = names, told_by(*rows, self._decisions, self.rules, self.whole)
        return self._last[1]

    def load(self, claims: Collection[str], near: bool) -> _Rows:
        """Rows of claims; with those whom they are compared with."""
        rows = self.rows(claims)
        if near and rows[0].num_rows:
            key, kind = self.keys(rows)
            around = set(self.state.near(near_keys(key, kind, self.rules.file.windows.fresh))) - self.gone
            if not around <= set(claims):
                rows = self.rows(set(claims) | around)
        return rows

    def stir(self, claims: Collection[str]) -> None:
        """Notes who is stirred by a change of some claims, and the crowded blocks of today."""
        rows = self.rows(claims)
        self.stirred = set(rows[0]["id"].to_pylist())
        key, kind = self.keys(rows)
        lost = self.state.keys(self.stirred | self.gone)
        added, taken = Counter(key.tolist()), Counter(lost.tolist())
        # Whether a lost key is one of days or of months is not known: of the two blocks that it may stand in at most one is crowded.
        keys = np.r_[key, lost, lost]
        kinds = np.r_[kind, np.full(len(lost), PAIR, np.int8), np.full(len(lost), COPY, np.int8)]
        _, first = np.unique(mixed(keys.view(np.int64), blocks_of(keys, kinds).view(np.int64)), return_index=True)
        blocks = blocks_of(keys[first], kinds[first])
        before, most = self.state.counts(keys[first]), self.rules.at.crowded
        crowded = set(self.state.crowded)
        for place, name, sort, block in zip(first.tolist(), keys[first].tolist(), kinds[first].tolist(), blocks.tolist(), strict=True):
            whole = block_keys(name, sort)
            if place < len(key) and block not in crowded and before[name] + added[name] - taken[name] > most:
                crowded.add(block)
            elif block in crowded and self._thin(whole, added, taken):
                crowded.discard(block)
            else:
                continue
            self.stirred |= set(self.state.near(whole)) - self.gone
        self.whole = replace(self.whole, crowded=frozenset(crowded))

    def _thin(self, keys: Keys, added: Counter[int], taken: Counter[int]) -> bool:
        """Whether none of the keys of a block is crowded any more."""
        count = self.state.counts(keys)
        return all(count[key] + added[key] - taken[key] <= self.rules.at.crowded for key in keys.tolist())

    def reached(self) -> set[str]:
        """All claims to be folded anew."""
        touched = self.stirred | self._linked(self.load(self.stirred, near=True), self.stirred)
        touched |= set(self.state.behind(self.stirred | self.gone))
        return (touched | set(self.state.within(self.state.components(touched | self.gone)))) - self.gone

    def _linked(self, rows: _Rows, some: Collection[str]) -> set[str]:
        """Claims that are not refused beside some of the claims."""
        if not rows[0].num_rows:
            return set()
        ready, chosen = self.told(rows), set(some)
        own = np.array([ready.columns.ids[n] in chosen for n in ready.told.lead.tolist()], np.bool_)
        pairs = compared(ready, self.rules, self.whole, own).pairs
        others = np.r_[pairs.j[own[pairs.i]], pairs.i[own[pairs.j]]]
        return {ready.columns.ids[ready.told.lead[n]] for n in np.unique(others).tolist()}
