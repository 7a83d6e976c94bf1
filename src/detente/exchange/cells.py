"""Cells of text tables: written so that spreadsheets cannot run them and lines stay whole, and read back as they were."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from math import isfinite
from typing import Any

from ..errors import BadRecord

# A cell that a spreadsheet would take for a formula, whatever apostrophes stand before it. One more is put in front, and taken away again
# when read: so a text that already has some comes back whole, and no text is changed by the way out and back.
_FIRST = frozenset("'=+-@\t\r")
_RISKY = re.compile(r"'*[=+\-@\t\r]")
_RISKY_READ = re.compile(r"''*[=+\-@\t\r]")
_BREAKS = re.compile(r"[\t\r\n\x0b\x0c\x1c-\x1e\x85\u2028\u2029]+")
_DATE = re.compile(r"(\d{4})-?(\d\d)-?(\d\d)(?:[ T]\d\d:\d\d(?::\d\d(?:\.\d*)?)?Z?)?\Z")


def guarded(text: str) -> str:
    """The text with an apostrophe in front where a spreadsheet could take it for a formula."""
    return f"'{text}" if text[:1] in _FIRST and _RISKY.match(text) else text


def unguarded(text: str) -> str:
    """The text as it was before `guarded`."""
    return text[1:] if text[:1] == "'" and _RISKY_READ.match(text) else text


def one_line(text: str) -> str:
    """The text without tabs and line ends, for tables that have no quotes."""
    return text if text.isprintable() else _BREAKS.sub(" ", text)


def written(value: Any, empty: str = "", lines: bool = False) -> str:
    """A value as a cell: numbers and days as they are, texts guarded; `lines`: line ends may stay (the table has quotes)."""
    if value is None or value == "":
        return empty
    if isinstance(value, str):
        return guarded(value if lines else one_line(value))
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return value.isoformat()
    return repr(value) if isinstance(value, float) else str(value)


def joined(values: Iterable[Any], between: str = "; ", empty: str = "") -> str | None:
    """Values as a list in one cell, None for a list of nothing. A semicolon inside becomes a comma, so that lists stay aligned."""
    values = list(values)
    if not values:
        return None
    parts = [(value if isinstance(value, str) else written(value)).replace(";", ",") or empty for value in values]
    return between.join(parts) if any(part != empty for part in parts) else None


def split(text: str | None, missing: frozenset[str]) -> list[str | None]:
    """The parts of a list in one cell, None for those that say nothing."""
    if text is None:
        return []
    if ";" not in text:
        return [None if (part := text.strip()) in missing else part]
    return [None if (part := piece.strip()) in missing else part for piece in text.split(";")]


def aligned(columns: Sequence[Sequence[Any]]) -> list[tuple[Any, ...]]:
    """Lists of several columns side by side, the shorter ones filled up with None."""
    length = max(map(len, columns), default=0)
    return [tuple(column[place] if place < len(column) else None for column in columns) for place in range(length)]


def day(text: str, column: str) -> date:
    """A day, also with a time behind it, also without dashes. Raises BadRecord."""
    match = _DATE.match(text.strip())
    try:
        if match is None:
            raise ValueError("another form")
        return date(*(int(part) for part in match.groups() if part))
    except ValueError as error:
        raise BadRecord("row", 0, f"{column} {text!r} is no day", "days are written 2016-07-05 or 20160705") from error


def whole(text: str | None, column: str, missing: frozenset[str] = frozenset()) -> int | None:
    """A whole number, None for none; "5.0" is one too. Raises BadRecord."""
    if text is not None and text.isdecimal() and len(text) < 19:
        return int(text)
    value = real(text, column, missing)
    if value is not None and value != int(value):
        raise BadRecord("row", 0, f"{column} {text!r} is no whole number", "correct the row")
    if value is None or text is None:
        return None
    plain = text.strip()
    number = int(plain) if plain.lstrip("+-").isdigit() else int(value)
    if abs(number) >= 2**63:
        raise BadRecord("row", 0, f"{column} {text!r} is too large", "correct the row")
    return number


def real(text: str | None, column: str, missing: frozenset[str] = frozenset()) -> float | None:
    """A number, None for none. Raises BadRecord, also for NaN and infinity."""
    if text is None or (text := text.strip()) in missing or not text:
        return None
    try:
        value = float(text)
    except ValueError as error:
        raise BadRecord("row", 0, f"{column} {text!r} is no number", "correct the row") from error
    if not isfinite(value):
        raise BadRecord("row", 0, f"{column} {text!r} is no number", "correct the row")
    return value


def point(lat: float | None, lon: float | None) -> tuple[float | None, float | None]:
    """Latitude and longitude, both or neither. Raises BadRecord off the globe."""
    if lat is None or lon is None:
        return None, None
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):
        raise BadRecord("row", 0, f"latitude {lat} and longitude {lon} are no point on the globe", "were they swapped?")
    return lat, lon
