"""One Delta table of a store: handles on it, commits that reach the disk before they count, and failures told in words."""

from __future__ import annotations

import json
import os
import re
import secrets
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

import pyarrow as pa
import pyarrow.ipc

from ..errors import MissingExtra, RunError, StoreError

if TYPE_CHECKING:
    from deltalake import DeltaTable

_ODD = re.compile(r"%[0-9A-Fa-f]{2}|[\[\]^|\\\x00-\x1f]")  # measured: deltalake 1.6 writes elsewhere, or ends in a panic
_FULL = ("os error 28", "os error 122", "os error 27", "No space left", "quota exceeded", "File too large")
_CLOSED = ("os error 13", "os error 30", "Permission denied", "Read-only file system")
_GONE = ("No such file", "No files found", "not found", "NotFound", "does not exist")
# Columns whose least and greatest values stand in the log; those of long texts would only swell it.
_SKIPPED_BY = ("id", "article", "event", "claim", "batch", "recorded", "date", "published")
_FOR_EVER = "interval 36500 days"
ROOM = "free some space or move the store; it stays readable, and the same command goes on where it stopped"
TRIES = 40
_ROWS_AT_ONCE = 50_000  # also of a part of a file that a query can skip by its least and greatest values
_LONGEST_PAUSE = 1.5


def library() -> Any:
    """The deltalake module. Raises MissingExtra."""
    try:
        import deltalake
    except ImportError as error:
        raise MissingExtra("deltalake", "store") from error
    return deltalake


@dataclass(frozen=True, slots=True)
class Place:
    """Where a store lies. `folder` is None for what is not on a local disk; `options`: those of deltalake for an object store."""

    uri: str
    folder: Path | None
    options: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, uri: str | os.PathLike[str], options: Mapping[str, str] | None = None) -> Place:
        """From a path, a file URI or any other URI that deltalake takes. Raises StoreError for a path that it cannot write."""
        text = os.fspath(uri)
        if "://" in text and not text.startswith("file://"):
            return cls(text.rstrip("/"), None, dict(options or {}))
        folder = Path(unquote(urlsplit(text).path) if text.startswith("file://") else text).absolute()
        odd = next((found.group() for part in folder.parts[1:] if (found := _ODD.search(part))), None)
        if odd:
            raise StoreError(f"{folder}: a store cannot lie under a name with {odd!r} in it", "give it another path")
        return cls(folder.as_uri(), folder, dict(options or {}))

    def __str__(self) -> str:
        return str(self.folder or self.uri)


@contextmanager
def told(where: object) -> Iterator[None]:
    """Turns what goes wrong in the tables below into errors that name the place and a remedy.

    A lost race (CommitFailedError) passes through, for whoever can try again.
    """
    from deltalake.exceptions import CommitFailedError, DeltaError, TableNotFoundError

    try:
        yield
    except CommitFailedError:
        raise
    except TableNotFoundError as error:
        raise StoreError(f"{where}: no table of a store is there", "check the path; `detente add` begins a store") from error
    except (DeltaError, OSError, pa.ArrowException) as error:
        raise in_words(where, error) from error


def in_words(where: object, error: Exception) -> StoreError | RunError:
    """The error to raise for one of the libraries below."""
    text = str(error)
    if any(sign in text for sign in _FULL):
        return RunError(f"{where}: the disk is full or a limit is reached: {_first_line(text)}", ROOM)
    if any(sign in text for sign in _CLOSED):
        return RunError(f"{where}: cannot be written or read: {_first_line(text)}", "change the permissions, or take another path")
    if any(sign in text for sign in _GONE):
        return StoreError(
            f"{where}: a file of the store is gone: {_first_line(text)}",
            "vacuum removes old states: read the store as it is now, or fold anew as of that moment; if nobody vacuumed, restore a backup",
        )
    return StoreError(f"{where}: {_first_line(text)}", "`detente audit` says what is wrong; another process may hold an older version")


def _first_line(text: str) -> str:
    line = text.strip().splitlines()[0] if text.strip() else "no reason given"
    return line[:300]


def pauses() -> Iterator[float]:
    """Seconds to wait before each further try, growing, with chance in them so that two losers part; bounded in number."""
    for attempt in range(TRIES):
        longest = min(_LONGEST_PAUSE, 0.01 * 2**attempt)
        yield longest * (0.5 + secrets.randbelow(1000) / 2000)


@dataclass(frozen=True, slots=True)
class Tag:
    """An application transaction of Delta: of two commits that carry one of the same name and began at one version, the second fails."""

    name: str
    number: int


@dataclass(frozen=True, slots=True)
class Table:
    """One table of a store."""

    place: Place
    name: str

    @property
    def uri(self) -> str:
        """Where it lies."""
        return f"{self.place.uri}/{self.name}"

    @property
    def folder(self) -> Path | None:
        """Where it lies on a local disk."""
        return self.place.folder / self.name if self.place.folder else None

    def __str__(self) -> str:
        return str(self.folder or self.uri)

    def handle(self, version: int | None = None) -> DeltaTable:
        """The table as it is now, or was at a version. Raises StoreError where it is not there."""
        with told(self):
            found: DeltaTable = library().DeltaTable(self.uri, version=version, storage_options=dict(self.place.options))
        return found

    def is_there(self) -> bool:
        """Whether there is a table."""
        with told(self):
            return bool(library().DeltaTable.is_deltatable(self.uri, storage_options=dict(self.place.options)))

    def create(self, schema: pa.Schema, description: str) -> None:
        """Makes the table without rows; does nothing where another process was faster. Raises RunError."""
        from deltalake.exceptions import DeltaError

        if self.folder:
            with told(self):
                self.folder.mkdir(parents=True, exist_ok=True)
        stats = ",".join(name for name in _SKIPPED_BY if name in schema.names)
        settings = {"delta.enableExpiredLogCleanup": "false", "delta.logRetentionDuration": _FOR_EVER,
                    "delta.dataSkippingStatsColumns": stats}
        try:
            library().DeltaTable.create(
                self.uri, schema, mode="ignore", name=self.name, description=description, configuration=settings,
                storage_options=dict(self.place.options),
            )
        except (DeltaError, OSError) as error:
            if not self.is_there():
                raise in_words(self, error) from error
        self.settle(0)

    def append(self, rows: pa.Table, tag: Tag | None = None, handle: DeltaTable | None = None) -> int:
        """Adds rows in one commit and gives its version; they are on the disk when it returns.

        Without a tag, appends never hinder one another. With one, raises deltalake's CommitFailedError where another commit with
        that tag came after `handle` was made. Raises RunError, also (rarely) after the commit has happened.
        """
        handle = handle or self.handle()
        with told(self):
            library().write_deltalake(handle, _copied(rows), mode="append", writer_properties=_writer(), commit_properties=_properties(tag))
        return self._done(handle)

    def overwrite(self, handle: DeltaTable, rows: pa.Table, tag: Tag, predicate: str | None = None) -> int:
        """Replaces all rows, or those that a predicate holds for, in one commit; gives its version. Raises as `append`."""
        with told(self):
            library().write_deltalake(
                handle, _copied(rows), mode="overwrite", predicate=predicate, writer_properties=_writer(),
                commit_properties=_properties(tag),
            )
        return self._done(handle)

    def fence(self, handle: DeltaTable, tag: Tag) -> None:
        """A commit without rows, which every writer with an older handle and the same tag runs into."""
        with told(self):
            handle.create_write_transaction([], "append", handle.schema(), commit_properties=_properties(tag))

    def _done(self, handle: DeltaTable) -> int:
        version = int(handle.version())
        self.settle(version)
        return version

    def settle(self, version: int) -> None:
        """Makes a commit last on a local disk, against a fall of the power: its data files, its line in the log, their folders."""
        if self.folder is None or os.name != "posix":
            return
        log = self.folder / "_delta_log" / f"{version:020}.json"
        try:
            lines = log.read_text("utf-8").splitlines()
        except FileNotFoundError:
            return  # another process has packed the log; what stands there was settled by its writer
        added = [unquote(action["add"]["path"]) for line in lines if "add" in (action := json.loads(line))]
        with told(self):
            for path in (*(self.folder / name for name in added), log, self.folder, log.parent):
                _flush(path)


def _flush(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _copied(rows: pa.Table) -> pa.RecordBatchReader:
    """The rows, some at a time, in memory of their own: a slice of nested columns, handed over as it is, ends the whole process
    (arrow-rs 59 fails an assertion on a struct in a struct with an offset)."""

    def batches() -> Iterator[pa.RecordBatch]:
        for batch in rows.combine_chunks().to_batches(max_chunksize=_ROWS_AT_ONCE):  # many small chunks would take three times as long
            sink = pa.BufferOutputStream()
            with pa.ipc.new_stream(sink, rows.schema) as stream:
                stream.write_batch(batch)
            yield from pa.ipc.open_stream(sink.getvalue())

    return pa.RecordBatchReader.from_batches(rows.schema, batches())


def _writer() -> Any:
    return library().WriterProperties(compression="ZSTD", compression_level=3, max_row_group_size=_ROWS_AT_ONCE)


def _properties(tag: Tag | None) -> Any:
    if tag is None:
        return None
    module = library()
    return module.CommitProperties(app_transactions=[module.Transaction(tag.name, tag.number)])


def number_of(handle: DeltaTable, name: str) -> int:
    """The number that the newest commit with this tag carries; 0 where there is none."""
    return int(handle.transaction_version(name) or 0)


def now() -> int:
    """Microseconds since 1970 in UTC, by this machine's clock."""
    return time.time_ns() // 1000


def next_moment(last: int) -> int:
    """The moment of a commit that follows one at `last`: now, or just after it where the clock has gone back."""
    return max(now(), last + 1)


def new_id(prefix: str) -> str:
    """An id that nobody else has."""
    return f"{prefix}_{secrets.token_hex(8)}"
