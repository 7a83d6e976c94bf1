"""Reading: only what counts is seen, as it was at any moment, and a query can do nothing else."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import ModuleType

import pyarrow as pa
import pytest

from detente.errors import StoreError
from detente.store import Store, delta, reader
from detente.tables import CLAIMS, TABLES

from .conftest import ids


@pytest.fixture
def filled(store: Store, crash: ModuleType) -> Store:
    """A store with ten articles."""
    store.add_coded(*crash.made(list(range(10))))
    return store


@pytest.mark.parametrize("name", TABLES)
def test_every_table_is_there_from_the_start_in_its_schema(store: Store, name: str) -> None:
    table = store.table(name)
    assert table.num_rows == 0
    assert table.schema == TABLES[name]


def test_columns_and_conditions(filled: Store, crash: ModuleType) -> None:
    four = crash.article_id(4)
    assert filled.table("claims", ["id"], {"article": four}).schema == pa.schema([CLAIMS.field("id")])
    assert ids(filled.table("claims", ["id"], {"article": [four, "a_none"]})) == sorted(crash.claim_ids(4))
    assert ids(filled.table("claims", ["id"], f"article = '{four}'")) == sorted(crash.claim_ids(4))
    assert filled.table("claims", ["id"], {"article": []}).num_rows == 0
    assert filled.table("claims", where={"article": four, "event": "AID"}).num_rows == 0
    inner = "article IN (SELECT id FROM articles WHERE title = 'Article 4')"
    assert ids(filled.table("claims", ["id"], inner)) == sorted(crash.claim_ids(4))


@pytest.mark.parametrize(
    ("name", "columns", "where", "said"),
    [
        ("claim", None, None, "no table 'claim'"),
        ("claims", ["colour"], None, "no column 'colour'"),
        ("claims", None, {"colour": "red"}, "no column 'colour'"),
        ("claims", None, {"score": "much"}, "claims.score"),
        ("claims", None, "colour = 'red'", "colour"),
        ("claims", None, "true); SELECT (1", "one SELECT"),
    ],
)
def test_wrong_questions_are_told(filled: Store, name: str, columns: list[str] | None, where: object, said: str) -> None:
    with pytest.raises(StoreError, match=said):
        filled.table(name, columns, where)  # type: ignore[arg-type]


def test_a_query_over_all_tables(filled: Store) -> None:
    joined = "claims c JOIN articles a ON c.article = a.id"
    found = filled.sql(f"SELECT a.title, count(*) AS n FROM {joined} GROUP BY 1 ORDER BY n DESC, 1 LIMIT 1")
    assert found.to_pylist() == [{"title": "Article 6", "n": 6}]
    assert {"articles", "claims", "events"} <= set(filled.sql("SHOW TABLES")["name"].to_pylist())
    assert filled.sql("SELECT recorded FROM claims LIMIT 1").schema.field("recorded").type == pa.timestamp("us", "UTC")


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * FROM read_csv('{other}')", "SELECT * FROM '{other}'", "SELECT * FROM read_text('{other}')",
        "SELECT * FROM glob('{folder}/*')",
        "SELECT * FROM query('SELECT * FROM read_text(''{other}'')')", "COPY (SELECT 1) TO '{folder}/out.csv'", "COPY claims TO '{file}'",
        "EXPLAIN ANALYZE COPY (SELECT 1) TO '{file}'", "ATTACH '{folder}/x.db'", "SET enable_external_access = true",
        "RESET enable_external_access", "INSTALL httpfs", "LOAD httpfs", "CREATE TABLE t AS SELECT 1", "DROP VIEW claims",
        "DELETE FROM claims",
        "UPDATE claims SET id = '1'", "INSERT INTO claims SELECT * FROM claims", "EXPORT DATABASE '{folder}/all'", "PRAGMA database_list",
        "SELECT 1; DROP VIEW claims", "SELECT 1; SELECT 2", "", "SELECT * FROM secret", "SELECT * FROM self", "CALL pragma_version()",
    ],
)
def test_a_query_can_neither_change_nor_read_anything_else(filled: Store, tmp_path: Path, query: str) -> None:
    secret = pa.table({"x": [1]})  # a query must not see the variables of a program either
    other = tmp_path / "other.csv"
    other.write_text("a,b\n1,2\n", "utf-8")
    files = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    [file] = (tmp_path / "world" / "claims").glob("*.parquet")
    with pytest.raises(StoreError):
        filled.sql(query.format(other=other, folder=tmp_path, file=file))
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == files
    assert filled.table("claims").num_rows > 0
    assert secret.num_rows == 1


def test_odd_names_of_folders(tmp_path: Path, crash: ModuleType) -> None:
    for name in ("wörld ' of \"news\"", "100% *?", "world #1 & {more}"):
        with Store.open(tmp_path / name) as store:
            store.add_coded(*crash.made([1, 2, 3]))
        assert Store.open((tmp_path / name).as_uri(), create=False).table("claims").num_rows == 6
        assert (tmp_path / name / "claims" / "_delta_log").is_dir()
    for name in ("a%20b", "a[b]", "a^b", "a|b", "a\tb"):
        with pytest.raises(StoreError, match="cannot lie under a name with"):
            Store.open(tmp_path / name)
        assert not (tmp_path / name).exists()


def test_what_is_not_on_a_local_disk_is_read_the_same(filled: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = sorted(filled.table("claims").to_pylist(), key=lambda row: row["id"])
    monkeypatch.setattr(reader, "_local", lambda files, table: None)
    assert sorted(filled.table("claims").to_pylist(), key=lambda row: row["id"]) == whole
    with pytest.raises(StoreError):
        filled.sql("SELECT * FROM read_text('/etc/hostname')")


# -- as it was --------------------------------------------------------------------------------------------------------


def test_the_store_as_it_was(store: Store, crash: ModuleType) -> None:
    moments, versions = [], []
    for start in range(0, 30, 10):
        store.add_coded(*crash.made(list(range(start, start + 10))))
        moments.append(store.moment)
        versions.append(store.version)
    late = store.decide("retract", [[crash.article_id(1)]])
    store.compact()
    assert store.table("articles").num_rows == 29
    for number, (moment, version) in enumerate(zip(moments, versions, strict=True), 1):
        for when in (moment, version, moment.isoformat() if moment else ""):
            past = store.as_of(when)  # type: ignore[arg-type]
            assert past.table("articles").num_rows == number * 10
            assert past.table("claims").num_rows == sum(len(crash.claim_ids(n)) for n in range(number * 10))
            assert past.decisions().num_rows == 0
            assert past.moment == moment
    assert moments[0] is not None
    assert store.as_of(moments[0] - timedelta(microseconds=1)).table("articles").num_rows == 0
    assert store.as_of(0).table("claims").num_rows == 0
    assert store.as_of(datetime.now(UTC).date()).decisions()["id"].to_pylist() == [late]
    assert store.as_of(date(2001, 1, 1)).table("articles").num_rows == 0
    assert store.as_of("2099-01-01T00:00:00+03:00").table("articles").num_rows == 29
    assert Store.open(str(store), as_of=versions[1]).table("articles").num_rows == 20
    assert store.as_of(moments[1] or 0).as_of("2099-01-01").table("articles").num_rows == 20, "the past of the past"


def test_the_past_stays_after_vacuum(store: Store, crash: ModuleType) -> None:
    store.add_coded(*crash.made(list(range(10))))
    version, moment = store.version, store.moment
    for start in range(10, 50, 10):
        store.add_coded(*crash.made(list(range(start, start + 10))))
    store.compact()
    assert store.vacuum(hours=0, grace=0).files > 0
    assert store.as_of(version).table("articles").num_rows == 10
    assert store.as_of(moment or 0).table("claims").num_rows == sum(len(crash.claim_ids(n)) for n in range(10))


def test_the_past_cannot_be_changed(filled: Store, crash: ModuleType) -> None:
    past = filled.as_of(1)
    for change in (
        lambda: past.add_coded(*crash.made([99])), lambda: past.decide("retract", [["a_1"]]), past.compact, past.vacuum,
        lambda: past.replace("events", TABLES["events"].empty_table()),
    ):
        with pytest.raises(StoreError, match="as it was"):
            change()


@pytest.mark.parametrize("when", [7, -1, "last week", "2016-13-01", "2016-06-29T25:00"])
def test_moments_that_never_were(filled: Store, when: int | str) -> None:
    with pytest.raises(StoreError, match=r"no version|no moment"):
        filled.as_of(when)


def test_a_clock_that_goes_back_changes_no_order(store: Store, crash: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    true = time.time_ns()
    seen = []
    for number, shift in enumerate((0, -3600, -7200, 60)):
        monkeypatch.setattr(delta.time, "time_ns", lambda shift=shift: true + shift * 1_000_000_000)
        store.add_coded(*crash.made([number]))
        store.decide("confirm", [[f"m_{number}"]])
        seen.append((store.version, store.moment))
    assert [moment for _, moment in seen] == sorted({moment for _, moment in seen if moment})
    for number, (version, moment) in enumerate(seen, 1):
        assert store.as_of(version).table("articles").num_rows == number
        assert store.as_of(moment or 0).table("articles").num_rows == number
    made = store.decisions()["made_at"].to_pylist()
    assert made == sorted(set(made))
    assert store.audit().ok
