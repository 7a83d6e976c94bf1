"""Blocs of a signed network, whether its triads are in balance, and who moved between two periods.

Blocs maximise signed modularity (Gómez, Jensen and Arenas 2009): positive edges inside and negative ones between, against what each actor's
strengths make likely. Balance (Heider; Cartwright and Harary): a triad whose signs multiply to + is balanced, the others are tense.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

import numpy as np

from .constants import BlocRules
from .parties import Floats, Ints
from .signed import Network

PASSES = 100


@dataclass(frozen=True, slots=True)
class Triad:
    """Three parties whose signs multiply to -. `weakest`: the smallest |index| of its edges, by which tense triads are ranked."""

    actors: tuple[str, str, str]
    indices: tuple[float, float, float]  # first and second, second and third, first and third
    weakest: float


@dataclass(frozen=True, slots=True)
class Balance:
    """`share`: balanced triads among all, None without any; `expected` and `z`: the same with signs dealt out anew over the same edges;
    `walks`: balance over closed walks of all lengths (Estrada and Benzi 2014), 1 if perfect."""

    triads: int
    balanced: int
    share: float | None
    expected: float | None
    z: float | None
    walks: float | None
    tense: tuple[Triad, ...]


@dataclass(frozen=True, slots=True)
class Blocs:
    """`bloc` of each actor, numbered from the largest; `margin`: what the actor would lose by going to its next best bloc (share of its
    strength); `sure`: share of replicates in which most of its bloc is with it again."""

    day: date
    modularity: float
    bloc: dict[str, int]
    margin: dict[str, float]
    sure: dict[str, float]

    def members(self) -> list[list[str]]:
        """Actors of each bloc."""
        return [sorted(name for name, own in self.bloc.items() if own == bloc) for bloc in sorted(set(self.bloc.values()))]


@dataclass(frozen=True, slots=True)
class Move:
    """An actor that left its bloc between two periods. `share`: of replicates in which it did; `confirmed`: it was still there one period
    later, None if there is none yet. `origin` and `goal` list the actors it left and joined."""

    actor: str
    before: date
    after: date
    share: float
    margin: float
    origin: tuple[str, ...]
    goal: tuple[str, ...]
    confirmed: bool | None


def gains(matrix: Floats) -> Floats:
    """B: what two actors in one bloc add to signed modularity, times the sum of all strengths."""
    expected = np.zeros_like(matrix)
    for sign in (1, -1):
        part = np.maximum(sign * matrix, 0)
        strength, total = part.sum(axis=1), part.sum()
        if total:
            expected += sign * np.outer(strength, strength) / total
    return np.asarray(matrix - expected, float)


def local_moves(gain: Floats, labels: Ints, order: Ints) -> Ints:
    """Moves actors one by one to the bloc (or one of their own) that gains most, then joins blocs, until nothing is gained."""
    size = len(gain)
    labels = labels.copy()
    for _ in range(PASSES):
        member = np.zeros((size, size))
        member[np.arange(size), labels] = 1
        towards, changed = gain @ member, False
        filled = member.sum(axis=0)
        for actor in order:
            own = labels[actor]
            offers = towards[actor].copy()
            offers[own] -= gain[actor, actor]
            offers = np.where((filled > 0) | (np.arange(size) == np.argmin(filled)), offers, -np.inf)
            best = int(np.argmax(offers))
            if offers[best] > offers[own] + 1e-12:
                towards[:, own] -= gain[:, actor]
                towards[:, best] += gain[:, actor]
                filled[own] -= 1
                filled[best] += 1
                labels[actor], changed = best, True
        joined = _joined(gain, labels)
        if joined is None and not changed:
            return labels
        labels = labels if joined is None else joined
    return labels


def _joined(gain: Floats, labels: Ints) -> Ints | None:
    """Labels with the two blocs joined that gain most by it, None if no two do."""
    used, compact = np.unique(labels, return_inverse=True)
    member = np.eye(len(used))[compact]
    between = member.T @ gain @ member
    np.fill_diagonal(between, -np.inf)
    one, other = divmod(int(np.argmax(between)), len(used))
    return np.where(labels == used[other], used[one], labels) if between[one, other] > 1e-12 else None


def _quality(gain: Floats, labels: Ints) -> float:
    return float(gain[labels[:, None] == labels[None, :]].sum())


def partition(matrix: Floats, rules: BlocRules, start: Ints | None = None) -> Ints:
    """The best labels of `restarts` seeded orders (one order, from `start`, if given), numbered from the largest bloc."""
    size, gain = len(matrix), gains(matrix)
    random = np.random.default_rng(rules.seed)
    orders = [np.arange(size)] if start is not None else [random.permutation(size) for _ in range(rules.restarts)]
    tried = [local_moves(gain, np.arange(size) if start is None else start, order) for order in orders]
    best = max(tried, key=lambda labels: round(_quality(gain, labels), 9))
    used, first, count = np.unique(best, return_index=True, return_counts=True)
    rank = np.empty(size + 1, np.int64)
    rank[used[np.lexsort((first, -count))]] = np.arange(len(used))
    return np.asarray(rank[best], np.int64)


def blocs(found: Network, rules: BlocRules) -> Blocs:
    """Blocs of a network, with how sure each actor's place is."""
    if not found.actors:
        return Blocs(found.day, 0.0, {}, {}, {})
    labels = partition(found.matrix, rules)
    gain, strength = gains(found.matrix), np.abs(found.matrix).sum()
    again = replicated(found, rules, labels)
    same = labels[:, None] == labels[None, :]
    together = np.array([((row[:, None] == row[None, :]) & same).sum(axis=1) / same.sum(axis=1) > 0.5 for row in again])
    margins = _margins(gain, labels, np.abs(found.matrix).sum(axis=1))
    return Blocs(
        found.day, _quality(gain, labels) / float(strength), dict(zip(found.actors, map(int, labels), strict=True)),
        dict(zip(found.actors, margins, strict=True)), dict(zip(found.actors, map(float, together.mean(axis=0)), strict=True)),
    )


def replicated(found: Network, rules: BlocRules, labels: Ints) -> list[Ints]:
    """Labels of each replicate, found from given ones."""
    return [partition(found.replicate(place), rules, labels) for place in range(found.replicates.shape[1])]


def _margins(gain: Floats, labels: Ints, strength: Floats) -> list[float]:
    member = np.eye(labels.max() + 2)[labels]
    towards = gain @ member
    places = np.arange(len(labels))
    own = towards[places, labels] - gain[places, places]
    towards[places, labels] = -np.inf
    return [float(value) for value in (own - towards.max(axis=1)) / np.maximum(strength, 1e-12)]


def balance(found: Network, rules: BlocRules) -> Balance:
    """Balanced share against chance, and the tense triads whose weakest edge is strongest."""
    signs = np.sign(found.matrix)
    edges = np.array([(edge.one, edge.other) for edge in found.edges], np.int64).reshape(-1, 2)
    whole = round(float(np.trace(np.linalg.matrix_power(np.abs(signs), 3))) / 6)
    if not whole:
        return Balance(0, 0, None, None, None, None, ())
    random = np.random.default_rng(rules.seed)
    values = signs[edges[:, 0], edges[:, 1]]
    shares = np.array([_share(_signed(edges, random.permutation(values), len(signs)), whole) for _ in range(rules.shuffles)])
    share = _share(signs, whole)
    spread = float(shares.std())
    roots, whole_roots = np.linalg.eigvalsh(signs), np.linalg.eigvalsh(np.abs(signs))
    walks = float(np.exp(roots - whole_roots.max()).sum() / np.exp(whole_roots - whole_roots.max()).sum())
    z = (share - float(shares.mean())) / spread if spread > 1e-12 else None
    return Balance(whole, round(share * whole), share, float(shares.mean()), z, walks, _tense(found, rules))


def _signed(edges: Ints, values: Floats, size: int) -> Floats:
    signs = np.zeros((size, size), np.float32)
    signs[edges[:, 0], edges[:, 1]] = signs[edges[:, 1], edges[:, 0]] = values
    return np.asarray(signs)


def _share(signs: Floats, whole: int) -> float:
    """Balanced triads among all: trace(S³) counts balanced less tense ones, six times each."""
    return (1 + float(((signs @ signs) * signs).sum()) / (6 * whole)) / 2


def _tense(found: Network, rules: BlocRules) -> tuple[Triad, ...]:
    matrix, names = found.matrix, found.actors
    triads = []
    for edge in found.edges:
        one, other = edge.one, edge.other
        third = np.flatnonzero((matrix[one] != 0) & (matrix[other] != 0))
        for last in third[third > max(one, other)]:
            first, second = sorted((one, other))
            values = (float(matrix[first, second]), float(matrix[second, last]), float(matrix[first, last]))
            if values[0] * values[1] * values[2] < 0:
                triads.append(Triad((names[first], names[second], names[int(last)]), values, min(map(abs, values))))
    return tuple(sorted(triads, key=lambda triad: (-triad.weakest, triad.actors))[: rules.triads])


def moves(periods: Sequence[tuple[Network, Blocs]], rules: BlocRules) -> list[Move]:
    """Actors that changed their bloc between neighbouring periods, in at least `consensus` of the later one's replicates.

    Blocs of two periods are matched by the actors that they share (greatest overlap first). Actors without an edge in either do not move.
    """
    found: list[Move] = []
    for place, ((_, old), (network, new)) in enumerate(pairwise(periods)):
        common = [name for name in new.bloc if name in old.bloc]
        labels = np.array([new.bloc[name] for name in network.actors], np.int64)
        again = [dict(zip(network.actors, map(int, row), strict=True)) for row in replicated(network, rules, labels)]
        rows = [_matched(old.bloc, row, common) for row in (new.bloc, *again)]
        later = periods[place + 2][1].bloc if place + 2 < len(periods) else None
        for name in common:
            share = float(np.mean([row[name] != old.bloc[name] for row in rows[1:]]))
            if rows[0][name] != old.bloc[name] and share >= rules.consensus:
                goal = tuple(sorted(other for other in new.bloc if other != name and new.bloc[other] == new.bloc[name]))
                origin = tuple(sorted(other for other in old.bloc if other != name and old.bloc[other] == old.bloc[name]))
                stays = None if later is None else name in later and _stays(name, goal, later)
                found.append(Move(name, old.day, new.day, share, new.margin[name], origin, goal, stays))
    return found


def _stays(name: str, goal: tuple[str, ...], later: dict[str, int]) -> bool:
    known = [other for other in goal if other in later]
    return not known or 2 * sum(later[other] == later[name] for other in known) > len(known)


def _matched(old: dict[str, int], new: dict[str, int], common: list[str]) -> dict[str, int]:
    """The new blocs under the numbers of the old ones; what matches none gets a number of its own."""
    overlap: dict[tuple[int, int], int] = {}
    for name in common:
        overlap[old[name], new[name]] = overlap.get((old[name], new[name]), 0) + 1
    matched: dict[int, int] = {}
    for (before, after), _ in sorted(overlap.items(), key=lambda item: (-item[1], item[0])):
        if after not in matched and before not in matched.values():
            matched[after] = before
    fresh = max(old.values(), default=0) + 1
    return {name: matched.get(bloc, fresh + bloc) for name, bloc in new.items()}
