"""Decisions: they bind, they part, they fix, they drop; they can be undone; they survive re-coding."""

from __future__ import annotations

import dataclasses
from datetime import date

import pyarrow as pa
import pytest

from detente.fold.core import Folded, fold
from detente.fold.decisions import ruling
from detente.fold.mentions import event_id
from detente.fold.rules import FoldRules

from .making import Say, articles, claims, decision, decisions, families

TOLD = (
    Say("a", by=("TUR",), to=("SYR:REB",), on=0, where="Alva"), Say("b", by=("TUR",), to=("SYR:REB",), on=0, where="Alva", out=1),
    Say("c", by=("TUR",), to=("SYR:REB",), on=4, where="Corin", out=4),
)
A, B, C = (f"{name}:10-18" for name in "abc")


def folded(rules: FoldRules, *rows: dict[str, object], told: tuple[Say, ...] = TOLD) -> Folded:
    """The three reports under decisions."""
    return fold(claims(told), articles(told), families(told), decisions(*rows), rules)


def groups(made: Folded) -> list[list[str]]:
    """Articles by event."""
    found: dict[str, list[str]] = {}
    for row in made.links.to_pylist():
        found.setdefault(row["event"], []).append(row["article"])
    return sorted(map(sorted, found.values()))


def test_without_decisions(rules: FoldRules) -> None:
    assert groups(folded(rules)) == [["a", "b"], ["c"]]


def test_same_joins_whatever_speaks_against_it(rules: FoldRules) -> None:
    assert groups(folded(rules, decision("same", [[A, C]]))) == [["a", "b", "c"]]


def test_different_parts_whatever_speaks_for_it(rules: FoldRules) -> None:
    assert groups(folded(rules, decision("different", [[A], [B]]))) == [["a"], ["b"], ["c"]]


def test_a_value_holds_in_the_event_and_changes_its_revision(rules: FoldRules) -> None:
    made = folded(rules, decision("value", [[A]], field="date", value="2015-06-09"))
    event = next(row for row in made.events.to_pylist() if row["id"] == event_id(A))
    assert (event["date"], event["date_basis"], event["vague"]) == (date(2015, 6, 9), "decision", False)
    before = next(row for row in folded(rules).events.to_pylist() if row["id"] == event_id(A))
    assert event["revision"] != before["revision"]
    assert [p["date"] for p in made.pairs.to_pylist() if p["event"] == event["id"]] == [date(2015, 6, 9)]


def test_the_mode_set_by_hand_brings_its_score(rules: FoldRules) -> None:
    made = folded(rules, decision("value", [[A]], field="event", value="CONSULT"), decision("value", [[A]], 2, field="mode", value="phone"))
    event = next(row for row in made.events.to_pylist() if row["id"] == event_id(A))
    assert (event["event"], event["mode"], event["score"], event["quad"]) == ("CONSULT", "phone", 1.5, "verbal cooperation")


def test_of_two_values_the_later_holds(rules: FoldRules) -> None:
    rows = [decision("value", [[A]], n, field="lane", value=lane) for n, lane in ((1, "planned"), (2, "supposed"))]
    made = folded(rules, *rows)
    assert next(row["lane"] for row in made.events.to_pylist() if row["id"] == event_id(A)) == "supposed"
    assert made.lost == ("d1",)


def test_a_rejected_claim_is_gone(rules: FoldRules) -> None:
    assert groups(folded(rules, decision("reject_claim", [[A]]))) == [["b"], ["c"]]


def test_a_rejected_event_is_no_row_but_keeps_its_links(rules: FoldRules) -> None:
    made = folded(rules, decision("reject_event", [[A, B]]))
    assert made.events["id"].to_pylist() == [event_id(C)]
    assert groups(made) == [["a", "b"], ["c"]]
    assert set(made.pairs["event"].to_pylist()) == {event_id(C)}


def test_a_day_that_is_none_and_an_event_that_is_none_leave_the_event_as_told(rules: FoldRules) -> None:
    before = next(row for row in folded(rules).events.to_pylist() if row["id"] == event_id(A))
    rows = [decision("value", [[A]], field="date", value="soon"), decision("value", [[A]], 2, field="event", value="PARTY")]
    made = folded(rules, *rows)
    event = next(row for row in made.events.to_pylist() if row["id"] == event_id(A))
    assert (event["date"], event["event"]) == (before["date"], before["event"])
    assert made.lost == ("d1",)


def test_a_retracted_article_does_not_count(rules: FoldRules) -> None:
    left = tuple(one for one in TOLD if one.article != "a")
    made = folded(rules, decision("retract", [["a"]]))
    assert made.links.drop_columns("component") == folded(rules, told=left).links.drop_columns("component")


def test_confirmed_pairs_need_no_review(rules: FoldRules) -> None:
    told = (dataclasses.replace(TOLD[1], mode="aerial", where=None, trigger="fired"), dataclasses.replace(TOLD[0], mode="firearms"))
    assert folded(rules, told=told).review.num_rows == 1
    assert folded(rules, decision("confirm", [[A, B]]), told=told).review.num_rows == 0


def test_revoked_is_as_before_and_a_revoked_revocation_holds(rules: FoldRules) -> None:
    same = decision("same", [[A, C]])
    undone = folded(rules, same, decision("revoke", number=2, revokes="d1"))
    assert undone.events == folded(rules).events
    assert undone.links == folded(rules).links
    again = folded(rules, same, decision("revoke", number=2, revokes="d1"), decision("revoke", number=3, revokes="d2"))
    assert again.events == folded(rules, same).events


@pytest.mark.parametrize(("first", "second", "lost", "joined"), [("same", "different", "d1", False), ("different", "same", "d1", True)])
def test_the_later_of_two_that_contradict_holds(rules: FoldRules, first: str, second: str, lost: str, joined: bool) -> None:
    made_of = {"same": [[A, C]], "different": [[A], [C]]}
    made = folded(rules, decision(second, made_of[second], 2), decision(first, made_of[first], 1))
    assert made.lost == (lost,)
    assert (["a", "b", "c"] in groups(made)) is joined


def test_a_decision_follows_its_trigger_when_it_moves(rules: FoldRules) -> None:
    moved = tuple(dataclasses.replace(one, at=14) if one.article == "c" else one for one in TOLD)
    made = folded(rules, decision("same", [[A, C]]), told=moved)
    assert groups(made) == [["a", "b", "c"]]
    assert made.orphaned == ()


def test_a_decision_without_its_mention_is_told(rules: FoldRules) -> None:
    left = TOLD[:2]
    assert folded(rules, decision("same", [[A, C]]), told=left).orphaned == ("d1",)


def test_tied_claims_of_two_lanes_share_one(rules: FoldRules) -> None:
    told = (TOLD[0], dataclasses.replace(TOLD[1], status="future"))
    made = folded(rules, decision("same", [[A, B]]), told=told)
    assert groups(made) == [["a", "b"]]


def test_many_claims_of_a_different_decision_are_parted_among_vague_ones(rules: FoldRules) -> None:
    told = (TOLD[0], dataclasses.replace(TOLD[1], on=None), dataclasses.replace(TOLD[1], article="d", on=None))
    made = folded(rules, decision("different", [[B], ["d:10-18"]]), told=told)
    assert not any({"b", "d"} <= set(group) for group in groups(made))


def test_rulings_are_the_same_whatever_the_order_of_rows() -> None:
    rows = [decision("same", [[A, C]], 1), decision("different", [[A], [C]], 2), decision("same", [[A, B]], 3)]
    one, other = ruling(decisions(*rows), [A, B, C]), ruling(pa.table(decisions(*rows[::-1])), [C, B, A])
    assert (one.same, one.different, one.lost) == ({"d3": ((A, B),)}, {"d2": ((A,), (C,))}, ["d1"])
    assert (one.same, one.different, one.lost) == (other.same, other.different, other.lost)


def test_what_was_put_together_stays_together_without_what_was_taken_out(rules: FoldRules) -> None:
    told = tuple(dataclasses.replace(one, event=event) for one, event in zip(TOLD, ("CONSULT", "AID", "ASSAULT"), strict=True))
    assert groups(folded(rules, told=told)) == [["a"], ["b"], ["c"]]
    made = folded(rules, decision("same", [[A, B, C]]), decision("different", [[A, B], [C]], 2), told=told)
    assert groups(made) == [["a", "b"], ["c"]]
    assert made.lost == ()


def test_who_is_parted_from_some_stays_with_nobody_by_chance() -> None:
    d, e = "d:1-2", "e:1-2"
    made = ruling(decisions(decision("same", [[A, B, C, d, e]]), decision("different", [[A], [B]], 2)), [A, B, C, d, e])
    assert made.same == {"d1": ((C, d, e),)}
