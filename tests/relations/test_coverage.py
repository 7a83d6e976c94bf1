"""What a store counts of the articles about a pair is what their table gives."""

from __future__ import annotations

import random
from datetime import date, timedelta

import duckdb
import pyarrow as pa
import pytest

from detente.relations.coverage import Reading, coverage, reading_sql
from detente.tables import ARTICLES

FIRST = date(2016, 2, 1)
SPAN = (FIRST + timedelta(3), FIRST + timedelta(20))


def articles(chance: random.Random) -> pa.Table:
    """Articles of a month, some undated, some that name nobody, some without a list of names."""
    return pa.Table.from_pylist([
        {"id": f"a{number}", "published": chance.choice([None, *(FIRST + timedelta(day) for day in range(28))]),
         "publisher": chance.choice([None, "one", "two"]), "actors": chance.choice([None, [], ["A"], ["B"], ["A", "B"], ["C", "O'Neil"]])}
        for number in range(200)
    ], schema=ARTICLES)


@pytest.mark.parametrize("sides", [({"A"}, {"B"}), ({"A", "O'Neil"}, {"B", "C"}), (set(), {"B"})], ids=["plain", "sectors", "nobody"])
@pytest.mark.parametrize("panel", [(), ("one",)], ids=["all", "panel"])
def test_counting_in_the_store_gives_what_the_rows_give(sides: tuple[set[str], set[str]], panel: tuple[str, ...]) -> None:
    rows = articles(random.Random(3))
    with duckdb.connect() as con:
        con.register("articles", rows)
        reading = Reading(con.sql(reading_sql(sides, panel)).to_arrow_table())
    found, wanted = coverage(reading, sides, SPAN), coverage(rows, sides, SPAN, panel)
    assert found.first == wanted.first
    for name in ("read", "either", "both"):
        assert getattr(found, name).tolist() == getattr(wanted, name).tolist()
    assert sum(found.read) > 0
