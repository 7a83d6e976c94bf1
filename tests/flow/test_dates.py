"""Time expressions: what the words mean, counted from Tuesday, July 5, 2016, and from July 1 as the day named before."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.flow.dates import expressions

BASE = date(2016, 7, 5)
ANCHOR = date(2016, 7, 1)

DAYS = [
    ("On June 29, 2016, they met.", "On June 29, 2016", "2016-06-29"),
    ("They met on 29 June 2016.", "on 29 June 2016", "2016-06-29"),
    ("They met Jun. 29.", "Jun. 29", "2016-06-29"),
    ("They met on Sept. 3rd, 2015 there.", "on Sept. 3rd, 2015", "2015-09-03"),
    ("It happened on 2016-06-29.", "on 2016-06-29", "2016-06-29"),
    ("It happened on 29/06/2016.", "on 29/06/2016", "2016-06-29"),
    ("It happened on 29.6.2016 at noon.", "on 29.6.2016", "2016-06-29"),
    ("It happened on 03/04/2015.", "on 03/04/2015", "2015-03-04"),
    ("They met on the 29th of June.", "on the 29th of June", "2016-06-29"),
    ("the June 28 suicide attack", "June 28", "2016-06-28"),
    ("On July 4, the spokesman said so.", "On July 4", "2016-07-04"),
    ("They spoke on July 5.", "on July 5", "2016-07-05"),
    ("They spoke on July 20.", "on July 20", "2015-07-20"),
    ("The leaders will meet on July 20.", "on July 20", "2016-07-20"),
    ("On July 20, the leaders will meet.", "On July 20", "2016-07-20"),
    ("They left on December 30.", "on December 30", "2015-12-30"),
    ("September 11, 2001 changed it.", "September 11, 2001", "2001-09-11"),
    ("after the 9/11 attacks", "9/11", "2001-09-11"),
    ("On Sunday, May 9, it ended.", "On Sunday, May 9", "2016-05-09"),
    ("On the night of 12 February 1999, forces left.", "12 February 1999", "1999-02-12"),
    ("They met on Thursday.", "on Thursday", "2016-06-30"),
    ("They met Thursday.", "Thursday", "2016-06-30"),
    ("They met on Tuesday.", "on Tuesday", "2016-07-05"),
    ("They met last Tuesday.", "last Tuesday", "2016-06-28"),
    ("They met last Thursday.", "last Thursday", "2016-06-30"),
    ("They meet next Monday.", "next Monday", "2016-07-11"),
    ("They met this Friday.", "this Friday", "2016-07-01"),
    ("They meet this coming Friday.", "this coming Friday", "2016-07-08"),
    ("They will meet on Thursday.", "on Thursday", "2016-07-07"),
    ("He will visit, he said on Thursday.", "on Thursday", "2016-06-30"),
    ("They clashed on Monday night.", "on Monday night", "2016-07-04"),
    ("in the early hours of Monday", "Monday", "2016-07-04"),
    ("They left on Friday of last week.", "on Friday of last week", "2016-07-01"),
    ("They met today.", "today", "2016-07-05"),
    ("They met earlier today.", "earlier today", "2016-07-05"),
    ("They met this morning.", "this morning", "2016-07-05"),
    ("They meet tonight.", "tonight", "2016-07-05"),
    ("They met yesterday evening.", "yesterday evening", "2016-07-04"),
    ("They met the day before yesterday.", "the day before yesterday", "2016-07-03"),
    ("They meet tomorrow.", "tomorrow", "2016-07-06"),
    ("It fell last night.", "last night", "2016-07-04"),
    ("Two days ago, they left.", "Two days ago", "2016-07-03"),
    ("They left the next day.", "the next day", "2016-07-02"),
    ("They left the following day.", "the following day", "2016-07-02"),
    ("They left the previous day.", "the previous day", "2016-06-30"),
    ("They left a day earlier.", "a day earlier", "2016-06-30"),
    ("They left two days later.", "two days later", "2016-07-03"),
    ("They left later that day.", "later that day", "2016-07-01"),
    ("They left the following Monday.", "the following Monday", "2016-07-04"),
    ("It came a day after the June 28 attack.", "a day after the June 28", "2016-06-29"),
]

SPANS = [
    ("It was shot down in November 2015.", "in November 2015", "2015-11-01", "2015-11-30", "month"),
    ("They met in November.", "in November", "2015-11-01", "2015-11-30", "month"),
    ("They met in July.", "in July", "2016-07-01", "2016-07-31", "month"),
    ("They meet next November.", "next November", "2016-11-01", "2016-11-30", "month"),
    ("Elections will be held in November.", "in November", "2016-11-01", "2016-11-30", "month"),
    ("They met in May.", "in May", "2016-05-01", "2016-05-31", "month"),
    ("the November attack", "November", "2015-11-01", "2015-11-30", "month"),
    ("In 2011, war broke out.", "In 2011", "2011-01-01", "2011-12-31", "year"),
    ("since the civil war broke out in 2011", "in 2011", "2011-01-01", "2011-12-31", "year"),
    ("the treaty (2011) holds", "2011", "2011-01-01", "2011-12-31", "year"),
    ("the 2011 war", "2011", "2011-01-01", "2011-12-31", "year"),
    ("fighting since 2011", "since 2011", "2011-01-01", "2016-07-05", "range"),
    ("fighting since June 29", "since June 29", "2016-06-29", "2016-07-05", "range"),
    ("from 2003 to 2011", "from 2003 to 2011", "2003-01-01", "2011-12-31", "range"),
    ("the 2014-2016 crisis", "2014-2016", "2014-01-01", "2016-12-31", "range"),
    ("between 5 and 7 May", "between 5 and 7 May", "2016-05-05", "2016-05-07", "range"),
    ("They met May 5-7.", "May 5-7", "2016-05-05", "2016-05-07", "range"),
    ("They met on May 5–7, 2015.", "on May 5–7, 2015", "2015-05-05", "2015-05-07", "range"),
    ("from June 29 to July 4, 2016", "from June 29 to July 4, 2016", "2016-06-29", "2016-07-04", "range"),
    ("from December 30 to January 2", "from December 30 to January 2", "2015-12-30", "2016-01-02", "range"),
    ("between March and June 2011", "between March and June 2011", "2011-03-01", "2011-06-30", "range"),
    ("March-May 2011", "March-May 2011", "2011-03-01", "2011-05-31", "range"),
    ("from Monday to Friday", "from Monday to Friday", "2016-06-27", "2016-07-01", "range"),
    ("the 1990s were hard", "the 1990s", "1990-01-01", "1999-12-31", "decade"),
    ("in the early 1990s", "in the early 1990s", "1990-01-01", "1993-12-31", "decade"),
    ("in late 2015", "in late 2015", "2015-09-01", "2015-12-31", "year"),
    ("in early March", "in early March", "2016-03-01", "2016-03-10", "month"),
    ("since mid-June", "since mid-June", "2016-06-11", "2016-07-05", "range"),
    ("at the end of 2015", "at the end of 2015", "2015-09-01", "2015-12-31", "year"),
    ("It fell overnight.", "overnight", "2016-07-04", "2016-07-05", "range"),
    ("They meet this week.", "this week", "2016-07-04", "2016-07-10", "week"),
    ("Earlier this week they met.", "Earlier this week", "2016-07-04", "2016-07-05", "week"),
    ("last week’s attack", "last week", "2016-06-27", "2016-07-03", "week"),
    ("They met last month.", "last month", "2016-06-01", "2016-06-30", "month"),
    ("They meet next month.", "next month", "2016-08-01", "2016-08-31", "month"),
    ("They met last year.", "last year", "2015-01-01", "2015-12-31", "year"),
    ("They met this year.", "this year", "2016-01-01", "2016-12-31", "year"),
    ("over the past two weeks", "over the past two weeks", "2016-06-21", "2016-07-05", "range"),
    ("in the last 24 hours", "in the last 24 hours", "2016-07-04", "2016-07-05", "range"),
    ("more than six months ago", "more than six months ago", "None", "2016-01-05", "before"),
    ("They met two years ago.", "two years ago", "2014-01-01", "2014-12-31", "year"),
    ("They met a week earlier.", "a week earlier", "2016-06-20", "2016-06-26", "week"),
    ("They met later that month.", "later that month", "2016-07-01", "2016-07-31", "month"),
    ("They met the following week.", "the following week", "2016-07-04", "2016-07-10", "week"),
    ("in the coming days", "in the coming days", "2016-07-05", "2016-07-11", "range"),
    ("over the weekend", "over the weekend", "2016-07-02", "2016-07-03", "range"),
    ("at the weekend", "at the weekend", "2016-07-02", "2016-07-03", "range"),
    ("in recent weeks", "in recent weeks", "2016-05-24", "2016-07-05", "range"),
    ("They met last summer.", "last summer", "2015-06-01", "2015-08-31", "season"),
    ("in the spring of 2014", "in the spring of 2014", "2014-03-01", "2014-05-31", "season"),
    ("in the third quarter of 2018", "in the third quarter of 2018", "2018-07-01", "2018-09-30", "quarter"),
    ("in the first half of 2018", "in the first half of 2018", "2018-01-01", "2018-06-30", "range"),
]

NOTHING = [
    "A 23-year-old died.",
    "a five-year plan",
    "a 20-year war",
    "a three-day visit",
    "2000 people marched.",
    "2,016 people marched.",
    "A crowd of 2000 came.",
    "Losses rose by 2000.",
    "In 2000 cases they won.",
    "The call came at 2015 GMT.",
    "It began at 12:30.",
    "They may march on the city.",
    "May said it was over.",
    "a vote of confidence in May's cabinet",
    "the deal signed by May",
    "The Sunday Times reported it.",
    "the Good Friday Agreement",
    "They meet on Sundays and every Friday.",
    "the Black September group",
    "three weeks after the trial",
    "the centuries of rule",
    "Jan Egeland spoke.",
    "That day",
]


@pytest.mark.parametrize(("text", "words", "day"), DAYS)
def test_day(text: str, words: str, day: str) -> None:
    found = expressions(text, BASE, ANCHOR)
    assert [(w.text, str(w.start), str(w.end), w.precision) for w in found] == [(words, day, day, "day")]


@pytest.mark.parametrize(("text", "words", "start", "end", "precision"), SPANS)
def test_span(text: str, words: str, start: str, end: str, precision: str) -> None:
    found = expressions(text, BASE, ANCHOR)
    assert [(w.text, str(w.start), str(w.end), w.precision) for w in found] == [(words, start, end, precision)]


@pytest.mark.parametrize("text", NOTHING)
def test_no_date(text: str) -> None:
    assert [w.text for w in expressions(text, BASE, None) if w.start] == []


@pytest.mark.parametrize("text", ["on February 30, 2016", "It was on 31/04/2015.", "It was on Feb. 30.", "on February 29, 2015"])
def test_impossible_date(text: str) -> None:
    (found,) = expressions(text, BASE)
    assert found.start is None
    assert found.end is None
    assert found.rule == "impossible-date"


@pytest.mark.parametrize("text", ["They met yesterday.", "They met on June 29.", "They met the next day.", "last week", "since last week"])
def test_no_base_keeps_the_words(text: str) -> None:
    (found,) = expressions(text, None)
    assert (found.start, found.end, found.precision) == (None, None, None)
    assert found.text
    assert found.text in text


def test_since_without_base_stays_open() -> None:
    (found,) = expressions("since 2011", None)
    assert (found.start, found.end, found.precision) == (date(2011, 1, 1), None, "after")


def test_order_of_digits_is_told() -> None:
    rules = [w.rule for w in expressions("on 03/04/2015 and on 29/06/2016 and on 3.4.2015", BASE)]
    assert rules == ["numeric-month-first-unsure", "numeric-day-first", "numeric-day-first"]


def test_date_in_the_sentence_is_the_anchor() -> None:
    found = expressions("Jordan did so on March 1st, and Egypt a day later.", date(2004, 3, 4))
    assert [str(w.start) for w in found] == ["2004-03-01", "2004-03-02"]


def test_limits_are_told_by_the_rule() -> None:
    found = expressions("They left before the July 1 summit, until Monday, by the end of June.", BASE)
    assert [w.rule for w in found] == ["month-day", "weekday+until", "month+end+by"]


def test_deadline_ahead() -> None:
    (found,) = expressions("a promise to leave by August 31st", BASE)
    assert (str(found.start), str(found.end), found.precision) == ("2016-07-05", "2016-08-31", "range")


def test_weekday_chooses_the_year() -> None:
    (found,) = expressions("on Wednesday, July 6", date(2016, 7, 5))
    assert str(found.start) == "2016-07-06"


def test_offsets_are_absolute() -> None:
    text = "They met in Geneva on June 29, and again yesterday."
    found = expressions(text, BASE, offset=1000)
    assert len(found) == 2
    assert all(text[w.text_start - 1000 : w.text_end - 1000] == w.text for w in found if w.text_start and w.text_end)


WORDS = st.sampled_from(
    "on in since from between to and the of last next this May June 29 5 7 2016 2011 1990s , . - – ’s Monday week weeks year days two "
    "a ago later earlier after before early mid- end February 30 00 / 31.12.2015 ( ) weekend summer winter quarter "
    "third ’90s half Q3 by until overnight 9999 ſ İ".split()
)


TEXTS = st.one_of(st.text(max_size=80), st.lists(WORDS, max_size=14).map(" ".join))


@given(TEXTS, st.dates(), st.one_of(st.none(), st.dates()), st.integers(0, 10**6))
def test_any_text(text: str, base: date, anchor: date | None, offset: int) -> None:
    before = offset
    for found in expressions(text, base, anchor, offset):
        assert found.text_start is not None
        assert found.text_end is not None
        assert before <= found.text_start < found.text_end <= offset + len(text)
        assert text[found.text_start - offset : found.text_end - offset] == found.text
        assert (found.start is None and found.end is None) == (found.precision is None)
        assert (found.start is None) == (found.precision in {None, "before"})
        assert (found.end is None) == (found.precision in {None, "after"})
        assert found.start is None or found.end is None or found.start <= found.end
        before = found.text_end
