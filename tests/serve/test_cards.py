"""Rows from the cards are those of the keys, however many are asked for at once."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from detente.serve.reading import SEEN, Reading
from detente.serve.relation import Served
from detente.serve.shelf import Shelf
from detente.world import open_world


@pytest.fixture(scope="module")
def shelf(sample: Path) -> Shelf:
    """A sorted copy of the sample store."""
    world = Reading.open(str(sample), create=False)
    pin = world.pin()
    with world.pinned(pin).session(SEEN) as session:
        return Shelf.make(pin, session)


@pytest.mark.parametrize(("name", "key"), [("claims", "id"), ("links", "event")])
def test_many_at_once_are_those_of_each_alone(name: str, key: str, shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    known = [row["id"] for row in shelf.ask(f"SELECT id FROM {'claims' if key == 'id' else 'events'}").to_pylist()]
    random.Random(1).shuffle(known)
    wanted = [*known[:60], "nothing", *known[60:90], "", "zzz"]
    alone = [row for one in wanted for row in shelf.cards.of(name, [one])]
    assert len(alone) >= 90
    assert {row[key] for row in alone} == set(known[:90])
    for least in (1, 1 << 40):
        monkeypatch.setattr("detente.serve.cards._TAKEN", least)
        assert shelf.cards.of(name, wanted) == alone, f"taken batch by batch from {least} on"


@pytest.mark.parametrize(("one", "other"), [("TUR", "RUS"), ("TUR", "al-nusra-front"), ("USA", "RUS"), ("TUR", "TUR"), ("*:REB", "SYR")])
def test_what_both_have_is_read_without_all_facts_of_either(one: str, other: str, sample: Path, shelf: Shelf) -> None:
    reading = Reading.open(str(sample), create=False).hold_at(shelf.pin, shelf, {})
    quick, whole = (Served(reading, one, other, reading.knowledge) for _ in range(2))
    assert whole.facts.num_rows
    assert quick.stances(alone=True) == whole.stances(alone=True)
    assert quick.agreements() == whole.agreements()
    assert quick.memberships() == whole.memberships()
    columns = ["id", "date", "actor"]
    assert quick.told_by(columns).to_pylist() == whole.events.select(columns).to_pylist()


@pytest.mark.parametrize("other", ["RUS", "al-nusra-front"])
def test_what_a_pair_has_alone_is_its_own_among_all(other: str, sample: Path) -> None:
    pair, both = open_world(sample).relation("TUR", other), {"TUR", other}
    own = tuple(period for period in pair.stances().periods if {period.holder, period.other} <= both)
    assert pair.stances(alone=True).periods == own
    told = {row["id"] for row in pair.facts.to_pylist() if row["ledger"] == "agreement" and both <= set(row["parties"])}
    assert {fact for deal in pair.agreements() for fact in deal.facts} == told
    assert own or told
