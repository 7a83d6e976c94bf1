"""Claims to JSON Lines, Arrow, Parquet, CSV and data frames. The shape is fixed here and nowhere else."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TextIO

import pyarrow as pa
import pyarrow.parquet as pq

from ..errors import BadRecord, MissingExtra, RunError
from ..ledger import Entry
from ..records import Claim, Mention, Place, Quantity, Reason, Voice, When
from ..version import VERSION

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl

_BATCH = 1000
_OTHER_VERSION = "the file is damaged or of another version; code its articles again"
_KINDS = ("killed", "wounded", "arrested", "displaced", "missing", "abducted", "participants", "troops")
_PARTIES = ("actor", "recipient")
_PARTY_COLUMNS = ("id", "name", "country", "sector", "role", "person", "text", "start", "end")
_PLACE_COLUMNS = ("name", "country", "admin1", "lat", "lon", "geonames", "precision", "kind", "text", "start", "end")
_DATES = ("published", "date", "date_end")


def _fields(names: str, kind: pa.DataType) -> list[tuple[str, pa.DataType]]:
    return [(name, kind) for name in names.split()]


_MENTION = pa.struct(
    [
        *_fields("id name country", pa.string()),
        ("sector", pa.list_(pa.string())),
        *_fields("role person text", pa.string()),
        *_fields("start end", pa.int64()),
    ]
)
_PLACE = pa.struct(
    [
        *_fields("name country admin1", pa.string()),
        *_fields("lat lon", pa.float64()),
        ("geonames", pa.int64()),
        *_fields("precision kind text", pa.string()),
        *_fields("start end", pa.int64()),
    ]
)
_QUANTITY = pa.struct(
    [
        ("kind", pa.string()),
        *_fields("low best high", pa.int64()),
        *_fields("of of_id by text", pa.string()),
        *_fields("start end", pa.int64()),
    ]
)
_VOICE = pa.struct([("kind", pa.string()), ("speaker", _MENTION), *_fields("cue stance text", pa.string()), ("via", pa.list_(_MENTION))])
_WHY = pa.struct(_fields("step rule text", pa.string()))
SCHEMA = pa.schema(
    [
        *_fields("id act article file title publisher url", pa.string()),
        ("published", pa.date32()),
        ("published_inferred", pa.bool_()),
        *_fields("event mode", pa.string()),
        ("context", pa.list_(pa.string())),
        *_fields("status quad", pa.string()),
        *_fields("score confidence", pa.float64()),
        *_fields("actor recipient", pa.list_(_MENTION)),
        *_fields("date date_end", pa.date32()),
        *_fields("date_precision date_text", pa.string()),
        *_fields("date_text_start date_text_end", pa.int64()),
        ("place", _PLACE),
        ("quantities", pa.list_(_QUANTITY)),
        ("voice", _VOICE),
        ("sentence", pa.string()),
        *_fields("sentence_index start end", pa.int64()),
        ("trigger", pa.string()),
        *_fields("trigger_start trigger_end", pa.int64()),
        ("why", pa.list_(_WHY)),
        *_fields("knowledge detente", pa.string()),
    ]
)


def _flat_columns() -> Iterator[str]:
    for name in SCHEMA.names:
        if name in _PARTIES:
            yield from (f"{name}_{column}" for column in _PARTY_COLUMNS)
        elif name == "place":
            yield from (f"place_{column}" for column in _PLACE_COLUMNS)
        elif name == "quantities":
            yield from (f"{kind}_{bound}" for kind in _KINDS for bound in ("low", "best", "high"))
            yield name
        elif name == "voice":
            yield from (
                f"voice_{column}" for column in ("kind", "speaker", "speaker_id", "speaker_country", "cue", "stance", "text", "via")
            )
        else:
            yield name


CSV_COLUMNS = tuple(_flat_columns())


def claim_to_dict(claim: Claim) -> dict[str, Any]:
    """The claim as plain values, keys in the fixed order; dates as ISO text; offsets count characters of the article's text."""
    return {
        "id": claim.id,
        "act": claim.act,
        **source_to_dict(claim),
        "event": claim.event,
        "mode": claim.mode,
        "context": list(claim.context),
        "status": claim.status,
        "quad": claim.quad,
        "score": claim.score,
        "confidence": claim.confidence,
        "actor": [mention_to_dict(party) for party in claim.actor],
        "recipient": [mention_to_dict(party) for party in claim.recipient],
        **when_to_dict(claim.when),
        "place": _place(claim.place) if claim.place else None,
        "quantities": [_quantity(quantity) for quantity in claim.quantities],
        "voice": voice_to_dict(claim.voice),
        **evidence_to_dict(claim),
        "why": why_to_list(claim.why),
        "knowledge": claim.knowledge,
        "detente": VERSION,
    }


def source_to_dict(record: Claim | Entry) -> dict[str, Any]:
    """The article that a record comes from, keys in the fixed order."""
    names = ("article", "file", "title", "publisher", "url")
    return {**{name: getattr(record, name) for name in names}, "published": iso(record.published),
            "published_inferred": record.published_inferred}


def when_to_dict(when: When) -> dict[str, Any]:
    """A date as plain values, keys in the fixed order; no end where it is the start."""
    start, end = iso(when.start), iso(when.end)
    return {
        "date": start, "date_end": None if end == start else end, "date_precision": when.precision, "date_text": when.text,
        "date_text_start": when.text_start, "date_text_end": when.text_end,
    }


def evidence_to_dict(record: Claim | Entry) -> dict[str, Any]:
    """The sentence and the trigger that a record rests on, keys in the fixed order."""
    return {name: getattr(record, name) for name in
            ("sentence", "sentence_index", "start", "end", "trigger", "trigger_start", "trigger_end")}


def why_to_list(why: tuple[Reason, ...]) -> list[dict[str, str]]:
    """Reasons as plain values."""
    return [{"step": reason.step, "rule": reason.rule, "text": reason.text} for reason in why]


def iso(day: date | None) -> str | None:
    """A day as ISO text; None stays None."""
    return day.isoformat() if day else None


def mention_to_dict(mention: Mention) -> dict[str, Any]:
    """A party as plain values, keys in the fixed order."""
    return {
        "id": mention.id,
        "name": mention.name,
        "country": mention.country,
        "sector": list(mention.sector),
        "role": mention.role,
        "person": mention.person,
        "text": mention.text,
        "start": mention.start,
        "end": mention.end,
    }


def _place(place: Place) -> dict[str, Any]:
    return {name: getattr(place, name) for name in _PLACE_COLUMNS}


def _quantity(quantity: Quantity) -> dict[str, Any]:
    return {name: getattr(quantity, name) for name in ("kind", "low", "best", "high", "of", "of_id", "by", "text", "start", "end")}


def voice_to_dict(voice: Voice) -> dict[str, Any]:
    """On whose word, as plain values, keys in the fixed order."""
    return {
        "kind": voice.kind,
        "speaker": mention_to_dict(voice.speaker) if voice.speaker else None,
        "cue": voice.cue,
        "stance": voice.stance,
        "text": voice.text,
        "via": [mention_to_dict(outer) for outer in voice.via],
    }


def claims_to_jsonl(claims: Iterable[Claim]) -> str:
    """The claims as JSON Lines, one claim a line with its line feed; an empty string for none."""
    return "".join(json.dumps(claim_to_dict(claim), ensure_ascii=False) + "\n" for claim in claims)


def claims_table(claims: Iterable[Claim]) -> pa.Table:
    """The claims as an Arrow table with nested columns and a fixed schema; for no claims a table without rows."""
    return _table([claim_to_dict(claim) for claim in claims])


def to_frame(claims: Iterable[Claim], kind: Literal["arrow", "pandas", "polars"]) -> pa.Table | pd.DataFrame | pl.DataFrame:
    """The claims as a table of the kind asked for. Raises MissingExtra where that library is not installed."""
    table = claims_table(claims)
    match kind:
        case "arrow":
            return table
        case "pandas":
            try:
                return table.to_pandas()
            except ImportError as error:
                raise MissingExtra("pandas", "frames") from error
        case "polars":
            try:
                import polars
            except ImportError as error:
                raise MissingExtra("polars", "frames") from error
            frame = polars.from_arrow(table)
            if not isinstance(frame, polars.DataFrame):
                raise RunError("polars gave no data frame for a table", "report this with the versions of polars and pyarrow")
            return frame


def claims_to_csv(claims: Iterable[Claim], stream: TextIO, header: bool) -> None:
    """Writes the claims as flat rows (see `flat_row`), the column names first if `header`. Open files with newline=""."""
    _write_rows((flat_row(claim_to_dict(claim)) for claim in claims), stream, header)


def jsonl_to_csv(lines: Iterable[str], stream: TextIO, source: str = "claims") -> None:
    """Writes claims that stand in JSON Lines as CSV with a header, one at a time. Raises BadRecord with `source` and the line."""
    _write_rows(_flat_rows(lines, source), stream, header=True)


def jsonl_to_parquet(lines: Iterable[str], path: str | Path, source: str = "claims") -> None:
    """Writes claims that stand in JSON Lines as a Parquet file, a thousand at a time; the file appears only when it is whole.

    Raises BadRecord with `source` and the line for a line that is no claim, RunError where the file cannot be written.
    """
    target = Path(path)
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        with pq.ParquetWriter(part, SCHEMA, compression="zstd") as writer:
            batch: list[dict[str, Any]] = []
            first = 1
            for number, row in _rows(lines, source):
                first = first if batch else number
                batch.append(row)
                if len(batch) == _BATCH:
                    writer.write_table(_checked_table(batch, source, first))
                    batch = []
            if batch:
                writer.write_table(_checked_table(batch, source, first))
        part.replace(target)
    except OSError as error:
        raise RunError(
            f"{target}: cannot be written: {error.strerror or error}", "check the folder, its permissions and the free space"
        ) from error
    finally:
        part.unlink(missing_ok=True)


def _rows(lines: Iterable[str], source: str) -> Iterator[tuple[int, dict[str, Any]]]:
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError as error:
            raise BadRecord(source, number, f"not JSON: {error}", "the file is damaged; code its articles again") from error
        if not isinstance(row, dict) or not isinstance(row.get("event"), str):
            raise BadRecord(source, number, "not a claim", "give the JSON Lines that coding has written")
        yield number, row


def _table(rows: list[dict[str, Any]]) -> pa.Table:
    typed = [{**row, **{name: date.fromisoformat(row[name]) if row.get(name) else None for name in _DATES}} for row in rows]
    return pa.Table.from_pylist(typed, schema=SCHEMA)


def _checked_table(rows: list[dict[str, Any]], source: str, first: int) -> pa.Table:
    try:
        return _table(rows)
    except (pa.ArrowException, ValueError, TypeError) as error:
        reason = f"a value has the wrong type in one of the {len(rows)} claims from this line on: {error}"
        raise BadRecord(source, first, reason, _OTHER_VERSION) from error


def _flat_rows(lines: Iterable[str], source: str) -> Iterator[dict[str, Any]]:
    for number, row in _rows(lines, source):
        try:
            yield flat_row(row)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise BadRecord(source, number, f"not a whole claim: {error!r}", _OTHER_VERSION) from error


def _write_rows(rows: Iterable[dict[str, Any]], stream: TextIO, header: bool) -> None:
    writer = csv.DictWriter(stream, CSV_COLUMNS, lineterminator="\n")
    if header:
        writer.writeheader()
    writer.writerows(rows)


def flat_row(row: dict[str, Any]) -> dict[str, Any]:
    """A claim of `claim_to_dict` as flat columns: several parties or values joined by ";", sectors of one party by "|".

    `killed_low`, `killed_high` and the like hold the largest number of that kind; `quantities` lists all ("killed 40-43", "killed 40+").
    """
    flat: dict[str, Any] = {name: row.get(name) for name in CSV_COLUMNS if name in row}
    for side in _PARTIES:
        flat.update({f"{side}_{column}": _joined(party.get(column) for party in row.get(side) or ()) for column in _PARTY_COLUMNS})
    flat.update({f"place_{column}": (row.get("place") or {}).get(column) for column in _PLACE_COLUMNS})
    quantities = row.get("quantities") or ()
    for kind in _KINDS:
        own = [found for found in quantities if found["kind"] == kind]
        largest = max(own, key=lambda found: found["high"] or found["low"] or 0, default=None)
        if largest:
            flat.update({f"{kind}_{bound}": largest[bound] for bound in ("low", "best", "high")})
    flat["quantities"] = _joined(f"{found['kind']} {_range(found)}" for found in quantities)
    voice = row.get("voice") or {}
    speaker = voice.get("speaker") or {}
    flat.update({f"voice_{column}": voice.get(column) for column in ("kind", "cue", "stance", "text")})
    flat["voice_speaker"] = speaker.get("name") or speaker.get("text")
    flat["voice_speaker_id"], flat["voice_speaker_country"] = speaker.get("id"), speaker.get("country")
    flat["voice_via"] = _joined(outer.get("name") or outer.get("text") for outer in voice.get("via") or ())
    flat["context"] = _joined(row.get("context") or ())
    flat["why"] = _joined(f"{reason['step']}: {reason['rule']}" for reason in row.get("why") or ())
    return flat


def _range(found: dict[str, Any]) -> str:
    """"43", "36-40", "40+" for at least 40, "-40" for up to 40."""
    low, high = found["low"], found["high"]
    if low == high:
        return str(low)
    return f"{low}+" if high is None else f"{'' if low is None else low}-{high}"


def _joined(values: Iterable[Any]) -> str:
    """Values with ";" between; an empty one keeps its place, and a ";" inside becomes a comma, so that columns stay aligned."""
    parts = ("|".join(value) if isinstance(value, list) else "" if value is None else str(value) for value in values)
    return ";".join(part.replace(";", ",") for part in parts)
