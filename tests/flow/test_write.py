"""Writing: the fixed shape of a claim, and the same claims in every format."""

from __future__ import annotations

import csv
import dataclasses
import io
import json
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.errors import BadRecord, MissingExtra, RunError
from detente.flow.write import (
    CSV_COLUMNS,
    SCHEMA,
    claim_to_dict,
    claims_table,
    claims_to_csv,
    claims_to_jsonl,
    jsonl_to_csv,
    jsonl_to_parquet,
    to_frame,
)
from detente.records import Claim, Mention, Place, Quantity, Reason, Voice, When
from detente.version import VERSION

# fmt: off
KEYS = [
    "id", "act", "article", "file", "title", "publisher", "url", "published", "published_inferred", "event", "mode", "context", "status",
    "quad", "score", "confidence", "actor", "recipient", "date", "date_end", "date_precision", "date_text", "date_text_start",
    "date_text_end", "place", "quantities", "voice", "sentence", "sentence_index", "start", "end", "trigger", "trigger_start",
    "trigger_end", "why", "knowledge", "detente",
]
# fmt: on
MENTION_KEYS = ["id", "name", "country", "sector", "role", "person", "text", "start", "end"]

FIRST = Mention("AAA", "Aland", "AAA", ("GOV", "MIL"), "president", None, "the president; of Aland", 0, 23, "rule")
SECOND = Mention(None, None, None, (), None, None, "gunmen", 30, 36)
OUTER = Mention("BBB", "Beland", "BBB", ("GOV",), "minister", "Ann Bee", "its minister", 40, 52)
BARE = Claim("a_1", "Something happened.", 0, 0, 19, "CONSULT", None, "happened", 10, 18, (), (), "bare", id="c_bare")
FULL = Claim(
    article="a_1",
    sentence="«Sentence», with a comma\nand a line end",
    sentence_index=3,
    start=100,
    end=139,
    event="ASSAULT",
    mode="bombing",
    trigger="bombed",
    trigger_start=110,
    trigger_end=116,
    actor=(FIRST, SECOND),
    recipient=(OUTER,),
    rule="assault-bomb",
    context=("military", "diplomatic"),
    status="negated",
    quad="material conflict",
    score=-9.5,
    confidence=0.875,
    when=When(date(2016, 6, 29), date(2016, 7, 1), "interval", "from June 29 to July 1", "interval", 5, 27),
    place=Place("Somewhere", "AAA", "North", 43.6, 39.7, 491422, "city", "Somewhere", 60, 69),
    quantities=(Quantity("killed", 2, None, 3, "children", "2 or 3 children", 70, 85),
                Quantity("killed", 40, None, 43, None, "up to 43", 90, 98)),
    voice=Voice("speaker", "denies", OUTER, "told reporters", "words", 1, 2, (FIRST, SECOND)),
    why=(Reason("claims", "assault-bomb", "bombed"), Reason("status", "not", "not")),
    file="in/a.txt",
    title="A title",
    publisher="Example",
    url="https://e.org/1",
    published=date(2016, 7, 5),
    published_inferred=True,
    knowledge="k_1",
    id="c_full",
)


def test_shape_of_a_claim() -> None:
    full, bare = claim_to_dict(FULL), claim_to_dict(BARE)
    assert list(full) == list(bare) == KEYS
    assert [list(full["actor"][0]), list(full["voice"]["speaker"]), list(full["voice"]["via"][0])] == [MENTION_KEYS] * 3
    assert list(full["place"]) == ["name", "country", "admin1", "lat", "lon", "geonames", "precision", "kind", "text", "start", "end"]
    assert list(full["quantities"][0]) == ["kind", "low", "best", "high", "of", "of_id", "by", "text", "start", "end"]
    assert list(full["voice"]) == ["kind", "speaker", "cue", "stance", "text", "via"]
    assert full["why"] == [{"step": "claims", "rule": "assault-bomb", "text": "bombed"}, {"step": "status", "rule": "not", "text": "not"}]
    assert (full["date"], full["date_end"], full["published"], full["detente"]) == ("2016-06-29", "2016-07-01", "2016-07-05", VERSION)
    assert full["actor"][0]["sector"] == ["GOV", "MIL"]
    assert (full["actor"][1]["id"], full["actor"][1]["text"]) == (None, "gunmen")
    assert (bare["date"], bare["date_end"], bare["place"], bare["published"]) == (None, None, None, None)
    assert bare["voice"] == {"kind": "outlet", "speaker": None, "cue": None, "stance": "asserts", "text": None, "via": []}
    assert [bare[key] for key in ("actor", "recipient", "context", "quantities", "why")] == [[], [], [], [], []]


def test_end_that_equals_the_start_is_null() -> None:
    day = dataclasses.replace(FULL, when=When(date(2016, 6, 29), date(2016, 6, 29), "day", "On June 29", "day"))
    assert (claim_to_dict(day)["date"], claim_to_dict(day)["date_end"]) == ("2016-06-29", None)


def test_json_lines() -> None:
    text = claims_to_jsonl([FULL, BARE])
    assert text.endswith("}\n")
    assert "«Sentence»" in text
    assert [json.loads(line) for line in text.splitlines()] == [claim_to_dict(FULL), claim_to_dict(BARE)]
    assert claims_to_jsonl([]) == ""


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_stays_on_one_line(text: str) -> None:
    line = claims_to_jsonl([dataclasses.replace(BARE, sentence=text)])
    assert line.count("\n") == 1
    assert json.loads(line)["sentence"] == text


def dated(row: dict[str, Any]) -> dict[str, Any]:
    days = {name: date.fromisoformat(row[name]) if row[name] else None for name in ("published", "date", "date_end")}
    return {**row, **days}


def test_table_holds_the_same_as_the_lines() -> None:
    table = claims_table([FULL, BARE])
    assert table.schema == SCHEMA
    assert table.schema.names == KEYS
    assert table.to_pylist() == [dated(claim_to_dict(FULL)), dated(claim_to_dict(BARE))]


def test_no_claims_make_an_empty_table() -> None:
    table = claims_table([])
    assert (table.num_rows, table.schema) == (0, SCHEMA)
    assert pa.types.is_list(table.schema.field("actor").type)


def rows(stream: io.StringIO) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(stream.getvalue(), newline="")))


def test_csv() -> None:
    stream = io.StringIO()
    claims_to_csv([FULL], stream, header=True)
    claims_to_csv([BARE], stream, header=False)
    full, bare = rows(stream)
    assert tuple(full) == CSV_COLUMNS
    wanted = {
        "id": "c_full",
        "published": "2016-07-05",
        "published_inferred": "True",
        "context": "military;diplomatic",
        "actor_id": "AAA;",
        "actor_name": "Aland;",
        "actor_country": "AAA;",
        "actor_sector": "GOV|MIL;",
        "actor_text": "the president, of Aland;gunmen",
        "actor_start": "0;30",
        "recipient_id": "BBB",
        "recipient_person": "Ann Bee",
        "date": "2016-06-29",
        "date_end": "2016-07-01",
        "place_name": "Somewhere",
        "place_lat": "43.6",
        "place_geonames": "491422",
        "killed_low": "40",
        "killed_high": "43",
        "wounded_low": "",
        "quantities": "killed 2-3;killed 40-43",
        "voice_kind": "speaker",
        "voice_speaker": "Beland",
        "voice_speaker_id": "BBB",
        "voice_stance": "denies",
        "voice_via": "Aland;gunmen",
        "sentence": FULL.sentence,
        "trigger_start": "110",
        "why": "claims: assault-bomb;status: not",
        "detente": VERSION,
    }
    assert {name: full[name] for name in wanted} == wanted
    assert (bare["id"], bare["actor_id"], bare["place_lat"], bare["voice_kind"], bare["date"]) == ("c_bare", "", "", "outlet", "")


def test_csv_from_json_lines_is_the_same_csv() -> None:
    direct, merged, empty = io.StringIO(), io.StringIO(), io.StringIO()
    claims_to_csv([FULL, BARE], direct, header=True)
    jsonl_to_csv([*claims_to_jsonl([FULL]).splitlines(), "", *claims_to_jsonl([BARE]).splitlines()], merged)
    assert merged.getvalue() == direct.getvalue()
    jsonl_to_csv([], empty)
    assert empty.getvalue().strip() == ",".join(CSV_COLUMNS)


@pytest.mark.parametrize("count", [0, 2, 1000, 2501])
def test_parquet_from_json_lines(tmp_path: Path, count: int) -> None:
    path = tmp_path / "claims.parquet"
    claims = [dataclasses.replace(FULL if i % 2 else BARE, id=f"c_{i}") for i in range(count)]
    jsonl_to_parquet(iter(claims_to_jsonl(claims).splitlines(keepends=True)), path)
    table = pq.read_table(path)
    assert table.schema.equals(SCHEMA)
    assert table.equals(claims_table(claims))
    assert [entry.name for entry in tmp_path.iterdir()] == ["claims.parquet"]


@pytest.mark.parametrize(
    "bad", ["{broken", "[1]", '{"text": "an article"}', '{"event": "CONSULT", "quantities": [{"low": 1}], "start": "x"}']
)
def test_damaged_lines_are_named_and_leave_no_file(tmp_path: Path, bad: str) -> None:
    lines = [*claims_to_jsonl([FULL]).splitlines(), bad]
    stream = io.StringIO()
    with pytest.raises(BadRecord, match=r"part-3\.jsonl:2: ") as caught:
        jsonl_to_csv(lines, stream, "part-3.jsonl")
    assert caught.value.hint
    assert [row["id"] for row in rows(stream)] == ["c_full"]
    path = tmp_path / "claims.parquet"
    path.write_bytes(b"the file of an earlier run")
    with pytest.raises(BadRecord, match=r"part-3\.jsonl:[12]: "):
        jsonl_to_parquet(lines, path, "part-3.jsonl")
    assert path.read_bytes() == b"the file of an earlier run"
    assert len(list(tmp_path.iterdir())) == 1


def test_parquet_where_nothing_can_be_written(tmp_path: Path) -> None:
    with pytest.raises(RunError, match=r"gone/claims\.parquet: cannot be written") as caught:
        jsonl_to_parquet([], tmp_path / "gone" / "claims.parquet")
    assert caught.value.hint


def test_arrow_frame() -> None:
    assert to_frame([FULL], "arrow").equals(claims_table([FULL]))


@pytest.mark.parametrize("kind", ["pandas", "polars"])
def test_other_frames(kind: Any) -> None:
    pytest.importorskip(kind)
    frame, empty = to_frame([FULL, BARE], kind), to_frame([], kind)
    assert list(frame.columns) == list(empty.columns) == KEYS
    assert list(frame["event"]) == ["ASSAULT", "CONSULT"]
    assert (len(frame), len(empty)) == (2, 0)


@pytest.mark.parametrize("kind", ["pandas", "polars"])
def test_frame_without_its_library(kind: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, kind, None)
    with pytest.raises(MissingExtra, match=rf"{kind} is not installed .*detente\[frames\]"):
        to_frame([FULL], kind)
