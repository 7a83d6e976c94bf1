"""Commands that bring events in and out of a store: export, import, verify."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from .cli_options import AsOf, StorePath

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import pyarrow as pa

    from .exchange import Report
    from .records import Reject
    from .world import World

_AT_ONCE = 20_000  # events that are read, or stored, together


class OutForm(StrEnum):
    """Forms that are written."""

    csv = "csv"
    parquet = "parquet"
    plover = "plover"
    polecat = "polecat"
    icews = "icews"
    gdelt1 = "gdelt1"
    gdelt2 = "gdelt2"
    graphml = "graphml"


class InForm(StrEnum):
    """Forms that are read."""

    polecat = "polecat"
    icews = "icews"
    gdelt = "gdelt"
    ucdp = "ucdp"
    csv = "csv"
    plover = "plover"
    parquet = "parquet"


def export(
    store: StorePath,
    out: Annotated[Path, typer.Option("--out", "-o", metavar="FILE", help="Where the events go.")],
    form: Annotated[OutForm, typer.Option("--format", help="plover and parquet keep everything; the others say what they lose.")],
    where: Annotated[str, typer.Option("--where", metavar="SQL", help="Only these events, by a condition of SQL.")] = "true",
    imported: Annotated[bool, typer.Option("--imported", help="Imported events too.")] = False,
    manifest: Annotated[Path | None, typer.Option("--manifest", metavar="FILE", help="Also a manifest with counts, losses, hash.")] = None,
    as_of: AsOf = None,
) -> None:
    """Write the events of a store in another form, and say exactly what that form loses."""
    from .exchange import export as write
    from .exchange import manifest as made
    from .exchange import write_manifest
    from .world import open_world

    with open_world(store, create=False, as_of=as_of).hold() as world:
        report = write(_batches(world, where, imported), out, form.value, links=world.table("links"),
                       claims=_sources(world) if form.value not in {"parquet", "graphml"} else None, knowledge=world.knowledge)
        _show_report(report)
        if manifest:
            datasets = [row["dataset"] for row in world.sql("select distinct dataset from imported").to_pylist()] if imported else []
            write_manifest(made([report], store_version=world.version, knowledge=world.knowledge.version, datasets=datasets,
                                made=datetime.now(UTC).isoformat(timespec="seconds")), manifest)


def import_events(
    store: StorePath,
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Plain, .gz or .zip.")],
    form: Annotated[InForm, typer.Option("--format", help="What the files are.")],
    release: Annotated[str | None, typer.Option("--release", help="Of ucdp: the release, where the name of the file does not say.")] = None,
    dataset: Annotated[str, typer.Option("--dataset", metavar="NAME", help="What events of our own forms are called here.")] = "detente",
) -> None:
    """Read POLECAT, ICEWS, GDELT, UCDP or our own files into a store, beside its own events and never folded with them."""
    from .world import open_world

    with open_world(store) as world:
        for file in files:
            reading = _reading(file, form, release, world)
            stored = 0
            for table in _joined(reading):
                stored += world.add_foreign(_named(table, dataset), str(file))
            tally = getattr(reading, "tally", None)
            if tally is None:
                typer.echo(f"{file}: {stored:,} new events", err=True)
                continue
            typer.echo(f"{file}: {tally.rows:,} rows, {tally.events:,} events ({stored:,} new), {tally.rejects:,} rejects", err=True)
            for reason, number in tally.reasons.most_common(10):
                typer.echo(f"  {number:,} rejected: {reason}", err=True)
            for note, number in tally.notes.most_common(10):
                typer.echo(f"  {number:,} noted: {note}", err=True)


def verify(manifest: Annotated[Path, typer.Argument(metavar="FILE", help="A manifest of `detente export`.")]) -> None:
    """Check the files beside a manifest against its hashes. Ends with 1 where one is missing or changed."""
    from .exchange import verify as check

    faults = check(manifest)
    for fault in faults:
        typer.echo(fault)
    if faults:
        raise typer.Exit(1)
    typer.echo("all files are as they were exported")


def _batches(world: World, where: str, imported: bool) -> Iterator[pa.RecordBatch]:
    from .tables import EVENTS

    rows = world.sql(f"SELECT * FROM {'all_events' if imported else 'events'} WHERE {where} ORDER BY date, id")
    yield from rows.cast(EVENTS).to_batches(max_chunksize=_AT_ONCE)


def _sources(world: World) -> pa.Table:
    """The claims that headlines come from; the form takes of them what it has a place for."""
    return world.table("claims", where="id IN (SELECT headline_claim FROM events)")


def _reading(file: Path, form: InForm, release: str | None, world: World) -> Any:
    from .exchange import READERS, read_parquet, read_ucdp

    if form is InForm.parquet:
        return read_parquet(file)
    if form is InForm.ucdp:
        return read_ucdp(file, world.knowledge, release=release, rejected=_Screen())
    if release:
        raise typer.BadParameter("--release goes with --format ucdp")
    return READERS[form.value](file, world.knowledge, rejected=_Screen())


class _Screen:
    """Shows the first rejects of a run on standard error."""

    MOST = 20

    def __init__(self) -> None:
        self.told = 0

    def __call__(self, reject: Reject) -> None:
        self.told += 1
        if self.told <= self.MOST:
            sys.stderr.write(f"{reject.file}:{reject.line}: {reject.reason}" + (f" ({reject.hint})" if reject.hint else "") + "\n")


def _joined(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.Table]:
    import pyarrow as pa

    waiting: list[pa.RecordBatch] = []
    for batch in batches:
        waiting.append(batch)
        if sum(one.num_rows for one in waiting) >= _AT_ONCE:
            yield pa.Table.from_batches(waiting)
            waiting = []
    if waiting:
        yield pa.Table.from_batches(waiting)


def _named(table: pa.Table, dataset: str) -> pa.Table:
    """The events with a name of their data set: those of a store of ours have none yet, and keep their id as `original`."""
    import pyarrow.compute as pc

    own = pc.equal(pc.coalesce(table["dataset"], ""), "")
    for name, values in (("dataset", dataset), ("original", table["id"])):
        place = table.schema.get_field_index(name)
        table = table.set_column(place, table.schema.field(place), pc.if_else(own, values, table[name]))
    return table


def _show_report(report: Report) -> None:
    typer.echo(f"{report.rows_in:,} events → {report.rows_out:,} rows ({report.explosion:.2f} for each) in {report.path}", err=True)
    for reason, number in report.left_out.most_common():
        typer.echo(f"  {number:,} left out: {reason}", err=True)
    for name, kinds in report.lost.items():
        typer.echo(f"  {name}: " + ", ".join(f"{kind} in {number:,}" for kind, number in kinds.items()), err=True)
    if not report.left_out and not report.lost:
        typer.echo("  nothing is lost", err=True)


