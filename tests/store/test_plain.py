"""Records are made column by column as Arrow makes them value by value."""

from __future__ import annotations

import math
import random
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pyarrow as pa
import pytest

from detente.store.plain import records, values
from detente.tables import TABLES


def some(kind: pa.DataType, chance: random.Random) -> Any:
    """A value of a type, or none."""
    if chance.random() < 0.2:
        return None
    if pa.types.is_struct(kind):
        return {kind.field(n).name: some(kind.field(n).type, chance) for n in range(kind.num_fields)}
    if pa.types.is_list(kind):
        return [some(kind.value_type, chance) for _ in range(chance.randrange(4))]
    if pa.types.is_string(kind):
        return chance.choice(["", "a", "Ağrı", "= x"])
    if pa.types.is_date32(kind):
        return date(1890, 1, 1) + timedelta(days=chance.randrange(90_000))
    if pa.types.is_timestamp(kind):
        return datetime(2016, 6, 27, tzinfo=UTC) + timedelta(seconds=chance.randrange(10**6))
    if pa.types.is_boolean(kind):
        return chance.random() < 0.5
    return chance.randrange(100) if pa.types.is_integer(kind) else chance.random()


@pytest.mark.parametrize("name", sorted(TABLES))
def test_rows_of_every_table(name: str) -> None:
    chance = random.Random(name)
    schema = pa.schema([pa.field(column.name, column.type) for column in TABLES[name]])
    rows = pa.Table.from_pylist([{column.name: some(column.type, chance) for column in schema} for _ in range(40)], schema=schema)
    for part in (rows, rows.slice(7, 11), rows.slice(39), rows.slice(0, 0), pa.concat_tables([rows.slice(30), rows.slice(2, 5)])):
        assert records(part) == part.to_pylist()
    assert records(rows.to_batches()[0].slice(3, 4)) == rows.slice(3, 4).to_pylist()


def test_numbers_with_and_without_nulls() -> None:
    assert values(pa.array([1, None])) == [1, None]
    assert values(pa.array([True, False])) == [True, False]
    (number,) = values(pa.array([math.nan]))
    assert math.isnan(number)
    assert values(pa.array([[1, 2], [], None, [3]]).slice(1)) == [[], None, [3]]
