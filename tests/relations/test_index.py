"""The index: the worked example, the same by SQL, the same in bulk, and what does not count."""

from __future__ import annotations

from datetime import date, timedelta

import duckdb
import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.errors import InputError
from detente.relations.bands import band, copies, draws, seed_of
from detente.relations.constants import load_rules
from detente.relations.index import daily, decayed, sql, state_at, states
from detente.relations.parties import Pair, number
from detente.relations.parties import acts as arrays

from .made import acts

RULES = load_rules().index
PAIR = Pair.of("AAA", "BBB")
CONNECTION = duckdb.connect(config={"threads": 1})
SEED = [("2015-11-24", -9.5), ("2016-06-27", 4.5), ("2016-06-29", 1.5), ("2016-07-01", 4.0), ("2016-07-01", 2.5), ("2016-07-04", 2.5)]
DAYS = st.dates(date(2015, 1, 1), date(2016, 12, 31)).map(date.isoformat)
EVENTS = st.lists(st.tuples(DAYS, st.floats(-10, 10)), max_size=30)


def by_sql(table: pa.Table, pair: Pair, day: date, half_life: int) -> tuple[float, ...]:
    """What the query that goes with an answer gives."""
    CONNECTION.register("pairs", table)
    (row,) = CONNECTION.execute(sql(pair, day, half_life, RULES)).fetchall()
    return tuple(row)


@pytest.mark.parametrize(
    ("day", "half_life", "index", "cooperation", "conflict"),
    [
        (date(2016, 7, 5), 30, 1.78, 13.42, 0.05),
        (date(2016, 7, 5), 365, 1.00, 14.86, 6.21),
        (date(2016, 6, 25), 30, -0.02, 0.0, 0.07),
        (date(2016, 6, 25), 365, -1.73, 0.0, 6.33),
    ],
)
def test_the_worked_example(day: date, half_life: int, index: float, cooperation: float, conflict: float) -> None:
    state = state_at(arrays(PAIR.select(acts(SEED))), day, half_life, RULES)
    assert [round(value, 2) for value in (state.index, state.cooperation, state.conflict)] == [index, cooperation, conflict]


@settings(max_examples=30)
@given(EVENTS, st.dates(date(2015, 6, 1), date(2016, 12, 31)), st.sampled_from([30, 365]), st.floats(0.05, 1))
def test_sql_and_python_agree(events: list[tuple[str, float]], day: date, half_life: int, confidence: float) -> None:
    table = acts(events, confidence=confidence)
    state = state_at(arrays(PAIR.select(table)), day, half_life, RULES)
    ours = (state.index, state.weight, state.cooperation, state.conflict, state.events)
    assert by_sql(table, PAIR, day, half_life) == pytest.approx(ours, abs=1e-9)


@settings(max_examples=25)
@given(EVENTS, st.sampled_from([30, 365]))
def test_daily_and_bulk_agree_with_the_direct_sum(events: list[tuple[str, float]], half_life: int) -> None:
    table = acts(events)
    found, last = arrays(PAIR.select(table)), date(2016, 12, 31)
    series = daily(found, half_life, (date(2016, 1, 1), last), RULES)
    direct = [state_at(found, date(2016, 1, 1) + timedelta(days=day), half_life, RULES).index for day in range(len(series))]
    assert series.index == pytest.approx(direct, abs=1e-9)
    rows = states(table, RULES, [half_life]).sort_by("day").to_pylist()
    if rows:
        fade = 2.0 ** (-(last - rows[-1]["day"]).days / half_life)
        assert rows[-1]["sum"] * fade / (RULES.shrink + rows[-1]["weight"] * fade) == pytest.approx(direct[-1], abs=1e-9)
    else:
        assert not len(found)


@settings(max_examples=25)
@given(EVENTS)
def test_all_dates_shifted_by_a_week_shift_the_index(events: list[tuple[str, float]]) -> None:
    later = [((date.fromisoformat(day) + timedelta(days=7)).isoformat(), score) for day, score in events]
    one, other = (arrays(PAIR.select(acts(part))) for part in (events, later))
    day = date(2016, 12, 31)
    assert state_at(one, day, 30, RULES).index == pytest.approx(state_at(other, day + timedelta(days=7), 30, RULES).index, abs=1e-12)


def test_bulk_keeps_pairs_directions_and_half_lives_apart() -> None:
    table = pa.concat_tables([
        acts([("2016-01-01", 4.0)]), acts([("2016-01-05", -9.0)], "BBB", "AAA", prefix="f"),
        acts([("2016-01-02", 1.0)], "", "BBB", prefix="g"),
    ])
    rows = states(table, RULES).to_pylist()
    assert {(row["source"], row["target"], row["half_life"], row["sum"]) for row in rows} == {
        ("AAA", "BBB", 30, 4.0), ("AAA", "BBB", 365, 4.0), ("BBB", "AAA", 30, -9.0), ("BBB", "AAA", 365, -9.0),
    }


@pytest.mark.parametrize("fields", [{"lane": "planned"}, {"lane": "denied"}, {"vague": True}, {"score": None}, {"date": None}])
def test_what_does_not_count(fields: dict[str, object]) -> None:
    table = pa.concat_tables([acts([("2016-01-01", 4.0)]), acts([("2016-01-01", 4.0)], prefix="f", **fields)])
    state = state_at(arrays(PAIR.select(table)), date(2016, 1, 1), 30, RULES)
    assert (state.events, state.index) == (1, 1.0)
    assert state.left_out == ("date" in fields)
    assert by_sql(table, PAIR, date(2016, 1, 1), 30)[-1] == 1


def test_an_event_of_a_month_counts_from_its_middle_and_one_of_a_year_only_in_the_long_run() -> None:
    month = acts([("2016-06-01", 4.0)], date_end=date(2016, 6, 30))
    found = arrays(month)
    assert state_at(found, date(2016, 6, 14), 30, RULES).events == 0
    assert state_at(found, date(2016, 6, 15), 30, RULES).weight == 1.0
    year = arrays(acts([("2015-01-01", 4.0)], date_end=date(2015, 12, 31)))
    assert (state_at(year, date(2016, 1, 1), 30, RULES).left_out, state_at(year, date(2016, 1, 1), 365, RULES).left_out) == (1, 0)


def test_an_event_counts_once_whatever_its_rows() -> None:
    both_ways = pa.concat_tables([acts([("2016-01-01", 4.0)], mutual=True), acts([("2016-01-01", 4.0)], "BBB", "AAA", mutual=True)])
    assert PAIR.select(both_ways).num_rows == 1
    assert by_sql(both_ways, PAIR, date(2016, 1, 1), 30)[-1] == 1
    assert Pair.of("AAA", "BBB", directed=True).select(both_ways)["source"].to_pylist() == ["AAA"]


SECTORS = pa.concat_tables([
    acts([("2016-01-01", 1.0)], "SYR", "TUR", prefix="a"),
    acts([("2016-01-01", 1.0)], "SYR", "TUR", prefix="b", source_sector=["MIL"]),
    acts([("2016-01-01", 1.0)], "SYR:REB", "TUR", prefix="c", source_sector=["REB"]),
    acts([("2016-01-01", 1.0)], "front", "TUR", prefix="d", source_sector=["REB"]),
    acts([("2016-01-01", 1.0)], "IRQ:REB", "TUR", prefix="e", source_sector=["REB"]),
    acts([("2016-01-01", 1.0)], "", "TUR", prefix="f", source_sector=["REB"]),
])


@pytest.mark.parametrize(
    ("side", "events"),
    [("SYR", "ab"), ("SYR:REB", "cd"), ("SYR:MIL", "b"), ("SYR:*", "abcd"), ("*:REB", "cde"), ("front", "d"), ("*", "abcde"), ("USA", "")],
)
def test_sides(side: str, events: str) -> None:
    pair = Pair.of(side, "TUR", homes={"front": "SYR"})
    assert "".join(event[0] for event in pair.select(SECTORS)["event"].to_pylist()) == events
    assert by_sql(SECTORS, pair, date(2016, 1, 1), 30)[-1] == len(events)


@pytest.mark.parametrize("text", ["", ":", "SYR:", ":REB", "SYR:REB:X"])
def test_sides_that_cannot_be_read(text: str) -> None:
    with pytest.raises(InputError):
        Pair.of(text, "TUR")


def test_the_scan_equals_the_recursion() -> None:
    random = np.random.default_rng(1)
    starts = random.random(500) < 0.05
    starts[0] = True
    days, values = np.cumsum(random.integers(0, 40, 500)), random.normal(size=(500, 2))
    expected, kept = [], np.zeros(2)
    for place in range(500):
        kept = values[place] + (0 if starts[place] else kept * 2.0 ** (-(days[place] - days[place - 1]) / 30))
        expected.append(kept)
    assert decayed(values, days, starts, 30) == pytest.approx(np.array(expected), abs=1e-12)


def test_a_band_is_the_same_again_holds_the_index_and_knows_no_future() -> None:
    random = np.random.default_rng(2)
    events = [((date(2016, 1, 1) + timedelta(days=int(day))).isoformat(), float(score))
              for day, score in zip(sorted(random.integers(0, 300, 80)), random.normal(1, 4, 80), strict=True)]
    whole, part = arrays(acts(events, confidence=0.8)), arrays(acts([e for e in events if e[0] < "2016-07-01"], confidence=0.8))
    day = np.array([number(date(2016, 6, 30))])
    bands = [band(draws(a, copies(a, 400, seed_of("x")), 30, RULES), day, 30, RULES)[0] for a in (whole, whole, part)]
    assert list(bands[0]) == list(bands[1])
    assert bands[2] == pytest.approx(bands[0], abs=1e-5)
    low, high, lowest, highest, _ = bands[0]
    assert lowest <= low <= state_at(whole, date(2016, 6, 30), 30, RULES).index <= high <= highest
