"""Rows of text tables: cells by column name, whatever the file does to hide them."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..errors import BadRecord, UnreadableFile
from .files import Line, Member
from .forms import Cells, Form

_LONGEST = 1 << 24  # characters in one cell; the csv module's own limit is lower than long lists of sources


@dataclass(frozen=True, slots=True)
class Row:
    """One row: where it begins, its cells as they stand there, or what is wrong with it. `latin`: it was no UTF-8."""

    line: int
    cells: Cells | None
    latin: bool = False
    fault: BadRecord | None = None

    def whole(self) -> Cells:
        """The cells. Raises BadRecord where there are none."""
        if self.cells is None:
            raise self.fault or BadRecord("row", self.line, "no cells", "correct the row")
        return self.cells


def rows_of(member: Member, form: Form) -> Iterator[Row]:
    """The rows of a table. Blank lines are none. Raises UnreadableFile for a header that lacks a column that the form needs."""
    split = _by_line(member, form) if form.layout.between == "\t" else _by_csv(member)
    names: tuple[str, ...] | None = None if form.layout.header else tuple(form.layout.columns)
    for line, last, found, latin in split:
        if names is None:
            names = _header(member, form, found, line)
            continue
        cells = _trimmed(found, len(names))
        if not form.layout.header and len(cells) == len(names) - 1:
            cells = [*cells, ""]  # files from before the last column was there, or an editor took the last tab away
        if form.layout.header and tuple(cells) == names:
            yield Row(line, None, latin, BadRecord(member.name, line, "the header once more", "nothing is wrong with the row"))
        elif len(cells) != len(names):
            yield Row(line, None, latin, BadRecord(member.name, line, *_miscounted(line, last, len(cells), len(names))))
        else:
            yield Row(line, dict(zip(names, cells, strict=True)), latin)


def _miscounted(line: int, last: int, found: int, wanted: int) -> tuple[str, str]:
    if last > line:
        return f"lines {line} to {last} read as one row of {found} cells: a quote is not closed", "mend the quote: none of these was read"
    return f"{found} cells where there should be {wanted}", "a tab or a line end stands inside a cell, or the row was cut"


def _trimmed(cells: Sequence[str], wanted: int) -> list[str]:
    """Cells without the empty ones beyond the last column."""
    cells = list(cells)
    while len(cells) > wanted and not cells[-1].strip():
        cells.pop()
    return cells


def _header(member: Member, form: Form, found: Sequence[str], line: int) -> tuple[str, ...]:
    renamed = dict(form.layout.renamed)
    names = tuple(renamed.get(name.strip(), name.strip()) for name in _trimmed(found, len(form.layout.columns)))
    shown = ", ".join(names[:8])
    if missing := [name for name in form.layout.wanted if name not in names]:
        raise UnreadableFile(
            member.name, line, f"no {form.layout.name} file as it is known here: no column {missing[0]!r} among {len(names)} ({shown} …)",
            f"the header must name {len(form.layout.wanted)} columns, which older releases and other files lack",
        )
    if len(set(names)) < len(names):
        raise UnreadableFile(member.name, line, "a column stands twice in the header", "rename one of them")
    return names


def _by_line(member: Member, form: Form) -> Iterator[tuple[int, int, list[str], bool]]:
    """Lines split at tabs. A cell is in quotes only where it begins and ends with one and those inside are doubled; else they are text."""
    wanted = 0
    for line in member.lines():
        text = line.text.rstrip("\r\n")
        if not text.strip():
            continue
        cells = text.split("\t")
        if form.layout.quoted and '"' in text:
            tabs_inside = wanted and len(cells) > wanted and len(quoted := next(csv.reader([text], delimiter="\t"))) == wanted
            cells = quoted if tabs_inside else list(map(_unquoted, cells))
        wanted = wanted or len(cells)
        yield line.number, line.number, cells, line.latin


def _unquoted(cell: str) -> str:
    inside = cell[1:-1]
    whole = len(cell) > 1 and cell[0] == cell[-1] == '"' and '"' not in inside.replace('""', "")
    return inside.replace('""', '"') if whole else cell


def _by_csv(member: Member) -> Iterator[tuple[int, int, list[str], bool]]:
    """Rows between commas, whose quoted cells may hold line ends."""
    csv.field_size_limit(max(csv.field_size_limit(), _LONGEST))
    seen: list[Line] = []

    def texts() -> Iterator[str]:
        for line in member.lines():
            seen.append(line)
            yield line.text

    for cells in csv.reader(texts()):
        first, last, latin = seen[0].number, seen[-1].number, any(line.latin for line in seen)
        seen.clear()
        if any(cell.strip() for cell in cells):
            yield first, last, cells, latin
