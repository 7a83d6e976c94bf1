"""Commands that keep a store: add, fold, query, recode, compact, vacuum, audit, decide."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from itertools import chain
from typing import TYPE_CHECKING, Annotated, Any

import typer

from .cli_options import AsOf, CoderOption, DateOption, KnowledgeFolders, StorePath, day_of, settings_of
from .errors import DetenteError, RunError

if TYPE_CHECKING:
    import pyarrow as pa

    from .store import Adding, Audit


class Shape(StrEnum):
    """How rows are shown."""

    table = "table"
    csv = "csv"
    jsonl = "jsonl"


class Kind(StrEnum):
    """Kinds of decisions."""

    same = "same"
    different = "different"
    value = "value"
    reject_claim = "reject_claim"
    reject_event = "reject_event"
    confirm = "confirm"
    retract = "retract"
    revoke = "revoke"


PATHS_HINT = "give files (txt, html, json, jsonl, csv, tsv, parquet, warc; also .gz) or folders that hold some"
ShapeOption = Annotated[Shape, typer.Option("--format", help="How rows are shown.")]


def add(
    store: StorePath,
    paths: Annotated[list[str], typer.Argument(metavar="PATH...", help="What `detente code` takes too.")],
    date: DateOption = None,
    jobs: Annotated[int, typer.Option("--jobs", "-j", min=1, max=256, help="Processes that code side by side.")] = 1,
    knowledge: KnowledgeFolders = None,
    column: Annotated[
        list[str] | None, typer.Option("--column", metavar="FIELD=NAME", help="Column of text, title, date, publisher or url.")
    ] = None,
    coder: CoderOption = None,
    recode: Annotated[bool, typer.Option("--recode", help="Code those anew that were coded with other knowledge.")] = False,
    later: Annotated[bool, typer.Option("--no-fold", help="Only store; `detente fold` works out events later.")] = False,
) -> None:
    """Read, code and store articles, then fold them into events and relations. The same command goes on where it was broken off."""
    from .cli_options import columns_of
    from .cli_show import Undated, show_rejects
    from .flow.read import ReadOptions, read
    from .pipeline import Coder
    from .records import Reject
    from .world import open_world

    settings = settings_of(knowledge, coder)
    rejects: list[Reject] = []
    found = read(paths, ReadOptions(day_of(date), columns_of(column or []), max_chars=settings.max_article_chars), rejects.append)
    try:
        first = next(found, None)  # a store is not begun, nor are models loaded, for nothing
    except DetenteError:
        show_rejects(rejects)
        raise
    if first is None:
        show_rejects(rejects)
        raise RunError(f"no article to read in {', '.join(paths)}", "see the reasons above" if rejects else PATHS_HINT)
    whole = Undated(chain([first], found))
    own = Coder(settings)
    with _goes_on(), open_world(store, knowledge=own.knowledge if knowledge else None) as world:
        try:
            with _progress() as tell:
                added = world.add(whole, own, rejects=rejects, progress=tell, jobs=jobs, recode=recode)
        finally:
            show_rejects(rejects)
        typer.echo(
            f"{added.articles:,} articles stored ({added.known:,} were there), {added.claims:,} claims, {added.entries:,} entries of the "
            f"ledger, {added.rejects:,} rejects, {added.seconds:.1f} s → {store}", err=True,
        )
        whole.show()
        if not later:
            _fold(world, anew=False)


def fold(
    store: StorePath,
    anew: Annotated[bool, typer.Option("--all", help="Everything anew, not only what has changed.")] = False,
    knowledge: KnowledgeFolders = None,
) -> None:
    """Fold what is stored into events, and work out relations. `add` does so by itself."""
    from .knowledge import Knowledge
    from .world import open_world

    with open_world(store, create=False, knowledge=Knowledge(knowledge) if knowledge else None) as world:
        _fold(world, anew)


def query(
    store: StorePath,
    sql: Annotated[str, typer.Argument(metavar="SELECT", help='One SELECT over the tables, as "select * from events limit 5".')],
    shape: ShapeOption = Shape.table,
    as_of: AsOf = None,
) -> None:
    """Ask a question in SQL. Tables: articles claims entries events links variants pairs facts decisions rejects runs."""
    from .world import open_world

    with open_world(store, create=False, as_of=as_of) as world:
        show_rows(world.sql(sql), shape)


def compact(store: StorePath) -> None:
    """Join small files, so that reading is faster."""
    from .world import open_world

    with open_world(store, create=False) as world:
        typer.echo(f"{world.compact():,} files fewer")


def vacuum(
    store: StorePath,
    hours: Annotated[float, typer.Option("--hours", min=0, help="Keep what the store needed within so many hours.")] = 168,
) -> None:
    """Remove files that nothing needs any more. How the store was before then can no longer be asked."""
    from .world import open_world

    with open_world(store, create=False) as world:
        done = world.vacuum(hours)
    typer.echo(f"{done.files:,} files and {done.rows:,} rows removed")


def audit(store: StorePath) -> None:
    """Look over a store: is everything there once and whole? Ends with 1 where something is wrong."""
    from .world import open_world

    with open_world(store, create=False) as world:
        found = world.audit()
    _show_audit(found)
    if not found.ok:
        raise typer.Exit(1)


def decide(
    store: StorePath,
    kind: Annotated[Kind, typer.Argument(help="What is decided.")],
    ids: Annotated[list[str], typer.Argument(metavar="ID...", help="Events (e_…), claims (c_…), articles (a_…) or a decision (d_…).")],
    reason: Annotated[str, typer.Option("--reason", help="Why, in your words.")],
    by: Annotated[str, typer.Option("--by", metavar="NAME", help="Who decides.")],
    field: Annotated[str | None, typer.Option("--field", help="Of value: event, mode, lane, standing, headline, date or date_end.")] = None,
    value: Annotated[str | None, typer.Option("--value", help="Of value: what it is.")] = None,
) -> None:
    """Note a decision: merge (same), split (different), correct (value), reject, confirm, retract an article, or take one back."""
    from .world import open_world

    with open_world(store, create=False) as world:
        ident = world.decide_on(kind.value, ids, reason=reason, made_by=by, field=field, value=value)
        typer.echo(ident)
        _fold(world, anew=False)


# -- showing ------------------------------------------------------------------------------------------------------------


def show_rows(rows: pa.Table, shape: Shape) -> None:
    """Rows on standard output, as a table to read, as CSV or as JSON Lines."""
    if shape is Shape.jsonl:
        for row in _plain(rows):
            sys.stdout.write(json.dumps(row, ensure_ascii=False, default=str) + "\n")
        return
    if shape is Shape.csv:
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(rows.column_names)
        writer.writerows([_cell(value) for value in row.values()] for row in _plain(rows))
        return
    from rich.table import Table

    from .cli_show import console

    shown = Table(box=None, pad_edge=False)
    for name in rows.column_names:
        shown.add_column(name, overflow="fold")
    for row in _plain(rows):
        shown.add_row(*(_short(value) for value in row.values()))
    console().print(shown)


def _plain(rows: pa.Table) -> Iterator[dict[str, Any]]:
    for batch in rows.to_batches(max_chunksize=1000):
        yield from batch.to_pylist()


def _cell(value: Any) -> Any:
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, default=str)
    return "" if value is None else value


def _short(value: Any) -> str:
    """A value in a table to read: numbers with three decimals at most, plain lists in words."""
    if isinstance(value, float):
        return f"{value:.3f}".rstrip("0").rstrip(".")
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return ", ".join(value)
    return str(_cell(value))


def _fold(world: Any, anew: bool) -> None:
    done = world.fold(anew)
    typer.echo(f"{done.claims:,} claims folded into {done.events:,} events ({done.changed:,} changed), {done.facts:,} facts, "
               f"{done.seconds:.1f} s", err=True)
    for ident in done.orphaned:
        typer.echo(f"the decision {ident} has lost its claims: look at it again", err=True)


def _show_audit(found: Audit) -> None:
    typer.echo(f"version {found.version}: {found.articles:,} articles ({found.codings:,} codings), {found.claims:,} claims, "
               f"{found.entries:,} entries, {found.decisions:,} decisions, {found.rejects:,} rejects")
    typer.echo(f"not folded yet: {found.behind[0]:,} articles, {found.behind[1]:,} decisions; left over: {found.orphans:,} rows")
    for problem in found.problems:
        typer.echo(f"wrong: {problem}")
    for note in found.notes:
        typer.echo(f"note: {note}")


@contextmanager
def _goes_on() -> Iterator[None]:
    """Tells whoever stops a command that nothing is lost by it."""
    try:
        yield
    except KeyboardInterrupt as stop:
        stop.add_note("what was stored stays; the same command goes on where it stopped")
        raise


@contextmanager
def _progress() -> Iterator[Callable[[Adding], None] | None]:
    """A line on standard error that moves while articles come in; None where nobody looks."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn

    with Progress(SpinnerColumn(), TextColumn("{task.description}"), console=Console(stderr=True), transient=True) as bar:
        line = bar.add_task("starting", total=None)

        def tell(state: Adding) -> None:
            bar.update(line, description=f"{state.stored:,} articles stored · {state.waiting:,} waiting · {state.known:,} known · "
                                         f"{state.claims:,} claims · {state.seconds:,.0f} s")

        yield tell


__all__ = ["add", "audit", "compact", "decide", "fold", "query", "show_rows", "vacuum"]
