"""Paths to open streams: files, folders, globs, standard input; gzip is undone; trouble while reading is told as UnreadableFile."""

from __future__ import annotations

import glob
import gzip
import io
import os
import re
import sys
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol, cast

from ..errors import UnreadableFile

Kind = Literal["txt", "html", "json", "jsonl", "csv", "tsv", "parquet", "warc"]
KINDS: dict[str, Kind] = {
    ".txt": "txt",
    ".html": "html",
    ".htm": "html",
    ".json": "json",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".csv": "csv",
    ".tsv": "tsv",
    ".parquet": "parquet",
    ".warc": "warc",
}
STDIN = "-"
_GZIP = b"\x1f\x8b"
_BUFFER = 1 << 18
_WILD = re.compile(r"[*?\[]")


@dataclass(frozen=True, slots=True)
class Source:
    """One file to read. `named`: the user gave this very path, so trouble with it stops the run. `kind` None: look inside."""

    path: str
    kind: Kind | None
    named: bool


class _Readable(Protocol):
    def read1(self, size: int = -1, /) -> bytes: ...


class _Guarded(io.RawIOBase):
    """A stream whose failures come out as UnreadableFile with the file's name."""

    def __init__(self, inner: _Readable, path: str) -> None:
        super().__init__()
        self._inner, self._path = inner, path

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # the base class takes any buffer; BufferedReader gives this one
        try:
            data = self._inner.read1(len(buffer))
        except EOFError as error:
            raise UnreadableFile(self._path, 0, "the gzip archive ends too early", "copy or download the file again") from error
        except (gzip.BadGzipFile, zlib.error) as error:
            raise UnreadableFile(self._path, 0, f"broken gzip archive: {error}", "copy or download the file again") from error
        except OSError as error:
            raise unreadable(self._path, error) from error
        buffer[: len(data)] = data
        return len(data)


def unreadable(path: str, error: OSError) -> UnreadableFile:
    """UnreadableFile that tells an operating system's error in words."""
    match error:
        case FileNotFoundError():
            return UnreadableFile(path, 0, "no such file or folder", "check the path; a glob needs quotes in the shell")
        case PermissionError():
            return UnreadableFile(path, 0, "no permission to read it", "change the file's permissions or run as its owner")
        case NotADirectoryError():
            return UnreadableFile(path, 0, "part of the path is a file, not a folder", "check the path")
        case _:
            return UnreadableFile(path, 0, error.strerror or str(error), "check that the disk or share is there and the file is whole")


def kind_of(path: str) -> Kind | None:
    """Kind of a file by its suffix (".gz" set aside), or None."""
    return KINDS.get(Path(path.lower().removesuffix(".gz")).suffix)


def expand(path: str | Path) -> Iterator[Source | UnreadableFile]:
    """Files that one path stands for, in a fixed order. Raises UnreadableFile for a path without file; yields those met on the way."""
    text = str(path)
    if text == STDIN:
        yield Source(STDIN, None, named=True)
    elif os.path.isdir(text):
        yield from _walk(text)
    elif _WILD.search(text) and not os.path.exists(text):
        yield from _glob(text)
    else:
        yield Source(text, kind_of(text), named=True)


def _walk(folder: str) -> Iterator[Source | UnreadableFile]:
    problems: list[OSError] = []
    for place, folders, files in os.walk(folder, onerror=problems.append):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            path = os.path.join(place, name)
            if not name.startswith(".") and kind_of(path):
                yield Source(path, kind_of(path), named=False)
        yield from _told(problems, folder)
    yield from _told(problems, folder)


def _told(problems: list[OSError], folder: str) -> Iterator[UnreadableFile]:
    while problems:
        error = problems.pop(0)
        trouble = unreadable(str(error.filename or folder), error)
        if str(error.filename) == folder:
            raise trouble
        yield trouble


def _glob(pattern: str) -> Iterator[Source | UnreadableFile]:
    found = sorted(glob.glob(pattern, recursive=True))
    if not found:
        raise UnreadableFile(pattern, 0, "no file matches", "check the pattern; ** reaches into subfolders")
    suffix = Path(pattern).suffix
    literal = bool(suffix) and not _WILD.search(suffix)
    for path in found:
        if os.path.isdir(path):
            # With ** the pattern itself goes down; walking again would read files twice.
            if "**" not in pattern:
                yield from _walk(path)
        elif literal or kind_of(path):
            yield Source(path, kind_of(path), named=False)


@contextmanager
def opened(path: str) -> Iterator[io.BufferedReader]:
    """The bytes of a file or of standard input, with gzip undone. Raises UnreadableFile, also later while it is read."""
    if path == STDIN:
        with _buffered(cast(_Readable, sys.stdin.buffer), path, gzipped=False) as stream:
            yield stream
        return
    try:
        raw = open(path, "rb")  # noqa: SIM115  # closed below; the error of opening must not cover those of the block
    except OSError as error:
        raise unreadable(path, error) from error
    with raw, _buffered(raw, path, gzipped=path.lower().endswith(".gz")) as stream:
        yield stream


@contextmanager
def _buffered(raw: _Readable, path: str, gzipped: bool) -> Iterator[io.BufferedReader]:
    plain: io.BufferedReader = io.BufferedReader(_Guarded(raw, path), _BUFFER)
    if not (gzipped or plain.peek(len(_GZIP)).startswith(_GZIP)):
        yield plain
        return
    yield io.BufferedReader(_Guarded(gzip.GzipFile(fileobj=plain, mode="rb"), path), _BUFFER)


def sniff(head: bytes) -> Kind:
    """Kind of a stream by its first bytes: Parquet and WARC by their marks, JSON Lines, a JSON list, HTML, else plain text."""
    if head.startswith(b"PAR1"):
        return "parquet"
    if head.startswith(b"WARC/"):
        return "warc"
    # UTF-16 and UTF-32 show the same signs once their marks and zero bytes are set aside.
    start = head.lstrip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n")
    if start.startswith(b"{"):
        return "jsonl"
    if re.match(rb"\[[\s\0]*\{", start):
        return "json"
    return "html" if start.startswith(b"<") else "txt"
