"""CSV and TSV, one record at a time, with true line numbers, any length of cell and recovery after a broken row.

The standard reader is not used: its limit on the length of a cell is a global of the process, and one quote that is never
closed makes it swallow the rest of the file.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

from .encodings import Line, Trouble

_DELIMITERS = (",", ";", "\t", "|")


@dataclass(frozen=True, slots=True)
class Cells:
    """One record: 1-based line where it begins, and its cells."""

    line: int
    values: list[str]


class _Lines:
    """Lines with the possibility to put some back."""

    def __init__(self, source: Iterator[Line]) -> None:
        self._source = source
        self._back: deque[Line] = deque()

    def next(self) -> Line | None:
        return self._back.popleft() if self._back else next(self._source, None)

    def put_back(self, lines: list[Line]) -> None:
        self._back.extendleft(reversed(lines))


def delimiter_of(header: str) -> str:
    """The delimiter of a table by its first line: comma, semicolon, tab or bar, whichever parts it most often."""
    return max(_DELIMITERS, key=header.count)


def records(source: Iterator[Line], delimiter: str | None, limit: int) -> Iterator[Cells | Trouble]:
    """Records of a table, header included. `delimiter` None: by the first line. `limit`: most characters of one record.

    Empty lines are skipped. A row with a quote that is not closed properly becomes Trouble, and reading goes on at the next line.
    In tab-separated files such a quote is an ordinary character, for many of them quote nothing.
    """
    lines = _Lines(source)
    while (line := lines.next()) is not None:
        if delimiter is None and line.text.strip():
            delimiter = delimiter_of(line.text)
        if line.trouble:
            yield line.trouble
        elif line.text.strip():
            yield _record(line, lines, delimiter or ",", limit)


def _record(first: Line, lines: _Lines, delimiter: str, limit: int) -> Cells | Trouble:
    if '"' not in first.text:
        return Cells(first.number, first.text.split(delimiter))
    values: list[str] = []
    taken: list[Line] = []
    text, position = first.text, 0
    while True:
        if not text.startswith('"', position):
            end = text.find(delimiter, position)
            values.append(text[position:] if end < 0 else text[position:end])
            if end < 0:
                return _whole(first, values, taken)
            position = end + 1
            continue
        cell = _quoted(text, position + 1, lines, taken, limit)
        if isinstance(cell, Trouble):
            return Trouble(first.number, cell.reason, cell.hint)
        if cell is None or not (cell[1] == len(cell[2]) or cell[2].startswith(delimiter, cell[1])):
            lines.put_back(taken)
            if delimiter == "\t":
                return Cells(first.number, first.text.split(delimiter))
            return Trouble(
                first.number,
                f"the quote that opens cell {len(values) + 1} is not closed before a delimiter or line end",
                'write quotes inside a quoted cell twice ("")',
            )
        value, position, text = cell
        values.append(value)
        if position == len(text):
            return _whole(first, values, taken)
        position += 1


def _whole(first: Line, values: list[str], taken: list[Line]) -> Cells | Trouble:
    """The record, unless one of its lines was bad: seen only here, so that its other lines go with it."""
    return next((line.trouble for line in taken if line.trouble), None) or Cells(first.number, values)


def _quoted(text: str, position: int, lines: _Lines, taken: list[Line], limit: int) -> tuple[str, int, str] | Trouble | None:
    """A quoted cell from behind its opening quote: value, place behind the closing quote, and the line that closes it.

    None where the input ends first. Lines taken for it are noted in `taken`; the caller knows the record's line.
    """
    parts: list[str] = []
    size = 0
    while True:
        end = text.find('"', position)
        parts.append(text[position:] if end < 0 else text[position:end])
        size += len(parts[-1])
        if end >= 0 and text.startswith('"', end + 1):
            parts.append('"')
            position = end + 2
            continue
        if size > limit:
            _skip_cell(text, end, lines)
            return Trouble(
                0,
                f"a cell is longer than {limit} characters",
                "close the quote that opens it, split the article, or raise max_chars; reading went on behind the next quote",
            )
        if end >= 0:
            return "".join(parts), end + 1, text
        following = lines.next()
        if following is None:
            return None
        taken.append(following)
        parts.append("\n")
        text, position = following.text, 0


def _skip_cell(text: str, end: int, lines: _Lines) -> None:
    """Leaves the lines behind a cell that is too long: up to and with the line that closes it."""
    while end < 0:
        following = lines.next()
        if following is None:
            return
        text = following.text.replace('""', "")
        end = text.find('"')
