"""Imports: a file of another data set as a stream of batches in the schema of events. Every row comes out as an event or as a reject."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from ..errors import BadRecord, UnknownName, UnreadableFile
from ..knowledge import Knowledge
from ..records import Reject, content_id
from ..tables import EVENTS
from .cells import unguarded
from .codes import Codes, codes_of
from .files import Line, Member, opened
from .flat import Flat
from .forms import Cells, Form
from .gdelt import FIRST, SECOND, Gdelt
from .icews import Icews
from .leaves import Event
from .plover import Plover
from .polecat import Polecat
from .rows import Row, rows_of
from .ucdp import Ucdp, release_of

_MEMBERS = 1 << 20  # more tables than a zip of years has
Rejected = Callable[[Reject], None]
Found = Callable[[Member], Iterator["Read | Reject"]]
STEP = "import"
_VALUES = re.compile(r"(?:\d{4}-\d\d-\d\d|'[^']*'|\"[^\"]*\"|(?<!CAMEO )(?<![\w-])-?\d+(?:\.\d+)?|(?<=first in ).*)")


@dataclass(frozen=True, slots=True)
class Read:
    """One row that was read. `latin`: it was no UTF-8; `notes`: what is odd about it."""

    line: int
    event: Event
    latin: bool = False
    notes: tuple[str, ...] = ()


@dataclass(slots=True)
class Tally:
    """Counts of one import: rows in = `events` + `rejects`. `latin`: rows that were no UTF-8; `reasons` of rejects, `notes` on events."""

    rows: int = 0
    events: int = 0
    rejects: int = 0
    latin: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    notes: Counter[str] = field(default_factory=Counter)


class Reading:
    """One import. Iterate over it for batches of events (EVENTS); each iteration reads the file anew.

    `tally` counts what the last iteration has read so far. `rejects` are the rows that could not be read, unless a function took them.
    """

    def __init__(self, path: str | Path, begin: Callable[[], Found], batch: int, rejected: Rejected | None) -> None:
        """`begin`: makes what turns tables into events, anew for each iteration."""
        self.path = Path(path)
        self.tally = Tally()
        self.rejects: list[Reject] = []
        self._begin, self._batch, self._rejected = begin, batch, rejected

    def __iter__(self) -> Iterator[pa.RecordBatch]:
        self.tally, self.rejects = Tally(), []
        with opened(self.path) as members:
            rows: list[Event] = []
            for event in self._events(members):
                rows.append(event)
                if len(rows) == self._batch:
                    yield pa.RecordBatch.from_pylist(rows, schema=EVENTS)
                    rows = []
            if rows:
                yield pa.RecordBatch.from_pylist(rows, schema=EVENTS)

    def table(self) -> pa.Table:
        """All events at once."""
        return pa.Table.from_batches(self, schema=EVENTS)

    def _events(self, members: Iterable[Member]) -> Iterator[Event]:
        read, seen = self._begin(), _Seen()
        for member in members:
            seen.files.append(member.name)
            for found in read(member):
                self.tally.rows += 1
                told = found if isinstance(found, Reject) else seen.again(found)
                if told:
                    self.tally.rejects += 1
                    self.tally.reasons[kind_of(told.reason)] += 1
                    (self._rejected or self.rejects.append)(told)
                elif isinstance(found, Read):
                    self.tally.events += 1
                    self.tally.latin += found.latin
                    self.tally.notes.update(found.notes)
                    yield found.event


class _Seen:
    """Rows that were read before in this import. Hashes and places only, since files have millions of rows."""

    def __init__(self) -> None:
        self.files: list[str] = []
        self._places: dict[int, int] = {}

    def again(self, read: Read) -> Reject | None:
        """The reject for a row that stands in the files once more: whole, or with the id of another event of ours."""
        here = read.line * _MEMBERS + len(self.files) - 1
        key = int(content_id("s", read.event["dataset"], read.event["id"])[2:], 16)
        line, file = divmod(self._places.setdefault(key, here), _MEMBERS)
        if (line, file) == divmod(here, _MEMBERS):
            return None
        where = f"line {line}" if file == len(self.files) - 1 else f"{self.files[file]}:{line}"
        what = "the whole row" if read.event["dataset"] else f"id {read.event['id']!r}"
        return Reject(self.files[-1], read.line, None, STEP, f"{what} stands twice, first in {where}", "the first is taken")


class _Rows:
    """Rows of text tables to events."""

    def __init__(self, form: Form) -> None:
        self._form = form

    def __call__(self, member: Member) -> Iterator[Read | Reject]:
        """All rows of a table."""
        for row in rows_of(member, self._form):
            yield self._read(member, row)

    def _read(self, member: Member, row: Row) -> Read | Reject:
        try:
            cells = row.whole()
            drafted = self._form.read({name: unguarded(text) for name, text in cells.items()})
        except (BadRecord, UnknownName) as error:
            return reject(member.name, row.line, error)
        if not drafted.event["id"]:
            renew(drafted.event, self._form.layout.dataset, drafted.key, cells)
        return Read(row.line, drafted.event, row.latin, drafted.notes)


def kind_of(reason: str) -> str:
    """A reason without the values of its row, so that reasons can be counted: "… is no day"."""
    return _VALUES.sub("…", reason)


def renew(event: Event, dataset: str, key: str, cells: Cells) -> None:
    """Marks an event as that of a foreign data set: `original` is its key there, `extra` its cells that are not empty, the id a hash."""
    event["dataset"], event["original"] = dataset, key
    event["extra"] = json.dumps({name: text for name, text in cells.items() if text != ""}, ensure_ascii=False)
    content = "\x1f".join(f"{name}\x1e{text}" for name, text in cells.items())
    event["id"], event["revision"] = content_id("x", dataset, key, content), content_id("r", content)


def reject(file: str, line: int, error: BadRecord | UnknownName) -> Reject:
    """A row that could not be read."""
    return Reject(file, line, None, STEP, error.reason if isinstance(error, BadRecord) else error.message, error.hint)


def read_polecat(path: str | Path, knowledge: Knowledge, *, rejected: Rejected | None = None) -> Reading:
    """POLECAT's weekly and yearly files (TSV with a header; zip and gzip too). Raises UnreadableFile, when iterated, for another file."""
    return _reading(path, codes_of(knowledge), Polecat, rejected)


def read_icews(path: str | Path, knowledge: Knowledge, *, rejected: Rejected | None = None) -> Reading:
    """ICEWS' yearly files (TSV with a header). Raises UnreadableFile, when iterated, for another file."""
    return _reading(path, codes_of(knowledge), Icews, rejected)


def read_ucdp(path: str | Path, knowledge: Knowledge, *, release: str | None = None, rejected: Rejected | None = None) -> Reading:
    """UCDP GED (CSV of 49 columns). `release`: which one; else what the file's name says. Raises UnreadableFile for older headers."""
    codes = codes_of(knowledge)
    return _reading(path, codes, lambda codes: Ucdp(codes, release or release_of(path)), rejected)


def read_csv(path: str | Path, knowledge: Knowledge, *, rejected: Rejected | None = None) -> Reading:
    """The CSV that `export` writes."""
    return _reading(path, codes_of(knowledge), lambda _: Flat(), rejected)


def _reading(path: str | Path, codes: Codes, make: Callable[[Codes], Form], rejected: Rejected | None) -> Reading:
    return Reading(path, lambda: _Rows(make(codes)), codes.forms.batch, rejected)


def read_gdelt(path: str | Path, knowledge: Knowledge, *, rejected: Rejected | None = None) -> Reading:
    """GDELT's event files of version 1.0 (57 or 58 columns) or 2.0 (61), told by their first line."""
    codes = codes_of(knowledge)

    def begin() -> Found:
        readers = {len(FIRST): _Rows(Gdelt(codes, second=False)), len(SECOND): _Rows(Gdelt(codes, second=True))}
        return lambda member: _gdelt(member, readers)

    return Reading(path, begin, codes.forms.batch, rejected)


def _gdelt(member: Member, readers: dict[int, _Rows]) -> Iterator[Read | Reject]:
    lines = member.lines()
    first = next(lines, None)
    if first is None:
        return
    count = len(first.text.rstrip("\r\n").split("\t"))
    reader = readers.get(count) or readers.get(count + 1)
    if reader is None:
        raise UnreadableFile(member.name, 1, f"{count} columns in the first line",
                             "event files of GDELT have 57, 58 or 61, and no header")
    yield from reader(_Resumed(member.name, member.stream, first, lines))


@dataclass(frozen=True, slots=True)
class _Resumed(Member):
    """A table whose first line was looked at."""

    first: Line
    rest: Iterator[Line]

    def lines(self) -> Iterator[Line]:
        return chain((self.first,), self.rest)


def read_plover(path: str | Path, knowledge: Knowledge, *, rejected: Rejected | None = None) -> Reading:
    """PLOVER's JSON Lines: ours come back as they were, those of other coders as events of the data set "plover"."""
    codes = codes_of(knowledge)
    form = Plover(codes)

    def found(member: Member) -> Iterator[Read | Reject]:
        for line in member.lines():
            if line.text.strip():
                yield _told(form, member, line)

    return Reading(path, lambda: found, codes.forms.batch, rejected)


def _told(form: Plover, member: Member, line: Line) -> Read | Reject:
    try:
        record = json.loads(line.text)
        drafted = form.read(record)
    except (BadRecord, UnknownName) as error:
        return reject(member.name, line.number, error)
    except ValueError as error:
        return reject(member.name, line.number, BadRecord(member.name, line.number, f"not JSON: {error}", "one event a line"))
    event = drafted.event
    if not event["id"]:
        renew(event, "plover", drafted.key, {name: json.dumps(value, ensure_ascii=False) for name, value in record.items()})
    return Read(line.number, event, line.latin)


def read_parquet(path: str | Path) -> Iterator[pa.RecordBatch]:
    """The Parquet that `export` writes, batch by batch. Raises UnreadableFile for another file."""
    try:
        with pq.ParquetFile(path) as file:
            if file.schema_arrow.names != EVENTS.names:
                raise UnreadableFile(path, 0, f"columns {', '.join(file.schema_arrow.names[:5])} … are not those of events",
                                     "give a file that Détente exported as parquet")
            for batch in file.iter_batches():
                yield batch.cast(EVENTS)
    except (OSError, pa.ArrowException) as error:
        raise UnreadableFile(path, 0, str(error), "give a file that Détente exported as parquet") from error


READERS = {
    "polecat": read_polecat, "icews": read_icews, "gdelt": read_gdelt, "ucdp": read_ucdp, "csv": read_csv, "plover": read_plover,
}
