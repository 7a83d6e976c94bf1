"""The order in which tellings become events: those with a day first, then vague ones each by itself, what is left, and denials last.

Each stage reads only the finished one before it, so a vague telling can never bridge two events. Lanes (happened, planned, supposed) never
mix; a denial joins what it denies, and counts against it.

A component holds all that the stages read of its tellings: whoever is near enough to be linked, attached or clustered is in it, whether or
not that came about. What it is made of rests on pairs alone, never on an outcome, and the events of a component on nothing outside it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .clusters import Orders, Pairs, clusters, components
from .features import DENIED
from .points import Scorer, is_conflict
from .rules import Thresholds
from .tellings import is_anchor

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
REPORT, CONTRARY, ATTACHED = range(3)
PARTS = ("report", "contrary", "attached")


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """For each telling: its event and its component (each named by one of its tellings), its part, whether it stands on a day of its
    own."""

    event: Ints
    component: Ints
    part: Ints
    anchor: Flags


def outcome(scorer: Scorer, pairs: Pairs, orders: Orders, active: Flags, at: Thresholds) -> Outcome:
    """The events of tellings. `pairs`: all that are not refused; `active`: tellings that take part, others only stand beside."""
    told = scorer.told
    forced = np.zeros(len(told), np.bool_)
    forced[np.r_[orders.must[0], orders.must[1]]] = True
    denied = told.lane == DENIED
    anchor = ((is_anchor(told) & ~denied) | forced) & active
    pairs = pairs.where(active[pairs.i] & active[pairs.j])
    same_lane = told.lane[pairs.i] == told.lane[pairs.j]
    chosen = anchor[pairs.i] & anchor[pairs.j] & same_lane & (pairs.total >= at.link)
    state = _State(clusters(scorer, pairs.where(chosen), orders, at, at.link), np.zeros(len(told), np.int64), orders)
    vague = active & ~anchor & ~denied
    free = state.attach(scorer, _toward(pairs, vague, anchor, same_lane), (at.vague_link, at.margin), at, ATTACHED, vague)
    state.cluster(scorer, pairs.where(free[pairs.i] & free[pairs.j] & same_lane & (pairs.total >= at.leftover_link)), at, at.leftover_link)
    against = active & denied & ~forced
    toward = _toward(pairs, against, active & ~against, np.ones(len(pairs), np.bool_))
    free = state.attach(scorer, toward, (at.contrary_link, 0.0), at, CONTRARY, against)
    state.cluster(scorer, pairs.where(free[pairs.i] & free[pairs.j] & (pairs.total >= at.link)), at, at.link)
    component = _components(pairs, orders, at, (anchor, vague, against, same_lane))
    return Outcome(state.event, component, state.part, anchor)


def _components(pairs: Pairs, orders: Orders, at: Thresholds, kinds: tuple[Flags, Flags, Flags, Flags]) -> Ints:
    """The component of each telling. `kinds`: which tellings are anchors, vague, denials; which pairs stand in one lane."""
    anchor, vague, against, same_lane = kinds
    i, j = pairs.i, pairs.j
    one, other = against[i], against[j]
    firm, loose = (flags[i].astype(np.int8) + flags[j] for flags in (anchor, vague))
    asked = np.select(
        [one & other, one | other, ~same_lane, firm == 2, (firm == 1) & (loose == 1), loose == 2],
        [at.link, at.contrary_link, np.inf, at.link, at.vague_link, at.leftover_link], np.inf)
    near = pairs.total >= asked
    tied = [np.r_[pairs_of[near], must, never] for pairs_of, must, never in zip((i, j), orders.must, orders.never, strict=True)]
    return components(len(anchor), *tied)


def _toward(pairs: Pairs, here: Flags, there: Flags, allowed: Flags) -> Pairs:
    """Pairs from tellings of one kind to those of another, turned so that the former stand first."""
    forth = allowed & here[pairs.i] & there[pairs.j]
    back = allowed & here[pairs.j] & there[pairs.i]
    return Pairs(np.r_[pairs.i[forth], pairs.j[back]], np.r_[pairs.j[forth], pairs.i[back]], np.r_[pairs.total[forth], pairs.total[back]])


class _State:
    """Events as they stand after each stage."""

    def __init__(self, event: Ints, part: Ints, orders: Orders) -> None:
        self.event, self.part = event, part
        self._banned: dict[int, set[int]] = {}
        for one, other in zip(*(side.tolist() for side in orders.never), strict=True):
            self._banned.setdefault(one, set()).add(other)
            self._banned.setdefault(other, set()).add(one)

    def cluster(self, scorer: Scorer, links: Pairs, at: Thresholds, link: float) -> None:
        """Joins tellings that have no event yet to events of their own."""
        some = np.unique(np.r_[links.i, links.j])
        inside = np.zeros(len(self.event), np.bool_)
        inside[some] = True
        banned = sorted((one, other) for one, others in self._banned.items() for other in others if one < other)
        never = [(one, other) for one, other in banned if inside[one] and inside[other]]
        parted = (np.array([p for p, _ in never], np.int64), np.array([q for _, q in never], np.int64))
        nobody = np.zeros(0, np.int64)
        self.event[some] = clusters(scorer, links, Orders((nobody, nobody), parted), at, link)[some]

    def attach(self, scorer: Scorer, pairs: Pairs, asked: tuple[float, float], at: Thresholds, part: int, who: Flags) -> Flags:
        """Gives each telling to the event that it fits best, if well enough and better than the next by a margin. Gives back who is left.

        `asked`: least points of one pair, and margin. An event fits as well as its members do on average, if few of them are against it.
        """
        least, margin = asked
        near = pairs.where(pairs.total >= least)
        telling, event = _by_event(near, self.event)
        fit = self._fit(scorer, telling, event, at)
        good = fit >= at.mean
        telling, event, best = telling[good], event[good], fit[good]
        order = np.lexsort((event, -best, telling))
        telling, event, best = telling[order], event[order], best[order]
        first = np.r_[True, telling[1:] != telling[:-1]] if len(telling) else np.zeros(0, np.bool_)
        begins = np.flatnonzero(first)
        second = np.full(len(begins), -np.inf)
        has = np.diff(np.r_[begins, len(telling)]) > 1
        second[has] = best[begins[has] + 1]
        chosen = best[begins] - second >= margin
        free = who.copy()
        taken: dict[int, set[int]] = {}
        for at_row in begins[chosen].tolist() if self._banned else ():
            self._guard(int(telling[at_row]), int(event[at_row]), taken)
        rows = begins[chosen]
        if self._banned:
            rows = np.array([r for r in rows.tolist() if int(telling[r]) in taken.get(int(event[r]), ())], np.int64)
        self.event[telling[rows]] = event[rows]
        self.part[telling[rows]] = part
        free[telling[rows]] = False
        return free

    def _guard(self, telling: int, event: int, taken: dict[int, set[int]]) -> None:
        """Lets a telling into an event unless a decision keeps it apart from one who is in it."""
        inside = taken.setdefault(event, set())
        others = self._banned.get(telling, set())
        held = {other for other in others if int(self.event[other]) == event}
        if not (held or inside & others):
            inside.add(telling)

    def _fit(self, scorer: Scorer, telling: Ints, event: Ints, at: Thresholds) -> npt.NDArray[np.float64]:
        """The mean points of tellings with all members of events; far below zero where too many are against."""
        if not len(telling):
            return np.zeros(0)
        order = np.argsort(self.event, kind="stable")
        own = self.event[order]
        begin, end = np.searchsorted(own, event, "left"), np.searchsorted(own, event, "right")
        result = np.zeros(len(telling))
        size = end - begin
        step = 0
        while step < len(telling):
            stop = max(int(np.searchsorted(np.cumsum(size[step:]), 2_000_000, "right")) + step, step + 1)
            rows = np.repeat(np.arange(step, stop), size[step:stop])
            offset = np.arange(len(rows)) - np.repeat(np.cumsum(size[step:stop]) - size[step:stop], size[step:stop])
            member = order[begin[rows] + offset]
            one, other = np.minimum(telling[rows], member), np.maximum(telling[rows], member)
            totals = scorer.totals(one, other)
            conflict = is_conflict(totals)
            bad = np.bincount(rows - step, conflict | scorer.apart(one, other), stop - step)
            sums = np.bincount(rows - step, np.where(conflict, 0, totals), stop - step)
            result[step:stop] = np.where(bad <= at.veto * size[step:stop], np.round(sums / size[step:stop], 6), -np.inf)
            step = stop
        return result


def _by_event(pairs: Pairs, event: Ints) -> tuple[Ints, Ints]:
    """The events that each telling is near to, each once."""
    whole = np.unique(pairs.i * (len(event) + 1) + event[pairs.j])
    return whole // (len(event) + 1), whole % (len(event) + 1)
