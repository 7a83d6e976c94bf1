"""Shifts: the turn of a pair at odds, thin and thick; dates, causes, links, states; change points, charts and thresholds."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from detente.errors import KnowledgeError, MissingExtra
from detente.knowledge import DATA
from detente.relations.calibrate import chart_limit, pooled, simulated
from detente.relations.charts import alarms
from detente.relations.constants import Shape, load_rules
from detente.relations.counts import by_library, change_points, penalty_for, steps
from detente.relations.marks import Marks, likeness, shuffles
from detente.relations.parties import Pair
from detente.relations.shifts import Noise, Shift, measured, rule_rate, settle, shifts
from detente.relations.timeline import Timeline, timeline
from detente.score.shifts import Achieved, cover, mark_rates, series

from .made import TURN, acts, articles, cold_phase

ALL = load_rules()
RULES = ALL.shifts
PAIR = Pair.of("AAA", "BBB")
SPAN = (date(2015, 11, 1), date(2016, 7, 5))
JUNE = (date(2016, 6, 24), date(2016, 7, 1))
EVEN = np.ones


def line(events: list[tuple[str, float]], span: tuple[date, date] = SPAN, read: pa.Table | None = None) -> Timeline:
    """A time line of AAA and BBB."""
    return timeline(acts(events, confidence=0.9), read, PAIR, ALL.index, span)


@pytest.mark.parametrize(("count", "seed"), [(14, 1), (20, 5), (26, 2), (34, 3)])
def test_a_thin_pair_that_turns_in_the_last_days_of_june(count: int, seed: int) -> None:
    (found,) = shifts(line(cold_phase(count, seed)), RULES)
    assert (found.towards, found.method, found.state) == (1, "marks", "new")
    assert JUNE[0] <= found.first <= found.last <= JUNE[1]
    assert found.before.value < 0 < found.after.value
    assert found.chance is not None
    assert found.chance <= RULES.marks.rate
    assert found.not_before is not None
    assert found.not_before < found.first
    assert {cause.day for cause in found.events} == {date.fromisoformat(day) for day, _ in TURN}


def test_how_often_the_turn_is_found_in_thin_pairs() -> None:
    hits = 0
    for seed in range(30):
        found = shifts(line(cold_phase(26, 100 + seed)), RULES)
        hits += any(shift.towards == 1 and JUNE[0] <= shift.first <= shift.last <= JUNE[1] for shift in found)
    assert hits >= 24


def test_a_thick_pair_shows_the_break_and_the_turn_linked() -> None:
    random = np.random.default_rng(1)
    begin = date(2013, 11, 24)
    days = [(begin + timedelta(days=int(day))).isoformat() for day in random.integers(0, 730, 250)]
    warm = [(day, float(random.choice([4.0, 2.5, 1.5, -2.0, 5.0]))) for day in days]
    found = shifts(line(warm + cold_phase(45, 7), (begin, SPAN[1])), RULES)
    broke, turned = found[-2:]
    assert (broke.towards, broke.state) == (-1, "reversed")
    assert abs((broke.first - date(2015, 11, 24)).days) <= 21
    assert (turned.towards, turned.state, turned.previous) == (1, "new", broke.id)
    assert JUNE[0] <= turned.first <= turned.last <= JUNE[1]
    assert any("counts" in other for other in broke.also)


def test_a_shift_keeps_its_id_while_it_grows_and_is_withdrawn_when_its_events_go() -> None:
    events = cold_phase(26, 2)
    first = shifts(line(events), RULES)
    more = shifts(line([*events, ("2016-07-09", 4.0), ("2016-07-12", 2.5)], (SPAN[0], date(2016, 7, 13))), RULES, earlier=first)
    assert [(shift.id, shift.state) for shift in more] == [(first[0].id, "continuing")]
    gone = shifts(line(events[:26], (SPAN[0], date(2016, 7, 13))), RULES, earlier=more)
    assert [(shift.id, shift.state) for shift in gone] == [(first[0].id, "withdrawn")]
    assert not shifts(line(events[:26]), RULES, earlier=gone)


def test_same_rows_same_shifts_and_a_week_later_a_week_later() -> None:
    events = cold_phase(26, 4)
    one, again = (shifts(line(part), RULES) for part in (events, events[::-1]))
    assert [(shift.first, shift.last, shift.sureness) for shift in one] == [(shift.first, shift.last, shift.sureness) for shift in again]
    late = [((date.fromisoformat(day) + timedelta(days=7)).isoformat(), score) for day, score in events]
    moved = shifts(line(late, (SPAN[0] + timedelta(days=7), SPAN[1] + timedelta(days=7))), RULES)
    assert [shift.first - timedelta(days=7) for shift in moved] == [shift.first for shift in one]


def test_a_lull_in_reading_is_no_shift_and_is_told() -> None:
    random = np.random.default_rng(3)
    begin = date(2014, 1, 6)
    weeks = simulated(4, Shape(sd=0.3, phi=0.3), 1, 130, random)[0]
    weeks[80:110] = 0
    events = [
        ((begin + timedelta(days=7 * week + int(random.integers(7)))).isoformat(), float(random.choice([2.5, -2.0])))
        for week, count in enumerate(weeks)
        for _ in range(count)
    ]
    read = articles([5] * 560 + [0] * 210 + [5] * 140, begin.isoformat())
    span = (begin, begin + timedelta(days=909))
    assert not shifts(line(events, span, read), RULES)
    blind = shifts(line(events, span), RULES)
    assert blind, "without the articles nobody can tell the lull from a change"


def test_a_rule_rings_for_the_first_severe_act_in_years() -> None:
    events = [("2010-01-01", -9.0), ("2010-01-05", -9.0), ("2015-03-01", -9.5)]
    found = [shift for shift in shifts(line(events, (date(2009, 1, 1), date(2016, 1, 1))), RULES) if shift.method == "rule"]
    assert [(shift.first, shift.note, shift.towards) for shift in found] == [(date(2015, 3, 1), "the first in 5 years", -1)]
    assert rule_rate([found, []], 14.0) == pytest.approx(1 / 14)
    unread = articles([0] * 5, "2009-01-01")
    assert not [s for s in shifts(line(events, (date(2009, 1, 1), date(2016, 1, 1)), unread), RULES) if s.method == "rule"]


def test_settling_links_reverses_and_withdraws() -> None:
    (one,) = shifts(line(cold_phase(26, 2)), RULES)
    up = replace(one, id="s_1", first=date(2016, 1, 1), last=date(2016, 1, 3))
    down = replace(one, id="s_2", towards=-1, first=date(2016, 5, 1), last=date(2016, 5, 2))
    told = settle([up, down], [replace(up, id="s_0"), replace(down, id="s_9", first=date(2010, 1, 1), last=date(2010, 1, 1))])
    assert [(shift.id, shift.state, shift.previous) for shift in told] == [
        ("s_9", "withdrawn", None), ("s_0", "reversed", None), ("s_2", "new", "s_0"),
    ]


def test_change_points_are_exact_and_those_of_the_library() -> None:
    random = np.random.default_rng(5)
    for _ in range(6):
        counts = np.concatenate([random.poisson(level, int(random.integers(20, 50))) for level in random.choice([0.3, 1, 3, 8], 4)])
        assert change_points(counts, EVEN(len(counts)), 9.0, 4) == by_library(counts, 9.0, 4)
    steady = random.poisson(3, 200)
    assert not change_points(steady, EVEN(200), 25.0, 4)
    grown = np.concatenate([np.full(60, 2), np.full(60, 8)])
    assert change_points(grown, np.repeat([1.0, 4.0], 60), 9.0, 4) == [], "reading grew with the counts"


def test_ranks_by_the_library_do_not_cut_at_every_massacre() -> None:
    random = np.random.default_rng(6)
    scores = np.concatenate([random.normal(-2, 1, 50), random.normal(2, 1, 50)])
    scores[[10, 70]] = -500
    assert by_library(scores, 20.0, 4, "ranks") == [pytest.approx(50, abs=2)]


def test_the_library_is_asked_for_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "skchange.detectors", None)
    with pytest.raises(MissingExtra, match=r"detente\[store\]"):
        by_library(np.ones(20), 5.0, 2)


def test_noise_is_measured() -> None:
    random = np.random.default_rng(7)
    rows = simulated(3, Shape(sd=0.6, phi=0.6), 80, 208, random)
    shape = pooled([(row, EVEN(208), EVEN(208, bool)) for row in rows], RULES)
    assert (shape.sd, shape.phi) == (pytest.approx(0.6, abs=0.08), pytest.approx(0.6, abs=0.1))
    calm = simulated(3, Shape(sd=0.0, phi=0.0), 80, 208, random)
    assert pooled([(row, EVEN(208), EVEN(208, bool)) for row in calm], RULES).sd == pytest.approx(0.1, abs=0.05)
    assert pooled([(rows[0], EVEN(208), EVEN(208, bool))], RULES) == RULES.shape
    day = np.arange(0, 400, 2)
    many = [shuffles(random.normal(size=200), day, (0.4, 0.5), 1, random)[0] for _ in range(40)]
    places = np.arange(200)
    assert likeness((Marks(day, value, places, places + 1, weekly=False) for value in many), RULES.marks) == pytest.approx(0.4, abs=0.12)
    assert likeness([], RULES.marks) is None
    assert measured([line(cold_phase(26, 2))], RULES) == Noise(RULES.shape, None, 1)


def test_burstier_news_asks_for_higher_thresholds() -> None:
    even, bursts = Shape(sd=0.0, phi=0.0), Shape(sd=0.6, phi=0.6)
    assert chart_limit(2, "up", bursts, RULES) > 2 * chart_limit(2, "up", even, RULES)
    assert penalty_for(2, 200, bursts, RULES) > 2 * penalty_for(2, 200, even, RULES)


def test_a_chart_rings_after_a_change_and_learns_anew() -> None:
    shape = Shape(sd=0.3, phi=0.3)
    counts = np.concatenate([np.tile([2, 1, 3], 40), np.full(120, 12)])
    rang = alarms(counts, EVEN(240), EVEN(240, bool), shape, RULES)
    assert [(alarm.direction, alarm.first) for alarm in rang] == [("up", 120)]
    assert 120 <= rang[0].seen <= 125
    (step,) = steps(counts, EVEN(240), EVEN(240, bool), shape, RULES)
    assert (step.at, step.sureness) == (120, 1.0)
    assert not alarms(counts[:50], EVEN(50), EVEN(50, bool), shape, RULES), "too short a history"


def test_stated_rates_hold_in_a_short_back_test() -> None:
    rates = mark_rates(RULES, 30)
    assert all(own.holds for own in rates if "more alike" not in own.what), rates
    shape = Shape(sd=0.6, phi=0.6)
    random = np.random.default_rng(8)
    rang = sum(bool(steps(*series("missing", 2, 260, random), shape, RULES)) for _ in range(40))
    assert Achieved("levels", RULES.counts.rate, 40, rang).holds
    found, hit, _ = cover(RULES, 20)
    assert hit / found > 0.6


def test_a_refuted_rate_is_seen() -> None:
    assert not Achieved("x", 0.05, 100, 15).holds
    assert Achieved("x", 0.05, 100, 8).holds


@pytest.mark.parametrize(
    ("old", "new", "line_of_it"),
    [("shrink: 3.0", "shrink: 0", "shrink"), ("shrink: 3.0", "shrunk: 3.0", "shrunk"), ("band: [0.1, 0.9]", "band: [0.1]", "band")],
)
def test_constants_are_read_strictly(tmp_path: Path, old: str, new: str, line_of_it: str) -> None:
    for name in ("index", "shifts", "blocs"):
        text = (DATA / "relations" / f"{name}.yml").read_text("utf-8")
        (tmp_path / f"{name}.yml").write_text(text.replace(old, new) if name == "index" else text, "utf-8")
    with pytest.raises(KnowledgeError, match=line_of_it):
        load_rules(tmp_path)


def test_a_shift_has_a_size() -> None:
    found: Shift = shifts(line(cold_phase(26, 2)), RULES)[0]
    assert found.size == pytest.approx(found.after.value - found.before.value)
