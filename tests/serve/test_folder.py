"""Temporary folders of a program that was killed are swept away by the next one; those in use, young or not ours are left alone."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from detente.serve.folder import Folder, sweep

pytest.importorskip("fcntl", reason="without locks nothing is swept")
PREFIX = "detente-test-"
MAKE = """
import sys
from detente.serve.folder import Folder
folder = Folder(sys.argv[1])
(folder.path / "rows").write_bytes(b"a" * 1000)
print(folder.path, flush=True)
sys.stdin.read()
"""


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder for temporary ones."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def other() -> tuple[subprocess.Popen[str], Path]:
    """Another program with a folder of its own."""
    process = subprocess.Popen([sys.executable, "-c", MAKE, PREFIX], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    return process, Path(process.stdout.readline().strip())


def test_what_a_killed_program_left_is_swept_away(place: Path) -> None:
    killed, left = other()
    living, used = other()
    killed.kill()
    killed.communicate()
    assert (left / "rows").exists()
    own = Folder(PREFIX)
    assert not left.exists()
    assert (used / "rows").exists()
    living.communicate("")
    assert not used.exists(), "a program that ends removes its own"
    own.remove()
    assert not list(place.iterdir())


def test_what_is_in_use_here_is_left_alone(place: Path) -> None:
    first, second = Folder(PREFIX), Folder(PREFIX)
    assert not sweep(place, PREFIX)
    assert first.path.exists()
    del first
    assert list(place.iterdir()) == [second.path]


def test_only_old_folders_without_a_lock_are_swept_away(place: Path) -> None:
    young, old = Path(tempfile.mkdtemp(prefix=PREFIX)), Path(tempfile.mkdtemp(prefix=PREFIX))
    hours_ago = time.time() - 7200
    os.utime(old, (hours_ago, hours_ago))
    elsewhere = place / "elsewhere"
    elsewhere.mkdir()
    (place / f"{PREFIX}link").symlink_to(elsewhere)
    (place / f"{PREFIX}file").write_text("no folder")
    assert sweep(place, PREFIX) == [old]
    assert young.exists()
    assert elsewhere.exists()
    assert (place / f"{PREFIX}file").exists()


@pytest.mark.skipif(os.name != "posix" or os.getuid() != 0, reason="only the superuser can give a folder away")
def test_folders_of_others_are_left_alone(place: Path) -> None:
    theirs = Path(tempfile.mkdtemp(prefix=PREFIX))
    hours_ago = time.time() - 7200
    os.utime(theirs, (hours_ago, hours_ago))
    os.chown(theirs, os.getuid() + 1, -1)
    assert not sweep(place, PREFIX)
