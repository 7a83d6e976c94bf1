"""Stances: how one actor stands to another on a day, since when, changed from what, and who contradicts it.

A state is worked out from facts and never stored. Dimensions (support, recognition, regard) are kept apart, and so are the lines on which
they are told: what the holder says itself, what it does, what others say of it. A period ends only by a later fact of the same line that
says otherwise, or because it was told as past; silence ends nothing. Where two lines disagree on one day, both are shown.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import Any, Literal

import pyarrow as pa
import pyarrow.compute as pc

from ..store.plain import records
from .rules import LedgerRules

Line = Literal["self", "acts", "others"]
# Columns of FACTS that stances are worked out from.
COLUMNS = tuple("id ledger holder object dimension value lane source from_low from_high to_low to_high said".split())
LINES: dict[str, Line] = {"self": "self", "act": "acts", "outlet": "others", "other": "others", "document": "others", "knowledge": "others"}


@dataclass(frozen=True, slots=True)
class Period:
    """A time in which `holder` stood so to `other`: it began between `from_low` and `from_high`, ended between `to_low` and `to_high`.

    None: not known; both ends None: it lasts, as far as is known. `last_seen`: the last day on which something says so. `facts`: ids.
    """

    holder: str
    other: str
    dimension: str
    value: str
    sign: int
    line: Line
    from_low: date | None
    from_high: date | None
    to_low: date | None
    to_high: date | None
    last_seen: date | None
    facts: tuple[str, ...]

    @property
    def over(self) -> bool:
        """Whether it has ended."""
        return self.to_low is not None or self.to_high is not None

    def held(self, day: date) -> bool:
        """Whether it was so on a day, as far as is known: begun by then, not known to have ended by then."""
        begun = self.from_high or self.from_low
        ended = self.to_high or self.to_low
        return (begun is None or begun <= day) and (ended is None or day < ended)


@dataclass(frozen=True, slots=True)
class Change:
    """A stance that turned: from one period to the next with another sign, of any line. The turn lies after `after`, up to `by`."""

    before: Period
    now: Period
    after: date | None
    by: date | None


@dataclass(frozen=True, slots=True)
class Stances:
    """How a pair stands: periods in order, changes, and periods of different lines or voices that contradict each other."""

    periods: tuple[Period, ...]
    changes: tuple[Change, ...]
    disputes: tuple[tuple[Period, Period], ...]

    def at(self, day: date) -> tuple[Period, ...]:
        """What held on a day."""
        return tuple(period for period in self.periods if period.held(day))


def stances(facts: pa.Table, rules: LedgerRules, known_at: date | None = None) -> Stances:
    """The stances that some FACTS rows tell (of one pair or of many). `known_at`: only what was said by that day."""
    signs: dict[tuple[str, str], int] = {(s.dimension, s.value): s.sign for s in (*rules.stances.values(), *rules.acts.values())}
    rows = [row for row in records(facts.select(COLUMNS).filter(pc.equal(facts["ledger"], "stance"))) if _known(row, known_at)]
    lines: dict[tuple[str, str, str, Line], list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        if row["object"] and row["lane"] in {"happened", "denied"}:
            lines[row["holder"], row["object"], row["dimension"], LINES[row["source"]]].append(row)
    periods: list[Period] = []
    for key in sorted(lines):
        periods += _periods(key, lines[key], signs)
    ordered = tuple(sorted(periods, key=_order))
    return Stances(ordered, tuple(_changes(ordered)), tuple(_disputes(ordered)))


def _known(row: dict[str, Any], day: date | None) -> bool:
    return day is None or row["said"] is None or row["said"] <= day


def _periods(key: tuple[str, str, str, Line], rows: Sequence[dict[str, Any]], signs: dict[tuple[str, str], int]) -> list[Period]:
    """One line of one dimension as periods: facts told as past first, then by the day; equal ones in a row are one period."""
    holder, other, dimension, line = key
    result: list[Period] = []
    for row in sorted(rows, key=_fact_order):
        denied = row["lane"] == "denied"
        value = f"not {row['value']}" if denied else row["value"]
        sign = 0 if denied else signs[dimension, row["value"]]
        seen = row["from_high"] or (None if row["to_high"] else row["said"])
        new = Period(holder, other, dimension, value, sign, line, row["from_low"], row["from_high"], row["to_low"], row["to_high"], seen,
                     (row["id"],))
        last = result[-1] if result else None
        if last and last.value == value and last.over == new.over:
            result[-1] = _joined(last, new)
            continue
        if last and not last.over:
            result[-1] = replace(last, to_low=last.last_seen, to_high=new.from_high or row["said"])
        result.append(new)
    return result


def _joined(one: Period, two: Period) -> Period:
    low, high = _either(one.from_low, two.from_low, min), _either(one.from_high, two.from_high, min)
    if low and high and low > high:
        low = None  # told of before the day that another report gives: when it began is not known
    ends = (_either(one.to_low, two.to_low, max), _either(one.to_high, two.to_high, min), _either(one.last_seen, two.last_seen, max))
    return Period(one.holder, one.other, one.dimension, one.value, one.sign, one.line, low, high, *ends, (*one.facts, *two.facts))


def _either(one: date | None, two: date | None, choose: Callable[[date, date], date]) -> date | None:
    return two if one is None else one if two is None else choose(one, two)


def _fact_order(row: dict[str, Any]) -> tuple[date, bool, str]:
    """Undated past first; else by the day on which it was so."""
    day = row["from_high"] or row["from_low"]
    if day is None:
        day = date.min if row["to_high"] else row["said"] or date.max
    return day, row["to_high"] is None, row["id"]


def _order(period: Period) -> tuple[str, str, date, str, str, str]:
    begun = period.from_high or period.from_low or (date.min if period.over else date.max)
    return period.holder, period.other, begun, period.dimension, period.line, period.value


def _changes(periods: Iterable[Period]) -> Iterator[Change]:
    """Turns of sign between neighbours of one pair. What others say turns nothing that the holder itself says or does: a dispute."""
    before: Period | None = None
    for period in periods:
        if not period.sign:
            continue
        same = before is not None and (before.holder, before.other) == (period.holder, period.other)
        if before and same and before.sign != period.sign:
            if period.line == "others" and before.line != "others" and not before.over:
                continue
            by = period.from_high or period.last_seen
            ended = before.to_high if before.to_high and by and before.to_high < by else by
            after = before.to_low or before.last_seen
            yield Change(before, period, after if after and by and after < by else None, ended)
        before = period


def _disputes(periods: Sequence[Period]) -> Iterator[tuple[Period, Period]]:
    """Periods that lasted at the same time with opposite signs and are not one line's own course."""
    for _, group in groupby(periods, key=lambda period: (period.holder, period.other)):
        lasted = [(period, *_certain(period)) for period in group if period.sign]
        later: dict[bool, list[tuple[int, tuple[Period, date, date]]]] = {True: [], False: []}
        for number, own in enumerate(lasted):
            later[own[0].sign > 0].append((number, own))
        for number, (one, begin, end) in enumerate(lasted):
            against = later[one.sign < 0]
            for _, (two, begun, ended) in against[bisect_right(against, number, key=itemgetter(0)) :]:
                apart = one.line != two.line or one.dimension == two.dimension
                if apart and begun <= end and begin <= ended and begin <= end and begun <= ended:
                    yield one, two


def _certain(period: Period) -> tuple[date, date]:
    """The days that a period lasted for certain: what had ended "by" a day may have ended long before."""
    end = (period.to_low or period.last_seen or period.from_high or date.min) if period.over else date.max
    return period.from_high or period.from_low or period.last_seen or date.min, end
