"""Stances, memberships and agreements from facts."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.errors import KnowledgeError
from detente.knowledge import Knowledge
from detente.relations.agreements import agreements
from detente.relations.facts import facts, known_memberships, root_of
from detente.relations.memberships import standings
from detente.relations.rules import FILE, ledger_rules, read_rules
from detente.relations.stances import stances
from detente.tables import ENTRIES, EVENTS

RULES = ledger_rules()
NO_EVENTS = EVENTS.empty_table()


def party(ident: str | None, country: str | None = None, sector: tuple[str, ...] = ()) -> dict[str, Any]:
    """A mention as the tables hold it."""
    return {"id": ident, "name": ident, "country": country, "sector": list(sector), "role": None, "person": None, "text": ident or "",
            "start": 0, "end": 1}


def entry(number: int, sort: str, kind: str, actor: str, recipient: str = "", **values: Any) -> dict[str, Any]:
    """An entry of one article a day, told by the paper itself unless `speaker` says otherwise; several actors parted by "+"."""
    speaker = values.pop("speaker", None)
    row: dict[str, Any] = dict.fromkeys(ENTRIES.names)
    row |= {
        "id": f"s_{number}", "sort": sort, "kind": kind, "article": f"a_{number}", "status": "actual", "confidence": 0.8, "conditions": [],
        "actor": [party(a) for a in actor.split("+")], "recipient": [party(r) for r in recipient.split("+") if r],
        "published": date(2016, 7, 4), "recorded": datetime(2016, 7, 5, tzinfo=UTC), "sentence": "…", "publisher": "Meridian Press",
    }
    who = party(speaker) if speaker else None
    row["voice"] = {"kind": "speaker" if who else "outlet", "speaker": who, "stance": "asserts", "via": []}
    about = values.pop("about", None)
    row["about"] = {"text": about, "start": 0, "end": 1} if about else None
    row["conditions"] = [{"text": text, "start": 0, "end": 1} for text in values.pop("conditions", ())]
    return row | values


def told(*rows: dict[str, Any]) -> pa.Table:
    """The facts of some entries."""
    return facts(pa.Table.from_pylist(list(rows), schema=ENTRIES), NO_EVENTS, RULES)


def test_roots_of_parties() -> None:
    assert root_of(party("al-nusra-front", "SYR", ("REB",))) == "al-nusra-front"
    assert root_of(party(None, "SYR", ("MIL",))) == "SYR"
    assert root_of(party(None, "SYR", ("REB",))) == "SYR:REB"
    assert root_of(party(None)) == ""


def test_a_stance_turns_and_both_ends_are_dated() -> None:
    found = stances(told(
        entry(1, "stance", "supports", "TUR", "al-nusra-front", status="historical", published=date(2016, 6, 20)),
        entry(2, "stance", "terrorist", "TUR", "al-nusra-front", speaker="TUR", date=date(2016, 7, 1), date_precision="day"),
    ), RULES)
    backed, called = found.periods
    assert (backed.value, backed.line, backed.over) == ("supports", "others", True)
    assert (called.value, called.line, called.from_low, called.over) == ("terrorist", "self", date(2016, 7, 1), False)
    (change,) = found.changes
    assert (change.before.value, change.now.value) == ("supports", "terrorist")
    assert change.before.to_high is not None
    assert change.before.to_high <= date(2016, 7, 1)
    assert [p.value for p in found.at(date(2016, 7, 2))] == ["terrorist"]
    assert not found.at(date(2016, 6, 29))


def test_silence_ends_nothing_and_the_same_voice_does() -> None:
    found = stances(told(
        entry(1, "stance", "supports", "IRN", "hezbollah", speaker="IRN", published=date(2010, 1, 1)),
        entry(2, "stance", "opposes", "IRN", "hezbollah", speaker="IRN", published=date(2015, 1, 1)),
    ), RULES)
    first, second = found.periods
    assert (first.to_low, first.to_high) == (date(2010, 1, 1), date(2015, 1, 1))
    assert not second.over
    assert second.held(date(2030, 1, 1))
    assert len(found.changes) == 1


def test_contradictions_are_shown_not_averaged() -> None:
    found = stances(told(
        entry(1, "stance", "supports", "QAT", "hamas", speaker="SAU"),
        entry(2, "stance", "opposes", "QAT", "hamas", speaker="QAT"),
    ), RULES)
    assert {p.line for p in found.periods} == {"others", "self"}
    assert len(found.disputes) == 1


def test_only_what_was_said_by_then_is_known() -> None:
    table = told(
        entry(1, "stance", "supports", "IRN", "hezbollah", published=date(2010, 1, 1)),
        entry(2, "stance", "opposes", "IRN", "hezbollah", published=date(2015, 1, 1)),
    )
    assert [p.value for p in stances(table, RULES, date(2012, 1, 1)).periods] == ["supports"]


def test_a_claim_never_overwrites_the_table_of_memberships() -> None:
    knowledge = Knowledge()
    table = told(
        entry(1, "member", "member", "TUR", "nato"), entry(2, "member", "observer", "TUR", "sco"),
        entry(3, "member", "joined", "TUR", "sco", status="future"),
    )
    rows = {(s.body, s.value, s.lane): s for s in standings(pa.concat_tables([table, known_memberships(knowledge, ["TUR"])]))}
    nato = rows["nato", "member", "happened"]
    assert (nato.known, len(nato.facts), nato.since) == (True, 1, date(1952, 2, 18))
    assert rows["sco", "partner", "happened"].disputed_by
    assert rows["sco", "observer", "happened"].disputed_by == ("knowledge: partner",)
    wish = rows["sco", "member", "planned"]
    assert not wish.known
    assert not wish.held(date(2016, 7, 5))


def test_an_agreement_goes_through_its_stages() -> None:
    (deal,) = agreements(told(
        entry(1, "agreement", "proposed", "USA", "RUS", about="joint strikes on the militants in Syria", published=date(2016, 6, 30)),
        entry(2, "agreement", "transmitted", "USA", "RUS", about="a plan for joint strikes in Syria", date=date(2016, 6, 27),
              date_precision="day", published=date(2016, 7, 1)),
        entry(3, "agreement", "proposed", "USA", "RUS", about="joint strikes on the militants", published=date(2016, 7, 4),
              conditions=["if the opposition parts from the militants"]),
        entry(4, "agreement", "accepted", "RUS+USA", about="joint strikes in Syria", date=date(2016, 7, 15), date_precision="day",
              published=date(2016, 7, 16)),
    ), RULES)
    assert deal.parties == ("RUS", "USA")
    assert deal.stage(date(2016, 7, 5)) == "transmitted"  # the later reports of the proposal have no day of their own
    assert deal.stage() == "accepted"
    assert deal.accepted_by == ("RUS", "USA")
    assert [c.text for c in deal.conditions] == ["if the opposition parts from the militants"]
    assert all(step.usual for step in deal.steps)


def test_what_may_not_follow_is_kept_and_flagged() -> None:
    (deal,) = agreements(told(
        entry(1, "agreement", "ended", "IRN+IRQ", about="border waters treaty", date=date(1980, 9, 17), date_precision="day"),
        entry(2, "agreement", "ratified", "IRN+IRQ", about="border waters treaty", date=date(1980, 9, 18), date_precision="day"),
    ), RULES)
    assert [step.usual for step in deal.steps] == [True, False]


def test_other_matters_and_other_parties_are_other_agreements() -> None:
    found = agreements(told(
        entry(1, "agreement", "signed", "RUS+TUR", about="the gas pipeline under the sea"),
        entry(2, "agreement", "signed", "RUS+TUR", about="a reactor near the coast"),
        entry(3, "agreement", "signed", "RUS+BGR", about="the gas pipeline under the sea"),
    ), RULES)
    assert len(found) == 3


def test_a_plan_without_matter_is_what_its_article_tells_of() -> None:
    rows = [
        entry(1, "agreement", "proposed", "USA", "RUS", about="joint strikes on the militants"),
        entry(2, "agreement", "proposed", "USA", "RUS", about="The plan", conditions=["if they part"]),
    ]
    assert len(agreements(told(*rows), RULES)) == 2
    rows[1]["article"] = rows[0]["article"]
    assert len(agreements(told(*rows), RULES)) == 1


def test_the_same_step_on_the_same_day_is_of_one_agreement() -> None:
    day = {"date": date(2016, 6, 27), "date_precision": "day"}
    found = agreements(told(
        entry(1, "agreement", "transmitted", "USA", "RUS", about="sharing targets and bombing the Nusra fighters", **day),
        entry(2, "agreement", "transmitted", "USA", "RUS", about="a proposal of strikes on Nusra", **day),
        entry(3, "agreement", "transmitted", "USA", "RUS", about="a draft on nuclear warheads", **day),
    ), RULES)
    assert sorted(len(deal.facts) for deal in found) == [1, 2]


MATTERS = ("joint strikes in Syria", "strikes on militants", "the plan", "grain corridor to Odessa", "grain and ports", "prisoners")
ROWS = st.lists(
    st.tuples(st.sampled_from(("proposed", "accepted", "signed", "ended")), st.sampled_from(("RUS+USA", "USA", "RUS+TUR")),
              st.sampled_from(MATTERS), st.integers(0, 400), st.integers(0, 2)),
    min_size=1, max_size=9,
)


@given(ROWS, st.randoms(use_true_random=False))
def test_the_order_of_reports_changes_nothing(rows: list[tuple[str, str, str, int, int]], random: Any) -> None:
    made = [
        entry(number, "agreement", kind, parties, about=matter, published=date.fromordinal(736000 + day), article=f"a_{article}")
        for number, (kind, parties, matter, day, article) in enumerate(rows)
    ]
    shuffled = random.sample(made, len(made))
    assert agreements(told(*made), RULES) == agreements(told(*shuffled), RULES)


def test_bad_rules_are_named(tmp_path: Path) -> None:
    path = tmp_path / "ledger.yml"
    path.write_text(FILE.read_text(encoding="utf-8").replace("ended: [ended, proposed]", "ended: [ended, buried]"), encoding="utf-8")
    with pytest.raises(KnowledgeError, match="buried"):
        read_rules(path)
