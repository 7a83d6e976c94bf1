"""Rows out of files with columns: JSON Lines, JSON, CSV, TSV, Parquet. One row at a time; the file never lies in memory."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from ..errors import UnreadableFile
from .columns import Columns, Entry, Row
from .encodings import Trouble, encoding_of, lines
from .sources import STDIN
from .tables import Cells, records

if TYPE_CHECKING:
    import pyarrow as pa

_CHUNK = 1 << 16
_BATCH = 256
_PEEK = 100
_HELD = 1000
_BYTES_PER_CHAR = 12  # a character outside the basic plane, escaped in JSON
_SPARE = 1 << 16  # for the columns beside the text
_SEPARATORS = " \t\r\n,"


def line_limit(max_chars: int) -> int:
    """Most bytes of one line that may hold an article of so many characters."""
    return max_chars * _BYTES_PER_CHAR + _SPARE


def json_entries(stream: io.BufferedReader, path: str, columns: Columns, max_chars: int, by_line: bool) -> Iterator[Entry | Trouble]:
    """Articles of a JSON file: a list, one object, or (`by_line`, and wherever the first line is an object) an object a line."""
    head = stream.peek(1).lstrip(b"\xef\xbb\xbf \t\r\n")
    limit = line_limit(max_chars)
    if not head.startswith(b"[") and (by_line or _is_object(head.split(b"\n", 1)[0])):
        rows = _json_lines(stream, limit)
    else:
        rows = _json_values(stream, limit)
    return _checked(rows, path, columns)


def _is_object(line: bytes) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return False


def _json_lines(stream: io.BufferedReader, limit: int) -> Iterator[Row | Trouble]:
    for line in lines(stream, limit):
        if line.trouble:
            yield line.trouble
        elif line.text.strip():
            yield _json_row(line.text, line.number)


def _json_row(text: str, number: int) -> Row | Trouble:
    try:
        value = json.loads(text)
    except json.JSONDecodeError as error:
        return Trouble(number, f"malformed JSON at column {error.colno}: {error.msg}", "every line must hold one whole JSON object")
    except (ValueError, RecursionError) as error:
        return Trouble(number, f"JSON that cannot be taken: {error}", "every line must hold one plain JSON object")
    return _object(value, number)


def _object(value: object, number: int) -> Row | Trouble:
    if isinstance(value, dict):
        return Row(number, value)
    return Trouble(number, f"expected a JSON object, found a {type(value).__name__}", 'write {"text": "…", "date": "2016-07-05"}')


def _json_values(stream: io.BufferedReader, limit: int) -> Iterator[Row | Trouble]:
    """Objects of a JSON list, or objects one after the other. After malformed JSON there is no way to go on."""
    reader = io.TextIOWrapper(stream, encoding=encoding_of(stream.peek(1)))
    decoder = json.JSONDecoder()
    buffer, position, line, listed = "", 0, 1, False
    try:
        while True:
            start = position
            while position < len(buffer) and (buffer[position] in _SEPARATORS or (buffer[position] == "[" and not listed)):
                listed = listed or buffer[position] == "["
                position += 1
            line += buffer.count("\n", start, position)
            if position < len(buffer) and buffer[position] == "]":
                return
            try:
                value, end = decoder.raw_decode(buffer, position)
            except (ValueError, RecursionError) as error:
                rest = buffer[position:]
                more = reader.read(max(_CHUNK, len(rest))) if len(rest) <= limit else ""
                if not more:
                    if rest or listed:
                        yield Trouble(
                            line, f"malformed JSON in the object that begins here: {error}", "the rest of the file was not read; repair it"
                        )
                    return
                buffer, position = rest + more, 0
                continue
            yield _object(value, line)
            line += buffer.count("\n", position, end)
            position = end
    except UnicodeDecodeError as error:
        yield Trouble(line, f"the text behind this line is not {error.encoding.upper()}: {error.reason}", "save the file as UTF-8 text")
    finally:
        reader.detach()  # the stream is closed by whoever opened it


def _checked(rows: Iterator[Row | Trouble], path: str, columns: Columns) -> Iterator[Entry | Trouble]:
    """Articles of JSON objects; UnreadableFile where none of the first objects has the columns that there must be."""
    held: list[Row | Trouble] = []
    seen: dict[str, None] = {}
    objects = 0
    for row in rows:
        held.append(row)
        if isinstance(row, Row):
            objects += 1
            seen.update(dict.fromkeys(row.values))
            if objects == _PEEK or columns.missing(path, seen) is None:
                break
        elif len(held) > _HELD:
            break
    if objects and (error := columns.missing(path, seen)):
        yield from (row for row in held if isinstance(row, Trouble))
        raise error
    for group in (held, rows):
        yield from _entries(group, columns)


def _entries(rows: Iterable[Row | Trouble], columns: Columns) -> Iterator[Entry | Trouble]:
    for row in rows:
        yield row if isinstance(row, Trouble) else columns.entry(row)


def table_entries(stream: io.BufferedReader, path: str, columns: Columns, max_chars: int, tabs: bool) -> Iterator[Entry | Trouble]:
    """Articles of a CSV or TSV file, whose first record names the columns. Raises UnreadableFile where the text has none."""
    found = records(lines(stream, line_limit(max_chars)), "\t" if tabs else None, max_chars)
    header = next(found, None)
    if header is None:
        raise UnreadableFile(path, 0, "the table is empty", "its first line must name the columns")
    if isinstance(header, Trouble):
        raise UnreadableFile(path, header.line, f"the header cannot be read: {header.reason}", header.hint)
    if error := columns.missing(path, header.values, header.line):
        raise error
    for record in found:
        row = record if isinstance(record, Trouble) else _table_row(record, header.values)
        yield row if isinstance(row, Trouble) else columns.entry(row)


def _table_row(cells: Cells, header: list[str]) -> Row | Trouble:
    values = cells.values
    while len(values) > len(header) and not values[-1].strip():
        values.pop()
    if len(values) != len(header):
        few = "few" if len(values) < len(header) else "many"
        reason = f"too {few} cells: the header has {len(header)}, this row has {len(values)}"
        return Trouble(cells.line, reason, "put cells that hold the delimiter or line ends in quotes")
    return Row(cells.line, dict(zip(reversed(header), reversed(values), strict=True)))


def _days(column: pa.Array) -> pa.Array:
    """Points in time as ISO days: nanoseconds and years beyond 9999 would not fit Python's own type."""
    import pyarrow as pa

    return (
        column.cast(pa.date32(), safe=False).cast(pa.string())
        if pa.types.is_timestamp(column.type) or pa.types.is_date(column.type)
        else column
    )


def parquet_entries(stream: io.BufferedReader, path: str, columns: Columns) -> Iterator[Entry | Trouble]:
    """Articles of a Parquet file, a few hundred rows of a row group at a time; `line` is the row, from 1."""
    # Here and not above: loading pyarrow takes longer than reading a page of plain text.
    import pyarrow as pa
    import pyarrow.parquet as pq

    gzipped = path == STDIN or path.lower().endswith(".gz")
    try:
        # Parquet is read from its end, so what cannot be sought must lie in memory.
        file = pq.ParquetFile(io.BytesIO(stream.read()) if gzipped else path)
        names = file.schema_arrow.names
        if error := columns.missing(path, names):
            raise error
        number = 0
        for group in range(file.num_row_groups):
            for batch in file.iter_batches(_BATCH, row_groups=[group], columns=columns.wanted(names)):
                for values in pa.RecordBatch.from_arrays([_days(column) for column in batch.columns], batch.schema.names).to_pylist():
                    number += 1
                    yield columns.entry(Row(number, values))
    except (pa.ArrowException, OSError) as error:
        reason = f"not a Parquet file, or a damaged one: {str(error).splitlines()[0]}"
        raise UnreadableFile(path, 0, reason, "write it again, or give the file the suffix of what it holds") from error
