"""Whatever happens to the processes that add, or to the disk: all that was acknowledged is there, once and whole."""

from __future__ import annotations

import multiprocessing
import os
import resource
import shutil
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path
from types import ModuleType

import pytest

from detente.errors import RunError
from detente.store import Store, delta

from .conftest import CRASH, ids


def test_killed_processes_lose_and_double_nothing(tmp_path: Path, crash: ModuleType) -> None:
    found = crash.crash(tmp_path, kills=12, seed=5, longest=0.5)
    assert found.faults == []
    assert found.kills >= 12
    assert found.acknowledged > 50
    store = Store.open(tmp_path / "store", create=False)
    store.vacuum(grace=0)
    assert store.audit().orphans == 0
    assert crash.audit(str(tmp_path / "store"), [tmp_path / "first.jsonl", tmp_path / "second.jsonl"], 12, 2000).faults == []


ADD = """
import importlib.util, sys
spec = importlib.util.spec_from_file_location("crash", sys.argv[1])
crash = importlib.util.module_from_spec(spec)
sys.modules["crash"] = crash
spec.loader.exec_module(crash)
from detente.store import Store
store = Store.open(sys.argv[2])
print("ready", flush=True)
sys.stdin.readline()
for first in range(0, 60, 10):
    done = store.add_coded(*crash.made(list(range(first, first + 10))))
    print(done.articles, flush=True)
"""


def test_two_processes_adding_the_same_articles_store_each_once(tmp_path: Path, crash: ModuleType) -> None:
    command = [sys.executable, "-c", ADD, str(CRASH), str(tmp_path / "world")]
    pair = [subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    for process in pair:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n", "two processes may also make the store at once"
    outs = []
    for process in pair:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    for process in pair:
        out, _ = process.communicate(timeout=120)
        assert process.returncode == 0
        outs.append(sum(map(int, out.split())))
    assert sum(outs) == 60, "each article was acknowledged as stored by one of them"
    store = Store.open(tmp_path / "world", create=False)
    assert ids(store.table("articles")) == sorted(map(crash.article_id, range(60)))
    counts = Counter(store.table("claims", ["id"])["id"].to_pylist())
    assert counts == Counter(key for n in range(60) for key in crash.claim_ids(n))
    assert store.audit().ok


def test_a_loser_of_the_race_stores_what_is_left(store: Store, crash: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    from detente.store.writer import Writer

    put_claims, raced = Writer._put_claims, []

    def overtaken(self: Writer, coded: object, batch: str) -> None:
        put_claims(self, coded, batch)  # type: ignore[arg-type]
        if not raced:
            raced.append(1)
            Store.open(str(store)).add_coded(*crash.made([5, 6]))

    monkeypatch.setattr(Writer, "_put_claims", overtaken)
    done = store.add_coded(*crash.made([4, 5, 6]))
    assert (done.articles, done.known, done.claims) == (1, 2, 4)
    assert store.table("claims").num_rows == 15
    report = store.audit()
    assert (report.ok, report.orphans) == (True, 11 + 2)


def small_disk(folder: Path) -> bool:
    """Mounts a disk of two megabytes; False where this user may not."""
    folder.mkdir()
    mount = shutil.which("mount")
    if mount is None or sys.platform != "linux":
        return False
    return subprocess.run([mount, "-t", "tmpfs", "-o", "size=2m", "tmpfs", folder], capture_output=True, check=False).returncode == 0


def test_a_full_disk_leaves_a_readable_store_with_all_that_was_acknowledged(tmp_path: Path, crash: ModuleType) -> None:
    folder = tmp_path / "small"
    if not small_disk(folder):
        pytest.skip("no disk can be mounted here; the test with a limit on files covers the rest")
    try:
        store, acknowledged, error = Store.open(folder / "world"), 0, None
        while error is None and acknowledged < 20_000:
            try:
                store.add_coded(*crash.made(list(range(acknowledged, acknowledged + 40))))
                acknowledged += 40
            except RunError as full:
                error = full
        assert error is not None
        assert str(folder) in error.message
        assert "free some space" in error.hint
        assert acknowledged > 0
        again = Store.open(folder / "world", create=False)
        assert again.table("articles").num_rows >= acknowledged
        assert again.audit().ok
        subprocess.run(["mount", "-o", "remount,size=8m", str(folder)], check=True)
        done = again.add_coded(*crash.made(list(range(acknowledged + 40))))
        assert again.table("articles").num_rows == acknowledged + 40
        assert done.known >= acknowledged
        assert again.audit().ok
    finally:
        subprocess.run(["umount", str(folder)], check=False)


def _write_under_a_limit(place: str, path: Path, results: multiprocessing.Queue[tuple[str, str, int]]) -> None:
    spec = __import__("importlib.util").util.spec_from_file_location("crash", path)
    crash = __import__("importlib.util").util.module_from_spec(spec)
    sys.modules["crash"] = crash
    spec.loader.exec_module(crash)
    store = Store.open(place)
    stored = store.add_coded(*crash.made(list(range(20)))).articles
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
    try:
        store.add_coded(*crash.made(list(range(2000))))
    except RunError as error:
        results.put((error.message, error.hint, stored))
    else:
        results.put(("no error", "", stored))


@pytest.mark.skipif(os.name != "posix", reason="limits on files are a thing of POSIX")
def test_a_write_that_fails_is_told_and_harms_nothing(tmp_path: Path, crash: ModuleType) -> None:
    context = multiprocessing.get_context("spawn")
    results: multiprocessing.Queue[tuple[str, str, int]] = context.Queue()
    process = context.Process(target=_write_under_a_limit, args=(str(tmp_path / "world"), CRASH, results))
    process.start()
    message, hint, stored = results.get(timeout=120)
    process.join()
    assert "limit is reached" in message
    assert str(tmp_path / "world") in message
    assert "goes on where it stopped" in hint
    store = Store.open(tmp_path / "world", create=False)
    assert store.table("articles").num_rows == stored == 20
    assert store.audit().ok
    assert store.add_coded(*crash.made(list(range(200)))).articles == 180


def test_a_commit_that_happened_in_spite_of_an_error_counts(store: Store, crash: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    """What follows a commit (packing the log) may fail, on a full disk for one, and then the commit stands."""
    append = delta.Table.append

    def fails_late(self: delta.Table, rows: object, tag: object = None, handle: object = None) -> int:
        version = append(self, rows, tag, handle)  # type: ignore[arg-type]
        if self.name == "articles":
            raise RunError("the log could not be packed", "")
        return version

    monkeypatch.setattr(delta.Table, "append", fails_late)
    assert store.add_coded(*crash.made([4, 5])).articles == 2
    monkeypatch.undo()
    assert store.table("claims").num_rows == 9
    assert store.audit().ok


def test_a_store_without_permission_is_told(tmp_path: Path, crash: ModuleType) -> None:
    if os.geteuid() == 0:
        pytest.skip("root may write anywhere")
    store = Store.open(tmp_path / "world")
    os.chmod(tmp_path / "world" / "runs", 0o500)
    try:
        with pytest.raises(RunError, match="cannot be written"):
            store.add_coded(*crash.made([1]))
    finally:
        os.chmod(tmp_path / "world" / "runs", 0o700)
