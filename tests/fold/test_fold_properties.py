"""The fold is a function of sets: order, batches, repetition, and what was undone leave no trace."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from detente.fold.core import Folded, fold
from detente.fold.memory import Held
from detente.fold.mentions import resolve
from detente.fold.rules import FoldRules

from .making import Say, articles, claims, decision, decisions, families
from .strategies import newsrooms

TABLES = ("events", "links", "variants", "pairs", "blocks")
few = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def whole(rules: FoldRules, told: Iterable[Say], *rows: dict[str, Any], copies: dict[str, str] | None = None) -> Folded:
    """Everything folded at once."""
    told = list(told)
    return fold(claims(told), articles(told), families(told, copies), decisions(*rows), rules)


def held(rules: FoldRules, told: Iterable[Say], *rows: dict[str, Any]) -> Held:
    """Everything folded at once, and held for changes."""
    told = list(told)
    return Held(rules, claims(told), articles(told), families(told), decisions(*rows))


def change(store: Held, told: Iterable[Say], *rows: dict[str, Any]) -> None:
    """Folds what differs from before."""
    told = list(told)
    store.change(claims(told), articles(told), families(told), decisions(*rows))


def alike(one: Folded, other: Folded) -> None:
    """Asserts that all tables hold the same rows."""
    for name in TABLES:
        rows = [sorted(map(repr, getattr(made, name).to_pylist())) for made in (one, other)]
        assert rows[0] == rows[1], name


def mentions_of(told: Iterable[Say]) -> list[str]:
    """Where the claims stand; each at words of its own."""
    return sorted(f"{one.article}:{one.at}-{one.at + len(one.trigger)}" for one in told)


@few
@given(told=newsrooms(), data=st.data())
def test_order_and_repetition_change_nothing(rules: FoldRules, told: list[Say], data: st.DataObject) -> None:
    shuffled = data.draw(st.permutations(told))
    one, other = whole(rules, told), whole(rules, [*shuffled, *shuffled[:3]])
    for name in TABLES:
        assert getattr(one, name) == getattr(other, name), name


@few
@given(told=newsrooms(), data=st.data())
def test_any_batches_give_what_the_whole_gives(rules: FoldRules, told: list[Say], data: st.DataObject) -> None:
    names = data.draw(st.permutations(sorted({one.article for one in told})))
    step = data.draw(st.integers(1, 3))
    kept = held(rules, [])
    for end in range(step, len(names) + step, step):
        change(kept, [one for one in told if one.article in names[:end]])
    alike(kept.folded, whole(rules, told))


@few
@given(told=newsrooms(), data=st.data())
def test_taken_back_is_as_never_added(rules: FoldRules, told: list[Say], data: st.DataObject) -> None:
    out = data.draw(st.sampled_from(sorted({one.article for one in told})))
    left = [one for one in told if one.article != out]
    kept = held(rules, told)
    change(kept, told, decision("retract", [[out]]))
    alike(kept.folded, whole(rules, left))
    change(kept, told, decision("retract", [[out]]), decision("revoke", number=2, revokes="d1"))
    alike(kept.folded, whole(rules, told))


@few
@given(told=newsrooms(), data=st.data())
def test_recoded_articles_give_what_the_whole_gives(rules: FoldRules, told: list[Say], data: st.DataObject) -> None:
    out = data.draw(st.sampled_from(sorted({one.article for one in told})))
    moved = [dataclasses.replace(one, at=one.at + 3, where="Berra") if one.article == out else one for one in told]
    fewer = [one for n, one in enumerate(moved) if one.article != out or n % 2]
    kept = held(rules, told)
    for state in (moved, fewer):
        change(kept, state)
        alike(kept.folded, whole(rules, state))


@few
@given(told=newsrooms(), data=st.data())
def test_decided_and_undone_is_as_before(rules: FoldRules, told: list[Say], data: st.DataObject) -> None:
    places = mentions_of(told)
    one, other = data.draw(st.lists(st.sampled_from(places), min_size=2, max_size=2, unique=True))
    kind = data.draw(st.sampled_from(("same", "different", "reject_claim", "reject_event", "value")))
    groups = {"different": [[one], [other]], "same": [[one, other]]}.get(kind, [[one]])
    row = decision(kind, groups, field="date", value="2015-06-11")
    kept, before = held(rules, told), whole(rules, told)
    change(kept, told, row)
    alike(kept.folded, whole(rules, told, row))
    change(kept, told, row, decision("revoke", number=2, revokes="d1"))
    alike(kept.folded, before)


@few
@given(told=newsrooms(), data=st.data())
def test_no_event_holds_two_colours(rules: FoldRules, told: list[Say], data: st.DataObject) -> None:
    places = data.draw(st.permutations(mentions_of(told)))
    half = len(places) // 2
    made = whole(rules, told, decision("different", [places[:half], places[half:]]))
    sides: dict[str, set[bool]] = {}
    for row in made.links.to_pylist():
        sides.setdefault(row["event"], set()).add(row["mention"] in places[:half])
    assert all(len(found) == 1 for found in sides.values())


@few
@given(told=newsrooms(), data=st.data())
def test_every_id_ever_given_names_one_event(rules: FoldRules, told: list[Say], data: st.DataObject) -> None:
    names = data.draw(st.permutations(sorted({one.article for one in told})))
    given_out: set[str] = set()
    for end in range(1, len(names) + 1):
        made = whole(rules, [one for one in told if one.article in names[:end]])
        given_out |= set(made.events["id"].to_pylist())
    events_of = dict(zip(made.links["mention"].to_pylist(), made.links["event"].to_pylist(), strict=True))
    found = resolve(given_out, events_of)
    assert found.keys() == given_out
    assert set(found.values()) <= set(made.events["id"].to_pylist())
    assert all(found[name] == name for name in made.events["id"].to_pylist())


@few
@given(told=newsrooms())
def test_every_claim_stands_in_one_event_with_one_founder(rules: FoldRules, told: list[Say]) -> None:
    made = whole(rules, told)
    rows = made.links.to_pylist()
    assert sorted(row["claim"] for row in rows) == sorted({one.row()["id"] for one in told})
    assert sorted(row["event"] for row in rows if row["founder"]) == sorted(made.events["id"].to_pylist())
    together: dict[str, set[str]] = {}
    for row in rows:
        together.setdefault(row["event"], set()).add(row["component"])
    assert all(len(found) == 1 for found in together.values()), "an event lies within one component"


@few
@given(told=newsrooms())
def test_seven_days_later_all_is_the_same(rules: FoldRules, told: list[Say]) -> None:
    later = [dataclasses.replace(one, out=one.out + 420, on=None if one.on is None else one.on + 420) for one in told]
    plain = [one for one in told if one.precision == "day"]
    shifted = [one for one in later if one.precision == "day"]

    def groups(made: Folded) -> list[list[str]]:
        found: dict[str, list[str]] = {}
        for row in made.links.to_pylist():
            found.setdefault(row["event"], []).append(row["mention"])
        return sorted(map(sorted, found.values()))

    assert groups(whole(rules, plain)) == groups(whole(rules, shifted))


@pytest.mark.parametrize("copies", [1, 4])
def test_a_reprint_changes_only_the_count_of_articles(rules: FoldRules, copies: int) -> None:
    first = Say("a", by=("TUR",), to=("SYR:REB",), on=0, where="Alva", killed=14)
    told = [first, *(dataclasses.replace(first, article=f"b{n}", out=1) for n in range(copies))]
    one = whole(rules, [first]).events.to_pylist()[0]
    other = whole(rules, told, copies={f"b{n}": "a" for n in range(copies)}).events.to_pylist()[0]
    assert other["articles"] == 1 + copies
    changed = {name for name in one if one[name] != other[name]}
    assert changed <= {"revision", "articles", "claims", "last_published", "voices", "actor", "recipient"}
    for side in ("actor", "recipient"):
        assert [{**party, "articles": 0} for party in one[side]] == [{**party, "articles": 0} for party in other[side]]


def test_crowding_comes_and_goes_with_the_claims(rules: FoldRules) -> None:
    low = rules.at.model_copy(update={"crowded": 4})
    tight = dataclasses.replace(rules, file=rules.file.model_copy(update={"thresholds": low}))
    told = [Say(f"a{n}", by=("TUR",), to=("SYR:REB",), on=n % 2, out=1, where=("Alva", "Corin", None)[n % 3]) for n in range(12)]
    kept = held(tight, told[:3])
    assert not kept.crowded
    for part in (told[:7], told, told[:6], told[4:9], told[:2]):
        change(kept, part)
        alike(kept.folded, whole(tight, part))
        assert kept.folded.crowded == whole(tight, part).crowded
    assert not kept.crowded


def test_changes_touch_only_what_is_near(rules: FoldRules) -> None:
    told = [Say(f"a{n}", by=("TUR",), to=("SYR:REB",), on=40 * n, out=40 * n, where="Alva") for n in range(6)]
    kept = held(rules, told)
    more = Say("b", by=("TUR",), to=("SYR:REB",), on=0, out=1, where="Alva")
    told.append(more)
    made = kept.change(claims(told), articles(told), families(told), pa.table(decisions()))
    assert made.folded.links.num_rows == 2
    alike(kept.folded, whole(rules, told))
