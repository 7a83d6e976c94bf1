"""What speaks for and against two tellings being of one happening: a value of each feature, and its points from data/fold/points.yml.

In: pairs of tellings, as two arrays of numbers. Out: for each feature the number of its value (rules.VALUES; 0: nothing to compare), and
the sum of points, far below zero where a conflict is among them. A pair's points rest on its two tellings and the rules alone.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from .features import DENIED, LONG, NEWS, PLACED, PLANNED
from .rules import CONFLICT, FEATURES, VALUES, FoldRules
from .sides import agreement
from .tellings import Tellings

Ints = npt.NDArray[np.int64]
Codes = npt.NDArray[np.int8]
Flags = npt.NDArray[np.bool_]
CHUNK = 500_000
NEAR_KM, FAR_KM = 25.0, 60.0
SAME_CONTENT, LIKE_CONTENT, UNLIKE_CONTENT = 0.5, 0.3, 0.1
SAID, LIKE_SAID, UNLIKE_SAID = 0.4, 0.22, 0.1
LONG_DAYS = 10  # an interval longer than this says little by containing a day


class Scorer:
    """Scores pairs of some tellings."""

    def __init__(self, told: Tellings, rules: FoldRules) -> None:
        self.told, self.rules = told, rules
        self._spoken = rules.flags(rules.acts.spoken)[told.event]
        self._lasting = rules.flags(rules.file.durative)[told.event]
        self._placed = rules.flags(rules.file.placed)[told.event]

    def totals(self, i: Ints, j: Ints) -> npt.NDArray[np.float32]:
        """The sums of points of pairs."""
        result = np.zeros(len(i), np.float32)
        for begin in range(0, len(i), CHUNK):
            part = slice(begin, begin + CHUNK)
            for feature, value in self.values(i[part], j[part]).items():
                result[part] += self.rules.table[feature][value]
        return result

    def values(self, i: Ints, j: Ints) -> dict[str, Codes]:
        """The number of each feature's value."""
        actor, recipient, roles = agreement(self.told, i, j, self.rules)
        made = {
            "act": self._act(i, j), "actor": actor, "recipient": recipient, "roles": roles, "date": self._date(i, j),
            "place": self._place(i, j), "quantity": self._quantity(i, j), "names": self._names(i, j), **self._words(i, j),
        }
        return {feature: made[feature] for feature in FEATURES}

    def _act(self, i: Ints, j: Ints) -> Codes:
        told, rules = self.told, self.rules
        number = _numbers("act")
        same = (told.events[i] & told.events[j]) != 0
        one, other = told.modes[i], told.modes[j]
        kin = self._kin_modes(one) & other
        by_mode = np.select([(one == 0) | (other == 0), (one & other) != 0, kin != 0], [number["one-mode"], number["same-mode"], number["kin-modes"]],
                            number["other-mode"])
        both_none = (one == 0) & (other == 0)
        by_mode = np.where(both_none, number["same-mode"], by_mode)
        return np.where(same, by_mode, number["same-family"]).astype(np.int8)

    def _kin_modes(self, bits: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
        unique, inverse = np.unique(bits, return_inverse=True)
        kin = [
            int(np.bitwise_or.reduce([self.rules.kin_modes[n + 1] for n in range(len(self.rules.modes)) if value >> n & 1] or [np.uint64(0)]))
            for value in unique.tolist()
        ]
        return np.array(kin, np.uint64)[inverse]

    def _date(self, i: Ints, j: Ints) -> Codes:
        told, number = self.told, _numbers("date")
        one, other = told.when[i], told.when[j]
        gap = np.maximum(told.first[i], told.first[j]) - np.minimum(told.last[i], told.last[j])
        placed = (one == PLACED) & (other == PLACED)
        single = (told.first[i] == told.last[i]) & (told.first[j] == told.last[j])
        lasting = self._lasting[i] & self._lasting[j]
        by_day = np.select(
            [(gap == 0) & single, gap <= 0, gap == 1, lasting & (gap <= 3), lasting & (gap <= 7)],
            [number["same-day"], number["within"], number["next-day"], number["gap"], number["far-gap"]], number["apart"])
        news = (one == NEWS) & (other == NEWS)
        apart = np.abs(told.day[i] - told.day[j])
        by_news = np.select([apart == 0, apart == 1, apart <= 3, apart <= 7],
                            [number["news-same"], number["news-next"], number["news-near"], number["news-week"]], number["news-far"])
        mixed = ((one == PLACED) & (other == NEWS)) | ((one == NEWS) & (other == PLACED))
        report = np.where(one == NEWS, told.day[i], told.day[j])
        event = np.where(one == NEWS, told.first[j], told.first[i])
        end = np.where(one == NEWS, told.last[j], told.last[i])
        age = report - end
        ahead = (told.lane[i] == PLANNED) | (told.lane[j] == PLANNED)
        by_age = np.select(
            [ahead & (np.abs(age) <= 7), ahead, report < event, age <= 1, age <= 3, age <= 10],
            [number["recent"], number["stale"], number["not-yet"], number["fresh"], number["recent"], number["stale"]], number["old"])
        return np.select([placed, news, mixed, (one == LONG) | (other == LONG)], [by_day, by_news, by_age, self._long(i, j)], 0).astype(np.int8)

    def _long(self, i: Ints, j: Ints) -> Ints:
        """Where one of two stands in a long interval: whether the other lies in it."""
        told, number = self.told, _numbers("date")
        apart = (told.first[i] > told.last[j] + 1) | (told.first[j] > told.last[i] + 1)
        length = np.maximum(told.last[i] - told.first[i], told.last[j] - told.first[j])
        known = (told.when[i] > 0) & (told.when[j] > 0)
        return np.where(~known, 0, np.where(apart, number["apart"], np.where(length <= LONG_DAYS, number["within"], number["inside-long"])))

    def _place(self, i: Ints, j: Ints) -> Codes:
        told, number = self.told, _numbers("place")
        one, other = told.place[i], told.place[j]
        fine, coarse = np.maximum(told.fine[i], told.fine[j]), np.minimum(told.fine[i], told.fine[j])
        same = (one[:, 0] == other[:, 0]) & (one[:, 0] != 0)
        country = (one[:, 2] == other[:, 2]) & (one[:, 2] != 0)
        strange = (one[:, 2] != other[:, 2]) & (one[:, 2] != 0) & (other[:, 2] != 0)
        region = (one[:, 1] == other[:, 1]) & (one[:, 1] != 0)
        strange_region = (one[:, 1] != other[:, 1]) & (one[:, 1] != 0) & (other[:, 1] != 0)
        km = _kilometres(told.point[i], told.point[j])
        points = coarse >= 3
        placed = self._placed[i] & self._placed[j]
        result = np.select(
            [(told.fine[i] < 0) | (told.fine[j] < 0), same & (coarse >= 3), same & (coarse == 2), same, strange & placed & (coarse >= 1) & (fine >= 2),
             strange & (coarse >= 1), points & (km <= NEAR_KM), points & placed & (km > FAR_KM), points & (km > FAR_KM),
             country & (coarse == 1), region & (coarse == 2), points, country & strange_region, coarse == 0],
            [0, number["same"], number["same-region"], number["near"], number["far"], number["other"], number["near"], number["far"],
             number["other"], number["country"], number["within"], 0, number["other-region"], 0], 0)
        spoken = self._spoken[i] | self._spoken[j]
        kind = np.isin(result, [number["same"], number["within"], number["same-region"], number["near"]])
        against = np.isin(result, [number["other"], number["far"], number["other-region"]])
        result = np.where(spoken & kind, number["said-there"], np.where(spoken & against, 0, result))
        return result.astype(np.int8)

    def _quantity(self, i: Ints, j: Ints) -> Codes:
        """The best that any kind of number says: a toll may grow from report to report, but does not fall."""
        told, number = self.told, _numbers("quantity")
        low = np.stack([told.tolls[i, :, 0], told.tolls[j, :, 0]])
        high = np.stack([told.tolls[i, :, 1], told.tolls[j, :, 1]])
        both = (high[0] >= 0) & (high[1] >= 0)
        sharp = (low[0] == high[0]) & (low[1] == high[1])
        equal = (low[0] == low[1]) & sharp
        exact = equal & (low[0] >= 20) & (low[0] % 10 != 0)
        overlap = (low[0] <= high[1]) & (low[1] <= high[0])
        earlier = (told.minute[i] <= told.minute[j])[:, None]
        before, after = np.where(earlier, low[0], low[1]), np.where(earlier, high[1], high[0])
        grown = (after >= before) & (after <= 2 * before + 2)
        kinds = np.select([~both, exact, equal, overlap, grown], [9, 1, 2, 3, 4], 5)
        best = kinds.min(axis=1, initial=9)
        del number
        return np.where(best == 9, 0, best).astype(np.int8)

    def _names(self, i: Ints, j: Ints) -> Codes:
        told = self.told
        shared = np.bitwise_count(told.names[i] & told.names[j]).sum(axis=1)
        least = np.minimum(told.named[i], told.named[j])
        return np.where((shared >= 3) & (2 * shared >= least), 1, np.where(shared >= 2, 2, 0)).astype(np.int8)

    def _words(self, i: Ints, j: Ints) -> dict[str, Codes]:
        told = self.told
        shared = np.bitwise_count(told.content[i] & told.content[j]).sum(axis=1)
        least = np.minimum(told.contents[i], told.contents[j])
        share = np.where(least >= 3, shared / np.maximum(least, 1), np.nan)
        spoken = self._spoken[i] & self._spoken[j]
        said = np.select([~spoken | np.isnan(share), share >= SAID, share >= LIKE_SAID, share < UNLIKE_SAID], [0, 1, 2, 3], 0)
        content = np.select([spoken | np.isnan(share), share >= SAME_CONTENT, share >= LIKE_CONTENT, share < UNLIKE_CONTENT], [0, 1, 2, 3], 0)
        copied = _shares(told.letters[i], told.letters[j]) & (told.family[i] == told.family[j])
        article = told.article[i] == told.article[j]
        beside = article & (told.sentence[i] == told.sentence[j])
        values = {"content": content, "said": said, "trigger": _shares(told.triggers[i], told.triggers[j]), "copy": copied & ~article,
                  "article": np.where(beside, 2, np.where(article, 1, 0)), "again": told.anew[i] != told.anew[j]}
        return {name: value.astype(np.int8) for name, value in values.items()}


def _shares(one: Ints, other: Ints) -> Flags:
    """Whether two rows have a value other than 0 in common."""
    result = np.zeros(len(one), np.bool_)
    for slot in range(one.shape[1]):
        own = one[:, slot, None]
        result |= ((own == other) & (own != 0)).any(axis=1)
    return result


def _numbers(feature: str) -> dict[str, int]:
    return {value: number for number, value in enumerate(VALUES[feature], 1)}


def _kilometres(one: npt.NDArray[np.float32], other: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Great-circle distances; NaN where a point is not known."""
    a, b = np.radians(one), np.radians(other)
    half = np.sin((a[:, 0] - b[:, 0]) / 2) ** 2 + np.cos(a[:, 0]) * np.cos(b[:, 0]) * np.sin((a[:, 1] - b[:, 1]) / 2) ** 2
    return (2 * 6371.0 * np.arcsin(np.sqrt(np.minimum(half, 1.0)))).astype(np.float32)


def is_conflict(total: npt.NDArray[np.float32]) -> Flags:
    """Whether a conflict is among the points of a sum."""
    return total < CONFLICT / 2


__all__ = ["DENIED", "Scorer", "is_conflict"]
