"""Temporary folders that are never left behind: each is locked by the program that made it, and what a killed one left is swept away.

A copy of a large store takes gigabytes. A program that ends removes its own; one that is killed cannot. A lock ends with the process that
holds it, however it ends, so that whoever makes a folder can tell which others nobody uses any more.
"""

from __future__ import annotations

import logging
import os
import shutil
import sys
import tempfile
import time
import weakref
from contextlib import suppress
from pathlib import Path

if sys.platform != "win32":  # which has no such locks: nothing is swept there
    import fcntl

LOG = logging.getLogger("detente.serve")
_LOCK = "in-use"
_YOUNG = 3600.0  # seconds that a folder without a lock is left alone: it may just be being made


class Folder:
    """A temporary folder that goes when nobody refers to this object any more, or the program ends. Made beside those of programs that were
    killed, it removes theirs."""

    def __init__(self, prefix: str) -> None:
        self.path = Path(tempfile.mkdtemp(prefix=prefix))
        lock = _locked(self.path)
        self.remove = weakref.finalize(self, _removed, self.path, lock)
        if lock is not None:
            sweep(self.path.parent, prefix)


def sweep(place: Path, prefix: str) -> list[Path]:
    """Removes our folders of a prefix that no running program holds; gives those that went."""
    found = [path for path in place.glob(f"{prefix}*") if _is_left(path)]
    for path in found:
        shutil.rmtree(path, ignore_errors=True)  # another program may be at it, too
        LOG.info("removed %s, which a program that was killed left behind", path)
    return found


def _locked(path: Path) -> int | None:
    """Locks a new folder until the descriptor is closed; None where there are no locks. The file takes its name when it is locked already:
    nobody ever sees it free."""
    if sys.platform == "win32":
        return None
    making = path / f"{_LOCK}.new"
    lock = os.open(making, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:  # a file system without locks: others will not get one here either, and leave the folder alone
        LOG.info("no lock on %s: %s", path, error)
    making.rename(path / _LOCK)
    return lock


def _removed(path: Path, lock: int | None) -> None:
    shutil.rmtree(path, ignore_errors=True)
    if lock is not None:
        os.close(lock)


def _is_left(path: Path) -> bool:
    """Whether a folder is ours and nobody's any more."""
    if sys.platform == "win32":
        return False
    try:
        made = path.lstat()
        if path.is_symlink() or not path.is_dir() or made.st_uid != os.getuid():
            return False
        lock = os.open(path / _LOCK, os.O_RDWR)
    except FileNotFoundError:  # gone meanwhile, or without a lock
        with suppress(FileNotFoundError):
            return time.time() - path.stat().st_mtime > _YOUNG
        return False
    except OSError:
        return False
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:  # in use, or the file system has no locks
        return False
    finally:
        os.close(lock)
    return True
