"""Derived tables: all of a derivation is seen or nothing; each state knows what it rests on."""

from __future__ import annotations

from datetime import timedelta
from types import ModuleType

import pyarrow as pa
import pytest

from detente.errors import StoreError
from detente.store import Store
from detente.store.derived import KEY
from detente.tables import DERIVED, EVENTS, FACTS, LINKS, PAIRS

from .conftest import ids


def events(*names: str, fold: str = "f") -> pa.Table:
    """Events with these ids."""
    return pa.Table.from_pylist([{"id": name, "event": "AID", "fold": fold} for name in names], schema=EVENTS)


def links(*names: str) -> pa.Table:
    """Links of these events, two each."""
    return pa.Table.from_pylist([{"event": name, "claim": f"{name}-{n}"} for name in names for n in (1, 2)], schema=LINKS)


@pytest.mark.parametrize("name", DERIVED)
def test_every_derived_table_can_be_replaced(store: Store, name: str) -> None:
    key = KEY.get(name, "event")
    rows = pa.Table.from_pylist([{key: "e_1"}, {key: "e_2"}], schema=DERIVED[name])
    store.replace(name, rows)
    assert store.table(name) == rows
    store.replace(name, rows.slice(1))
    assert ids(store.table(name), key) == ["e_2"]
    store.replace(name, rows.slice(0, 0))
    assert store.table(name).num_rows == 0


def test_a_part_is_replaced_in_one_commit(store: Store) -> None:
    with store.derive() as (_, work):
        work.replace("events", events("e_1", "e_2", "e_3"))
        work.replace("links", links("e_1", "e_2", "e_3"))
    with store.derive() as (_, work):
        work.replace("events", events("e_2", "e_4", fold="new"), drop=["e_1"])
        work.replace("links", links("e_2", "e_4"), drop=["e_1"])
        assert ids(store.table("events")) == ["e_1", "e_2", "e_3"], "nothing is seen before all is there"
    assert ids(store.table("events")) == ["e_2", "e_3", "e_4"]
    assert ids(store.table("links"), "claim") == ["e_2-1", "e_2-2", "e_3-1", "e_3-2", "e_4-1", "e_4-2"]
    assert sorted(store.table("events", ["fold"])["fold"].to_pylist()) == ["f", "new", "new"]
    store.replace("events", EVENTS.empty_table(), drop=["e_3"])
    assert ids(store.table("events")) == ["e_2", "e_4"]
    store.replace("events", EVENTS.empty_table(), drop=[])
    assert ids(store.table("events")) == ["e_2", "e_4"]


def test_a_part_may_hold_many_events(store: Store) -> None:
    names = [f"e_{number:016x}" for number in range(6000)]
    store.replace("events", events(*names))
    store.replace("events", events(*names[::2], fold="new"), drop=names[1::4])
    assert store.table("events").num_rows == 4500
    assert store.sql("SELECT count(*) AS n FROM events WHERE fold = 'new'")["n"].to_pylist() == [3000]


def test_a_derivation_that_dies_leaves_nothing_behind(store: Store) -> None:
    store.replace("events", events("e_1"))
    store.replace("links", links("e_1"))

    def dies() -> None:
        with store.derive() as (_, work):
            work.replace("events", events("e_8", "e_9"))
            work.replace("links", links("e_9"), drop=["e_1"])
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        dies()
    assert ids(store.table("events")) == ["e_1"]
    store.replace("events", events("e_2"), drop=[])
    assert ids(store.table("events")) == ["e_1", "e_2"], "the next one goes on from what was seen, not from what was left"
    assert ids(store.table("links"), "claim") == ["e_1-1", "e_1-2"]


def test_two_derivations_at_once_each_stay_whole(store: Store) -> None:
    store.replace("events", events("e_0"))
    with store.derive() as (_, one):
        one.replace("events", events("e_1"), drop=[])
        with store.derive() as (_, two):
            two.replace("events", events("e_2"), drop=["e_0"])
        assert ids(store.table("events")) == ["e_2"]
        one.replace("events", events("e_3"), drop=[])
    assert ids(store.table("events")) == ["e_0", "e_1", "e_3"]


def test_what_is_derived_sees_the_store_held_still(store: Store, crash: ModuleType) -> None:
    store.add_coded(*crash.made([1, 2]))
    with store.derive() as (still, work):
        store.add_coded(*crash.made([3]))
        store.decide("retract", [[crash.article_id(1)]])
        assert ids(still.table("articles")) == sorted(map(crash.article_id, (1, 2)))
        work.replace("events", events("e_1"))
    behind = store.behind()
    assert behind.articles.to_pylist() == [crash.article_id(3)]
    assert behind.decisions["kind"].to_pylist() == ["retract"]
    state = store.state()
    assert state is not None
    assert behind.since == state
    assert state.version == 1


def test_behind_counts_from_the_start_and_down_to_nothing(store: Store, crash: ModuleType) -> None:
    assert not store.behind()
    store.add_coded(*crash.made([1, 2]))
    assert len(store.behind().articles) == 2
    assert store.audit().behind == (2, 0)
    store.replace("events", events("e_1"))
    assert not store.behind()
    assert len(store.behind("facts").articles) == 2, "each table has its own"
    store.replace("facts", FACTS.empty_table(), what="relate")
    assert not store.behind("facts")


def test_the_past_of_derived_tables(store: Store, crash: ModuleType) -> None:
    store.add_coded(*crash.made([1]))
    first = store.version
    store.replace("events", events("e_1"))
    store.add_coded(*crash.made([2]))
    second = store.version
    store.add_coded(*crash.made([3]))
    store.replace("events", events("e_1", "e_3"))
    assert ids(store.as_of(first).table("events")) == ["e_1"]
    assert ids(store.as_of(second).table("events")) == ["e_1"], "the newest that is not newer"
    assert store.as_of(second).behind().articles.to_pylist() == [crash.article_id(2)]
    assert ids(store.as_of(store.version).table("events")) == ["e_1", "e_3"]
    with pytest.raises(StoreError, match="no events had been worked out by then") as error:
        store.as_of(0).table("events")
    assert "fold anew" in error.value.hint
    with pytest.raises(StoreError, match="no pairs had been"):
        store.as_of(first).sql("SELECT * FROM pairs")


def test_a_past_state_that_vacuum_has_removed_is_told_with_the_remedy(store: Store, crash: ModuleType) -> None:
    store.add_coded(*crash.made([1]))
    first = store.version
    store.replace("events", events("e_1"))
    store.add_coded(*crash.made([2]))
    for name in ("e_2", "e_3"):
        store.replace("events", events(name))
    store.vacuum(hours=0)
    assert ids(store.table("events")) == ["e_3"]
    with pytest.raises(StoreError, match="a file of the store is gone") as error:
        store.as_of(first).table("events")
    assert "fold anew as of that moment" in error.value.hint
    assert store.as_of(first).table("articles").num_rows == 1


def test_vacuum_keeps_what_readers_go_by(store: Store) -> None:
    store.replace("events", events("e_1"))

    def dies() -> None:
        with store.derive() as (_, work):
            work.replace("events", events("e_9"))
            raise ValueError

    with pytest.raises(ValueError):  # noqa: PT011  # raised above
        dies()
    store.vacuum(hours=0)
    assert ids(store.table("events")) == ["e_1"]


def test_compacting_derived_tables_changes_no_row(store: Store) -> None:
    store.replace("pairs", pa.Table.from_pylist([{"event": "e_0"}], schema=PAIRS))
    for number in range(1, 12):
        store.replace("pairs", pa.Table.from_pylist([{"event": f"e_{number}"}], schema=PAIRS), drop=[])
    before, files = ids(store.table("pairs"), "event"), store.audit().files["pairs"]
    assert store.compact() > 0
    assert ids(store.table("pairs"), "event") == before
    assert store.audit().files["pairs"] < files
    store.replace("pairs", pa.Table.from_pylist([{"event": "e_99"}], schema=PAIRS), drop=["e_0"])
    assert store.table("pairs").num_rows == 12


def test_wrong_tables_are_refused(store: Store) -> None:
    for name, rows, said in (
        ("articles", EVENTS.empty_table(), "no derived table"),
        ("events", pa.table({"colour": ["red"]}), "no column is called colour"),
        ("events", pa.table({"event": ["AID"]}), "has no id"),
    ):
        with pytest.raises(StoreError, match=said):
            store.replace(name, rows)
    with pytest.raises(StoreError, match="quotation mark"):
        store.replace("events", events("e'1"), drop=[])


def test_moment_between_states(store: Store, crash: ModuleType) -> None:
    store.add_coded(*crash.made([1]))
    store.replace("events", events("e_1"))
    moment = store.moment
    assert moment is not None
    assert ids(store.as_of(moment + timedelta(days=1)).table("events")) == ["e_1"]
