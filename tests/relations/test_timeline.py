"""Time lines: counts, coverage, comparison with the own past, and their drawing."""

from __future__ import annotations

import re
from datetime import date
from xml.etree import ElementTree

import pyarrow as pa
import pytest

from detente.relations.constants import load_rules
from detente.relations.coverage import coverage
from detente.relations.draw import draw
from detente.relations.parties import Pair
from detente.relations.shifts import shifts
from detente.relations.timeline import Timeline, timeline

from .made import acts, articles, cold_phase

RULES = load_rules()
PAIR = Pair.of("AAA", "BBB")


def line(events: list[tuple[str, float]], read: pa.Table | None, span: tuple[str, str]) -> Timeline:
    """A time line of AAA and BBB."""
    return timeline(acts(events), read, PAIR, RULES.index, (date.fromisoformat(span[0]), date.fromisoformat(span[1])))


def test_counts_by_week_and_month_with_gaps_that_are_no_zeros() -> None:
    # 2016-02-01 is a Monday: a week with events, one read without any, one not read at all, one not read but told of later
    read = articles([1] * 14, "2016-02-01")
    found = line([("2016-02-02", 4.0), ("2016-02-03", -9.0), ("2016-02-23", -2.0)], read, ("2016-02-01", "2016-02-28"))
    weeks = found.counts("week").to_pylist()
    assert [week["verbal_cooperation"] for week in weeks] == [1, 0, None, 0]
    assert [week["material_conflict"] for week in weeks] == [1, 0, None, 0]
    assert [week["events"] for week in weeks] == [2, 0, None, 1]
    assert [week["coverage"] for week in weeks] == ["named", "named", "not covered", "read, not named"]
    assert [week["score"] for week in weeks] == [-2.5, None, None, -2.0]
    months = found.counts("month").to_pylist()
    assert [(month["events"], month["either"]) for month in months] == [(3, 14)]
    assert found.counts("day").num_rows == 28


def test_without_articles_coverage_is_unknown_and_never_zero() -> None:
    found = line([("2016-02-02", 4.0)], None, ("2016-02-01", "2016-02-14"))
    weeks = found.counts("week").to_pylist()
    assert [(week["read"], week["coverage"], week["events"]) for week in weeks] == [(None, None, 1), (None, None, 0)]
    assert found.standing(30).articles_both is None


def test_a_pair_that_was_not_covered_has_no_index() -> None:
    read = articles([2] * 60 + [0] * 200, "2016-01-01")
    found = line([("2016-01-05", 4.0), ("2016-01-20", 4.0)], read, ("2016-01-01", "2016-09-01"))
    weight = 2 ** (-20 / 30) + 2 ** (-5 / 30)
    assert found.standing(30, date(2016, 1, 25)).index == pytest.approx(4 * weight / (3 + weight))
    assert found.standing(30).index is None
    rows = found.line(30).rows().to_pylist()
    assert rows[24]["index"] is not None
    assert rows[-1]["index"] is None


def test_a_source_outside_the_panel_changes_no_past_day() -> None:
    span = (date(2016, 1, 1), date(2016, 1, 31))
    one = articles([1] * 31, "2016-01-01")
    both = pa.concat_tables([one, articles([5] * 31, "2016-01-01", publisher="new")])
    sides = (["AAA"], ["BBB"])
    first, second = (coverage(part, sides, span, ["one"]) for part in (one, both))
    assert list(first.either) == list(second.either) == [1] * 31
    assert list(coverage(both, sides, span).both) == [6] * 31


def test_comparison_with_the_own_past() -> None:
    events = [(f"2015-{month:02}-15", -6.0) for month in range(1, 13)] + [("2016-01-10", 4.0), ("2016-01-11", 5.0)]
    found = line(events, articles([3] * 400, "2015-01-01"), ("2015-01-01", "2016-01-12"))
    assert found.standing(30, date(2016, 1, 11)).percentile == 1.0
    assert found.standing(30, date(2015, 12, 16)).percentile == pytest.approx(0, abs=0.2)
    assert found.standing(30, date(2015, 2, 1)).percentile is None, "too short a past"


@pytest.mark.parametrize("span", [("2016-02-01", "2016-03-31"), ("2015-12-01", "2016-02-20"), ("2016-01-10", "2016-01-10")])
def test_other_days_are_shown_as_if_they_had_been_asked_for_at_first(span: tuple[str, str]) -> None:
    read = articles([2] * 60 + [0] * 9 + [1] * 60, "2016-01-01")
    events = [("2016-01-05", 4.0), ("2016-01-20", -4.0), ("2016-02-20", -9.0), ("2016-03-30", 2.0)]
    days = (date.fromisoformat(span[0]), date.fromisoformat(span[1]))
    whole = line(events, read, ("2016-01-01", "2016-04-30"))
    other = whole.over(days, coverage(read, PAIR.sides(whole.rows), days))
    expected = line(events, read, span)
    assert (other.span, other.counts("day")) == (expected.span, expected.counts("day"))
    for half_life in RULES.index.half_lives:
        one, two = other.line(half_life), expected.line(half_life)
        assert one.rows().equals(two.rows())
        assert (one.band == two.band).all()
        assert (one.grid == two.grid).all()
    with pytest.raises(KeyError):
        other.line(31)


def test_every_lane_stands_in_the_rows_but_only_what_happened_counts() -> None:
    table = pa.concat_tables([acts([("2016-01-02", 4.0)]), acts([("2016-01-03", 4.0)], lane="planned", prefix="f")])
    found = timeline(table, None, PAIR, RULES.index)
    assert (found.rows.num_rows, len(found.acts)) == (2, 1)


def test_a_pair_without_events_has_an_empty_line() -> None:
    found = timeline(acts([]), articles([1, 2], "2016-01-01"), PAIR, RULES.index)
    assert (len(found.acts), found.standing(30).index, shifts(found, RULES.shifts)) == (0, None, [])
    ElementTree.fromstring(draw(found))


def test_the_drawing_shows_what_there_is() -> None:
    read = articles([3] * 100 + [0] * 20 + [3] * 105, "2015-11-24")
    found = line(cold_phase(34, 3), read, ("2015-11-24", "2016-07-05"))
    told = shifts(found, RULES.shifts)
    picture = draw(found, told, prefix="x1")
    tree = ElementTree.fromstring(picture)
    space = "{http://www.w3.org/2000/svg}"
    paths = {path.get("class"): path.get("d") or "" for path in tree.iter(f"{space}path") if path.get("class")}
    assert {name: len(re.findall("M", path)) for name, path in paths.items()} == {
        quad.replace(" ", "-"): found.rows["quad"].to_pylist().count(quad) for quad in set(found.rows["quad"].to_pylist())
    }
    assert len([part for part in tree.iter(f"{space}rect") if part.get("class") == "shift"]) == len(told) == 1
    assert "▲" in picture
    assert len(re.findall(r'fill="url\(#x1-gap\)"', picture)) == 1
    assert all(ident.startswith("x1-") for ident in re.findall(r' id="([^"]+)"', picture)), "two drawings in one page"
    assert draw(found, told, prefix="x1") == picture


def test_many_events_become_bars() -> None:
    found = line([("2016-01-02", 4.0)] * 40 + [("2016-03-02", -9.0)], None, ("2016-01-01", "2016-12-31"))
    assert "bars: up to 40 events" in draw(found)
