"""Cells: guards against formulas that change nothing, days, numbers, lists."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.errors import BadRecord
from detente.exchange.cells import day, guarded, joined, one_line, point, real, split, unguarded, whole, written

RISKY = st.text(st.sampled_from("'=+-@\t\r ab"), max_size=8) | st.text(max_size=20)


@given(RISKY)
def test_a_guard_changes_nothing_in_the_end(text: str) -> None:
    assert unguarded(guarded(text)) == text
    assert guarded(text)[:1] not in {"=", "+", "-", "@", "\t", "\r"}


@given(st.text(max_size=20))
def test_a_line_stays_one(text: str) -> None:
    assert len(one_line(text).splitlines()) <= 1
    assert "\t" not in one_line(text)
    assert len(one_line(text)) <= len(text)


@given(st.integers(-(2**63) + 1, 2**63 - 1))
def test_whole_numbers_come_back(number: int) -> None:
    assert whole(written(number), "x") == number


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_numbers_come_back(number: float) -> None:
    assert real(written(number), "x") == number


@given(st.dates())
def test_days_come_back(when: date) -> None:
    assert day(written(when), "x") == when


@pytest.mark.parametrize(("text", "when"), [
    ("2016-07-05", date(2016, 7, 5)), ("20160705", date(2016, 7, 5)), ("2016-07-05 00:00:00.000", date(2016, 7, 5)),
    (" 2016-07-05T23:59:59Z ", date(2016, 7, 5)),
])
def test_days_of_files(text: str, when: date) -> None:
    assert day(text, "x") == when


@pytest.mark.parametrize("text", ["05/07/2016", "2016-02-30", "2016", "20160732", "", "2016-07-05x", "0000-01-01"])
def test_what_is_no_day(text: str) -> None:
    with pytest.raises(BadRecord, match="is no day"):
        day(text, "x")


@pytest.mark.parametrize("text", ["x", "nan", "inf", "1e999", "1,5"])
def test_what_is_no_number(text: str) -> None:
    with pytest.raises(BadRecord, match="is no number"):
        real(text, "x")


@pytest.mark.parametrize("text", ["1.5", str(2**63), "1e30"])
def test_what_is_no_whole_number(text: str) -> None:
    with pytest.raises(BadRecord):
        whole(text, "x")


def test_points_are_on_the_globe_or_none() -> None:
    assert point(None, 5.0) == (None, None)
    assert point(90.0, -180.0) == (90.0, -180.0)
    with pytest.raises(BadRecord, match="swapped"):
        point(36.6, 300.0)


NOTHING = frozenset({"", "None"})


@given(st.lists(st.none() | st.text("ab ,;'=", max_size=4), min_size=1, max_size=4))
def test_lists_stay_aligned(values: list[str | None]) -> None:
    cell = joined(values, empty="None")
    found = split(cell, NOTHING)
    assert cell is None or len(found) == len(values)
    assert found == ([] if cell is None else [(value or "").replace(";", ",").strip() or None for value in values])
