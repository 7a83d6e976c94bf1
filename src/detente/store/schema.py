"""Making and opening a store: which tables it has, in which version of their form, and the small steps from one version to the next.

The version stands in the description of the table of articles, which is made last and moved on last: a store whose making or
migration was broken off is taken up where it stopped.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import pyarrow as pa

from ..errors import StoreError
from ..tables import TABLES
from .delta import Place, Table, told

MARK = "detente-store"
_ORDER = tuple(sorted(TABLES, key=lambda name: name == "articles"))


@dataclass(frozen=True, slots=True)
class Tables:
    """All tables of a store, by name."""

    place: Place
    of: Mapping[str, Table]

    def __getitem__(self, name: str) -> Table:
        return self.of[name]


@dataclass(frozen=True, slots=True)
class Migration:
    """A step from version `since` to the next one. It may run again over what a broken-off step has done already."""

    since: int
    what: str
    do: Callable[[Tables], None] = field(compare=False)


# One for each version of the form before today's, in order. Steps are never changed once released.
MIGRATIONS: tuple[Migration, ...] = ()


def current_version(migrations: tuple[Migration, ...] = MIGRATIONS) -> int:
    """The version of the form that this Détente writes."""
    return 1 + len(migrations)


def tables_of(place: Place) -> Tables:
    """The tables at a place, whether they are there or not."""
    return Tables(place, {name: Table(place, name) for name in _ORDER})


def open_tables(place: Place, create: bool, migrations: tuple[Migration, ...] = MIGRATIONS) -> Tables:
    """The tables of a store, made where they are missing (if `create`) and brought to today's form.

    Raises StoreError where there is no store, where something else lies at its place, or where a newer Détente wrote it.
    """
    tables = tables_of(place)
    if not tables["articles"].is_there():
        if not create:
            raise StoreError(f"{place}: no store is there", "check the path; `detente add STORE PATH` begins one")
        _refuse_foreign(place)
        _make(tables, current_version(migrations))
        return tables
    version = version_of(tables)
    today = current_version(migrations)
    if version > today:
        raise StoreError(
            f"{place}: the store has form {version}, this Détente knows forms up to {today}", "install the newer Détente that wrote it"
        )
    for step in migrations[version - 1 :]:
        step.do(tables)
        _mark(tables, step.since + 1)
    missing = [name for name in _ORDER if not tables[name].is_there()]
    if missing and create:
        _make(tables, today)
    elif missing:
        raise StoreError(f"{place}: the store lacks its table {missing[0]}", "open it once for writing, which makes it anew")
    return tables


def version_of(tables: Tables) -> int:
    """The version of a store's form. Raises StoreError where its mark cannot be read."""
    text = tables["articles"].handle().metadata().description or ""
    try:
        return int(json.loads(text)[MARK])
    except (ValueError, KeyError, TypeError) as error:
        hint = "give the path of a store; a damaged one is mended from a backup"
        raise StoreError(f"{tables.place}: a table of articles, but not of a store of Détente", hint) from error


def add_missing_columns(table: Table, schema: pa.Schema) -> None:
    """Adds the columns of a schema that a table lacks, empty in all its rows. What most migrations do."""
    handle = table.handle()
    there = set(pa.schema(handle.schema().to_arrow()).names)
    missing = [column for column in schema if column.name not in there]
    if missing:
        from deltalake import Field, Schema

        wanted = {item.name: item for item in Schema.from_arrow(pa.schema(missing)).fields}
        columns: list[Field] = [wanted[column.name] for column in missing]
        with told(table):
            handle.alter.add_columns(columns)


def _description(version: int) -> str:
    return json.dumps({MARK: version})


def _make(tables: Tables, version: int) -> None:
    for name in _ORDER:
        if not tables[name].is_there():
            tables[name].create(TABLES[name], _description(version))


def _mark(tables: Tables, version: int) -> None:
    with told(tables.place):
        tables["articles"].handle().alter.set_table_description(_description(version))


def _refuse_foreign(place: Place) -> None:
    """A folder with other things in it is no place for a store: most likely the arguments were swapped."""
    folder = place.folder
    if folder is None or not folder.exists():
        return
    if not folder.is_dir():
        raise StoreError(f"{folder}: a file, not a folder", "give a folder for the store; it comes before the articles to add")
    with told(folder):
        foreign = sorted(path.name for path in folder.iterdir() if path.name not in TABLES)
    if foreign:
        raise StoreError(f"{folder}: holds other things ({foreign[0]}) and no store", "give a new or an empty folder for the store")
