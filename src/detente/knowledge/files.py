"""Strict readers of knowledge files. Whatever they do not understand is an error with file, line and remedy."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from ..errors import KnowledgeError

_DATE = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?\Z")


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table: cells by column name, and where it stands."""

    path: Path
    line: int
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells[column]

    def many(self, column: str) -> tuple[str, ...]:
        """A cell that lists several values, parted by "|"."""
        return tuple(part.strip() for part in self.cells[column].split("|") if part.strip())

    def error(self, found: str, expected: str, hint: str = "") -> KnowledgeError:
        """An error at this row."""
        return KnowledgeError(self.path, self.line, found, expected, hint)

    def day(self, column: str, last: bool = False) -> date | None:
        """A date cell; prefixes ("2016", "2016-07") mean the first day, or the last with `last`."""
        text = self.cells[column].strip()
        if not text:
            return None
        match = _DATE.match(text)
        if not match:
            raise self.error(f"{column} {text!r}", "a date such as 2016, 2016-07 or 2016-07-28")
        year, month, day = match.groups()
        try:
            if day:
                return date(int(year), int(month), int(day))
            if month:
                return _month_end(int(year), int(month)) if last else date(int(year), int(month), 1)
            return date(int(year), 12, 31) if last else date(int(year), 1, 1)
        except ValueError as error:
            raise self.error(f"{column} {text!r}", "a day that exists") from error


def _month_end(year: int, month: int) -> date:
    return date.fromordinal(date(year + month // 12, month % 12 + 1, 1).toordinal() - 1)


def read_table(path: Path, columns: tuple[str, ...]) -> Iterator[Row]:
    """Rows of a tab-separated file (.gz or not) whose first line must name exactly these columns."""
    opener = gzip.open if path.suffix == ".gz" else open
    try:
        with opener(path, "rt", encoding="utf-8", newline="\n") as lines:
            header = tuple(next(lines, "").rstrip("\n").split("\t"))
            if header != columns:
                raise KnowledgeError(path, 1, f"columns {', '.join(header)}", f"columns {', '.join(columns)}", "columns are parted by tabs")
            for number, line in enumerate(lines, 2):
                cells = line.rstrip("\n").split("\t")
                if len(cells) != len(columns):
                    raise KnowledgeError(path, number, f"{len(cells)} cells", f"{len(columns)} cells", "cells are parted by tabs")
                yield Row(path, number, dict(zip(columns, cells, strict=True)))
    except (OSError, EOFError) as error:
        raise KnowledgeError(path, 0, str(error), "a readable table") from error
    except UnicodeDecodeError as error:
        raise KnowledgeError(path, 0, f"byte {error.start} is not UTF-8", "UTF-8 text", "save the file as UTF-8") from error


def read_yaml(path: Path) -> Any:
    """The content of a YAML file; duplicate keys and syntax errors are refused."""
    try:
        with path.open(encoding="utf-8") as stream:
            return yaml.load(stream, Loader=_Loader)  # noqa: S506 - _Loader derives from the safe loader
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        raise KnowledgeError(path, mark.line + 1 if mark else 0, str(error.problem), "valid YAML") from error
    except (OSError, UnicodeDecodeError) as error:
        raise KnowledgeError(path, 0, str(error), "a readable UTF-8 file") from error


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]  # the fast loader is not in every build of PyYAML
    """The safe loader, without YAML 1.1's habit of reading no/on/yes/off as booleans; a key that stands twice is an error."""

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        """A mapping, refused where a key is doubled."""
        seen = set()
        for key_node, _ in node.value:
            if key_node.value in seen and key_node.tag != "tag:yaml.org,2002:merge":
                raise yaml.constructor.ConstructorError(None, None, f"key {key_node.value!r} twice", key_node.start_mark)
            seen.add(key_node.value if isinstance(key_node.value, str) else str(key_node.start_mark))
        mapping: dict[Any, Any] = super().construct_mapping(node, deep)
        return mapping


_Loader.yaml_implicit_resolvers = {
    first: [(tag, regexp) for tag, regexp in resolvers if tag not in {"tag:yaml.org,2002:bool", "tag:yaml.org,2002:timestamp"}]
    for first, resolvers in _Loader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"(?:true|false)\Z"), list("tf"))


def line_of(path: Path, needle: str) -> int:
    """Line of the first occurrence of a string, for error messages about YAML rows; 0 if it is not there."""
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
        if needle in line:
            return number
    return 0
