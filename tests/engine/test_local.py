"""Runs over many articles: the same bytes whatever happens on the way, and a remedy in every error."""

from __future__ import annotations

import io
import json
import multiprocessing
import os
import runpy
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from detente.engine import Progress, RunOptions, run_to_file, run_to_stream, workers
from detente.engine.parts import Parts
from detente.errors import KnowledgeError, RunError, SettingsError, UnreadableFile
from detente.flow.read import read
from detente.knowledge import DATA
from detente.pipeline import Coder
from detente.records import Article, Reject
from detente.settings import Settings

DRIVER = Path(__file__).with_name("driver.py")
REAL = Settings()
DRIVEN: dict[str, Any] = runpy.run_path(str(DRIVER))
SETTINGS = Settings(model=DRIVER.parent)  # small files to hash in place of the model's


@pytest.fixture
def driver(monkeypatch: pytest.MonkeyPatch) -> None:
    """The driver's stand-in for the coder, in this process, for one test."""
    monkeypatch.setattr(workers, "Coder", DRIVEN["StandIn"])


def articles(count: int = 17, note: str = "") -> list[Article]:
    """The driver's articles."""
    made: list[Article] = DRIVEN["made"](count, note)
    return made


def options(**changes: object) -> RunOptions:
    """Small chunks, so that there are several."""
    return RunOptions(**{"chunk": 2, **changes})  # type: ignore[arg-type]  # each test gives what the field takes


def lines(path: Path) -> list[dict[str, object]]:
    """Rows of a JSON Lines file."""
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def stopped_after(count: int, out: Path, **changes: object) -> None:
    """A run that is broken off by Ctrl-C after some chunks."""
    seen: list[Progress] = []

    def stop(state: Progress) -> None:
        seen.append(state)
        if len(seen) == count:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_to_file(articles(), out, options(**changes), SETTINGS, [], stop)


# -- what a run gives ---------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("driver")
def test_claims_come_in_the_order_of_the_articles(tmp_path: Path) -> None:
    out = tmp_path / "claims.jsonl"
    given = articles()
    summary = run_to_file(given, out, options(), SETTINGS, [])
    order = list(dict.fromkeys(row["article"] for row in lines(out)))
    assert order == [a.id for a in given if not any(word in a.text for word in ("REJECT", "BOOM"))]
    assert (summary.articles, summary.rejects, summary.claims, summary.sentences) == (17, 3, len(lines(out)), 42)
    assert summary.steps["parse"] > 0
    assert summary.sentences_per_second > 0
    assert sorted(p.name for p in tmp_path.iterdir()) == ["claims.jsonl", "claims.jsonl.rejects.jsonl"]


@pytest.mark.usefixtures("driver")
def test_rejects_of_reading_and_coding_stand_in_the_order_of_the_input(tmp_path: Path) -> None:
    rejects: list[Reject] = []

    def reading() -> Iterator[Article]:
        for number, article in enumerate(articles()):
            if number in {0, 5, 16}:
                rejects.append(Reject("news.jsonl", 100 + number, None, "read", "broken"))
            yield article
        rejects.append(Reject("news.jsonl", 200, None, "read", "broken at the end"))

    out = tmp_path / "claims.jsonl"
    summary = run_to_file(reading(), out, options(), SETTINGS, rejects)
    assert [r.line for r in rejects] == [100, 4, 105, 9, 10, 116, 200]
    assert [row["line"] for row in lines(tmp_path / "claims.jsonl.rejects.jsonl")] == [r.line for r in rejects]
    assert summary.rejects == 7
    fault = next(r for r in rejects if r.line == 9)
    assert (fault.step, fault.reason) == ("code", "IndexError: list index out of range")


@pytest.mark.usefixtures("driver")
def test_rejects_of_an_earlier_run_do_not_stay(tmp_path: Path) -> None:
    out = tmp_path / "claims.jsonl"
    run_to_file(articles(), out, options(), SETTINGS, [])
    run_to_file(articles(3), out, options(), SETTINGS, [])
    assert [p.name for p in tmp_path.iterdir()] == ["claims.jsonl"]


@pytest.mark.usefixtures("driver")
def test_all_formats_hold_the_same_claims(tmp_path: Path) -> None:
    for form in ("jsonl", "csv", "parquet"):
        run_to_file(articles(), tmp_path / f"claims.{form}", options(format=form), SETTINGS, [])
    ids = [row["id"] for row in lines(tmp_path / "claims.jsonl")]
    table = pq.read_table(tmp_path / "claims.parquet")
    assert table.column("id").to_pylist() == ids
    assert [line.split(",")[0] for line in (tmp_path / "claims.csv").read_text("utf-8").splitlines()[1:]] == ids


@pytest.mark.usefixtures("driver")
@pytest.mark.parametrize(("form", "size"), [("jsonl", 0), ("csv", 1)])
def test_no_articles_give_an_empty_file(tmp_path: Path, form: str, size: int) -> None:
    out = tmp_path / "claims"
    assert run_to_file([], out, options(format=form), SETTINGS, []).articles == 0
    assert len(out.read_text("utf-8").splitlines()) == size


@pytest.mark.usefixtures("driver")
def test_a_stream_gets_the_same_lines_as_a_file(tmp_path: Path) -> None:
    for form in ("jsonl", "csv"):
        stream, rejects = io.StringIO(), list[Reject]()
        out = tmp_path / f"claims.{form}"
        of_file = run_to_file(articles(), out, options(format=form), SETTINGS, [])
        of_stream = run_to_stream(articles(), stream, options(format=form), SETTINGS, rejects)
        assert stream.getvalue() == out.read_text("utf-8")
        assert (of_stream.claims, of_stream.rejects, len(rejects)) == (of_file.claims, 3, 3)


@pytest.mark.usefixtures("driver")
def test_articles_are_drawn_chunk_by_chunk() -> None:
    drawn: list[int] = []
    ahead: list[int] = []

    def reading() -> Iterator[Article]:
        for number, article in enumerate(articles()):
            drawn.append(number)
            yield article

    run_to_stream(reading(), io.StringIO(), options(), SETTINGS, [], lambda state: ahead.append(len(drawn) - state.articles))
    assert max(ahead) <= 2


@pytest.mark.usefixtures("driver")
def test_progress_counts_up_to_the_summary(tmp_path: Path) -> None:
    seen: list[Progress] = []
    summary = run_to_file(articles(), tmp_path / "claims.jsonl", options(), SETTINGS, [], seen.append)
    assert [state.articles for state in seen] == [2, 4, 6, 8, 10, 12, 14, 16, 17]
    assert (seen[-1].claims, seen[-1].rejects, seen[-1].sentences) == (summary.claims, summary.rejects, summary.sentences)


@pytest.mark.usefixtures("driver")
@pytest.mark.parametrize(("error", "told"), [(BrokenPipeError, BrokenPipeError), (OSError, RunError)])
def test_a_stream_that_fails_is_told_apart_from_one_nobody_reads(error: type[OSError], told: type[Exception]) -> None:
    class Stream(io.StringIO):
        def write(self, text: str) -> int:
            raise error(28, "No space left on device")

    with pytest.raises(told):
        run_to_stream(articles(), Stream(), options(), SETTINGS, [])


# -- going on -------------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("driver")
def test_ctrl_c_leaves_the_parts_and_resume_takes_them_over(tmp_path: Path) -> None:
    whole, out = tmp_path / "whole.jsonl", tmp_path / "claims.jsonl"
    run_to_file(articles(), whole, options(), SETTINGS, [])
    stopped_after(3, out)
    assert len(list((tmp_path / "claims.jsonl.part").glob("0*.jsonl"))) == 3
    assert not out.exists()
    summary = run_to_file(articles(), out, options(resume=True), SETTINGS, [])
    assert out.read_bytes() == whole.read_bytes()
    assert (tmp_path / "claims.jsonl.rejects.jsonl").read_bytes() == (tmp_path / "whole.jsonl.rejects.jsonl").read_bytes()
    assert (summary.resumed, summary.articles) == (6, 17)
    assert summary.coded < summary.sentences
    assert not (tmp_path / "claims.jsonl.part").exists()


@pytest.mark.usefixtures("driver")
def test_without_resume_the_parts_are_begun_afresh(tmp_path: Path) -> None:
    out = tmp_path / "claims.jsonl"
    out.write_text("the result of yesterday")
    stopped_after(3, out)
    assert out.read_text() == "the result of yesterday"
    summary = run_to_file(articles(note=" Again."), out, options(), SETTINGS, [])
    assert summary.resumed == 0
    assert "Again" in out.read_text("utf-8")


@pytest.mark.usefixtures("driver")
@pytest.mark.parametrize(
    ("changed", "settings", "told"),
    [
        ({"chunk": 3}, SETTINGS, "chunk: 2 then, 3 now"),
        ({"format": "csv"}, SETTINGS, "format: jsonl then, csv now"),
        ({}, Settings(model=DRIVER.parent, skip_gate=True), "settings.skip_gate: False then, True now"),
    ],
)
def test_resume_names_what_differs(tmp_path: Path, changed: dict[str, object], settings: Settings, told: str) -> None:
    out = tmp_path / "claims.jsonl"
    stopped_after(2, out)
    with pytest.raises(RunError, match=told) as caught:
        run_to_file(articles(), out, options(resume=True, **changed), settings, [])
    assert "without --resume" in caught.value.hint
    assert len(list((tmp_path / "claims.jsonl.part").glob("0*.jsonl"))) == 2


@pytest.mark.usefixtures("driver")
def test_resume_takes_no_offence_at_another_reject_rate_or_more_jobs(tmp_path: Path) -> None:
    out = tmp_path / "claims.jsonl"
    stopped_after(2, out)
    assert run_to_file(articles(), out, options(resume=True), Settings(model=DRIVER.parent, max_reject_rate=0.9), []).resumed == 4


@pytest.mark.usefixtures("driver")
@pytest.mark.parametrize(("count", "note"), [(17, " Other words."), (4, ""), (3, "")])
def test_resume_notices_a_changed_input(tmp_path: Path, count: int, note: str) -> None:
    out = tmp_path / "claims.jsonl"
    stopped_after(3, out)
    with pytest.raises(RunError, match=r"is not what it was|more chunks than the input") as caught:
        run_to_file(articles(count, note), out, options(resume=True), SETTINGS, [])
    assert "restore the input" in caught.value.hint
    assert not out.exists()


@pytest.mark.usefixtures("driver")
def test_resume_makes_a_damaged_chunk_again(tmp_path: Path) -> None:
    whole, out = tmp_path / "whole.jsonl", tmp_path / "claims.jsonl"
    run_to_file(articles(), whole, options(), SETTINGS, [])
    stopped_after(4, out)
    chunk = tmp_path / "claims.jsonl.part" / "000001.jsonl"
    chunk.write_bytes(chunk.read_bytes()[:-40])
    (tmp_path / "claims.jsonl.part" / "000002.jsonl").write_bytes(b"")
    assert run_to_file(articles(), out, options(resume=True), SETTINGS, []).resumed == 4
    assert out.read_bytes() == whole.read_bytes()


@pytest.mark.usefixtures("driver")
@pytest.mark.parametrize("form", ["jsonl", "csv", "parquet"])
def test_the_ledger_of_a_resumed_run_is_whole(tmp_path: Path, form: str) -> None:
    whole, out, beside, ledger = (tmp_path / name for name in ("whole.jsonl", f"claims.{form}", "whole-ledger.jsonl", "ledger.jsonl"))
    run_to_file(articles(), whole, options(ledger=beside), SETTINGS, [])
    stopped_after(4, out, format=form)
    assert not ledger.exists()
    assert run_to_file(articles(), out, options(resume=True, format=form, ledger=ledger), SETTINGS, []).resumed == 8
    assert ledger.read_bytes() == beside.read_bytes()
    assert [row["kind"] for row in lines(ledger)] == ["supports"] * 14
    assert all(row["event"] for row in lines(whole))


@pytest.mark.usefixtures("driver")
def test_a_chunk_of_another_run_is_not_joined(tmp_path: Path) -> None:
    out = tmp_path / "claims.jsonl"
    stopped_after(2, out)
    stranger = (tmp_path / "claims.jsonl.part" / "000000.jsonl").read_bytes()
    parts = Parts(out, {"detente": "0"}, resume=False)
    parts.path(0).write_bytes(stranger)
    with pytest.raises(RunError, match="missing or damaged"):
        parts.join(1, "jsonl", [])


@pytest.mark.usefixtures("driver")
def test_a_mistyped_input_does_not_cost_the_parts(tmp_path: Path) -> None:
    out = tmp_path / "claims.jsonl"
    stopped_after(3, out)
    with pytest.raises(UnreadableFile):
        run_to_file(read(tmp_path / "nosuch.jsonl"), out, options(), SETTINGS, [])
    assert len(list((tmp_path / "claims.jsonl.part").glob("0*.jsonl"))) == 3


# -- kills ------------------------------------------------------------------------------------------------------------------


def drive(*arguments: object, seconds: float = 0.0) -> subprocess.Popen[str]:
    """Starts the driver in a process of its own."""
    environment = {**os.environ, "STAND_IN_SECONDS": str(seconds)}
    command = [sys.executable, str(DRIVER), *map(str, arguments)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)


def finished(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    """Exit code, standard output and standard error."""
    told, errors = process.communicate(timeout=50)
    return process.returncode, told, errors


@pytest.mark.skipif(not hasattr(os, "fork"), reason="kills are tried in forked children")
@pytest.mark.parametrize(("form", "step"), [("jsonl", 1), ("parquet", 6)])
def test_a_kill_at_any_file_operation_costs_nothing(tmp_path: Path, form: str, step: int) -> None:
    code, told, errors = finished(drive("sweep", tmp_path, form, step))
    assert code == 0, errors
    assert int(told) > 25, "fewer file operations than a run of five chunks must have"


def gone(process: int) -> bool:
    """Whether a process has ended; one that nobody has fetched yet counts as ended."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except (FileNotFoundError, ProcessLookupError):
        return True


@pytest.mark.usefixtures("driver")
@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks for the workers in /proc")
def test_killed_runs_with_two_workers_go_on_to_the_same_bytes(tmp_path: Path) -> None:
    whole, out = tmp_path / "whole.csv", tmp_path / "claims.csv"
    run_to_file(articles(), whole, options(format="csv"), SETTINGS, [])
    for chunks, resume in ((1, "afresh"), (6, "resume")):
        process = drive("run", out, "csv", 2, resume, seconds=0.15)
        assert process.stdout
        helpers = [int(word) for word in process.stdout.readline().split()]
        while len(list(tmp_path.glob("claims.csv.part/0*.jsonl"))) < chunks and process.poll() is None:
            time.sleep(0.01)
        process.kill()
        finished(process)
        assert process.returncode == -signal.SIGKILL
        assert len(helpers) == 2
        deadline = time.monotonic() + 10
        while not all(map(gone, helpers)):
            assert time.monotonic() < deadline, "workers outlive the run"
            time.sleep(0.02)
    assert not out.exists()
    assert run_to_file(articles(), out, options(format="csv", resume=True), SETTINGS, []).resumed >= 12
    assert out.read_bytes() == whole.read_bytes()
    assert sorted(p.name for p in tmp_path.iterdir()) == sorted(f"{n}.csv{e}" for n in ("claims", "whole") for e in ("", ".rejects.jsonl"))


@pytest.mark.usefixtures("driver")
@pytest.mark.skipif(os.name != "posix", reason="a worker is killed by its process id")
def test_a_dead_worker_is_told_with_its_chunk(tmp_path: Path) -> None:
    out = tmp_path / "claims.jsonl"
    process = drive("run", out, "jsonl", 2, "afresh", seconds=0.3)
    assert process.stdout
    os.kill(int(process.stdout.readline().split()[0]), signal.SIGKILL)
    code, _, errors = finished(process)
    assert code == 1
    assert "was killed by signal 9" in errors
    assert "from news.jsonl:" in errors
    assert "--resume" in errors
    assert run_to_file(articles(), out, options(resume=True), SETTINGS, []).resumed >= 2
    assert len(lines(out)) == 42


def test_two_workers_with_the_real_model_give_the_same_bytes(tmp_path: Path, coder: Coder, monkeypatch: pytest.MonkeyPatch) -> None:
    sources = sorted(str(p) for p in (DATA / "samples").glob("0[1-4]*.txt"))
    alone, stream = tmp_path / "alone.jsonl", io.StringIO()
    with monkeypatch.context() as patched:
        patched.setattr(workers, "Coder", lambda _: coder)
        first = run_to_file(read(sources), alone, options(), REAL, [])
    second = run_to_stream(read(sources), stream, options(jobs=2), REAL, [])
    assert stream.getvalue() == alone.read_text("utf-8")
    assert first.claims == second.claims > 20
    assert not multiprocessing.active_children()


# -- what cannot be ----------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("driver")
def test_a_full_disk_keeps_the_parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole, out = tmp_path / "whole.jsonl", tmp_path / "claims.jsonl"
    run_to_file(articles(), whole, options(), SETTINGS, [])
    real, calls = os.fsync, iter(range(100))

    def full(handle: int) -> None:
        if next(calls) == 4:
            raise OSError(28, "No space left on device")
        real(handle)

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        with pytest.raises(RunError, match="No space left on device") as caught:
            run_to_file(articles(), out, options(), SETTINGS, [])
    assert "--resume" in caught.value.hint
    left = sorted(p.name for p in (tmp_path / "claims.jsonl.part").iterdir())
    assert left == ["000000.jsonl", "000001.jsonl", "000002.jsonl", "run.json"]
    assert run_to_file(articles(), out, options(resume=True), SETTINGS, []).resumed == 6
    assert out.read_bytes() == whole.read_bytes()


@pytest.mark.usefixtures("driver")
def test_outputs_that_must_not_be_replaced_are_refused(tmp_path: Path) -> None:
    foreign = tmp_path / "claims.jsonl.part"
    foreign.mkdir()
    (foreign / "diary.txt").write_text("mine")
    with pytest.raises(RunError, match="no run has written"):
        run_to_file(articles(), tmp_path / "claims.jsonl", options(), SETTINGS, [])
    assert (foreign / "diary.txt").read_text() == "mine"
    for out, told in ((tmp_path, "not a file"), (Path(os.devnull), "not a file"), (tmp_path / "no" / "x", "is no folder")):
        with pytest.raises(RunError, match=told) as caught:
            run_to_file(articles(), out, options(), SETTINGS, [])
        assert caught.value.hint


@pytest.mark.usefixtures("driver")
@pytest.mark.parametrize(("count", "rate", "fails"), [(10, 0.29, True), (10, 0.3, False), (9, 0.1, False)])
def test_too_many_rejects_fail_after_all_is_written(tmp_path: Path, count: int, rate: float, fails: bool) -> None:
    out, settings = tmp_path / "claims.jsonl", Settings(model=DRIVER.parent, max_reject_rate=rate)
    if not fails:
        run_to_file(articles(count), out, options(), settings, [])
    else:
        with pytest.raises(RunError, match="3 of 10 articles were rejected"):
            run_to_file(articles(count), out, options(), settings, [])
    assert out.exists()
    assert (tmp_path / "claims.jsonl.rejects.jsonl").exists()


@pytest.mark.parametrize("wrong", [{"jobs": 0}, {"chunk": 0}, {"format": "xml"}])
def test_options_that_cannot_be_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(SettingsError):
        options(**wrong)


@pytest.mark.parametrize("wrong", [{"format": "parquet"}, {"resume": True}, {"ledger": Path("beside.jsonl")}])
def test_a_stream_takes_neither_parquet_nor_resume(wrong: dict[str, object]) -> None:
    with pytest.raises(SettingsError):
        run_to_stream([], io.StringIO(), options(**wrong), SETTINGS, [])


def test_errors_of_a_worker_arrive_as_they_were_raised(tmp_path: Path) -> None:
    (tmp_path / "verbs").mkdir()
    (tmp_path / "verbs" / "BAD.yml").write_text("event: [")
    with pytest.raises(KnowledgeError) as caught:
        run_to_stream([], io.StringIO(), options(jobs=2), Settings(knowledge=(tmp_path,)), [])
    assert caught.value.path.name == "BAD.yml"
    assert not multiprocessing.active_children()
