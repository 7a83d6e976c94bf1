"""Decisions: noted once, undone by further ones, exchanged as sets."""

from __future__ import annotations

import itertools
from pathlib import Path
from types import ModuleType

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.errors import StoreError
from detente.store import Store
from detente.store.decisions import standing
from detente.tables import DECISIONS

from .conftest import ids


def test_a_decision_is_noted_once_while_it_stands(store: Store) -> None:
    first = store.decide("same", [["m_1", "m_2"]], reason="one attack", made_by="ab")
    assert store.decide("same", [["m_2", "m_1"]], reason="one attack", made_by="ab") == first
    assert store.decide("same", [["m_1", "m_2"]], reason="one attack", made_by="cd") != first
    undone = store.decide("revoke", revokes=first, made_by="ab")
    assert store.decide("revoke", revokes=first, made_by="ab") == undone
    again = store.decide("same", [["m_1", "m_2"]], reason="one attack", made_by="ab")
    assert again != first
    assert store.decisions().num_rows == 4
    assert again in ids(store.decisions(standing=True))
    assert first not in ids(store.decisions(standing=True))


def test_a_revoked_revocation_undoes_nothing(store: Store) -> None:
    first = store.decide("confirm", [["m_1"]])
    second = store.decide("revoke", revokes=first)
    store.decide("revoke", revokes=second)
    assert ids(store.decisions(standing=True)) == [first]


def test_retraction_and_its_undoing(store: Store, crash: ModuleType) -> None:
    store.add_coded(*crash.made([4, 5]))
    whole = store.table("claims").num_rows, store.table("entries").num_rows
    key = store.decide("retract", [[crash.article_id(5)]], reason="withdrawn by its paper", made_by="ab")
    assert ids(store.table("articles")) == [crash.article_id(4)]
    assert store.table("claims").num_rows == whole[0] - 5
    assert store.add_coded(*crash.made([5])).known == 1, "what is retracted is not stored anew"
    report = store.audit()
    assert (report.retracted, report.ok, report.orphans) == (1, True, 0)
    store.decide("revoke", revokes=key)
    assert (store.table("claims").num_rows, store.table("entries").num_rows) == whole


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "join"}, {"kind": "same", "groups": [["m_1"]]}, {"kind": "same"}, {"kind": "different", "groups": [["m_1", "m_2"]]},
        {"kind": "value", "groups": [["m_1"]], "field": "date"}, {"kind": "revoke"},
        {"kind": "confirm", "groups": [["m_1"]], "revokes": "d_1"},
        {"kind": "revoke", "revokes": "d_unknown"}, {"kind": "confirm", "groups": "m_1"}, {"kind": "confirm", "groups": ["m_1"]},
        {"kind": "confirm", "groups": [[]]},
    ],
)
def test_decisions_that_say_nothing_are_refused(store: Store, wrong: dict[str, object]) -> None:
    with pytest.raises(StoreError):
        store.decide(**wrong)  # type: ignore[arg-type]
    assert store.decisions().num_rows == 0


def test_two_offices_exchange_decisions_as_sets(tmp_path: Path) -> None:
    one, two = Store.open(tmp_path / "one"), Store.open(tmp_path / "two")
    first = one.decide("confirm", [["m_1"]], made_by="one")
    one.decide("revoke", revokes=first, made_by="one")
    two.decide("confirm", [["m_2"]], made_by="two")
    assert two.take_decisions(one.decisions()) == 2
    assert one.take_decisions(two.decisions()) == 1
    assert two.take_decisions(one.decisions()) == 0
    assert ids(one.decisions()) == ids(two.decisions())
    assert ids(one.decisions(standing=True)) == ids(two.decisions(standing=True))


@given(st.lists(st.integers(0, 7), max_size=8), st.randoms(use_true_random=False))
def test_what_stands_does_not_hang_on_the_order_of_rows(targets: list[int], chance: object) -> None:
    rows = []
    for number, target in enumerate(targets):
        revokes = f"d_{target}" if target < number else None
        rows.append({"id": f"d_{number}", "kind": "revoke" if revokes else "confirm", "revokes": revokes})
    whole = standing(pa.Table.from_pylist(rows, schema=DECISIONS))
    chance.shuffle(rows)  # type: ignore[attr-defined]
    assert standing(pa.Table.from_pylist(rows, schema=DECISIONS)) == whole
    alive = set(whole["id"].to_pylist())
    for row in rows:  # by the definition: it stands if no standing revocation names it
        if row["kind"] == "confirm":
            assert (row["id"] in alive) == (not _revoked(row["id"], rows))


def _revoked(key: object, rows: list[dict[str, object]]) -> bool:
    return any(row["revokes"] == key and not _revoked(row["id"], rows) for row in rows)


def test_ids_of_decisions_differ(store: Store) -> None:
    made = [store.decide("confirm", [[name]]) for name in ("m_1", "m_2", "m_3")]
    assert all(a != b for a, b in itertools.combinations(made, 2))
