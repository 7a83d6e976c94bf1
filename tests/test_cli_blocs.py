"""Blocs and differences of ledgers on the command line."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pyarrow as pa
import pytest
from typer.testing import CliRunner

from detente.cli import app
from detente.tables import EVENTS, FACTS, PAIRS
from detente.world import open_world

from .relations.made import acts

FRIENDS, FOES = ([(f"2016-0{month}-{day:02}", score) for month in (1, 2) for day in (1, 8, 15, 22)] for score in (6.0, -8.0))


def fact(number: int, holder: str, other: str, value: str, said: str, **more: Any) -> dict[str, Any]:
    """A row of FACTS by which a party says how it stands."""
    row: dict[str, Any] = dict.fromkeys(FACTS.names)
    row |= {"id": f"f_{number}", "ledger": "stance", "holder": holder, "object": other, "dimension": "support", "value": value,
            "parties": [holder], "said": date.fromisoformat(said), "from_high": date.fromisoformat(said), "lane": "happened",
            "source": "self", "recorded": datetime(2016, 1, 1, tzinfo=UTC), "about": "", "article": f"a_{number}"}
    return row | more


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Two camps of two, and a third party that both court; one stance that turns and one agreement that moves on."""
    world = open_world(tmp_path_factory.mktemp("blocs") / "camps")
    sides = [("USA", "GBR", FRIENDS), ("RUS", "BLR", FRIENDS), ("USA", "RUS", FOES), ("GBR", "BLR", FOES), ("GBR", "RUS", FOES),
             ("USA", "TUR", FRIENDS), ("RUS", "TUR", FRIENDS)]
    pairs = pa.concat_tables([acts(events, one, two, prefix=f"e_{one}{two}") for one, two, events in sides])
    deal = {"ledger": "agreement", "dimension": "stage", "object": "RUS", "parties": ["RUS", "TUR"], "about": "a pipeline under the sea"}
    facts = [
        fact(1, "TUR", "RUS", "opposes", "2016-01-10"), fact(2, "TUR", "RUS", "supports", "2016-04-10"),
        fact(3, "TUR", "", "proposed", "2016-01-10", **deal), fact(4, "TUR", "", "signed", "2016-04-20", **deal),
    ]
    with world.derive("fold") as (_, work):
        work.replace("pairs", pairs.cast(PAIRS))
        work.replace("facts", pa.Table.from_pylist(facts, schema=FACTS))
        work.replace("events", EVENTS.empty_table())
    return str(world)


def told(*arguments: str) -> str:
    """What a command prints; it must end well."""
    result = CliRunner().invoke(app, list(arguments), catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


def test_blocs_and_tense_triads(store: str) -> None:
    shown = told("blocs", store, "--at", "2016-03-10")
    blocs = [line for line in shown.splitlines() if line.startswith("bloc ")]
    assert any("USA" in line and "GBR" in line for line in blocs)
    assert any("RUS" in line and "BLR" in line for line in blocs)
    assert "tense: RUS–TUR" in shown  # a friend of two foes
    assert "who moved cannot be told" in shown


def test_before_the_first_event_nothing_is_said(store: str) -> None:
    assert "no two parties have an index" in told("blocs", store, "--at", "2010-01-01")


def test_what_is_new_in_the_ledgers(store: str) -> None:
    lines = told("ledger", store, "--since", "2016-02-01", "--at", "2016-05-01").splitlines()
    assert [line[0] for line in lines] == ["-", "+", "~"]
    assert "opposes" in lines[0]
    assert "supports" in lines[1]
    assert "proposed → signed" in lines[2]
    assert told("ledger", store, "--since", "2016-05-01", "--at", "2016-06-01").startswith("nothing new")
    assert told("ledger", store, "--since", "2016-02-01", "--at", "2016-05-01", "--between", "USA", "RUS").startswith("nothing new")


def test_the_ledgers_on_a_day(store: str) -> None:
    lines = told("ledger", store, "--at", "2016-02-01").splitlines()
    assert [line.split()[0] for line in lines] == ["stance", "agreement"]
    assert "opposes" in lines[0]
    assert "proposed" in lines[1]
    assert told("ledger", store, "--at", "2010-01-01").startswith("nothing is known")
    without = CliRunner().invoke(app, ["ledger", store])
    assert without.exit_code == 1
    assert "give the day with --at" in without.output


def test_a_time_that_ends_before_it_begins_is_refused(store: str) -> None:
    result = CliRunner().invoke(app, ["ledger", store, "--since", "2016-05-01", "--at", "2016-02-01"])
    assert result.exit_code == 2
    assert "before it begins" in result.output
