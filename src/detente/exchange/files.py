"""Files in and out: plain, gzip or zip, UTF-8 or Latin-1, line by line; and outputs that appear only when they are whole."""

from __future__ import annotations

import errno
import gzip
import hashlib
import os
import stat
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from ..errors import RunError, UnreadableFile

_TABLES = (".txt", ".tsv", ".tab", ".csv", ".jsonl", ".json")
_BROKEN = (zipfile.BadZipFile, gzip.BadGzipFile, EOFError, zlib.error, NotImplementedError, RuntimeError)


@dataclass(frozen=True, slots=True)
class Line:
    """One line with its end. `latin`: its bytes were no UTF-8 and were read as ISO-8859-1."""

    number: int
    text: str
    latin: bool


@dataclass(frozen=True, slots=True)
class Member:
    """One table: a file, or one of those in a zip ("year.zip:01.txt")."""

    name: str
    stream: Iterable[bytes]

    def lines(self) -> Iterator[Line]:
        """Its lines, a byte order mark taken away. Raises UnreadableFile where the archive breaks off."""
        try:
            for number, raw in enumerate(self.stream, 1):
                raw = raw.removeprefix(b"\xef\xbb\xbf") if number == 1 else raw
                try:
                    yield Line(number, raw.decode("utf-8"), False)
                except UnicodeDecodeError:
                    yield Line(number, raw.decode("latin-1"), True)
        except _BROKEN as error:
            raise UnreadableFile(self.name, 0, f"the archive is broken: {error}", "fetch the file again") from error


@contextmanager
def opened(path: str | Path) -> Iterator[Iterator[Member]]:
    """The tables of a file: itself, what gzip holds, or all tables of a zip in order. Raises UnreadableFile."""
    path = Path(path)
    try:
        with path.open("rb") as stream:
            head = stream.read(4)
            stream.seek(0)
            yield _members(path, head, stream)
    except OSError as error:
        raise UnreadableFile(path, 0, error.strerror or str(error), "check the path and its permissions") from error


def _members(path: Path, head: bytes, stream: BinaryIO) -> Iterator[Member]:
    if head[:2] == b"\x1f\x8b":
        with gzip.GzipFile(fileobj=stream) as inner:
            yield Member(str(path), inner)
    elif head == b"PK\x03\x04":
        try:
            yield from _zipped(path, stream)
        except _BROKEN as error:
            raise UnreadableFile(path, 0, f"the archive is broken: {error}", "fetch the file again") from error
    else:
        yield Member(str(path), stream)


def _zipped(path: Path, stream: BinaryIO) -> Iterator[Member]:
    with zipfile.ZipFile(stream) as archive:
        names = [name for name in archive.namelist() if name.lower().endswith(_TABLES)]
        if not names:
            raise UnreadableFile(path, 0, f"the zip holds no table ({', '.join(archive.namelist()[:5]) or 'it is empty'})",
                                 f"its files should end in one of {' '.join(_TABLES)}")
        for name in names:
            with archive.open(name) as inner:
                yield Member(f"{path}:{name}", inner)


@contextmanager
def replacing(target: str | Path) -> Iterator[Path]:
    """A name beside the target to write to; it takes the target's place when the block ends well, and goes when it does not.

    Raises RunError where the target is no file that can be replaced, or cannot be written.
    """
    target = Path(target)
    if target.exists() and not stat.S_ISREG(target.stat().st_mode):
        raise RunError(f"{target} is not a file that can be replaced", "give the name of a file")
    if not target.parent.is_dir():
        raise RunError(f"{target.parent} is no folder", "make it first, or give another name")
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        yield part
        with part.open("rb") as stream:
            os.fsync(stream.fileno())
        part.replace(target)
    except OSError as error:
        full = error.errno == errno.ENOSPC
        hint = "make room or choose another disk; nothing was left half written" if full else "check permissions and free space"
        raise RunError(f"{target}: cannot be written: {error.strerror or error}", hint) from error
    finally:
        part.unlink(missing_ok=True)


def sha256(path: str | Path) -> str:
    """The SHA-256 of a file, in hexadecimal digits. Raises UnreadableFile."""
    try:
        with Path(path).open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise UnreadableFile(path, 0, error.strerror or str(error), "check the path and its permissions") from error
