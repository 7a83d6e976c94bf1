"""The shared cases of dates, numbers and signs."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from detente.serve.pages import format as form
from detente.serve.pages.asking import Asked, parse_day

ROOT = Path(__file__).parents[3]
CASES = {key: value for key, value in json.loads((ROOT / "web" / "format-cases.json").read_text("utf-8")).items() if key != "_"}
FORMATTERS: dict[str, Callable[..., str]] = {
    "day": form.day, "span": form.span, "number": form.number, "short": form.short, "signed": form.signed, "percent": form.percent,
    "toll": form.toll, "counted": form.counted, "range": form.range_,
}


@pytest.mark.parametrize(("name", "given", "told"), [(name, *case) for name, cases in CASES.items() for case in cases])
def test_cases(name: str, given: list[object], told: str) -> None:
    dates = [date.fromisoformat(one) if name in {"day", "span"} and isinstance(one, str) and one[:1].isdigit() else one for one in given]
    assert FORMATTERS[name](*dates) == told


def test_every_formatter_has_cases() -> None:
    assert CASES.keys() == FORMATTERS.keys()


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2016", date(2016, 1, 1), date(2016, 12, 31)), ("2016-02", date(2016, 2, 1), date(2016, 2, 29)), ("2016-13", None, None),
        ("-14d", date(2016, 6, 24), date(2016, 6, 24)), ("-99999y", None, None), ("0000-01-01", None, None), ("today", None, None),
    ],
)
def test_days_of_addresses(text: str, first: date | None, last: date | None) -> None:
    anchor = date(2016, 7, 8)
    assert (parse_day(text, anchor), parse_day(text, anchor, last=True)) == (first, last)


def test_addresses_keep_the_moment_of_the_store() -> None:
    asked = Asked.of("/x", [("as_of", "2016-07-01"), ("n", "3")], ("n",))
    assert asked.to("/event/e_1#c_2", claim="c_2") == "/event/e_1?claim=c_2&as_of=2016-07-01#c_2"
    assert asked.link(n=None) == "/x?as_of=2016-07-01"
