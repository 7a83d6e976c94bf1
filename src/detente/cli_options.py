"""Options that several commands share, and how they become values."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from datetime import date as Day

    from .settings import Settings


EXAMPLE = "2016-07-05"


class CoderName(StrEnum):
    """Who codes."""

    both = "both"
    rules = "rules"
    network = "network"


KnowledgeFolders = Annotated[
    list[Path] | None,
    typer.Option("--knowledge", metavar="DIR", help="A folder of your own knowledge files, read after the shipped ones."),
]
CoderOption = Annotated[
    CoderName | None, typer.Option("--coder", help="rules: the lexicon alone; network: the event network alone. Default: both.")
]
DateOption = Annotated[
    str | None, typer.Option("--date", metavar="DATE", help="Day of publication, as 2016-07-05. Default: what the input says.")
]
StorePath = Annotated[str, typer.Argument(metavar="STORE", help="A folder, or the URI of an object store.")]
AsOf = Annotated[
    str | None, typer.Option("--as-of", metavar="WHEN", help="The store as it was: a version, a day, or a moment as 2026-11-28T09:30.")
]


def settings_of(knowledge: list[Path] | None, coder: CoderName | None = None, threads: int | None = None) -> Settings:
    """Settings from detente.toml, the environment and options."""
    from .settings import load_settings

    return load_settings(knowledge=tuple(knowledge) if knowledge else None, threads=threads, coder=coder.value if coder else None)


def day_of(value: str | None) -> Day | None:
    """A day as the user wrote it. Raises BadParameter."""
    from .flow.published import parse_stamp

    if value is None:
        return None
    try:
        return parse_stamp(value)
    except ValueError as error:
        hint = "" if EXAMPLE in str(error) else f"; write the date as {EXAMPLE}"
        raise typer.BadParameter(f"{error}{hint}") from error


def days_of(since: str | None, until: str | None) -> tuple[Day | None, Day | None]:
    """The two ends of a time as the user wrote them. Raises BadParameter, also where it ends before it begins."""
    first, last = day_of(since), day_of(until)
    if first and last and first > last:
        raise typer.BadParameter(f"the time ends ({last}) before it begins ({first})")
    return first, last


def columns_of(given: list[str]) -> tuple[tuple[str, str], ...]:
    """Pairs from "text=body". Raises BadParameter."""
    pairs = [tuple(part.strip() for part in item.split("=", 1)) for item in given]
    for item, pair in zip(given, pairs, strict=True):
        if len(pair) != 2 or not all(pair):
            raise typer.BadParameter(f"--column {item}: write it as text=body")
    return tuple((pair[0], pair[1]) for pair in pairs)
