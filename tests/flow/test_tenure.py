"""Offices on the day of the event."""

from __future__ import annotations

import pytest

from detente import Coder


@pytest.fixture(scope="module")
def coder() -> Coder:
    return Coder()


def test_office_of_the_event_not_of_the_article(coder: Coder) -> None:
    [claim] = coder.code("Erdogan visited Iran in March 2010.", published="2016-07-05")
    assert (claim.actor[0].id, claim.actor[0].role) == ("TUR", "prime minister")
    assert any(reason.rule == "office-on-event-date" for reason in claim.why)


def test_office_of_the_article_without_a_date(coder: Coder) -> None:
    [claim] = coder.code("Erdogan visited Iran.", published="2016-07-05")
    assert claim.actor[0].role == "president"
    assert all(reason.rule != "office-on-event-date" for reason in claim.why)


def test_namesakes_are_told_by_the_day(coder: Coder) -> None:
    [late] = coder.code("Assad met the Iranian foreign minister.", published="2012-05-02")
    [early] = coder.code("Assad met the Iranian foreign minister.", published="1994-05-02")
    assert (late.actor[0].person, early.actor[0].person) == ("Bashar al-Assad", "Hafez al-Assad")
