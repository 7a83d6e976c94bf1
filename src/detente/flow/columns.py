"""Which column of the input holds which field of an article."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from math import isnan

from ..errors import SettingsError, UnreadableFile
from .encodings import Trouble

FIELDS: dict[str, tuple[str, ...]] = {
    "text": ("text", "body", "content", "article", "story"),
    "title": ("title", "headline"),
    "date": ("date", "published", "publication_date", "pubdate", "timestamp"),
    "publisher": ("source", "publisher", "outlet", "domain"),
    "url": ("url", "link"),
}
_ALIASES = {"published": "date", "source": "publisher", "body": "text", "headline": "title", "link": "url"}
_SHOWN = 30


@dataclass(frozen=True, slots=True)
class Entry:
    """One article as its file gives it, before its date is read. `stamp`: the date as found, of whatever type."""

    line: int
    text: str
    title: str | None = None
    publisher: str | None = None
    url: str | None = None
    stamp: object = None


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table or one JSON object: 1-based line (or row), and its values by column name."""

    line: int
    values: dict[str, object]


@dataclass(frozen=True, slots=True)
class Columns:
    """Candidates for each field, in order, in lower case; `mapped` are the columns that the user named."""

    candidates: dict[str, tuple[str, ...]]
    mapped: tuple[tuple[str, str], ...]

    def missing(self, path: str, there: Iterable[str], line: int = 0) -> UnreadableFile | None:
        """The error for a file with these columns, or None where it has a text column and all that the user named."""
        names = list(there)
        lowered = {name.lower().strip() for name in names}
        shown = ", ".join(names[:_SHOWN]) + (f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else "")
        for field, column in self.mapped:
            if column.lower().strip() not in lowered:
                return UnreadableFile(
                    path, line, f"there is no column {column!r}; the columns are: {shown}", f"name another one for {field!r}"
                )
        if lowered.isdisjoint(self.candidates["text"]):
            hint = f"call it one of {', '.join(FIELDS['text'])}, or say which it is: text=COLUMN"
            return UnreadableFile(path, line, f"no column holds the text; the columns are: {shown or 'none'}", hint)
        return None

    def wanted(self, there: Iterable[str]) -> list[str]:
        """Those of the columns that hold some field."""
        known = {name for names in self.candidates.values() for name in names}
        return [name for name in there if name.lower().strip() in known]

    def entry(self, row: Row) -> Entry | Trouble:
        """The row's article, or Trouble for one without text or with a value of the wrong type."""
        lowered = {name.lower().strip(): value for name, value in reversed(row.values.items())}
        found: dict[str, str | None] = {}
        for field in ("text", "title", "publisher", "url"):
            column, value = self._pick(lowered, field)
            if value is not None and not isinstance(value, str):
                return Trouble(row.line, f"column {column!r} holds {_named(value)}, not text", "write it as text")
            found[field] = value
        column, stamp = self._pick(lowered, "date")
        # bool is an int for Python, but no point in time.
        if isinstance(stamp, bool) or not isinstance(stamp, str | int | float | date | datetime | None):
            return Trouble(row.line, f"column {column!r} holds {_named(stamp)}, not a date", "write dates as 2016-07-05")
        text = found["text"]
        if text is None:
            return Trouble(
                row.line,
                "the text is empty" if self._has_text(lowered) else "there is no text column in this row",
                "fill it or drop the row",
            )
        return Entry(row.line, text, found["title"], found["publisher"], found["url"], stamp)

    def _has_text(self, lowered: Mapping[str, object]) -> bool:
        return any(name in lowered for name in self.candidates["text"])

    def _pick(self, lowered: Mapping[str, object], field: str) -> tuple[str, object]:
        """First candidate column with a value, and the value; None where all are empty."""
        for name in self.candidates[field]:
            value = lowered.get(name)
            empty = value is None or (isinstance(value, str) and not value.strip()) or (isinstance(value, float) and isnan(value))
            if not empty:
                return name, value
        return self.candidates[field][0], None


def columns_of(mapping: tuple[tuple[str, str], ...]) -> Columns:
    """Columns with the user's own choices, given as (field, column). Raises SettingsError for an unknown field."""
    candidates = dict(FIELDS)
    mapped: list[tuple[str, str]] = []
    for given, column in mapping:
        field = _ALIASES.get(given, given)
        if field not in FIELDS:
            raise SettingsError(f"columns: an article has no field {given!r}", f"fields are {', '.join(FIELDS)}")
        candidates[field] = (column.lower().strip(),)
        mapped.append((field, column))
    return Columns(candidates, tuple(mapped))


def _named(value: object) -> str:
    names = {bool: "a truth value", int: "a number", float: "a number", list: "a list", dict: "an object", bytes: "bytes"}
    return names.get(type(value), f"a {type(value).__name__}")
