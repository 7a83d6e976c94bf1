"""Opening: a store's form moves on by small steps; what is no store, or too new, is told apart."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

import pyarrow as pa
import pytest

from detente.errors import StoreError
from detente.store import Store, schema
from detente.store.delta import Place
from detente.store.schema import Migration, Tables, add_missing_columns, current_version, open_tables, tables_of, version_of
from detente.tables import ARTICLES, TABLES


def test_a_new_store_has_all_tables_and_todays_form(tmp_path: Path) -> None:
    Store.open(tmp_path / "world")
    tables = tables_of(Place.of(tmp_path / "world"))
    assert all(tables[name].is_there() for name in TABLES)
    assert version_of(tables) == current_version()


def test_no_store_is_told(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no store is there"):
        Store.open(tmp_path / "world", create=False)
    with pytest.raises(StoreError, match="no store is there"):
        Store.open(tmp_path / "world", as_of=1)
    assert not (tmp_path / "world").exists()


def test_a_folder_with_other_things_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "news.txt").write_text("They met.", "utf-8")
    with pytest.raises(StoreError, match=r"holds other things \(news.txt\)"):
        Store.open(tmp_path)
    with pytest.raises(StoreError, match="a file, not a folder"):
        Store.open(tmp_path / "news.txt")
    assert [path.name for path in tmp_path.iterdir()] == ["news.txt"]


def test_a_store_whose_making_was_broken_off_is_made_whole(tmp_path: Path) -> None:
    tables = tables_of(Place.of(tmp_path / "world"))
    for name in ("claims", "runs"):
        tables[name].create(TABLES[name], "{}")
    Store.open(tmp_path / "world")
    assert all(tables[name].is_there() for name in TABLES)


def test_a_newer_store_is_not_touched(tmp_path: Path) -> None:
    Store.open(tmp_path / "world")
    schema._mark(tables_of(Place.of(tmp_path / "world")), 99)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    with pytest.raises(StoreError, match="has form 99, this Détente knows forms up to 1"):
        Store.open(tmp_path / "world")
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


def test_another_table_of_articles_is_no_store(tmp_path: Path) -> None:
    tables_of(Place.of(tmp_path / "world"))["articles"].create(ARTICLES, "my articles")
    with pytest.raises(StoreError, match="not of a store of Détente"):
        Store.open(tmp_path / "world")


def old_store(folder: Path, crash: ModuleType) -> Tables:
    """A store of form 1 as an older Détente might have made it: articles have no `credits`, claims no `act`."""
    tables = tables_of(Place.of(folder))
    lacking = {"articles": "credits", "claims": "act"}
    for name in sorted(TABLES, key=lambda name: name == "articles"):
        columns = [column for column in TABLES[name] if column.name != lacking.get(name)]
        tables[name].create(pa.schema(columns), schema._description(1))
    claims, articles, entries = crash.made(list(range(8)))
    batch = pa.array(["b_1"] * 99)
    for name, rows in (("claims", claims), ("entries", entries), ("articles", articles)):
        rows = rows.set_column(rows.schema.get_field_index("batch"), "batch", batch.slice(0, rows.num_rows))
        moment = pa.array([1] * rows.num_rows, pa.int64()).cast(pa.timestamp("us", "UTC"))
        rows = rows.set_column(rows.schema.get_field_index("recorded"), "recorded", moment)
        tables[name].append(rows.drop_columns([lacking[name]] if name in lacking else []))
    return tables


def test_an_old_store_is_brought_to_todays_form(tmp_path: Path, crash: ModuleType) -> None:
    tables = old_store(tmp_path / "world", crash)
    done = []

    def step(tables: Tables) -> None:
        done.append(1)
        add_missing_columns(tables["articles"], TABLES["articles"])
        add_missing_columns(tables["claims"], TABLES["claims"])

    def breaks(tables: Tables) -> None:
        raise StoreError("stopped", "")

    first, second = Migration(1, "credits and act", step), Migration(2, "nothing", breaks)
    with pytest.raises(StoreError, match="stopped"):
        open_tables(tables.place, create=False, migrations=(first, second))
    assert version_of(tables) == 2, "what is done stays done"
    moved = open_tables(tables.place, create=False, migrations=(first, Migration(2, "nothing", lambda tables: None)))
    assert version_of(moved) == 3
    assert done == [1]
    store = Store(moved)
    assert store.table("articles").schema == ARTICLES
    assert store.table("claims")["act"].null_count == store.table("claims").num_rows == sum(len(crash.claim_ids(n)) for n in range(8))
    store.add_coded(*crash.made([8, 9]))
    assert store.table("articles").num_rows == 10
    assert store.sql("SELECT count(*) AS n FROM claims WHERE act IS NULL")["n"].to_pylist() == [store.table("claims").num_rows]


def test_steps_are_in_order_and_complete() -> None:
    assert [step.since for step in schema.MIGRATIONS] == list(range(1, current_version()))


def test_a_table_that_is_missing_is_told_or_made(tmp_path: Path) -> None:
    import shutil

    Store.open(tmp_path / "world")
    shutil.rmtree(tmp_path / "world" / "rejects")
    with pytest.raises(StoreError, match="lacks its table rejects"):
        Store.open(tmp_path / "world", create=False)
    assert Store.open(tmp_path / "world").table("rejects").num_rows == 0
