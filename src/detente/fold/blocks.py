"""Which tellings are compared at all: those that share a key and lie near enough in time. Keys are functions of one telling.

A key is 48 bits of what is shared (family of events with both parties, one party, a place, or a sentence of one family of copies) and 16
bits of a day or a month. Keys of neighbouring days are neighbours as numbers, so that one sorted list gives all pairs of a window.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .features import HAPPENED, LONG, NEWS, PLACED
from .rules import FoldRules
from .tellings import Tellings
from .words import mixed

Ints = npt.NDArray[np.int64]
PAIR, ONE, SPOT, REGION, COPY, PAIR_MONTH, SPOT_MONTH = range(7)
BY_MONTH = (PAIR_MONTH, SPOT_MONTH)
BUCKET = 16
SHIFT = 1 << 15  # days and months are counted from here, so that none is negative
SPREAD = 13  # months of an interval that still name it
NEWS_APART, DAY_REACH, MONTH_REACH = 2, 3, 1
CHUNK = 4_000_000
_LANE_CLASS = np.array([0, 1, 2, 0])  # a denial is compared with what it denies


@dataclass(frozen=True, slots=True, eq=False)
class Keys:
    """Keys of tellings, sorted. `probe`: whether the key may bring it together with a telling that has it as no probe, too."""

    key: npt.NDArray[np.uint64]
    telling: Ints
    kind: npt.NDArray[np.int8]
    probe: npt.NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.key)


def keys_of(told: Tellings, rules: FoldRules) -> Keys:
    """The keys of all tellings, each once, without regard to crowding."""
    parts = [part for part in _parts(told, rules) if len(part[1])]
    if not parts:
        return Keys(np.zeros(0, np.uint64), np.zeros(0, np.int64), np.zeros(0, np.int8), np.zeros(0, np.bool_))
    key = np.concatenate([part[0] for part in parts])
    telling = np.concatenate([part[1] for part in parts])
    kind = np.concatenate([np.full(len(part[1]), part[2], np.int8) for part in parts])
    probe = np.concatenate([part[3] for part in parts])
    order = np.lexsort((telling, key))
    key, telling, kind, probe = key[order], telling[order], kind[order], probe[order]
    fresh = np.r_[True, (key[1:] != key[:-1]) | (telling[1:] != telling[:-1])]
    return Keys(key[fresh], telling[fresh], kind[fresh], probe[fresh])


_Part = tuple[npt.NDArray[np.uint64], Ints, int, npt.NDArray[np.bool_]]


def _parts(told: Tellings, rules: FoldRules) -> Iterator[_Part]:
    few = told.everybody.known < 2
    silent = ~_any_of(told, rules.flags(rules.acts.spoken))
    for telling, group in _groups(told, rules):
        lane = _LANE_CLASS[told.lane[telling]]
        for one, other in _pairs(told):
            some = np.flatnonzero((one[telling] != 0) & (other[telling] != 0) & (one[telling] != other[telling]))
            at, low, high = telling[some], np.minimum(one, other)[telling[some]], np.maximum(one, other)[telling[some]]
            yield _days(told, at, mixed(PAIR, group, lane[some], low, high), PAIR, np.ones(len(at), np.bool_))
            yield _months(told, at, mixed(PAIR_MONTH, group, lane[some], low, high), PAIR_MONTH)
        for party in _codes(told):
            some = np.flatnonzero(party[telling] != 0)
            at = telling[some]
            yield _days(told, at, mixed(ONE, group, lane[some], party[at]), ONE, few[at])
        for kind, place in ((SPOT, told.place[:, 0]), (REGION, told.place[:, 1])):
            some = np.flatnonzero((place[telling] != 0) & silent[telling])
            at = telling[some]
            yield _days(told, at, mixed(kind, group, lane[some], place[at]), kind, np.ones(len(at), np.bool_) if kind == SPOT else few[at])
        some = np.flatnonzero((told.place[telling, 0] != 0) & silent[telling])
        yield _months(told, telling[some], mixed(SPOT_MONTH, group, lane[some], told.place[telling[some], 0]), SPOT_MONTH)
    for slot in range(told.letters.shape[1]):
        some = np.flatnonzero(told.letters[:, slot])
        base = mixed(COPY, told.family[some], told.letters[some, slot], _LANE_CLASS[told.lane[some]])
        yield _key(base, np.zeros(len(some), np.int64)), some, COPY, np.ones(len(some), np.bool_)


def _any_of(told: Tellings, flags: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    bits = int(sum(1 << n for n in np.flatnonzero(flags).tolist()))
    return (told.events & bits) != 0


def _groups(told: Tellings, rules: FoldRules) -> Iterator[tuple[Ints, int]]:
    """Tellings by family of events; a telling stands in each family of each of its events."""
    for group in sorted({g for own in rules.groups for g in own}):
        flags = np.array([group in own for own in rules.groups])
        telling = np.flatnonzero(_any_of(told, flags))
        if len(telling):
            yield telling, group


def _codes(told: Tellings) -> Iterator[Ints]:
    """Each party's hash, and that of whom it may be told as where that differs."""
    side = told.everybody
    for slot in range(side.roots.shape[1]):
        yield side.roots[:, slot]
        yield np.where(side.wides[:, slot] == side.roots[:, slot], 0, side.wides[:, slot])


def _pairs(told: Tellings) -> Iterator[tuple[Ints, Ints]]:
    codes = list(_codes(told))
    for number, one in enumerate(codes):
        for later, other in enumerate(codes[number + 1 :], number + 1):
            if number // 2 != later // 2 and (one.any() and other.any()):  # a party and its own wider name are no pair
                yield one, other


def _key(base: npt.NDArray[np.uint64], bucket: Ints) -> npt.NDArray[np.uint64]:
    return (base & ~np.uint64((1 << BUCKET) - 1)) | (bucket.astype(np.uint64) & np.uint64((1 << BUCKET) - 1))


def _days(told: Tellings, at: Ints, base: npt.NDArray[np.uint64], kind: int, probe: npt.NDArray[np.bool_]) -> _Part:
    """A key for each day of an interval of few days, and for the day of publication of what has no date."""
    when = told.when[at]
    length = np.where(when == PLACED, told.last[at] - told.first[at] + 1, np.where(when == NEWS, 1, 0))
    rows, offset = _spread(length)
    day = np.clip(told.first[at][rows] + offset + SHIFT, 0, 2 * SHIFT - 1)
    return _key(base[rows], day), at[rows], kind, probe[rows]


def _months(told: Tellings, at: Ints, base: npt.NDArray[np.uint64], kind: int) -> _Part:
    """A key for the month, or for each of a few; those who have a day are found, but do not look."""
    month = [_month(told.first[at]), _month(told.last[at])]
    spread = month[1] - month[0] + 1
    length = np.where(told.when[at] == LONG, np.where(spread <= SPREAD, spread, 0), np.where(told.when[at] > 0, 1, 0))
    rows, offset = _spread(length)
    return _key(base[rows], np.clip(month[0][rows] + offset + SHIFT, 0, 2 * SHIFT - 1)), at[rows], kind, (told.when[at] != PLACED)[rows]


def _month(day: Ints) -> Ints:
    return np.floor_divide(day, 30)


def _spread(length: Ints) -> tuple[Ints, Ints]:
    rows = np.repeat(np.arange(len(length)), length)
    return rows, np.arange(len(rows)) - np.repeat(np.cumsum(length) - length, length)


def crowds(keys: Keys, most: int) -> npt.NDArray[np.uint64]:
    """Blocks (a key with its thirty days) that hold more than `most` tellings on one day: they are divided by act and place."""
    _, first, count = np.unique(keys.key, return_index=True, return_counts=True)
    return np.unique(_block(keys.key[first[count > most]], keys.kind[first[count > most]]))


def _block(key: npt.NDArray[np.uint64], kind: npt.NDArray[np.int8]) -> npt.NDArray[np.uint64]:
    bucket = (key & np.uint64((1 << BUCKET) - 1)).astype(np.int64)
    return mixed((key >> np.uint64(BUCKET)).astype(np.int64), np.where(np.isin(kind, BY_MONTH), bucket, bucket // 30))


def divided(keys: Keys, told: Tellings, crowded: npt.NDArray[np.uint64]) -> Keys:
    """The keys with those of crowded blocks made narrower by event, modes and place."""
    if not len(crowded):
        return keys
    rows = np.flatnonzero(np.isin(_block(keys.key, keys.kind), crowded))
    key, at = keys.key.copy(), keys.telling[rows]
    bucket = (key[rows] & np.uint64((1 << BUCKET) - 1)).astype(np.int64)
    base = (key[rows] >> np.uint64(BUCKET)).astype(np.int64)
    key[rows] = _key(mixed(base, told.event[at], told.modes[at].view(np.int64), told.place[at, 0]), bucket)
    order = np.lexsort((keys.telling, key))
    return Keys(key[order], keys.telling[order], keys.kind[order], keys.probe[order])


def candidates(keys: Keys, told: Tellings, fresh: int) -> tuple[Ints, Ints]:
    """Pairs of tellings to be compared, each once, the earlier first."""
    reach = np.where(keys.kind == COPY, 0, np.where(np.isin(keys.kind, BY_MONTH), MONTH_REACH, max(DAY_REACH, fresh)))
    last = keys.key | np.uint64((1 << BUCKET) - 1)
    bound = np.where(last - keys.key < reach, last, keys.key + reach.astype(np.uint64))
    ends = np.searchsorted(keys.key, bound, side="right")
    length = ends - np.arange(len(keys)) - 1
    found: list[npt.NDArray[np.uint64]] = []
    total = np.cumsum(length)
    begin = 0
    while begin < len(keys):
        end = int(np.searchsorted(total, (total[begin - 1] if begin else 0) + CHUNK, side="right"))
        end = max(end, begin + 1)
        found.append(_compatible(keys, told, (begin, end), length[begin:end], fresh))
        begin = end
    pairs = np.unique(np.concatenate(found)) if found else np.zeros(0, np.uint64)
    return (pairs >> np.uint64(32)).astype(np.int64), (pairs & np.uint64(0xFFFFFFFF)).astype(np.int64)


def _compatible(keys: Keys, told: Tellings, rows: tuple[int, int], length: Ints, fresh: int) -> npt.NDArray[np.uint64]:
    """Pairs of some rows of the sorted keys with those in their window, if lanes, probes and days allow them; both numbers in one."""
    left, offset = _spread(length)
    left += rows[0]
    right = left + offset + 1
    i, j = keys.telling[left], keys.telling[right]
    good = (i != j) & (keys.kind[left] == keys.kind[right]) & (keys.probe[left] | keys.probe[right])
    left, right, i, j = left[good], right[good], i[good], j[good]
    gap = (keys.key[right] - keys.key[left]).astype(np.int64)
    one, other = told.when[i], told.when[j]
    placed, news = (one == PLACED) & (other == PLACED), (one == NEWS) & (other == NEWS)
    mixed_days = ((one == PLACED) & (other == NEWS)) | ((one == NEWS) & (other == PLACED))
    later = np.where(one == NEWS, -gap, gap)  # days from the event to the report
    soon = np.where(told.lane[i] == HAPPENED, (later >= 0) & (later <= fresh), np.abs(later) <= fresh)
    by_day = (placed & (gap <= 1)) | (news & (gap <= NEWS_APART)) | (mixed_days & soon)
    long = (one == LONG) | (other == LONG)
    by_month = (mixed_days & (later >= 0) & (gap <= MONTH_REACH)) | (long & (gap == 0))
    kind = keys.kind[left]
    good = (kind == COPY) | np.where(np.isin(kind, BY_MONTH), by_month, by_day)
    i, j = i[good], j[good]
    low, high = np.minimum(i, j).astype(np.uint64), np.maximum(i, j).astype(np.uint64)
    return np.unique((low << np.uint64(32)) | high)


def near_keys(keys: Keys, fresh: int) -> npt.NDArray[np.uint64]:
    """All keys under which somebody could stand who is compared with one of these tellings."""
    reach = np.where(keys.kind == COPY, 0, np.where(np.isin(keys.kind, BY_MONTH), MONTH_REACH, max(DAY_REACH, fresh)))
    shifted = [keys.key]
    for step in range(1, int(reach.max(initial=0)) + 1):
        some = keys.key[reach >= step]
        shifted += [some + np.uint64(step), some - np.uint64(step)]
    return np.unique(np.concatenate(shifted))
