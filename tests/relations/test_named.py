"""Who is named where gives the counts that the store's query gives, also from files."""

from __future__ import annotations

import random
from pathlib import Path

import duckdb
import pytest

from detente.relations.coverage import Reading, reading_sql
from detente.relations.named import SQL, Named

from .test_coverage import articles


@pytest.mark.parametrize("sides", [({"A"}, {"B"}), ({"A", "O'Neil"}, {"B", "C"}), (set(), {"B"}), ({"A", "B"}, {"B"})])
@pytest.mark.parametrize("seed", [3, 4])
def test_counts_are_those_of_the_query(sides: tuple[set[str], set[str]], seed: int, tmp_path: Path) -> None:
    rows = articles(random.Random(seed))
    with duckdb.connect() as con:
        con.register("articles", rows)
        wanted = Reading(con.sql(reading_sql(sides)).to_arrow_table())
        made = Named.of(con.sql(SQL).to_arrow_table())
    made.save(tmp_path)
    for named in (made, Named.load(tmp_path)):
        found = named.reading(sides)
        assert found.days.to_pylist() == wanted.days.to_pylist()
        assert found.last == wanted.last
    assert max(wanted.days["either"].to_pylist()) > 0


def test_nothing_read_is_no_day(tmp_path: Path) -> None:
    empty = articles(random.Random(3)).slice(0, 0)
    made = Named.of(empty.select(["published", "actors"]))
    made.save(tmp_path)
    assert made.reading(({"A"}, {"B"})).days.num_rows == 0
    assert Named.load(tmp_path).reading(({"A"}, {"B"})).last is None
