"""The day of publication from datelines, from partial dates, from metadata values."""

from __future__ import annotations

import contextlib
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.flow.published import parse_stamp, publication_date

DATELINES = [
    ("NAIROBI, March 3, 2019 (Agency) — Police said so.", "2019-03-03"),
    ("Geneva, 5 July 2016 - Delegates met.", "2016-07-05"),
    ("A headline\n\nFriday, July 21, 2017\n\nText.", "2017-07-21"),
    ("A headline\nPublished: 5 July 2016\nText.", "2016-07-05"),
    ("A headline\nPosted on July 5, 2016 by the desk\nText.", "2016-07-05"),
    ("A headline\nUpdated 12:30 GMT 3 May 2014\nText.", "2014-05-03"),
    ("Updated 4 May 2014\nPublished 3 May 2014\nText.", "2014-05-03"),
    ("A headline\n2016-07-05T10:00:00Z\nText.", "2016-07-05"),
    ("A headline\nBy Jane Doe, July 5, 2016\nText.", "2016-07-05"),
    ("12:30 GMT, 3 May 2014\nText.", "2014-05-03"),
]
NARRATIVE = (
    "On July 4, the minister said so. Last week's attack was bad. The plane was shot down in November 2015. On June 29, they spoke. "
    "The June 28 bombing came first. The talks of July 1 ended more than six months of discord. War broke out in 2011."
)


@pytest.mark.parametrize(("text", "day"), DATELINES)
def test_dateline(text: str, day: str) -> None:
    assert publication_date(text) == (date.fromisoformat(day), "dateline", False)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        (NARRATIVE, "2016-07-04"),
        ("On July 5, 2016, they met. On July 6 they left. On July 7 it rained.", "2016-07-07"),
        ("On Tuesday, July 5, 2016, they met in the capital.", "2016-07-05"),
        ("Talks failed in November 2015. They met on December 29, on December 30 and again on January 2.", "2016-01-02"),
        ("In November 2015 it fell. On July 2 and July 3 shots were heard. On July 4 he spoke. He will return on July 20.", "2016-07-04"),
        ("On Monday, July 4, he spoke of the vote of 2014.", "2016-07-04"),
    ],
)
def test_inferred(text: str, day: str) -> None:
    assert publication_date(text) == (date.fromisoformat(day), "inferred", True)


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("", "none"),
        ("They met yesterday.", "none"),
        ("They met on July 4.", "none"),
        ("KABUL, Oct. 3 — Fighting went on.", "none"),
        ("War broke out in 2011.", "year-only"),
        ("KABUL, Oct. 3 — Fighting that began in 2011 went on.", "year-only"),
        ("KABUL, Oct. 3 — Officials said on Friday that fighting that began in 1989 went on.", "year-only"),
        ("KABUL, Oct. 3 — Officials said on Monday that fighting that began in 2011 went on.", "year-only"),
        ("GENEVA, 14 Feb (Agency) - Talks that began in March 2012 ended.", "year-only"),
        ("KYIV, April 26 - Thousands marked the disaster of April 26, 1986.", "year-only"),
        ("In November 2015 it fell. On July 4 he spoke.", "year-only"),
        ("On July 5, 2016, they met in the capital.", "year-only"),
        ("The plane fell in November 2015.", "year-only"),
        ("On July 4 he spoke of the war of 1994.", "year-only"),
        ("By 2030 all will be well.", "none"),
    ],
)
def test_no_date(text: str, rule: str) -> None:
    assert publication_date(text) == (None, rule, False)


def test_title_counts() -> None:
    text = "On July 2, shots were heard, on July 3 too. On July 4, they spoke."
    assert publication_date(text, "After the coup of November 2015")[0] == date(2016, 7, 4)
    assert publication_date(text)[0] is None


@pytest.mark.parametrize(
    "value",
    [
        "2016-07-05",
        "2016-07-05T23:59:59Z",
        "2016-07-05T10:00:00.123456+02:00",
        "2016-07-05 10:00",
        "2016/07/05",
        "20160705",
        "20160705123000",
        "Tue, 05 Jul 2016 10:00:00 GMT",
        "Tue, 5 Jul 2016 10:00:00 +0200",
        "Tue Jul 05 12:00:00 +0000 2016",
        "July 5, 2016",
        "Jul. 5, 2016 10:30 AM",
        "5 July 2016",
        "05.07.2016",
        "1467705600",
        "1467705600000",
        "  2016-07-05  ",
    ],
)
def test_stamp(value: str) -> None:
    assert parse_stamp(value) == date(2016, 7, 5)


def test_empty_stamp() -> None:
    assert parse_stamp("  ") is None


@pytest.mark.parametrize("value", ["2016-02-30", "2016-13-01", "20161301", "February 30, 2016", "31.04.2015", "0000-01-01"])
def test_impossible_stamp(value: str) -> None:
    with pytest.raises(ValueError, match="impossible date"):
        parse_stamp(value)


@pytest.mark.parametrize("value", ["soon", "2016-07", "12", "July"])
def test_unreadable_stamp(value: str) -> None:
    with pytest.raises(ValueError, match="not a date"):
        parse_stamp(value)


@given(st.text(max_size=200), st.one_of(st.none(), st.text(max_size=30)))
def test_any_text(text: str, title: str | None) -> None:
    day, rule, inferred = publication_date(text, title)
    assert rule in {"dateline", "inferred", "year-only", "none"}
    assert (day is None) == (rule in {"year-only", "none"})
    assert inferred == (rule == "inferred")


PIECES = st.sampled_from(
    "KABUL , Oct. 3 — July 4 2016 29 February in since November 2015 "
    "Monday \n ( AP ) Published: 2011 31.12.2014 will . The On by ½ ٣".split(" ")
)


@given(st.lists(PIECES, max_size=16).map(" ".join))
def test_any_header(text: str) -> None:
    day, rule, _ = publication_date(text)
    assert (day is None) == (rule in {"year-only", "none"})


@given(st.one_of(st.text(max_size=40), st.dates().map(str)))
def test_any_stamp(value: str) -> None:
    with contextlib.suppress(ValueError):
        day = parse_stamp(value)
        assert (day is None) == (not value.strip())


@given(st.dates())
def test_iso_comes_back(day: date) -> None:
    assert parse_stamp(day.isoformat()) == day
