"""Clusters with cuts: average linkage over linked pairs, with vetoes. A function of the set of tellings, whatever their order.

Of all clusters of a component those two are joined whose cross pairs have most points on average (of equal ones those named by the first
tellings, which stand in the order of publication and mention), if that is enough, some pair of theirs is linked, few are in conflict and
none is forbidden. Cross pairs that shared no key are scored too, so a chain Monday–Tuesday–Wednesday meets its own conflict.
Method: unweighted average linkage (Sokal and Michener 1958) with cannot-links; a conflict counts as a veto, not as points.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .points import Scorer, is_conflict
from .rules import Thresholds

Ints = npt.NDArray[np.int64]
Reals = npt.NDArray[np.float32]
CHUNK = 2_000_000


@dataclass(frozen=True, slots=True, eq=False)
class Pairs:
    """Pairs of tellings with their points, the smaller number first."""

    i: Ints
    j: Ints
    total: Reals

    def __len__(self) -> int:
        return len(self.i)

    def where(self, chosen: npt.NDArray[np.bool_]) -> Pairs:
        """Some of the pairs."""
        return Pairs(self.i[chosen], self.j[chosen], self.total[chosen])


@dataclass(frozen=True, slots=True, eq=False)
class Orders:
    """What decisions demand of tellings: pairs that must, pairs that must not be of one event."""

    must: tuple[Ints, Ints]
    never: tuple[Ints, Ints]


def components(count: int, i: Ints, j: Ints) -> Ints:
    """For each node the smallest node that it is connected to. Labels fall and are followed to their ends until nothing changes."""
    label = np.arange(count)
    while len(i):
        a, b = label[i], label[j]
        open_ = a != b
        if not open_.any():
            return label
        i, j, a, b = i[open_], j[open_], a[open_], b[open_]
        np.minimum.at(label, np.maximum(a, b), np.minimum(a, b))
        while True:
            further = label[label]
            if np.array_equal(further, label):
                break
            label = further
    return label


def clusters(scorer: Scorer, links: Pairs, orders: Orders, at: Thresholds, link: float) -> Ints:
    """The cluster of each telling, named by its smallest telling. `links`: pairs with at least `link` points."""
    count = len(scorer.told)
    result = np.arange(count)
    parted = set(zip(*(side.tolist() for side in orders.never), strict=True)) if len(orders.never[0]) else set()
    tied = set(zip(*(side.tolist() for side in orders.must), strict=True)) if len(orders.must[0]) else set()
    for nodes, ends in _packs(_broken(count, links, orders, at)):
        _decide(scorer, nodes, ends, _Demands(parted, tied, at, link), result)
    return result


def _broken(count: int, links: Pairs, orders: Orders, at: Thresholds) -> Ints:
    """Components, those too large broken up by asking one point more of their links, until they are not."""
    kept = links
    while True:
        label = components(count, np.r_[kept.i, orders.must[0]], np.r_[kept.j, orders.must[1]])
        size = np.bincount(label, minlength=count)
        large = size[label[kept.i]] > at.large
        if not large.any():
            return label
        least = float(kept.total[large].min())
        kept = kept.where(~large | (kept.total >= least + 1))


def _packs(label: Ints) -> Iterator[tuple[Ints, Ints]]:
    """Members of components of two and more, and where each component ends among them, so many at a time that their pairs stay few."""
    order = np.argsort(label, kind="stable")
    own = label[order]
    begins = np.flatnonzero(np.r_[True, own[1:] != own[:-1]])
    sizes = np.diff(np.r_[begins, len(own)])
    many = sizes > 1
    begins, sizes = begins[many], sizes[many]
    work = np.cumsum(sizes * (sizes - 1) // 2)
    first = 0
    while first < len(begins):
        last = max(int(np.searchsorted(work, (work[first - 1] if first else 0) + CHUNK, side="right")), first + 1)
        members = np.concatenate([order[b : b + s] for b, s in zip(begins[first:last].tolist(), sizes[first:last].tolist(), strict=True)])
        yield members, np.cumsum(sizes[first:last])
        first = last


@dataclass(frozen=True, slots=True, eq=False)
class _Demands:
    """What two clusters are asked for."""

    parted: set[tuple[int, int]]
    tied: set[tuple[int, int]]
    at: Thresholds
    link: float


def _decide(scorer: Scorer, nodes: Ints, ends: Ints, demands: _Demands, result: Ints) -> None:
    """Writes the clusters of a pack of components into the result. Where nothing speaks against it, a component is one cluster."""
    begins = np.r_[0, ends[:-1]]
    end_of = np.repeat(ends, ends - begins)
    length = end_of - np.arange(len(nodes)) - 1
    left = np.repeat(np.arange(len(nodes)), length)
    right = left + 1 + np.arange(len(left)) - np.repeat(np.cumsum(length) - length, length)
    totals = scorer.totals(nodes[left], nodes[right])
    against = is_conflict(totals) | scorer.apart(nodes[left], nodes[right])
    at_pair = np.r_[0, np.cumsum((ends - begins) * (ends - begins - 1) // 2)]
    least = np.minimum.reduceat(np.where(against, -np.inf, totals), at_pair[:-1])
    guarded = {node for pair in demands.parted for node in pair}
    for number, (begin, end) in enumerate(zip(begins.tolist(), ends.tolist(), strict=True)):
        own = nodes[begin:end]
        if least[number] >= demands.at.mean and not (guarded and guarded.intersection(own.tolist())):
            result[own] = own[0]
        else:
            part = slice(at_pair[number], at_pair[number + 1])
            result[own] = own[_joined(own, (left[part] - begin, right[part] - begin), (totals[part], against[part]), demands)]


def _joined(nodes: Ints, pairs: tuple[Ints, Ints], points: tuple[Reals, npt.NDArray[np.bool_]], demands: _Demands) -> Ints:
    """For each node of a component the position of the first node of its cluster. `points`: sums, and which pairs speak against."""
    count = len(nodes)
    i, j = pairs
    totals, against = points
    sums, bad, never = np.zeros((count, count)), np.zeros((count, count), np.int64), np.zeros((count, count), np.bool_)
    sums[i, j] = sums[j, i] = np.where(is_conflict(totals), 0.0, totals)
    bad[i, j] = bad[j, i] = against
    numbers = {node: place for place, node in enumerate(nodes.tolist())}
    for one, other in demands.parted:
        if one in numbers and other in numbers:
            never[numbers[one], numbers[other]] = never[numbers[other], numbers[one]] = True
    linked = np.zeros((count, count), np.bool_)
    linked[i, j] = linked[j, i] = totals >= demands.link
    tied = [(numbers[one], numbers[other]) for one, other in sorted(demands.tied) if one in numbers and other in numbers]
    groups = components(count, *(np.array([pair[n] for pair in tied], np.int64) for n in (0, 1)))
    for head in sorted({int(groups[one]) for one, _ in tied}):
        _as_one(np.flatnonzero(groups == head), sums, bad)
    state = _Merging(sums, bad, never, linked, demands.at)
    for one, other in tied:
        state.join(*sorted((state.label[one], state.label[other])))
    state.run()
    return np.array(state.label)


def _as_one(members: Ints, sums: npt.NDArray[np.float64], bad: Ints) -> None:
    """Lets tellings that a decision ties fit others as well as the best of them does: what speaks against one no longer counts."""
    points = np.where(bad[members] > 0, -np.inf, sums[members]).max(axis=0)
    against = points == -np.inf
    sums[members], bad[members] = np.where(against, 0.0, points), against
    sums[:, members], bad[:, members] = sums[members].T, bad[members].T


class _Merging:
    """Clusters of one component while they grow: sums of points, numbers of conflicts, bans and links between any two of them.

    `best[a]` is the cluster that a fits best among those that it may be joined with, `fit[a]` their mean.
    """

    def __init__(
        self, sums: npt.NDArray[np.float64], bad: Ints, never: npt.NDArray[np.bool_], linked: npt.NDArray[np.bool_], at: Thresholds,
    ) -> None:
        self._sums, self._bad, self._never, self._linked, self._at = sums, bad, never, linked, at
        count = len(sums)
        self.label = list(range(count))
        self._members = [[n] for n in range(count)]
        self._size = np.ones(count)
        self._best, self._fit = np.zeros(count, np.int64), np.full(count, -np.inf)

    def run(self) -> None:
        """Joins the two clusters that fit best, of equal ones the first, until none may be joined."""
        self._look(np.flatnonzero(self._size))
        while True:
            one = int(self._fit.argmax())
            if self._fit[one] == -np.inf:
                return
            other = int(self._best[one])
            one, other = min(one, other), max(one, other)
            stale = ((self._best == one) | (self._best == other)) & (self._size > 0)
            self.join(one, other)
            stale[one], stale[other] = True, False
            self._look(np.flatnonzero(stale))
            # Whoever fits the new cluster better than its best one so far.
            mean = self._means(np.array([one]))[0]
            better = (mean > self._fit) | ((mean == self._fit) & (one < self._best) & (mean > -np.inf))
            self._fit[better], self._best[better] = mean[better], one

    def _means(self, some: Ints) -> npt.NDArray[np.float64]:
        """The mean points of some clusters with all; far below zero for those that they may not be joined with."""
        pairs = self._size[some, None] * self._size
        with np.errstate(divide="ignore", invalid="ignore"):
            mean = np.round(self._sums[some] / pairs, 6)
        allowed = (pairs > 0) & self._linked[some] & ~self._never[some] & (self._bad[some] <= self._at.veto * pairs)
        allowed[np.arange(len(some)), some] = False
        return np.where(allowed & (mean >= self._at.mean), mean, -np.inf)

    def _look(self, some: Ints) -> None:
        """Notes whom some clusters fit best."""
        mean = self._means(some)
        self._best[some] = mean.argmax(axis=1)
        self._fit[some] = mean[np.arange(len(some)), self._best[some]]

    def join(self, one: int, other: int) -> None:
        """Makes one cluster of two, named by the first."""
        if one == other:
            return
        for matrix in (self._sums, self._bad):
            matrix[one] += matrix[other]
            matrix[:, one] = matrix[one]
        for flags in (self._never, self._linked):
            flags[one] |= flags[other]
            flags[:, one] = flags[one]
        for node in self._members[other]:
            self.label[node] = one
        self._members[one] += self._members[other]
        self._members[other] = []
        self._size[one] += self._size[other]
        self._size[other], self._fit[other] = 0, -np.inf
