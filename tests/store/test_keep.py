"""Housekeeping and audit: nothing that counts is ever lost, what is left over goes, what is wrong is seen."""

from __future__ import annotations

from types import ModuleType

import pyarrow as pa
import pytest

from detente.errors import StoreError
from detente.store import Store, adding, keep
from detente.store.delta import Tag
from detente.store.rows import stamped
from detente.store.writer import Writer
from detente.tables import ARTICLES

from .conftest import ids


def orphan(store: Store, crash: ModuleType, number: int) -> None:
    """Claims and entries of an article that is never named: an add that died."""
    claims, _, entries = crash.made([number])
    store._tables["claims"].append(stamped(claims, 1, "b_dead"))
    store._tables["entries"].append(stamped(entries, 1, "b_dead"))


def test_compacting_joins_files_and_changes_nothing(store: Store, crash: ModuleType) -> None:
    for number in range(12):
        store.add_coded(*crash.made([number]))
    before, version = sorted(map(str, store.table("claims").to_pylist())), store.version
    assert store.compact() > 20
    report = store.audit()
    assert (report.files["articles"], report.files["claims"], report.ok) == (1, 1, True)
    assert sorted(map(str, store.table("claims").to_pylist())) == before
    assert store.add_coded(*crash.made(list(range(13)))).articles == 1
    assert store.as_of(version).table("articles").num_rows == 12


def test_adding_keeps_the_number_of_files_small(store: Store, crash: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(adding.keep, "MOST_FILES", 5)
    for number in range(9):
        store.add_coded(*crash.made([number]))
        assert all(len(store._tables[name].handle().file_uris()) <= 7 for name in ("articles", "claims", "entries", "runs"))
    assert store.table("articles").num_rows == 9


def test_rows_of_dead_batches_are_unseen_and_go_with_vacuum(store: Store, crash: ModuleType) -> None:
    store.add_coded(*crash.made([4, 5]))
    orphan(store, crash, 6)
    orphan(store, crash, 5)  # the loser of a race: the article is there, under another batch
    assert store.table("claims").num_rows == 9
    assert store.audit().orphans == 13
    assert store.audit().ok
    assert store.vacuum(grace=48).rows == 13, "they are as old as 1970"
    assert store.audit().orphans == 0
    assert store.table("claims").num_rows == 9


def test_young_rows_are_left_alone(store: Store, crash: ModuleType) -> None:
    claims, _, _ = crash.made([6])
    store._tables["claims"].append(stamped(claims, adding.now(), "b_under_way"))
    assert store.vacuum().rows == 0
    assert store.audit().orphans == 6


def test_vacuum_makes_whoever_is_storing_look_again(store: Store, crash: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between writing claims and naming them a process sleeps, for longer than the grace time; vacuum runs meanwhile."""
    writer = Writer(store._tables)
    put_claims = Writer._put_claims
    batches: list[str] = []

    def slow(self: Writer, coded: object, batch: str) -> None:
        put_claims(self, coded, batch)  # type: ignore[arg-type]
        batches.append(batch)
        if len(batches) == 1:
            assert keep.remove_orphans(store._tables, grace=0) == 6 + 0
            monkeypatch.setattr("detente.store.writer._STALE_SECONDS", -1.0)
        else:
            monkeypatch.setattr("detente.store.writer._STALE_SECONDS", 3600.0)

    monkeypatch.setattr(Writer, "_put_claims", slow)
    claims, articles, entries = crash.made([6])
    done = writer.put(adding.rows.ready(claims, articles, entries, "r_1"))
    assert (done.articles, len(batches)) == (1, 2)
    assert ids(store.table("claims")) == sorted(crash.claim_ids(6))
    assert store.audit().ok


def test_vacuum_takes_no_negative_hours(store: Store) -> None:
    with pytest.raises(StoreError, match="less than none"):
        store.vacuum(hours=-1)


def test_an_audit_sees_what_is_wrong(store: Store, crash: ModuleType) -> None:
    store.add_coded(*crash.made([4, 5]))
    assert store.audit().ok
    claims, articles, _ = crash.made([4])
    batch = store.table("articles", ["batch"], {"id": crash.article_id(4)})["batch"][0].as_py()
    store._tables["claims"].append(stamped(claims.slice(0, 1), 1, batch))
    assert any("claims: 1 ids stand there twice" in line for line in store.audit().problems)
    assert any("more or fewer" in line for line in store.audit().problems)
    row = pa.Table.from_pylist([{**articles.to_pylist()[0], "claims": 3, "entries": 0}], schema=ARTICLES)
    store._tables["articles"].append(stamped(row, 2**50, "b_torn"), Tag("articles", 2**50))
    assert any(line.startswith("claims: 2 articles") for line in store.audit().problems)


def test_an_audit_tells_of_runs_that_were_broken_off(store: Store) -> None:
    from detente.store.runs import Run

    Run(store._tables, "add").__enter__()
    report = store.audit()
    assert report.unfinished == 1
    assert report.ok
    assert any("broken off" in note for note in report.notes)
