"""Tellings: what one article tells of one act. Claims of an article with the same `act` are one telling, with the best told of each field."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..tables import LANES
from .features import LONG, NEWS, PLACED, Columns
from .parties import ACTOR, RECIPIENT, heads, slots
from .rules import FoldRules
from .words import Bits, counts, mixed

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Side:
    """One side of each telling: hashes of root parties, of whom they may be told as, of heads of unknown parties; sectors' sides as bits."""

    roots: Ints
    wides: Ints
    heads: Ints
    kinds: Ints
    open: Ints  # 1 where a party is told by country and sector alone
    known: Ints  # number of roots


@dataclass(frozen=True, slots=True, eq=False)
class Tellings:
    """One row a telling, in the order of publication and mention. `of`: telling of each claim; `lead`: its first claim.

    `events`, `modes`: bits of all that its claims name; `event`: the one most name. `letters`, `triggers`: of its claims, 0 fills up.
    """

    of: Ints
    lead: Ints
    lane: Ints
    minute: Ints
    day: Ints
    article: Ints
    family: Ints
    event: Ints
    events: Ints
    modes: npt.NDArray[np.uint64]
    when: Ints
    first: Ints
    last: Ints
    place: Ints
    fine: Ints
    point: npt.NDArray[np.float32]
    tolls: Ints
    actor: Side
    recipient: Side
    everybody: Side
    mutual: npt.NDArray[np.bool_]
    content: Bits
    contents: npt.NDArray[np.int16]
    names: Bits
    named: npt.NDArray[np.int16]
    letters: Ints
    triggers: Ints
    sentence: Ints
    speaker: Ints
    anew: npt.NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.lead)


def tellings(columns: Columns, lane: Ints, apart: Ints, rules: FoldRules) -> Tellings:
    """The tellings of claims. `lane`: of each claim; `apart`: numbers that differ where a decision parts claims of one act."""
    rank = np.empty(len(columns.ids), np.int64)
    rank[np.argsort(np.array(columns.mentions, object), kind="stable")] = np.arange(len(rank))
    order = np.lexsort((rank, columns.minute))
    whole = ((columns.act * len(LANES) + lane) * (apart.max(initial=0) + 1) + apart)[order]
    _, first, inverse = np.unique(whole, return_index=True, return_inverse=True)
    number = np.empty(len(first), np.int64)
    number[np.argsort(first)] = np.arange(len(first))
    of = np.empty(len(order), np.int64)
    of[order] = number[inverse]
    lead = order[np.sort(first)]
    group = _Groups(of, order, len(lead))
    event, events = _events(columns, group, len(rules.events))
    dated = group.best(columns.when * 10**7 - np.where(columns.when == PLACED, columns.last - columns.first, 0), columns.confidence)
    placed = group.best(columns.fine, columns.confidence)
    actor, recipient, everybody = (_side(columns, of, rank, len(lead), sides) for sides in ((ACTOR,), (RECIPIENT,), (ACTOR, RECIPIENT)))
    content, names = group.bits(columns.content), group.bits(columns.names)
    modes = group.bits(np.where(columns.mode > 0, np.uint64(1) << (np.maximum(columns.mode, 1) - 1).astype(np.uint64), np.uint64(0))[:, None])
    return Tellings(
        of, lead, lane[lead], columns.minute[lead], columns.day[lead], columns.article[lead], columns.family[lead], event, events,
        modes[:, 0], columns.when[dated], columns.first[dated], columns.last[dated], columns.place[placed], columns.fine[placed],
        columns.point[placed], group.span(columns.tolls), actor, recipient, everybody,
        ((actor.known + (actor.heads != 0).sum(axis=1)) > 1) & (recipient.known == 0) & (recipient.heads[:, 0] == 0),
        content, counts(content), names, counts(names), group.few(columns.letters), group.few(columns.trigger), columns.sentence[lead],
        columns.speaker[lead], group.bits(columns.anew.astype(np.uint64)[:, None])[:, 0] > 0,
    )


class _Groups:
    """Reductions of claims' values to those of their tellings."""

    def __init__(self, of: Ints, order: Ints, count: int) -> None:
        self._of, self._count = of, count
        self._sorted = order[np.argsort(of[order], kind="stable")]
        own = of[self._sorted]
        self._begins = np.flatnonzero(np.r_[True, own[1:] != own[:-1]]) if len(own) else np.zeros(0, np.int64)

    def bits(self, values: Bits) -> Bits:
        """All bits that some claim has."""
        return np.bitwise_or.reduceat(values[self._sorted], self._begins, axis=0) if self._count else values[:0]

    def best(self, value: Ints, confidence: npt.NDArray[np.float64]) -> Ints:
        """The claim with the greatest value, then confidence, then the earliest."""
        place = np.empty(len(self._of), np.int64)
        place[self._sorted] = np.arange(len(self._of))
        order = np.lexsort((place, -confidence, -value, self._of))
        own = self._of[order]
        return order[np.r_[True, own[1:] != own[:-1]]] if len(own) else order

    def span(self, tolls: Ints) -> Ints:
        """The widest span of each kind of toll."""
        if not self._count:
            return tolls[:0]
        low = np.where(tolls[:, :, 1] < 0, np.iinfo(np.int64).max, tolls[:, :, 0])[self._sorted]
        low = np.minimum.reduceat(low, self._begins, axis=0)
        high = np.maximum.reduceat(tolls[self._sorted, :, 1], self._begins, axis=0)
        return np.stack([np.where(high < 0, -1, low), high], axis=2)

    def few(self, values: Ints) -> Ints:
        """The different values of each telling's claims, SLOTS at most, zeros left out."""
        order = self._sorted[values[self._sorted] != 0]
        _, first = np.unique(mixed(self._of[order], values[order]), return_index=True)
        chosen = order[np.sort(first)]
        return slots(self._of[chosen], self._count, (values[chosen],))[0]


def _events(columns: Columns, group: _Groups, kinds: int) -> tuple[Ints, Ints]:
    """The event that most claims of a telling name (then the surest, then the first of PLOVER), and the bits of all."""
    bits = group.bits((np.uint64(1) << columns.event.astype(np.uint64))[:, None])[:, 0].astype(np.int64)
    of, count = group._of, group._count  # noqa: SLF001 - one class in two parts
    whole = of * kinds + columns.event
    pairs, inverse, often = np.unique(whole, return_inverse=True, return_counts=True)
    sure = np.zeros(len(pairs))
    np.maximum.at(sure, inverse, columns.confidence)
    order = np.lexsort((pairs % kinds, -sure, -often, pairs // kinds))
    own = pairs[order] // kinds
    best = order[np.r_[True, own[1:] != own[:-1]]] if len(own) else order
    event = np.zeros(count, np.int64)
    event[pairs[best] // kinds] = pairs[best] % kinds
    return event, bits


def _side(columns: Columns, of: Ints, rank: Ints, count: int, sides: tuple[int, ...]) -> Side:
    mentions = columns.parties
    chosen = np.flatnonzero(np.isin(mentions.side, sides))
    chosen = chosen[np.lexsort((chosen, mentions.side[chosen], rank[mentions.claim[chosen]], columns.minute[mentions.claim[chosen]]))]
    owner = of[mentions.claim[chosen]]
    root, wide, open_head = mentions.roots()[chosen], mentions.wides()[chosen], heads(mentions)[chosen]
    kinds = np.zeros(count, np.int64)
    side = np.array([p.side for p in mentions.parties] or [0], np.int64)
    np.bitwise_or.at(kinds, owner, side[mentions.kind[chosen]])
    known = _once(owner, root)
    unknown = _once(owner, np.where(root == 0, open_head, 0))
    loose = np.array([int(p.open) for p in mentions.parties] or [0], np.int64)[mentions.kind[chosen]]
    roots, wides, open_ = slots(owner[known], count, (root[known], wide[known], loose[known]))
    (found,) = slots(owner[unknown], count, (open_head[unknown],))
    return Side(roots, wides, found, kinds, open_, (roots != 0).sum(axis=1))


def _once(owner: Ints, value: Ints) -> Ints:
    """Rows with a value that is not 0, the first of each value of an owner, in order."""
    rows = np.flatnonzero(value)
    _, first = np.unique(mixed(owner[rows], value[rows]), return_index=True)
    return rows[np.sort(first)]


def is_anchor(told: Tellings) -> npt.NDArray[np.bool_]:
    """Which tellings stand on a day, or a few, and have a known party or a place finer than a country: only they found events."""
    return (told.when == PLACED) & ((told.everybody.known > 0) | (told.fine >= 2))


def is_news(told: Tellings) -> npt.NDArray[np.bool_]:
    """Which tellings have no date but that of their publication."""
    return told.when == NEWS


def is_long(told: Tellings) -> npt.NDArray[np.bool_]:
    """Which tellings stand in a month, a year or before some day."""
    return told.when == LONG
