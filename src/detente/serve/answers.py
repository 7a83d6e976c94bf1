"""From rows to what is sent: which format is wanted, and the bytes in it."""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from pydantic_core import to_json

from ..errors import RequestError
from ..store.plain import records

FORMATS = {
    "json": "application/json", "csv": "text/csv", "parquet": "application/vnd.apache.parquet", "geojson": "application/geo+json",
    "md": "text/markdown", "html": "text/html",
}
TABLE = ("json", "csv", "parquet")
PLACES = ("json", "csv", "parquet", "geojson")
_TEXT = frozenset({"csv", "md", "html"})
_LEAST_TO_PACK = 1000  # bytes under which packing only costs
_RISKY = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


@dataclass(frozen=True, slots=True)
class Rows:
    """A page of rows. `next`: the cursor of the following page, None at the end."""

    table: pa.Table
    next: str | None = None


@dataclass(frozen=True, slots=True)
class Words:
    """A text in one of several formats."""

    text: str
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Answer:
    """Bytes to send. `packed`: the same with gzip, None where that would save nothing."""

    body: bytes
    packed: bytes | None
    type: str
    headers: Mapping[str, str]

    @property
    def size(self) -> int:
        """How much memory it takes."""
        return len(self.body) + len(self.packed or b"")


def chosen(accept: str, ending: str | None, offered: Sequence[str]) -> str:
    """The format of an answer: by the address's ending, else by the Accept header. Raises RequestError 406 where none fits."""
    if ending is not None:
        if ending in offered:
            return ending
        raise _none_fits(offered)
    best = max(((_quality(accept, FORMATS[name]), -number, name) for number, name in enumerate(offered)))
    if best[0] <= 0:
        raise _none_fits(offered)
    return best[2]


def _none_fits(offered: Sequence[str]) -> RequestError:
    kinds = ", ".join(f"{FORMATS[name]} (.{name})" for name in offered)
    return RequestError(406, "not_acceptable", "this cannot be given in that format", f"formats here: {kinds}")


def _quality(accept: str, kind: str) -> float:
    """How much a type is wanted, by the most specific part of the header that speaks of it."""
    if not accept.strip():
        return 1.0
    found: list[tuple[int, float]] = []
    for part in accept.lower().split(",")[:50]:
        name, *options = (piece.strip() for piece in part.split(";"))
        rank = 3 if name == kind else 2 if name == kind.split("/", maxsplit=1)[0] + "/*" else 1 if name == "*/*" else 0
        if rank:
            found.append((rank, _weight(options)))
    return max(found)[1] if found else 0.0


def _weight(options: Iterable[str]) -> float:
    for option in options:
        if option.startswith("q="):
            try:
                return max(0.0, min(1.0, float(option[2:])))
            except ValueError:
                return 0.0
    return 1.0


def packs(encodings: str) -> bool:
    """Whether an Accept-Encoding header takes gzip."""
    for part in encodings.lower().split(",")[:50]:
        name, *options = (piece.strip() for piece in part.split(";"))
        if name in {"gzip", "*"}:
            return _weight(options) > 0
    return False


def render(made: Rows | Words | Mapping[str, Any], kind: str, store: Mapping[str, Any], path: str) -> Answer:
    """What a handler made, as bytes. `store`: which state of the store it is from, for JSON; `path`: names the file of a download."""
    headers: dict[str, str] = {}
    if isinstance(made, Words):
        body, headers = made.text.encode("utf-8"), dict(made.headers)
    elif isinstance(made, Rows):
        body = _rows(made, kind, store)
        if made.next:
            headers["Detente-Next"] = made.next
        if kind in {"csv", "parquet"}:
            name = "-".join("".join(c if c.isascii() and (c.isalnum() or c in "-_") else "_" for c in part) for part in path.split("/")[2:])
            headers["Content-Disposition"] = f'attachment; filename="detente-{name[:80]}.{kind}"'
    else:
        body = to_json({**made, "store": store}, inf_nan_mode="null")
    return packed(body, FORMATS[kind] + ("; charset=utf-8" if kind in _TEXT else ""), headers, kind != "parquet")


def packed(body: bytes, kind: str, headers: Mapping[str, str] = MappingProxyType({}), gains: bool = True) -> Answer:
    """Bytes to send, packed beside where that saves something."""
    return Answer(body, gzip.compress(body, 5, mtime=0) if gains and len(body) >= _LEAST_TO_PACK else None, kind, headers)


def _rows(made: Rows, kind: str, store: Mapping[str, Any]) -> bytes:
    if kind == "csv":
        return to_csv(made.table)
    if kind == "parquet":
        sink = io.BytesIO()
        pq.write_table(made.table, sink, compression="zstd")
        return sink.getvalue()
    rows = records(made.table)
    if kind == "geojson":
        return to_json({"type": "FeatureCollection", "features": [_feature(row) for row in rows], "next": made.next, "store": store},
                       inf_nan_mode="null")
    return to_json({"items": rows, "next": made.next, "store": store}, inf_nan_mode="null")


def _feature(row: dict[str, Any]) -> dict[str, Any]:
    """An event as GeoJSON. `precision` among the properties says how much the point stands for: a region's is no pin."""
    place = row["place"]
    rest = {key: value for key, value in row.items() if key not in {"place", "id"}}
    told = {key: place[key] for key in ("name", "country", "admin1", "geonames", "precision")}
    return {"type": "Feature", "id": row["id"], "geometry": {"type": "Point", "coordinates": [place["lon"], place["lat"]]},
            "properties": {**rest, "place": told}}


def to_csv(table: pa.Table) -> bytes:
    """Rows as CSV: structures as columns of their own, lists of texts joined by "|", other lists as JSON. No cell can be a formula."""
    flat = table
    while any(pa.types.is_struct(column.type) for column in flat.schema):
        parts = {name: flat[name] for name in flat.column_names}
        flat = _opened(parts)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(flat.column_names)
    columns = [[_cell(value) for value in flat[name].to_pylist()] for name in flat.column_names]
    writer.writerows(zip(*columns, strict=True))
    return out.getvalue().encode("utf-8", "replace")


def rows_to_csv(rows: Iterable[Mapping[str, Any]]) -> bytes:
    """The same from records that need not all have the same fields: columns in the order in which they come up."""
    flat = [_flat(row) for row in rows]
    columns = list(dict.fromkeys(name for row in flat for name in row))
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([_cell(row.get(name)) for name in columns] for row in flat)
    return out.getvalue().encode("utf-8", "replace")


def _flat(row: Mapping[str, Any]) -> dict[str, Any]:
    """A record with records in it as one with longer names."""
    found: dict[str, Any] = {}
    for name, value in row.items():
        if isinstance(value, Mapping):
            found.update({f"{name}_{inner}": one for inner, one in _flat(value).items()})
        else:
            found[name] = value
    return found


def _opened(parts: Mapping[str, pa.ChunkedArray]) -> pa.Table:
    found: dict[str, pa.ChunkedArray] = {}
    for name, column in parts.items():
        if not pa.types.is_struct(column.type):
            found[name] = column
            continue
        inner = pa.chunked_array(column.chunks, column.type).flatten()
        for number, child in enumerate(inner):
            found[f"{name}_{column.type.field(number).name}"] = child
    return pa.table(found)


def _cell(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, list | tuple | dict):
        plain = not isinstance(value, dict) and all(isinstance(item, str) for item in value)
        value = "|".join(value) if plain else to_json(value, inf_nan_mode="null").decode("utf-8")
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return f"'{value}" if value.startswith(_RISKY) else value
    return value.isoformat() if hasattr(value, "isoformat") else value
