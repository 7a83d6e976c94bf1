"""What speaks for and against two tellings being of one happening: a value of each feature, and its points from data/fold/points.yml.

In: pairs of tellings, as two arrays of numbers. Out: for each feature the number of its value (rules.VALUES; 0: nothing to compare), and
the sum of points, far below zero where a conflict is among them. A pair's points rest on its two tellings and the rules alone.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ..knowledge.sphere import all_kilometres
from .features import LONG, NEWS, PLACED, PLANNED, TOLLS
from .rules import CONFLICT, FEATURES, VALUES, FoldRules
from .sides import agreement
from .tellings import Tellings
from .words import TOPIC

Ints = npt.NDArray[np.int64]
Codes = npt.NDArray[np.int8]
Flags = npt.NDArray[np.bool_]
CHUNK = 500_000
NEAR_KM, FAR_KM = 25.0, 60.0
SAME_CONTENT, LIKE_CONTENT, UNLIKE_CONTENT = 0.5, 0.3, 0.1
SAID, LIKE_SAID, UNLIKE_SAID = 0.4, 0.22, 0.1
SAME_TOPIC, LIKE_TOPIC, UNLIKE_TOPIC, LEAST_WORDS = 0.25, 0.12, 0.05, 10
LONG_DAYS = 10  # an interval longer than this says little by containing a day


class Scorer:
    """Scores pairs of some tellings."""

    def __init__(self, told: Tellings, rules: FoldRules) -> None:
        self.told, self.rules = told, rules
        self._spoken = rules.flags(rules.acts.spoken)[told.event]
        self._placed = rules.flags(rules.file.placed)[told.event]
        self._lasting = rules.flags(rules.file.durative)[told.event]

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
            "place": self._place(i, j), "quantity": self._quantity(i, j), "names": self._names(i, j), "topic": self._topic(i, j),
            **self._words(i, j),
        }
        return {feature: made[feature] for feature in FEATURES}

    def _act(self, i: Ints, j: Ints) -> Codes:
        told, rules = self.told, self.rules
        number = _numbers("act")
        same = told.event[i] == told.event[j]
        one, other = told.mode[i], told.mode[j]
        by_mode = np.select(
            [(one == 0) & (other == 0), (one == 0) | (other == 0), one == other, rules.kin_modes[one, other]],
            [np.where(self._spoken[i], number["same-speech"], number["same-event"]), number["one-mode"], number["same-mode"],
             number["kin-modes"]], number["other-mode"])
        return np.where(same, by_mode, number["same-family"]).astype(np.int8)

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
        return np.select([placed, news, mixed, (one == LONG) | (other == LONG)], [by_day, by_news, by_age, self._long(i, j)],
                         0).astype(np.int8)

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
        coarse = np.minimum(told.fine[i], told.fine[j])
        same = (one[:, 0] == other[:, 0]) & (one[:, 0] != 0)
        country = (one[:, 2] == other[:, 2]) & (one[:, 2] != 0)
        strange = (one[:, 2] != other[:, 2]) & (one[:, 2] != 0) & (other[:, 2] != 0)
        region = (one[:, 1] == other[:, 1]) & (one[:, 1] != 0)
        strange_region = (one[:, 1] != other[:, 1]) & (one[:, 1] != 0) & (other[:, 1] != 0)
        km = all_kilometres(told.point[i], told.point[j])
        points = coarse >= 3
        result = np.select(
            [(told.fine[i] < 0) | (told.fine[j] < 0), same & (coarse >= 3), same & (coarse == 2), same, strange & (coarse >= 1),
             points & (km <= NEAR_KM), points & (km > FAR_KM) & self._placed[i] & self._placed[j], points & (km > FAR_KM),
             country & (coarse == 1), region & (coarse == 2), points, country & strange_region],
            [0, number["same"], number["same-region"], number["near"], number["abroad"], number["near"], number["elsewhere"],
             number["far"], number["country"],
             number["within"], 0, number["other-region"]], 0)
        spoken = self._spoken[i] | self._spoken[j]
        kind = np.isin(result, [number["same"], number["within"], number["same-region"], number["near"]])
        against = np.isin(result, [number["abroad"], number["far"], number["other-region"]])
        result = np.where(spoken & kind, number["said-there"], np.where(spoken & against, 0, result))
        return result.astype(np.int8)

    def _quantity(self, i: Ints, j: Ints) -> Codes:
        """The best that any kind of number says: a toll may grow from report to report, but does not fall."""
        told, nothing = self.told, len(VALUES["quantity"]) + 1
        best = np.full(len(i), nothing, np.int8)
        common = told.tolled[i] & told.tolled[j]
        for kind in range(len(TOLLS)):
            rows = np.flatnonzero(common & (1 << kind))
            if len(rows):
                best[rows] = np.minimum(best[rows], self._toll(i[rows], j[rows], kind))
        return np.where(best == nothing, 0, best).astype(np.int8)

    def _toll(self, i: Ints, j: Ints, kind: int) -> Codes:
        """What two numbers of one kind say; those told first stand in i, since tellings are in the order of publication."""
        one, other = self.told.tolls[i, kind], self.told.tolls[j, kind]
        equal = (one[:, 0] == one[:, 1]) & (other[:, 0] == other[:, 1]) & (one[:, 0] == other[:, 0])
        exact = equal & (one[:, 0] >= 20) & (one[:, 0] % 10 != 0)
        overlap = (one[:, 0] <= other[:, 1]) & (other[:, 0] <= one[:, 1])
        grown = (other[:, 1] >= one[:, 0]) & (other[:, 1] <= 2 * one[:, 0] + 2)
        return np.select([exact, equal, overlap, grown], [1, 2, 3, 4], 5).astype(np.int8)

    def _names(self, i: Ints, j: Ints) -> Codes:
        told = self.told
        shared = np.bitwise_count(told.names[i] & told.names[j]).sum(axis=1)
        least = np.minimum(told.named[i], told.named[j])
        return np.where((shared >= 3) & (2 * shared >= least), 1, np.where(shared >= 2, 2, 0)).astype(np.int8)

    def _topic(self, i: Ints, j: Ints) -> Codes:
        """How much the two articles share of their words, over what chance would make two so long ones share."""
        told = self.told
        one, other = told.article[i], told.article[j]
        a, b = told.worded[one].astype(np.float32), told.worded[other].astype(np.float32)
        shared = np.bitwise_count(told.topics[one] & told.topics[other]).sum(axis=1)
        chance = a * b / TOPIC
        least = np.minimum(a, b)
        share = (shared - chance) / np.maximum(least - chance, 1)
        known = (least >= LEAST_WORDS) & (one != other)
        return np.select([~known, share >= SAME_TOPIC, share >= LIKE_TOPIC, share < UNLIKE_TOPIC], [0, 1, 2, 3], 0).astype(np.int8)

    def _words(self, i: Ints, j: Ints) -> dict[str, Codes]:
        told = self.told
        shared = np.bitwise_count(told.content[i] & told.content[j]).sum(axis=1)
        least = np.minimum(told.contents[i], told.contents[j])
        share = np.where(least >= 3, shared / np.maximum(least, 1), np.nan)
        spoken = self._spoken[i] & self._spoken[j]
        said = np.select([~spoken | np.isnan(share), share >= SAID, share >= LIKE_SAID, share < UNLIKE_SAID], [0, 1, 2, 3], 0)
        content = np.select([spoken | np.isnan(share), share >= SAME_CONTENT, share >= LIKE_CONTENT, share < UNLIKE_CONTENT],
                            [0, 1, 2, 3], 0)
        family = (told.family[i] == told.family[j]) & (told.article[i] != told.article[j])
        copied, beside_it = (_equal(values, i, j) for values in (told.letters, told.sentences))
        article = (told.article[i] == told.article[j]) & (told.lane[i] == told.lane[j])
        beside = article & (told.sentence[i] == told.sentence[j])
        values = {"content": content, "said": said, "trigger": _equal(told.trigger, i, j),
                  "copy": np.where(~family, 0, np.where(copied, 1, np.where(beside_it, 2, 0))),
                  "article": np.where(article & _equal(told.act, i, j), np.where(beside, 4, 3),
                                      np.where(beside, 2, np.where(article, 1, 0))),
                  "again": told.anew[i] != told.anew[j]}
        return {name: value.astype(np.int8) for name, value in values.items()}


def _equal(values: Ints, i: Ints, j: Ints) -> Flags:
    """Whether two have the same value, not 0."""
    return np.asarray((values[i] == values[j]) & (values[i] != 0), np.bool_)


def _numbers(feature: str) -> dict[str, int]:
    return {value: number for number, value in enumerate(VALUES[feature], 1)}


def is_conflict(total: npt.NDArray[np.float32]) -> Flags:
    """Whether a conflict is among the points of a sum."""
    return total < CONFLICT / 2

