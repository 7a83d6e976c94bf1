"""Stores on the command line: what is asked wrongly is named with its remedy, and nothing is begun for nothing."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pytest
from typer.testing import CliRunner

from detente.cli import app
from detente.cli_store import Shape, show_rows
from detente.tables import EVENTS, FACTS
from detente.world import open_world

from .test_cli_blocs import fact


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A folded store that holds three facts and no event."""
    world = open_world(tmp_path_factory.mktemp("store") / "small")
    member = {"ledger": "member", "dimension": "membership", "from_high": None}
    facts = [fact(1, "TUR", "al-nusra-front", "supports", "2016-01-10"), fact(2, "TUR", "sco", "observer", "2016-01-10", **member)]
    with world.derive("fold") as (_, work):
        work.replace("events", EVENTS.empty_table())
        work.replace("facts", pa.Table.from_pylist(facts, schema=FACTS))
    return str(world)


def run(*arguments: str) -> tuple[int, str]:
    """Exit status and all that was printed."""
    result = CliRunner().invoke(app, list(arguments))
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result.exit_code, " ".join(result.output.replace("│", " ").split())


def test_nothing_to_read_begins_no_store(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty.txt").write_text("", encoding="utf-8")
    for source, words in (("empty", "no article to read in"), ("empty.txt", "the text is empty"), ("absent", "no such file or folder")):
        status, told = run("add", str(tmp_path / "store"), str(tmp_path / source))
        assert status == 1
        assert words in told
        assert str(tmp_path / source) in told
        assert "remedy: " in told
        assert not (tmp_path / "store").exists()


@pytest.mark.parametrize(("arguments", "status", "words"), [
    (("events", "--lane", "wrong"), 2, "'happened', 'planned', 'supposed', 'denied'"),
    (("events", "--event", "NOPE"), 1, "one of AGREE, CONSULT"),
    (("events", "--event", "x' or 1=1 --"), 1, "no PLOVER event is named"),
    (("events", "TUR", "--since", "2016-07-05", "--until", "2016-07-01"), 2, "ends (2016-07-01) before it begins (2016-07-05)"),
    (("relation", "TUR", "RUS", "--since", "2016-07-05", "--until", "2016-07-01"), 2, "before it begins"),
    (("relation", "TUR", "Turkey"), 1, "one and the same party"),
    (("shifts", "TUR", "TUR"), 1, "one and the same party"),
    (("brief", "TUR", "TUR", "--at", "2016-07-05"), 1, "one and the same party"),
    (("brief", "TUR", "RUS", "--at", "2016-07-05", "--since", "2016-08-01"), 2, "before it begins"),
    (("stances", "O'Brien\"; drop"), 1, "no actor is called"),
    (("event", "e_' or '1'='1"), 1, "no event has the id"),
], ids=lambda value: " ".join(value[:3]) if isinstance(value, tuple) else "")
def test_what_is_asked_wrongly_is_named(store: str, arguments: tuple[str, ...], status: int, words: str) -> None:
    found, told = run(arguments[0], store, *arguments[1:])
    assert found == status
    assert words in told


@pytest.mark.parametrize("day", ["yesterday", "2016-13-45"])
def test_a_wrong_date_is_explained_once(store: str, day: str) -> None:
    status, told = run("brief", store, "TUR", "RUS", "--at", day)
    assert status == 2
    assert told.count("2016-07-05") == 1


def test_stances_and_memberships_in_words(store: str) -> None:
    assert "supports told on 2016-01-10 (self; 1 report)" in run("stances", store, "TUR")[1]
    told = run("memberships", store, "TUR")[1]
    assert "sco: partner since 2012-06-07 (happened, knowledge; DISPUTED by articles: observer)" in told
    assert "DISPUTED by knowledge: partner" in told
    assert "f_" not in told


def test_tables_to_read_are_short_and_those_for_programs_exact(capsys: pytest.CaptureFixture[str]) -> None:
    rows = pa.table({"score": [-11 / 3], "parties": [["RUS", "TUR"]], "none": pa.array([None], pa.string())})
    show_rows(rows, Shape.table)
    shown = capsys.readouterr().out
    assert "-3.667" in shown
    assert "RUS, TUR" in shown
    show_rows(rows, Shape.csv)
    assert capsys.readouterr().out.splitlines()[1] == '-3.6666666666666665,"[""RUS"", ""TUR""]",'


def test_no_space_for_the_output_is_told(store: str) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("no device that is always full")
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        ended = subprocess.run(
            [sys.executable, "-m", "detente.cli", "query", store, "select * from facts", "--format", "csv"], stdout=full,
            stderr=subprocess.PIPE, text=True, check=False, timeout=300,
        )
    assert ended.returncode == 1
    assert "no space is left" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_past_before_the_first_fold_is_named(tmp_path: Path) -> None:
    bare = str(open_world(tmp_path / "bare"))
    assert "remedy: detente fold" in run("events", bare)[1]
    status, told = run("events", bare, "--as-of", "2010-01-01")
    assert status == 1
    assert "nothing had been folded by 2010-01-01" in told
    assert "a later --as-of" in told


def test_who_stops_an_add_hears_that_it_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("detente.world.World.fold", stop)
    (tmp_path / "one.txt").write_text("Russia attacked Georgia on Monday.", encoding="utf-8")
    status, told = run("add", str(tmp_path / "store"), str(tmp_path / "one.txt"), "--date", "2016-07-05")
    assert status == 130
    assert "the same command goes on where it stopped" in told
