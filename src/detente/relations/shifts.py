"""Shifts: changes in a pair's events that chance would seldom make, each with its date interval, size, sureness, events and rate.

Three looks at the same time line, each with its own stated rate of false alarms: `marks` (scores in their order; thin pairs too), `counts`
(levels of weekly counts over the whole history) and `charts` (the same online). What several looks find at one time is one shift. Pairs too
thin for charts have a `rule` beside: the first severe act after years without one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from hashlib import blake2b
from typing import Any, Literal

import numpy as np

from .calibrate import pooled
from .charts import Alarm, alarms
from .constants import Shape, ShiftRules
from .counts import Step, steps
from .marks import Marks, Turn, likeness, looks, marks_of, turns
from .parties import QUADS, Acts, Flags, Ints, day_of, number
from .timeline import Timeline
from .weeks import SERIES, Weeks, members, weekly

Method = Literal["marks", "counts", "charts", "rule"]
ShiftState = Literal["new", "continuing", "reversed", "withdrawn"]
NEAR = timedelta(days=14)  # shifts of one direction that are no farther apart are one
CAUSES = 12
METHODS: tuple[Method, ...] = ("marks", "counts", "charts", "rule")  # whose interval and size are shown, first one first


@dataclass(frozen=True, slots=True)
class Noise:
    """How a store's pairs vary without change: `shape` of weekly counts, `nu` of marks (None: the constants' own), from how many pairs."""

    shape: Shape
    nu: float | None = None
    pairs: int = 0


@dataclass(frozen=True, slots=True)
class Level:
    """A level with its 80 % interval."""

    value: float
    low: float
    high: float

    @classmethod
    def of(cls, value: float, error: float, floor: float | None = None) -> Level:
        """From a standard error; `floor`: what it cannot be below."""
        low = value - 1.2816 * error
        return cls(value, low if floor is None else max(floor, low), value + 1.2816 * error)


@dataclass(frozen=True, slots=True)
class Cause:
    """An event that made a shift, and how much it did: its weight times its distance from the level before."""

    event: str
    day: date
    weight: float


@dataclass(frozen=True, slots=True)
class Shift:
    """A change. `first` … `last`: when the new level began (its first event, or its first week, lies there); `not_before`: the last event
    of the old level, where the order of events shows it; `seen`: the last day that was known. `towards`: 1 cooperation, -1 conflict.
    `size`: after less before, in `unit`. `chance`: how often chance makes as much, where it is known. `also`: other looks that found it."""

    id: str
    source: str
    target: str
    directed: bool
    method: Method
    series: str
    towards: int
    first: date
    last: date
    seen: date
    before: Level
    after: Level
    unit: str
    sureness: float
    rate: str
    chance: float | None = None
    not_before: date | None = None
    events: tuple[Cause, ...] = ()
    also: tuple[str, ...] = ()
    note: str = ""
    previous: str | None = None
    state: ShiftState = "new"

    @property
    def size(self) -> float:
        """After less before."""
        return self.after.value - self.before.value


def measured(lines: Iterable[Timeline], rules: ShiftRules) -> Noise:
    """The noise of a store, from the time lines of its pairs; what too few pairs cannot tell is the constants' own."""
    series, marks = [], []
    for line in lines:
        weeks = weekly(line, rules)
        series += [(weeks.series(name), weeks.exposure, weeks.seen) for name in SERIES]
        marks.append(marks_of(line.acts, rules.marks))
    return Noise(pooled(series, rules), likeness(marks, rules.marks), len(marks))


def shifts(line: Timeline, rules: ShiftRules, noise: Noise | None = None, earlier: Sequence[Shift] = ()) -> list[Shift]:
    """All shifts of a time line, in order of time; events after its span are not known yet. `earlier`: the shifts of the last look, which
    give states and withdrawn ones."""
    noise = noise or Noise(rules.shape)
    line = replace(line, acts=line.acts.take(line.acts.day <= number(line.span[1])))
    found = _by_marks(line, rules, noise) + _by_counts(line, rules, noise)
    found += _by_rule(line, rules)
    return settle(_merged(found), earlier)


def _by_marks(line: Timeline, rules: ShiftRules, noise: Noise) -> list[Shift]:
    rate = f"{rules.marks.rate:.0%} of looks at a pair without change"
    return [
        Shift(
            **_pair(line), method="marks", series="score", towards=1 if turn.contrast > 0 else -1,
            first=day_of(marks.day[turn.first]), last=_last_day(marks, line.acts, turn.last),
            before=Level.of(turn.before, turn.before_error), after=Level.of(turn.after, turn.after_error), unit="mean score",
            sureness=turn.sureness, rate=rate, chance=turn.chance,
            not_before=day_of(line.acts.day[marks.begin[turn.at] - 1]), events=_turn_causes(line.acts, marks, turn),
            note=_blind(line, int(line.acts.day[marks.begin[turn.at] - 1]), int(marks.day[turn.at])),
        )
        for marks, share in looks(line.acts, rules.marks)
        for turn in turns(marks, rules.marks, (line.pair.key, rules.replicates), share, noise.nu)
    ]


def _pair(line: Timeline) -> dict[str, Any]:
    return {
        "id": "", "source": line.pair.source.text, "target": line.pair.target.text, "directed": line.pair.directed, "seen": line.span[1],
    }


def _last_day(marks: Marks, found: Acts, place: int) -> date:
    return day_of(found.day[marks.end[place] - 1] if marks.weekly else marks.day[place])


def _turn_causes(found: Acts, marks: Marks, turn: Turn) -> tuple[Cause, ...]:
    """The events of the new level that differ from the old one in the way that the level does."""
    part = slice(int(marks.begin[turn.first]), int(marks.end[turn.high - 1]))
    return _causes(found, part, (found.score[part] - turn.before) * np.sign(turn.contrast))


def _causes(found: Acts, part: slice, gain: np.ndarray[tuple[int], np.dtype[np.float64]]) -> tuple[Cause, ...]:
    weight = gain * found.confidence[part]
    order = [place for place in np.lexsort((found.event[part].astype(str), -weight)) if weight[place] > 0][:CAUSES]
    return tuple(Cause(str(found.event[part][place]), day_of(found.day[part][place]), float(weight[place])) for place in order)


def _blind(line: Timeline, begin: int, end: int) -> str:
    """A note where much of the time between the levels was not covered."""
    read = line.coverage
    part = read.read[max(0, begin + 1 - read.first) : max(0, end - read.first)]
    dark = int((part == 0).sum()) if read.known and len(part) else 0
    return f"nothing was read on {dark} of the {len(part)} days before it" if dark > 7 else ""


def _by_counts(line: Timeline, rules: ShiftRules, noise: Noise) -> list[Shift]:
    weeks = weekly(line, rules)
    found: list[Shift] = []
    for name in SERIES:
        counts, own = weeks.series(name), line.acts.take(members(line.acts, name))
        shared = (counts, weeks.exposure, weeks.seen, noise.shape, rules)
        found += [_step_shift(line, weeks, step, (name, own), rules) for step in steps(*shared)]
        found += [_alarm_shift(line, weeks, alarm, (name, own), rules) for alarm in alarms(*shared)]
    return found


def _step_shift(line: Timeline, weeks: Weeks, step: Step, series: tuple[str, Acts], rules: ShiftRules) -> Shift:
    window = (weeks.monday(max(step.low, step.at - 8)), min(weeks.monday(min(step.high, step.at + 8)), number(line.span[1]) + 1))
    first, last = interval(series[1].day, window, (step.before, step.after), rules.counts.margin)
    up = step.after > step.before
    return Shift(
        **_pair(line), method="counts", series=series[0], towards=1 if up == (series[0] == "cooperation") else -1, first=day_of(first),
        last=day_of(last), before=Level.of(step.before, step.before_error, 0.0), after=Level.of(step.after, step.after_error, 0.0),
        unit="events a week", sureness=step.sureness, rate=f"{rules.counts.rate:.0%} of looks at a series without change",
        events=_count_causes(series[1], first, weeks.monday(step.high)) if up else (),
    )


def _alarm_shift(line: Timeline, weeks: Weeks, alarm: Alarm, series: tuple[str, Acts], rules: ShiftRules) -> Shift:
    part = slice(alarm.first, alarm.seen + 1)
    exposure = float(weeks.exposure[part].sum())
    level = float(weeks.series(series[0])[part].sum()) / exposure
    window = (weeks.monday(max(0, alarm.first - 4)), min(weeks.monday(alarm.seen + 1), number(line.span[1]) + 1))
    first, last = interval(series[1].day, window, (alarm.mean, level), rules.counts.margin)
    up = alarm.direction == "up"
    chart = rules.chart
    return Shift(
        **_pair(line), method="charts", series=series[0], towards=1 if up == (series[0] == "cooperation") else -1, first=day_of(first),
        last=day_of(last), before=Level.of(alarm.mean, (alarm.mean / max(1, alarm.learnt[1] - alarm.learnt[0])) ** 0.5, 0.0),
        after=Level.of(level, (max(level, 0.5 / exposure) / exposure) ** 0.5, 0.0), unit="events a week",
        sureness=_chart_sureness(weeks.series(series[0])[part], weeks.exposure[part], alarm, rules),
        rate=f"{chart.rate:.0%} of charts without change ring within {chart.years} years",
        events=_count_causes(series[1], first, weeks.monday(alarm.seen + 1)) if up else (),
    )


def _chart_sureness(counts: Ints, exposure: np.ndarray[tuple[int], np.dtype[np.float64]], alarm: Alarm, rules: ShiftRules) -> float:
    """Share of replicates (each week a Poisson number of times) in which the chart rings by the same week."""
    random = np.random.default_rng([alarm.first, alarm.seen, int(counts.sum())])
    times = random.poisson(1.0, (rules.replicates, len(counts)))
    sign = 1 if alarm.direction == "up" else -1
    factor = max(rules.chart.factor, 1 + 1 / alarm.mean) if sign > 0 else 1 / rules.chart.factor
    drift = alarm.mean * (factor - 1) / np.log(factor)
    most = alarm.mean * exposure + rules.chart.clip * np.sqrt(alarm.mean * exposure)
    sums, rang = np.zeros(rules.replicates), np.zeros(rules.replicates, bool)
    for place in range(len(counts)):
        sums = np.maximum(0.0, sums + times[:, place] * sign * (min(float(counts[place]), most[place]) - drift * exposure[place]))
        rang |= sums > alarm.limit
    return float(rang.mean())


def _count_causes(own: Acts, first: int, end: int) -> tuple[Cause, ...]:
    part = slice(int(np.searchsorted(own.day, first)), int(np.searchsorted(own.day, end)))
    return _causes(own, part, np.maximum(np.abs(own.score[part]), 0.1))


def interval(days: Ints, window: tuple[int, int], levels: tuple[float, float], margin: float) -> tuple[int, int]:
    """First and last day on which a level may have changed: Poisson counts per day, whose likelihood is worse by `margin` / 2 at most.

    `window`: first day and the day after the last; `levels`: events a week before and after.
    """
    low, high = window
    before, after = (max(level, 0.02) / 7 for level in levels)
    candidates = np.arange(low, max(low + 1, high))
    inside = np.sort(days[(days >= low) & (days < high)])
    early = np.searchsorted(inside, candidates)
    fit = early * np.log(before) - before * (candidates - low) + (len(inside) - early) * np.log(after) - after * (high - candidates)
    fine = candidates[fit >= fit.max() - margin / 2]
    return int(fine[0]), int(fine[-1])


def _by_rule(line: Timeline, rules: ShiftRules) -> list[Shift]:
    """First severe acts of a quad after years without one, the pair being covered then."""
    found: list[Shift] = []
    for quad in rules.rule.quads:
        own = line.acts.take(_severe(line.acts, quad, rules))
        days = np.append(number(line.span[0]) - 1, own.day)
        for place in np.flatnonzero(np.diff(days) > rules.rule.quiet):
            day = day_of(own.day[place])
            if line.coverage.known and not line.coverage.either[: max(0, int(own.day[place]) - line.coverage.first)].any():
                continue
            quiet = (int(own.day[place]) - int(days[place])) // 365
            found.append(Shift(
                **_pair(line), method="rule", series=quad, towards=1 if quad.endswith("cooperation") else -1, first=day, last=day,
                before=Level(0.0, 0.0, 0.0), after=Level(float(own.score[place]), float(own.score[place]), float(own.score[place])),
                unit="score", sureness=float(own.confidence[place]), rate="counted, not simulated: see rule_rate",
                events=(Cause(str(own.event[place]), day, float(own.confidence[place])),), note=f"the first in {quiet} years",
            ))
    return found


def _severe(found: Acts, quad: str, rules: ShiftRules) -> Flags:
    return np.asarray((found.quad == QUADS.index(quad)) & (np.abs(found.score) >= rules.rule.least_score), bool)


def rule_rate(found: Iterable[Sequence[Shift]], pair_years: float) -> float:
    """How often the rule rang, per pair and year, over all pairs of a store: the only rate that it can state."""
    return sum(shift.method == "rule" for own in found for shift in own) / pair_years if pair_years else 0.0


def _near(one: Shift, other: Shift) -> bool:
    return one.towards == other.towards and one.first <= other.last + NEAR and other.first <= one.last + NEAR


def _merged(found: list[Shift]) -> list[Shift]:
    """One shift for what several looks found at one time, told by the first of METHODS; with ids, in order of time."""
    kept: list[Shift] = []
    for shift in sorted(found, key=lambda shift: (METHODS.index(shift.method), shift.first, shift.series)):
        same = next((place for place, other in enumerate(kept) if _near(shift, other)), None)
        if same is None:
            kept.append(shift)
        elif (name := f"{shift.method}: {shift.series}") not in kept[same].also:
            kept[same] = replace(kept[same], also=(*kept[same].also, name))
    return [replace(shift, id=_ident(shift)) for shift in sorted(kept, key=lambda shift: (shift.first, shift.last, -shift.towards))]


def _ident(shift: Shift) -> str:
    """A hash of the pair, the direction and the event that began it; it lives through growing sureness and moving ends."""
    founder = min(shift.events, key=lambda cause: (cause.day, cause.event)).event if shift.events else shift.first.isoformat()
    sides = (shift.source, shift.target) if shift.directed else sorted((shift.source, shift.target))
    return "s_" + blake2b("\x1f".join([*sides, str(shift.directed), str(shift.towards), founder]).encode(), digest_size=10).hexdigest()


def settle(found: Sequence[Shift], earlier: Sequence[Shift] = ()) -> list[Shift]:
    """Links each shift to the one before, and says what became of it: `new` or `continuing` (the last look had it), `reversed` (the next
    one goes the other way), `withdrawn` (the last look had it, today's data do not show it). A shift that was known keeps its id."""
    told: list[Shift] = []
    known = [shift for shift in earlier if shift.state != "withdrawn"]
    for place, shift in enumerate(found):
        same = [other for other in known if other.id == shift.id] or [other for other in known if _near(other, shift)]
        old = same[0] if same else None
        if old is not None:
            known.remove(old)
        later = found[place + 1] if place + 1 < len(found) else None
        state: ShiftState = "reversed" if later and later.towards != shift.towards else "continuing" if old else "new"
        previous = told[-1].id if told else None
        told.append(replace(shift, id=old.id if old else shift.id, state=state, previous=previous))
    gone = [replace(shift, state="withdrawn", note="today's data do not show it") for shift in known]
    return sorted([*told, *gone], key=lambda shift: (shift.first, shift.last, -shift.towards))
