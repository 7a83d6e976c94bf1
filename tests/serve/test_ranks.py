"""Pages of a party's rows from ranks are those that a query gives, page by page, either way round."""

from __future__ import annotations

import random
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from detente.serve.ranks import Ranks


def rows(chance: random.Random) -> pa.Table:
    """Rows of a week, many on one day, some without a day or without parties."""
    found = [
        {"id": f"e_{number:03}", "day": chance.choice([None, *(date(2016, 6, 27) + timedelta(days=day) for day in range(5))]),
         "parties": chance.choice([None, [], ["A"], ["B"], ["A", "B"], ["B", "C", "A"]])}
        for number in range(60)
    ]
    chance.shuffle(found)
    schema = pa.schema([("id", pa.string()), ("day", pa.date32()), ("parties", pa.list_(pa.string()))])
    return pa.Table.from_pylist(found, schema=schema)


@pytest.mark.parametrize("parties", [(), ("A",), ("A", "B"), ("A", "A"), ("C",), ("nobody",)])
@pytest.mark.parametrize("newest", [True, False])
def test_pages_are_those_of_a_query(parties: tuple[str, ...], newest: bool, tmp_path: Path) -> None:
    with duckdb.connect() as con:
        con.register("rows", rows(random.Random(5)))
        ordered = con.sql("SELECT * FROM rows ORDER BY day NULLS FIRST, id").to_arrow_table()
        among = " AND ".join(f"list_contains(parties, '{party}')" for party in parties) or "true"
        way, empty = ("DESC", "0001-01-01") if newest else ("ASC", "9999-12-31")
        wanted = con.sql(f"SELECT id FROM rows WHERE {among} ORDER BY coalesce(day, DATE '{empty}') {way}, id {way}").fetchall()
    made = Ranks.of(ordered)
    made.save(tmp_path, "some")
    for ranks in (made, Ranks.load(tmp_path, "some")):
        found: list[str] = []
        after: tuple[str, str] | None = None
        while True:
            ids, days = ranks.page(parties, newest, after, 8)
            found += ids[:7]
            if len(ids) < 8:
                break
            after = days[6], ids[6]
        assert found == [ident for (ident,) in wanted]


def test_an_empty_table_has_no_page() -> None:
    assert Ranks.of(rows(random.Random(1)).slice(0, 0)).page(["A"], True, None, 5) == ([], [])
