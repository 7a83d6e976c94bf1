"""Exports: events of a store written in the form of somebody's tools, with an exact account of what that form could not hold.

The loss is measured, not modelled: every row is read back by the reader of its form, put together again, and compared with the event.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

import pyarrow as pa
import pyarrow.parquet as pq

from ..errors import BadRecord, RunError, UnknownName
from ..knowledge import Knowledge
from ..tables import EVENTS
from ..version import VERSION
from .cells import unguarded, written
from .codes import Codes, codes_of
from .files import replacing, sha256
from .flat import Flat
from .forms import Form, Source
from .gdelt import Gdelt
from .graph import Graph
from .icews import Icews
from .leaves import Event, Losses, regroup
from .plover import Plover
from .polecat import Polecat
from .sources import Sources

FormName = Literal["csv", "parquet", "plover", "polecat", "icews", "gdelt1", "gdelt2", "graphml"]
FORMS: tuple[FormName, ...] = ("csv", "parquet", "plover", "polecat", "icews", "gdelt1", "gdelt2", "graphml")
_QUOTE = '"'
_TO_QUOTE = re.compile(r'[",\t\r\n]')
LOSSLESS = frozenset({"parquet", "plover"})


@dataclass(slots=True)
class Report:
    """One export. `rows_in`: events given; `events`: those written; `rows_out`: rows (edges, for a graph) that they became.

    `left_out`: events that were not written, by reason. `lost`: by field, in how many of the events written its value was dropped, altered,
    or added where there was none; `harmed`: events with any loss. `explosion`: rows for each event written.
    """

    form: str
    path: str
    rows_in: int = 0
    events: int = 0
    rows_out: int = 0
    left_out: Counter[str] = field(default_factory=Counter)
    lost: dict[str, dict[str, int]] = field(default_factory=dict)
    harmed: int = 0
    size: int = 0
    sha256: str = ""
    detente: str = VERSION

    @property
    def explosion(self) -> float:
        """Rows for each event written, 0 where none was."""
        return self.rows_out / self.events if self.events else 0.0

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        return {**asdict(self), "left_out": dict(self.left_out), "explosion": round(self.explosion, 6)}


def export(
    events: pa.Table | Iterable[pa.RecordBatch], out_path: str | Path, form: str, *, links: pa.Table | None = None,
    claims: pa.Table | None = None, knowledge: Knowledge | None = None,
) -> Report:
    """Writes events in a form of FORMS; the file appears only when it is whole.

    `events`: a table or a stream of batches with the columns of EVENTS. `links`, `claims`: tables of a store (LINKS, CLAIMS) from which the
    article and the sentence of each headline come. `knowledge`: as it is shipped, if none is given. Raises RunError for an unknown form,
    for events of another shape, and where the file cannot be written.
    """
    if form not in FORMS:
        raise RunError(f"there is no form {form!r}", f"forms are {', '.join(FORMS)}")
    report, target = Report(form, str(out_path)), Path(out_path)
    with replacing(target) as part:
        if form == "parquet":
            _parquet(_batches(events, 50_000), part, report)
        else:
            codes = codes_of(knowledge or Knowledge())
            batches = _batches(events, codes.forms.batch)
            if form == "graphml":
                _graph(batches, part, report, codes)
            else:
                _text(batches, part, report, codes, Sources(links, claims))
        report.size, report.sha256 = part.stat().st_size, sha256(part)
    return report


def _batches(events: pa.Table | Iterable[pa.RecordBatch], most: int) -> Iterator[pa.RecordBatch]:
    """Batches of at most so many rows in the schema of EVENTS."""
    stream = events.to_batches() if isinstance(events, pa.Table) else events
    for batch in stream:
        names = set(batch.schema.names)
        if missing := [name for name in EVENTS.names if name not in names]:
            raise RunError(f"the events have no column {missing[0]!r}", "give the table `events` of a store, with all its columns")
        try:
            typed = batch.select(EVENTS.names).cast(EVENTS)
        except pa.ArrowException as error:
            raise RunError(f"the events have columns of other types: {error}", "give the table `events` of a store as it is") from error
        for first in range(0, typed.num_rows, most):
            yield typed.slice(first, most)


def _parquet(batches: Iterable[pa.RecordBatch], part: Path, report: Report) -> None:
    with pq.ParquetWriter(part, EVENTS, compression="zstd") as writer:
        for batch in batches:
            writer.write_batch(batch)
            report.rows_in += batch.num_rows
    report.events = report.rows_out = report.rows_in


def _graph(batches: Iterable[pa.RecordBatch], part: Path, report: Report, codes: Codes) -> None:
    graph, losses = Graph(codes), Losses()
    for batch in batches:
        for event in batch.to_pylist():
            report.rows_in += 1
            left = graph.add(event)
            if left:
                report.left_out[left] += 1
            else:
                report.events += 1
                losses.note(event, graph.kept(event), renewed=True)
    report.rows_out = graph.write(part)
    report.lost, report.harmed = losses.table(), losses.events


def _text(batches: Iterable[pa.RecordBatch], part: Path, report: Report, codes: Codes, sources: Sources) -> None:
    losses = Losses()
    add: Callable[[Event, Source], list[str] | str]
    if report.form == "plover":
        plover = Plover(codes)
        begin, add = "", lambda event, source: [plover.line(event, source)]
    else:
        table = _Table(_form(report.form, codes), losses)
        begin, add = table.begin(), table.add
    with part.open("w", encoding="utf-8", newline="") as stream:
        stream.write(begin)
        for batch in batches:
            rows = batch.to_pylist()
            lines: list[str] = []
            for event, source in zip(rows, sources.of(rows), strict=True):
                report.rows_in += 1
                told = add(event, source)
                if isinstance(told, str):
                    report.left_out[told] += 1
                else:
                    report.events += 1
                    lines += told
            report.rows_out += len(lines)
            stream.write("".join(lines))
    report.lost, report.harmed = losses.table(), losses.events


def _form(name: str, codes: Codes) -> Form:
    match name:
        case "csv":
            return Flat()
        case "polecat":
            return Polecat(codes)
        case "icews":
            return Icews(codes)
        case _:
            return Gdelt(codes, second=name == "gdelt2")


class _Table:
    """Events to lines of a text table; what comes back from them is compared at once."""

    def __init__(self, form: Form, losses: Losses) -> None:
        self._form, self._losses = form, losses
        self._lines = form.layout.between == ","  # only there may cells hold line ends

    def begin(self) -> str:
        """The header with its end, or nothing."""
        return self._line(list(self._form.layout.columns)) if self._form.layout.header else ""

    def add(self, event: Event, source: Source) -> list[str] | str:
        """The lines of an event, or why it has none."""
        rows = self._form.rows(event, source)
        if isinstance(rows, str):
            return rows
        cells = [[written(value, self._form.layout.empty, self._lines) for value in row] for row in rows]
        try:
            back = [self._form.read(dict(zip(self._form.layout.columns, map(unguarded, row), strict=True))) for row in cells]
        except (BadRecord, UnknownName) as error:
            return f"this form cannot hold it: {error.reason if isinstance(error, BadRecord) else error.message}"
        own = self._form.own_id(back[0].key)
        self._losses.note(event, {**regroup([drafted.event for drafted in back]), "id": own}, renewed=bool(self._form.layout.dataset))
        return [self._line(row) for row in cells]

    def _line(self, cells: list[str]) -> str:
        layout = self._form.layout
        if layout.quoted:
            cells = [f'"{cell.replace(_QUOTE, _QUOTE * 2)}"' if _TO_QUOTE.search(cell) else cell for cell in cells]
        return layout.between.join(cells) + ("\r\n" if self._lines else "\n")
