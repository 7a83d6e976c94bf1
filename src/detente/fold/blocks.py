"""Which tellings are compared at all: those that share a key and lie near enough in time. Keys are functions of one telling.

A key is 48 bits of what is shared (family of events with both parties, one party or country, a place, a sentence of one family
of copies, an act of one article) and 16
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
from .words import mixed, once

Ints = npt.NDArray[np.int64]
PAIR, ONE, SPOT, REGION, COPY, PAIR_MONTH, SPOT_MONTH, ONE_MONTH = range(8)
BY_MONTH = (PAIR_MONTH, SPOT_MONTH, ONE_MONTH)
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
    silent = ~rules.flags(rules.acts.spoken)[told.event]
    lane = _LANE_CLASS[told.lane]
    groups, starts = np.array([g for own in rules.groups for g in own], np.int64), np.cumsum([0, *map(len, rules.groups)])

    def grouped(at: Ints, *codes: Ints) -> tuple[Ints, tuple[Ints, ...]]:
        """Rows for each family that the event stands in: tellings; families, lanes and codes."""
        event = told.event[at]
        rows, offset = _spread(starts[event + 1] - starts[event])
        return at[rows], (groups[starts[event][rows] + offset], lane[at][rows], *(code[rows] for code in codes))

    at, codes = grouped(*_pairs(told))
    yield _days(told, at, mixed(PAIR, *codes), PAIR, np.ones(len(at), np.bool_))
    yield _months(told, at, mixed(PAIR_MONTH, *codes), PAIR_MONTH)
    row, slot = np.nonzero(told.lands)
    at, codes = grouped(row, told.lands[row, slot])
    yield _days(told, at, mixed(ONE, *codes), ONE, few[at])
    row, slot = np.nonzero(told.everybody.roots)
    at, codes = grouped(row, told.everybody.roots[row, slot])
    key, at, kind, _ = _months(told, at, mixed(ONE_MONTH, *codes), ONE_MONTH)
    yield key, at, kind, told.when[at] == LONG
    for kind, column in ((SPOT, 0), (REGION, 1)):
        some = np.flatnonzero((told.place[:, column] != 0) & silent)
        at, codes = grouped(some, told.place[some, column])
        yield _days(told, at, mixed(kind, *codes), kind, few[at] if kind == REGION else np.ones(len(at), np.bool_))
        if kind == SPOT:
            yield _months(told, at, mixed(SPOT_MONTH, *codes), SPOT_MONTH)
    for shared, whole in ((told.letters, told.family), (told.act, told.act)):
        some = np.flatnonzero(shared)
        key = _key(mixed(COPY, whole[some], shared[some], lane[some]), np.zeros(len(some), np.int64))
        yield key, some, COPY, np.ones(len(some), np.bool_)


def _pairs(told: Tellings) -> tuple[Ints, Ints, Ints]:
    """Each two parties of each telling, by their own names and by those of their countries; the smaller hash first."""
    side = told.everybody
    home = np.where(side.homes == side.roots, 0, side.homes)
    found: list[tuple[Ints, Ints, Ints]] = []
    for slot in range(side.roots.shape[1]):
        for later in range(slot + 1, side.roots.shape[1]):
            for one in (side.roots[:, slot], home[:, slot]):
                for other in (side.roots[:, later], home[:, later]):
                    at = np.flatnonzero((one != 0) & (other != 0) & (one != other))
                    if len(at):
                        found.append((at, np.minimum(one[at], other[at]), np.maximum(one[at], other[at])))
    if not found:
        return (np.zeros(0, np.int64),) * 3
    return tuple(np.concatenate(column) for column in zip(*found, strict=True))  # type: ignore[return-value]


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
    return np.unique(blocks_of(keys.key[first[count > most]], keys.kind[first[count > most]]))


def blocks_of(key: npt.NDArray[np.uint64], kind: npt.NDArray[np.int8]) -> npt.NDArray[np.uint64]:
    """The block of each key: what is shared, with thirty days or one month."""
    bucket = (key & np.uint64((1 << BUCKET) - 1)).astype(np.int64)
    return mixed((key >> np.uint64(BUCKET)).astype(np.int64), np.where(np.isin(kind, BY_MONTH) | (kind == COPY), bucket, bucket // 30))


def divided(keys: Keys, told: Tellings, crowded: npt.NDArray[np.uint64]) -> Keys:
    """The keys with those of crowded blocks made narrower by event, modes and place."""
    if not len(crowded):
        return keys
    rows = np.flatnonzero(np.isin(blocks_of(keys.key, keys.kind), crowded))
    key, at = keys.key.copy(), keys.telling[rows]
    bucket = (key[rows] & np.uint64((1 << BUCKET) - 1)).astype(np.int64)
    base = (key[rows] >> np.uint64(BUCKET)).astype(np.int64)
    key[rows] = _key(mixed(base, told.event[at], told.mode[at], told.place[at, 0]), bucket)
    order = np.lexsort((keys.telling, key))
    return Keys(key[order], keys.telling[order], keys.kind[order], keys.probe[order])


def candidates(keys: Keys, told: Tellings, fresh: int, own: npt.NDArray[np.bool_] | None = None) -> npt.NDArray[np.uint64]:
    """Pairs of tellings to be compared, each once, sorted; both numbers in one, the earlier in the upper half (see `apart`).

    `own`: only pairs that one of these tellings is in.
    """
    if own is not None:
        keys = _around(keys, own, fresh)
    reach = _reach(keys.kind, fresh)
    last = keys.key | np.uint64((1 << BUCKET) - 1)
    bound = np.where(last - keys.key < reach, last, keys.key + reach.astype(np.uint64))
    length = np.searchsorted(keys.key, bound, side="right") - np.arange(len(keys)) - 1
    found: list[npt.NDArray[np.uint64]] = []
    total = np.cumsum(length)
    begin = 0
    while begin < len(keys):
        end = int(np.searchsorted(total, (total[begin - 1] if begin else 0) + CHUNK, side="right"))
        end = max(end, begin + 1)
        found.append(_compatible(keys, told, (begin, end), length[begin:end], fresh))
        begin = end
        if own is not None:
            i, j = apart(found[-1])
            found[-1] = found[-1][own[i] | own[j]]
    whole = np.concatenate(found) if found else np.zeros(0, np.uint64)
    found.clear()  # millions of pairs need not be held twice
    return once(whole)


def _around(keys: Keys, own: npt.NDArray[np.bool_], fresh: int) -> Keys:
    """The keys under which some tellings stand, or could meet others."""
    mine = own[keys.telling]
    some = np.isin(keys.key, near_keys(keys.key[mine], keys.kind[mine], fresh))
    return Keys(keys.key[some], keys.telling[some], keys.kind[some], keys.probe[some])


def apart(pairs: npt.NDArray[np.uint64]) -> tuple[Ints, Ints]:
    """The two numbers of each pair."""
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
    return once((low << np.uint64(32)) | high)


def block_keys(key: int, kind: int) -> npt.NDArray[np.uint64]:
    """All keys of the block that a key is in."""
    if kind in BY_MONTH or kind == COPY:
        return np.array([key], np.uint64)
    bucket = key & ((1 << BUCKET) - 1)
    first = key - bucket + bucket // 30 * 30
    return np.arange(first, first + 30, dtype=np.uint64)


def near_keys(key: npt.NDArray[np.uint64], kind: npt.NDArray[np.int8], fresh: int) -> npt.NDArray[np.uint64]:
    """All keys under which somebody could stand who is compared with those that have some keys."""
    reach = _reach(kind, fresh)
    shifted = [key]
    for step in range(1, int(reach.max(initial=0)) + 1):
        some = key[reach >= step]
        shifted += [some + np.uint64(step), some - np.uint64(step)]
    return np.unique(np.concatenate(shifted))


def _reach(kind: npt.NDArray[np.int8], fresh: int) -> Ints:
    """How far from one another the keys of a pair may lie, in days or months."""
    return np.where(kind == COPY, 0, np.where(np.isin(kind, BY_MONTH), MONTH_REACH, max(DAY_REACH, fresh))).astype(np.int64)
