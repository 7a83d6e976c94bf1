"""The gate: what holds, what breaks, what was not measured, and the only way down."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from detente.errors import ScoreError
from detente.settings import Settings

BENCH = Path(__file__).parents[2] / "bench"
Run = Callable[..., int]


@pytest.fixture(scope="module")
def gate(program: Callable[[str], ModuleType]) -> ModuleType:
    """The program bench/gate.py."""
    return program("bench/gate.py")


@pytest.fixture
def floors(gate: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file of floors for a made-up measure that always finds 0.8 and 70."""
    monkeypatch.setitem(gate.SCORES, "made-up", lambda path, settings: {"one": 0.8, "two": 70})
    content = {"measures": {"own": {"score": "made-up", "data": "ours", "sha256": None, "floors": {"one": 0.75, "two": 60}}}, "lowered": []}
    path = tmp_path / "floors.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    (tmp_path / "data.txt").write_text("some data\n", encoding="utf-8")
    return path


@pytest.fixture
def run(gate: ModuleType) -> Run:
    """Runs the gate on a file of floors, with more arguments; its exit status."""

    def status(floors: Path, *arguments: str) -> int:
        found: int = gate.main(["--floors", str(floors), *arguments])
        return found

    return status


def content(floors: Path) -> dict[str, Any]:
    """What the file of floors holds."""
    loaded: dict[str, Any] = json.loads(floors.read_text(encoding="utf-8"))
    return loaded


def test_floors_that_hold(run: Run, floors: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(floors, f"own={floors.parent / 'data.txt'}") == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[-1] for line in lines] == ["held", "held"]


def test_a_floor_that_breaks(
    gate: ModuleType, run: Run, floors: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(gate.SCORES, "made-up", lambda path, settings: {"one": 0.749, "two": 60})
    assert run(floors, f"own={floors.parent / 'data.txt'}", "--allow-missing") == 1
    assert [line.split()[-1] for line in capsys.readouterr().out.splitlines()] == ["BROKEN", "held"]


def test_a_figure_that_is_gone_breaks(gate: ModuleType, run: Run, floors: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(gate.SCORES, "made-up", lambda path, settings: {"one": 0.9})
    assert run(floors, f"own={floors.parent / 'data.txt'}") == 1


def test_a_malformed_file_breaks(
    gate: ModuleType, run: Run, floors: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(path: Path, settings: Settings) -> dict[str, float]:
        raise ScoreError(f"{path}:3: found x, expected y")

    monkeypatch.setitem(gate.SCORES, "made-up", refuse)
    assert run(floors, f"own={floors.parent / 'data.txt'}") == 1
    assert "data.txt:3: found x, expected y" in capsys.readouterr().out


@pytest.mark.parametrize("arguments", [[], ["own=nowhere.txt"]])
def test_missing_data_is_never_called_passed(run: Run, floors: Path, arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(floors, *arguments) == 2
    assert run(floors, *arguments, "--allow-missing") == 0
    told = capsys.readouterr().out
    assert told.count("not measured") == 4
    assert "held" not in told


def test_another_file_is_not_measured(run: Run, floors: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = floors.parent / "data.txt"
    assert run(floors, f"own={data}", "--raise") == 0
    assert run(floors, f"own={data}") == 0
    packed = floors.parent / "data.txt.gz"
    packed.write_bytes(gzip.compress(data.read_bytes()))
    assert run(floors, f"own={packed}") == 0
    data.write_text("other data\n", encoding="utf-8")
    capsys.readouterr()
    assert run(floors, f"own={data}") == 2
    assert "another file" in capsys.readouterr().out


def test_raising_only_lifts(gate: ModuleType, run: Run, floors: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = f"own={floors.parent / 'data.txt'}"
    run(floors, data, "--raise")
    assert content(floors)["measures"]["own"]["floors"] == {"one": 0.79, "two": 69.99}
    monkeypatch.setitem(gate.SCORES, "made-up", lambda path, settings: {"one": 0.5, "two": 90})
    assert run(floors, data, "--raise") == 1
    assert content(floors)["measures"]["own"]["floors"] == {"one": 0.79, "two": 89.99}


def test_lowering_keeps_its_reason(run: Run, floors: Path) -> None:
    assert run(floors, "--lower", "own.one=0.7", "--reason", " the data was corrected ") == 0
    after = content(floors)
    assert after["measures"]["own"]["floors"]["one"] == 0.7
    (kept,) = after["lowered"]
    assert len(kept.pop("day")) == len("2020-01-31")
    assert kept == {"measure": "own", "figure": "one", "from": 0.75, "to": 0.7, "reason": "the data was corrected"}


@pytest.mark.parametrize(
    ("what", "reason", "message"),
    [
        ("own.one=0.7", " ", "needs --reason"),
        ("own.three=0.7", "why", "no floor own.three"),
        ("other.one=0.7", "why", "no floor other.one"),
        ("own.one=low", "why", "is no number"),
        ("own.one=0.9", "why", "does not lower"),
    ],
)
def test_lowering_is_refused(run: Run, floors: Path, what: str, reason: str, message: str) -> None:
    before = content(floors)
    with pytest.raises(SystemExit, match=message):
        run(floors, "--lower", what, "--reason", reason)
    assert content(floors) == before


def test_unknown_measures_are_refused(run: Run, floors: Path) -> None:
    with pytest.raises(SystemExit, match="no measure named other"):
        run(floors, "other=x")


def test_the_shipped_floors_fit_the_measures() -> None:
    shipped = content(BENCH / "floors.json")
    for name, pinned in shipped["measures"].items():
        assert pinned["score"] in {"ud", "plv", "plv-end", "cameo-class", "cameo-ner", "geo"}, name
        assert len(pinned["sha256"]) == 64
        assert all(floor > 0 for floor in pinned["floors"].values())
    assert all(entry["reason"] for entry in shipped["lowered"])


def test_speed_reports_steps_and_trees(program: Callable[[str], ModuleType], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.txt").write_text("Rebels attacked army posts on Monday. Peru condemned the attack.\n", encoding="utf-8")
    speed = program("bench/speed.py")
    assert speed.main([str(tmp_path), "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert (report["articles"], report["sentences"], report["words"], report["trees_batch"]) == (1, 2, 12, 64)
    rates = {"parse_words_per_second", "claims_sentences_per_second", "trees_words_per_second"}
    assert all(report[name] > 0 for name in {"cold_start_seconds", "peak_memory_mib", *rates})


def test_errors_are_told(program: Callable[[str], ModuleType], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    errors = program("bench/errors.py")
    path = tmp_path / "own.tsv"
    row = "Chile accused Peru of spying.\t<s>Chile</s> accused <t>Peru</t> of spying.\tAID\t2"
    path.write_text(f"sentence\tmarked_sentence\tgold_root\tgold_penta\n{row}\n", encoding="utf-8")
    assert errors.main([str(path)]) == 0
    told = capsys.readouterr().out
    assert "1 errors" in told
    assert "Chile → Peru" in told
    assert errors.main([str(path), "--gold", "ACCUSE"]) == 0
    assert "0 errors" in capsys.readouterr().out
    path.write_text("nothing\n", encoding="utf-8")
    assert errors.main([str(path)]) == 1
