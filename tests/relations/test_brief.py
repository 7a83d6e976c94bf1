"""Sentences of a brief: days, evidence, plain words."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from detente.relations.agreements import agreements
from detente.relations.brief import CITED, Material, Mood, Source, Turn, brief
from detente.relations.phrases import bounds_text, in_quotes, phrases
from detente.relations.rules import ledger_rules
from detente.relations.stances import Stances, stances
from detente.tables import EVENTS

from .test_ledgers import entry, told

AT, SINCE = date(2016, 7, 8), date(2016, 4, 8)
RULES, WORDS = ledger_rules(), phrases()


def event(number: int, **values: Any) -> dict[str, Any]:
    """A row of EVENTS of two parties."""
    row: dict[str, Any] = dict.fromkeys(EVENTS.names)
    side = {"id": "", "name": "", "country": "", "sector": [], "articles": 1, "origins": 1, "contested": False}
    row |= {"id": f"e_{number}", "event": "ACCUSE", "lane": "happened", "standing": "reported", "score": -2.0, "confidence": 0.8,
            "actor": [side | {"root": "TUR"}], "recipient": [side | {"root": "RUS"}], "date": date(2016, 6, 27), "date_basis": "explicit",
            "articles": 1, "origins_low": 1, "origins_high": 1, "vague": False, "first_published": date(2016, 6, 27)}
    return row | values


def made(**values: Any) -> Material:
    """Material for a brief of two parties; events have three claims each."""
    events = values.get("events", ())
    claims = {e["id"]: [f"c_{e['id']}_{n}" for n in range(3)] for e in events}
    idents = [*(c for own in claims.values() for c in own), *(f"s_{n}" for n in range(9))]
    sources = {i: Source(i, f"a_{i}", "Meridian Press", date(2016, 6, 27), f"Sentence {i}.") for i in idents}
    facts = {row["id"]: row["entry"] for row in values.pop("facts").to_pylist()} if "facts" in values else {}
    whole = Material(("TUR", "RUS"), AT, SINCE, (), (), (), claims, Stances((), (), ()), (), (), facts, sources,
                     {"TUR": "Turkey", "RUS": "Russia", "al-nusra-front": "Al-Nusra Front"}, (1, 2), AT)
    return replace(whole, **values)


def texts(material: Material, section: str) -> list[str]:
    """The sentences of a section."""
    return [sentence.text for sentence in dict(brief(material, WORDS).sections)[section]]


def test_no_sentence_rests_on_more_than_a_few_numbers() -> None:
    events = [event(number, date=date(2016, 6, number + 1)) for number in range(6)]
    table = told(*(entry(number, "stance", "supports", "TUR", "RUS") for number in range(9)))
    page = brief(made(events=events, moods=[Mood(30, 1.0, 0.5, 1.5, None)], facts=table, stances=stances(table, RULES),
                      turns=[Turn(AT, AT, 2.0, 0.7, tuple(e["id"] for e in events), "new")]), WORDS)
    sections = dict(page.sections)
    for title in ("State of the relation", "Stances", "Key events"):
        assert all(0 < len(sentence.evidence) <= CITED for sentence in sections[title])
    assert len(sections["What changed"][0].evidence) == 5  # one of each event that made it


def test_a_reprint_is_not_cited_beside_its_original() -> None:
    material = made(events=[event(1)])
    same = {ident: replace(source, sentence="One sentence.") for ident, source in material.sources.items()}
    (sentence,) = dict(brief(replace(material, sources=same), WORDS).sections)["Key events"]
    assert len(sentence.evidence) == 1


def test_what_only_its_report_dates_is_told_and_not_dated() -> None:
    first, second = texts(made(events=[event(1), event(2, date_basis="publication", vague=True)]), "Key events")
    assert first.startswith("27 June 2016: Turkey criticised")
    assert second.startswith("Told on 27 June 2016: Turkey criticised")
    assert "The day of 1 event" in texts(made(events=[event(2, vague=True)]), "Not known")[0]


def test_an_event_without_a_score_is_told_without_one() -> None:
    lacking = event(1, score=None, confidence=None)
    told_ones = texts(made(events=[lacking, event(2, date=date(2016, 6, 28))]), "Key events")
    assert len(told_ones) == 2
    assert "(ACCUSE, without a score; 1 article, reported)" in told_ones[0]


def test_plans_are_listed_until_their_day_has_passed() -> None:
    plan = {"lane": "planned", "event": "AGREE", "first_published": date(2016, 6, 30)}
    shown = texts(made(events=[
        event(1, **plan, date=date(2016, 7, 1)), event(2, **plan, date=date(2016, 8, 9)), event(3, **plan, date_basis="publication"),
        event(4, **plan | {"first_published": date(2015, 1, 1)}, date=date(2016, 8, 9)),
    ]), "Key events")
    assert [line.partition(":")[0] for line in shown] == ["Announced by 30 June 2016 for 9 August 2016", "Announced by 30 June 2016"]
    assert all("planned:" not in line for line in shown)


def test_what_is_only_supposed_is_not_disputed() -> None:
    events = [event(1, lane="supposed", standing="claimed"), event(2, standing="claimed"), event(3, standing="mixed")]
    shown = texts(made(events=events), "Disputed")
    assert [line.rpartition(": ")[2] for line in shown] == ["told by one side alone.", "told by some and denied by others."]


def test_stances_say_when_they_were_told_or_began() -> None:
    table = told(
        entry(1, "stance", "supports", "TUR", "al-nusra-front", date=date(2015, 3, 1), date_end=date(2015, 3, 31), date_precision="month"),
        entry(2, "stance", "terrorist", "TUR", "al-nusra-front", speaker="TUR", published=date(2016, 7, 1)),
        entry(3, "stance", "terrorist", "TUR", "al-nusra-front", speaker="TUR", published=date(2016, 7, 5)),
        entry(4, "stance", "ally", "TUR", "al-nusra-front", speaker="RUS", status="negated", published=date(2016, 7, 4)),
    )
    shown = texts(made(facts=table, stances=stances(table, RULES, AT)), "Stances")
    assert "Turkey supports Al-Nusra Front (as others say; since March 2015)." in shown
    assert "Turkey calls Al-Nusra Front terrorist (by its own word; as told from 1 July 2016 to 5 July 2016)." in shown
    assert "Turkey does not call Al-Nusra Front an ally (as others say; as told on 4 July 2016)." in shown


def test_a_contradiction_is_told_once_and_only_where_both_held() -> None:
    rows = [
        entry(1, "stance", "supports", "TUR", "al-nusra-front", published=date(2016, 6, 1)),
        entry(2, "stance", "terrorist", "TUR", "al-nusra-front", speaker="TUR", published=date(2016, 7, 1)),
    ]
    table = told(*rows)
    assert len(texts(made(facts=table, stances=stances(table, RULES)), "Disputed")) == 1
    past = told(rows[0] | {"status": "historical", "published": date(2016, 7, 4)}, rows[1])  # it may have ended long before
    assert not stances(past, RULES).disputes


def test_what_was_told_before_it_began_has_no_first_day() -> None:
    (period,) = stances(told(
        entry(1, "stance", "supports", "TUR", "hamas", published=date(2016, 6, 1)),
        entry(2, "stance", "supports", "TUR", "hamas", date=date(2016, 6, 20), date_precision="day"),
    ), RULES).periods
    assert (period.from_low, period.from_high) == (None, date(2016, 6, 1))


def test_who_proposed_is_not_asked_whether_they_accepted() -> None:
    table = told(entry(1, "agreement", "proposed", "TUR", "RUS", about="joint patrols at sea", date=date(2016, 7, 4), date_precision="day"))
    material = made(facts=table, agreements=agreements(table, RULES))
    assert texts(material, "Agreements and open conditions") == ["Russia and Turkey: “joint patrols at sea”, proposed on 4 July 2016."]
    assert texts(material, "Not known") == ["Whether Russia accepted “joint patrols at sea”."]


def test_what_was_only_supposed_of_an_agreement_is_called_so() -> None:
    table = told(entry(1, "agreement", "accepted", "TUR+RUS", about="joint patrols", status="hypothetical", published=date(2016, 7, 4)))
    (line,) = texts(made(facts=table, agreements=agreements(table, RULES)), "Agreements and open conditions")
    assert line == "Russia and Turkey: “joint patrols”, only supposed: accepted (told on 4 July 2016)."


def test_a_step_told_twice_is_one_step() -> None:
    same: dict[str, Any] = {"about": "joint patrols at sea", "published": date(2016, 7, 4)}
    (deal,) = agreements(told(
        entry(1, "agreement", "accepted", "TUR+RUS", **same), entry(2, "agreement", "accepted", "RUS+TUR", **same),
        entry(3, "agreement", "accepted", "RUS+TUR", **same, date=date(2016, 7, 4), date_precision="day"),
    ), RULES)
    assert [(step.stage, step.exact) for step in deal.steps] == [("accepted", True)]
    assert len(deal.facts) == 3


@pytest.mark.parametrize(("words", "shown"), [
    ("to «correct its own mistakes", "“to correct its own mistakes”"), ("the “new” plan", "“the ‘new’ plan”"),
    ('the "new" plan', "“the ‘new’ plan”"), ('the new" plan', "“the new plan”"), ("two\n lines", "“two lines”"),
])
def test_words_of_an_article_in_quotes(words: str, shown: str) -> None:
    assert in_quotes(words) == shown


@pytest.mark.parametrize(("first", "last", "shown"), [
    ((2015, 3, 1), (2015, 3, 31), "March 2015"), ((2015, 1, 1), (2015, 12, 31), "2015"), ((2015, 3, 1), (2015, 3, 1), "1 March 2015"),
    ((2016, 6, 27), (2016, 7, 3), "between 27 June 2016 and 3 July 2016"), ((2016, 12, 1), (2016, 12, 31), "December 2016"),
])
def test_bounds_of_a_day(first: tuple[int, int, int], last: tuple[int, int, int], shown: str) -> None:
    assert bounds_text(date(*first), date(*last)) == shown


def test_all_stances_of_the_rules_have_words() -> None:
    known = {stand.value for stand in (*RULES.stances.values(), *RULES.acts.values())}
    assert known == set(WORDS.stances)
