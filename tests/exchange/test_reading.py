"""The samples: every row is an event or a reject, and every trap of these files is stepped over."""

from __future__ import annotations

import csv
import gzip
import io
import json
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from detente.errors import UnreadableFile
from detente.exchange import Reading, read_csv, read_gdelt, read_icews, read_parquet, read_plover, read_polecat, read_ucdp
from detente.knowledge import Knowledge
from detente.records import Reject
from detente.tables import EVENTS

from .conftest import SAMPLES

Reader = Callable[..., Reading]
FILES: list[tuple[Reader, str, int, int]] = [
    (read_polecat, "polecat.txt", 18, 13), (read_icews, "icews.tab", 16, 10), (read_gdelt, "gdelt1.export.CSV", 17, 10),
    (read_gdelt, "gdelt2.export.CSV", 16, 9), (read_ucdp, "ged161.csv", 14, 9),
]
KEYED = pytest.mark.parametrize(("read", "name", "rows", "events"), FILES, ids=[file[1] for file in FILES])


def by_id(reading: Reading) -> dict[str, dict[str, Any]]:
    """Events by the first part of their key there (UCDP: the last)."""
    place = -1 if "ged" in reading.path.name else 0
    return {row["original"].split("|")[place]: row for row in reading.table().to_pylist()}


def roots(event: dict[str, Any]) -> tuple[list[str], list[str]]:
    return [party["root"] for party in event["actor"]], [party["root"] for party in event["recipient"]]


@KEYED
def test_rows_in_are_events_and_rejects(read: Reader, name: str, rows: int, events: int, knowledge: Knowledge) -> None:
    reading = read(SAMPLES / name, knowledge)
    table = reading.table()
    tally = reading.tally
    assert table.schema == EVENTS
    assert (tally.rows, tally.events) == (rows, events) == (rows, table.num_rows)
    assert tally.rejects == rows - events == len(reading.rejects) == sum(tally.reasons.values())
    assert all(reject.step == "import" and reject.reason and reject.hint and reject.line > 0 for reject in reading.rejects)
    assert len(set(table["id"].to_pylist())) == events
    assert all(ident.startswith("x_") for ident in table["id"].to_pylist())


@KEYED
def test_reading_twice_gives_the_same(read: Reader, name: str, rows: int, events: int, knowledge: Knowledge) -> None:
    reading = read(SAMPLES / name, knowledge)
    assert reading.table().equals(reading.table())
    assert reading.tally.rows == rows


@KEYED
def test_every_cell_is_kept(read: Reader, name: str, rows: int, events: int, knowledge: Knowledge) -> None:
    """What a row held stands in `extra`, cell by cell, whatever became of it."""
    text = (SAMPLES / name).read_bytes().decode("utf-8-sig", "replace")
    rows_there = csv.reader(io.StringIO(text)) if name.startswith("ged") else (line.split("\t") for line in text.splitlines())
    there = {tuple(sorted(cell for cell in cells if cell)) for cells in rows_there}
    kept = [tuple(sorted(json.loads(event["extra"]).values())) for event in read(SAMPLES / name, knowledge).table().to_pylist()]
    told = [cells for cells in kept if not any("Unity" in cell or "Tomé" in cell for cell in cells)]  # in quotes, in another encoding
    assert len(told) >= events - 2
    assert set(told) <= there


@KEYED
def test_packed_files_read_the_same(read: Reader, name: str, rows: int, events: int, knowledge: Knowledge, tmp_path: Path) -> None:
    raw = (SAMPLES / name).read_bytes()
    (tmp_path / f"{name}.gz").write_bytes(gzip.compress(raw))
    with zipfile.ZipFile(tmp_path / f"{name}.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("readme.pdf", b"%PDF")
        archive.writestr(f"inner/{name}", raw)
    plain = read(SAMPLES / name, knowledge).table()
    for ending in ("gz", "zip"):
        packed = read(tmp_path / f"{name}.{ending}", knowledge)
        assert packed.table().equals(plain)
        assert {reject.line for reject in packed.rejects} == {reject.line for reject in _rejects(read, name, knowledge)}
    assert packed.rejects[0].file == f"{tmp_path / name}.zip:inner/{name}"


def _rejects(read: Reader, name: str, knowledge: Knowledge) -> list[Reject]:
    found: list[Reject] = []
    reading = read(SAMPLES / name, knowledge, rejected=found.append)
    reading.table()
    assert reading.rejects == []
    return found


def test_polecat(knowledge: Knowledge) -> None:
    reading = read_polecat(SAMPLES / "polecat.txt", knowledge)
    events = {row["original"]: row for row in reading.table().to_pylist()}
    visit = events["p001|1.2"]
    assert (visit["event"], visit["mode"], visit["context"]) == ("CONSULT", "visit", ["diplomatic", "economic"])
    assert roots(visit) == (["TUR"], ["GRC"])
    assert visit["place"] == {"name": "Athens", "country": "GRC", "admin1": "Attica", "lat": 37.98376, "lon": 23.72784, "geonames": 264371,
                              "precision": "city"}
    assert (visit["date"], visit["first_published"]) == (date(2021, 3, 4), date(2021, 3, 5))
    assert "p001|1.3" in events
    assert roots(events["p002|1.2"]) == (["al-shabaab"], ["SOM", "SOM:CVL"])
    assert events["p003|1.2"]["mutual"] is True
    assert roots(events["p003|1.2"])[0] == ["KEN", "UGA", "african-union"]
    assert events["p004|1.2"]["actor"][0]["sector"] == ["CVL", "OPP"]
    assert events["p005|1.2"]["actor"] == []
    assert events["p005|1.2"]["context"] == []
    assert events["p006|1.2"]["actor"][0]["name"] == "Cote d'Ivoire Police"
    assert events["p006|1.2"]["recipient"][0]["name"] == "O'Brien 'the Bold'"
    assert (events["p007|1.2"]["mode"], events["p007|1.2"]["context"]) == ("restrict", ["legal"])
    assert "moon_politics" in json.loads(events["p007|1.2"]["extra"])["Contexts"]
    assert events["p007|1.2"]["recipient"][0]["sector"] == ["REL", "OPP"]
    assert roots(events["p008|1.2"]) == (["KOS"], ["SRB"])
    assert roots(events["p009|1.2"])[0] == ["who"]
    assert events["p010|1.2"]["actor"][0]["name"] == 'The "Unity" Front'
    assert events["p011|1.2"]["actor"][0]["name"] == '"Quoted" Party'
    assert events["p016|1.2"]["actor"][0]["name"] == "São Tomé"
    assert reading.tally.latin == 1
    assert reading.tally.reasons == {
        "Event Date … is no day": 1, "… is no event or mode of PLOVER": 1, "… cells where there should be …": 2,
        "the whole row stands twice, first in …": 1,
    }


def test_icews(knowledge: Knowledge) -> None:
    reading = read_icews(SAMPLES / "icews.tab", knowledge)
    events = {row["original"]: row for row in reading.table().to_pylist()}
    assert roots(events["90001|2014-05-02"]) == (["NGA:CVL"], ["NGA"])
    assert roots(events["90002|2014-05-02"])[0] == ["boko-haram"]
    assert {"90003|2014-05-03", "90003|2014-05-09"} <= events.keys(), "one id on two days"
    assert roots(events["90003|2014-05-03"]) == (["RUS"], ["CHN"])
    assert roots(events["90003|2014-05-09"]) == (["USA"], ["PSE"])
    assert events["90006|2014-05-04"]["event"] == "AID", "72 lost its zero"
    assert events["90007|2014-05-05"]["event"] == "REQUEST"
    assert roots(events["90007|2014-05-05"])[0] == ["united-nations"]
    assert events["90007|2014-05-05"]["place"]["precision"] == "region"
    assert roots(events["90008|2014-05-05"]) == (["IRN"], ["AUT"]), "CAMEO names the host first"
    assert events["90010|2014-05-06"]["actor"][0]["name"] == '"Unquoted'
    assert events["90012|2014-05-07"]["actor"] == []
    assert events["90012|2014-05-07"]["place"] is None
    assert roots(events["90013|2014-05-07"]) == (["SRB"], ["KOS"])
    assert {reject.line: reject.reason for reject in reading.rejects} == {
        6: "CAMEO 010 (Statement of an unnamed kind) is no event in PLOVER", 10: "CAMEO Code is empty",
        12: "latitude -2.0 and longitude 300.5 are no point on the globe", 15: "Event Date '07/05/2014' is no day",
        16: "'9999' is no code of CAMEO", 17: "the whole row stands twice, first in line 2",
    }


@pytest.mark.parametrize(("name", "start", "added"), [
    ("gdelt1.export.CSV", "2", date(2014, 3, 8)), ("gdelt2.export.CSV", "4", date(2015, 2, 19)),
])
def test_gdelt(name: str, start: str, added: date, knowledge: Knowledge) -> None:
    reading = read_gdelt(SAMPLES / name, knowledge)
    events = by_id(reading)
    assert {row["dataset"] for row in events.values()} == {f"gdelt{name[5]}"}
    threat = events[f"{start}01"]
    assert (threat["event"], threat["mode"], threat["score"]) == ("THREATEN", "violence", -3.5)
    assert (threat["date"], threat["first_published"], threat["articles"]) == (date(2014, 3, 6), added, 3)
    assert json.loads(threat["extra"])["GoldsteinScale"] == "-7.0"
    assert threat["place"] == {"name": "Simferopol", "country": "UKR", "admin1": "Krym", "lat": 44.9572, "lon": 34.1108, "geonames": None,
                               "precision": "city"}
    assert roots(events[f"{start}02"]) == (["TUR"], ["SYR:REB"])
    assert events[f"{start}02"]["place"]["country"] == "TUR", "TU is FIPS"
    assert roots(events[f"{start}03"]) == (["ROU"], [])
    assert events[f"{start}03"]["place"] is None
    assert roots(events[f"{start}04"])[0] == ["united-nations"]
    assert [events[f"{start}05"][side][0]["sector"] for side in ("actor", "recipient")] == [["JRN"], ["MED"]]
    assert events[f"{start}05"]["place"]["admin1"] == "Texas"
    assert (events[f"{start}07"]["event"], events[f"{start}07"]["lane"]) == ("AGREE", "planned"), "36 lost its zero"
    assert roots(events[f"{start}08"]) == (["SRB"], ["european-union"]), "CAMEO names the host first"
    assert roots(events[f"{start}09"]) == ([], ["KOS"])
    assert events[f"{start}09"]["place"]["country"] == "SRB"
    assert roots(events[f"{start}14"]) == (["IRQ"], ["PSE"])
    assert events[f"{start}14"]["place"]["country"] == "PSE"
    assert ("299" in events) == (start == "2"), "a row of 57 columns"
    reasons = [reject.reason for reject in reading.rejects]
    assert reasons[0].startswith("CAMEO 010"), "10 under root 1"
    assert "EventCode '---' is no code" in reasons
    assert any(reason.startswith("DATEADDED 'x") for reason in reasons)


def test_ucdp(knowledge: Knowledge) -> None:
    reading = read_ucdp(SAMPLES / "ged161.csv", knowledge)
    events = by_id(reading)
    first = events["1"]
    assert first["original"] == "161|1"
    assert (first["date"], first["date_end"], first["date_precision"], first["vague"]) == (date(2016, 7, 1), None, "day", False)
    assert (first["event"], first["mutual"], first["articles"]) == ("ASSAULT", True, 2)
    assert roots(first) == (["SYR", "SYR:REB"], [])
    assert first["quantities"][0] == {"kind": "killed", "low": 8, "best": 10, "high": 14, "of": None}
    tolls = [(toll["of"], toll["best"]) for toll in first["quantities"][1:]]
    assert tolls == [("Government of Syria", 3), ("Syrian insurgents", 5), ("civilians", 2)]
    assert roots(events["2"]) == (["islamic-state"], ["SYR:CVL"])
    assert events["2"]["articles"] is None, "-1 is not a count"
    assert (events["3"]["place"]["lat"], events["3"]["place"]["precision"]) == (None, "region"), "an area has no point"
    assert roots(events["3"])[0] == ["SDN:UAF", "SDN:UAF"]
    assert (events["4"]["date"], events["4"]["date_end"], events["4"]["vague"]) == (date(2016, 5, 1), date(2016, 6, 30), True)
    assert events["4"]["place"]["precision"] == "country"
    assert (events["5"]["date_precision"], events["5"]["date_end"]) == ("range", date(2016, 7, 5))
    assert roots(events["6"])[0] == ["YEM", "YEM:REB"], "678 is Gleditsch-Ward"
    assert roots(events["7"])[0] == ["SRB", "kla"]
    assert json.loads(events["12"]["extra"])["source_headline"] == "Two lines\nin one cell"
    assert json.loads(events["12"]["extra"])["source_original"] == '=HYPERLINK("x")'
    assert roots(events["13"])[0] == ["IND", "cpi-maoist"]
    assert reading.tally.notes == {"best is not the sum of the deaths of the sides": 1}
    assert {reject.line for reject in reading.rejects} == {9, 10, 11, 12, 16}
    assert "date_end … is before date_start …" in reading.tally.reasons


def test_a_release_tells_rows_with_one_id_apart(knowledge: Knowledge) -> None:
    one, other = (read_ucdp(SAMPLES / "ged161.csv", knowledge, release=release).table() for release in ("16.1", "17.1"))
    assert set(one["id"].to_pylist()).isdisjoint(other["id"].to_pylist())
    assert one["original"][0].as_py() == "16.1|1"


@pytest.mark.parametrize(("name", "release"), [
    ("GEDEvent_v24_1.csv", "24.1"), ("ged161.csv", "161"), ("GEDEvent_v25_0_3.csv", "25.0.3"), ("mine.csv", "mine"),
])
def test_releases_by_name(name: str, release: str, knowledge: Knowledge, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes((SAMPLES / "ged161.csv").read_bytes())
    assert read_ucdp(tmp_path / name, knowledge).table()["original"][0].as_py() == f"{release}|1"


def written(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


@pytest.mark.parametrize(("read", "content", "message"), [
    (read_icews, "id\tdate\n1\t2", "no icews file as it is known here: no column 'Event ID'"),
    (read_polecat, "Event ID,Event Date\n1,2", "no polecat file"),
    (read_ucdp, "id,year,side_a\n1,2016,x", "no ucdp file as it is known here: no column 'relid' among 3"),
    (read_gdelt, "1\t2\t3\n", "3 columns in the first line"),
    (read_csv, "a,b\n1,2\n", "no csv file"),
    (read_icews, b"PK\x03\x04 torn", "the archive is broken"),
    (read_icews, b"\x1f\x8b torn", "the archive is broken"),
    (read_icews, gzip.compress((SAMPLES / "icews.tab").read_bytes())[:-99], "the archive is broken"),
])
def test_other_files_are_refused(read: Reader, content: str | bytes, message: str, knowledge: Knowledge, tmp_path: Path) -> None:
    path = written(tmp_path / "file", content)
    with pytest.raises(UnreadableFile, match=message.replace("(", r"\(")) as caught:
        read(path, knowledge).table()
    assert caught.value.hint


def test_missing_files_and_empty_zips(knowledge: Knowledge, tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="No such file"):
        read_icews(tmp_path / "none", knowledge).table()
    with pytest.raises(UnreadableFile):
        list(read_parquet(tmp_path / "none"))
    with pytest.raises(UnreadableFile):
        list(read_parquet(written(tmp_path / "x.parquet", "no parquet")))
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("x.pdf", b"")
    with pytest.raises(UnreadableFile, match="holds no table"):
        read_icews(tmp_path / "a.zip", knowledge).table()
    assert read_gdelt(written(tmp_path / "empty.CSV", ""), knowledge).table().num_rows == 0


def test_an_open_quote_is_told_with_its_lines(knowledge: Knowledge, tmp_path: Path) -> None:
    lines = (SAMPLES / "ged161.csv").read_text("utf-8").split("\n")
    lines[2] = lines[2].replace("Aleppo city", '"Aleppo city')
    reading = read_ucdp(written(tmp_path / "ged161.csv", "\n".join(lines)), knowledge)
    reading.table()
    assert reading.tally.rows == reading.tally.events + reading.tally.rejects
    assert any("a quote is not closed" in reject.reason for reject in reading.rejects)


def test_columns_may_come_in_any_order_and_with_others(knowledge: Knowledge, tmp_path: Path) -> None:
    lines = [line.split("\t") for line in (SAMPLES / "polecat.txt").read_text("utf-8-sig", errors="replace").splitlines()[:2]]
    lines[0][4] = "Event Intensity"
    swapped = "\n".join("\t".join([more, *reversed(line)]) for more, line in zip(("Headline", "Said so"), lines, strict=True))
    event = read_polecat(written(tmp_path / "x.txt", swapped), knowledge).table().to_pylist()[0]
    plain = read_polecat(SAMPLES / "polecat.txt", knowledge).table().to_pylist()[0]
    changed = {"id", "revision", "extra"}
    assert {name: value for name, value in event.items() if name not in changed} == {k: v for k, v in plain.items() if k not in changed}
    assert json.loads(event["extra"])["Headline"] == "Said so"


def test_a_header_that_stands_twice_and_joined_files(knowledge: Knowledge, tmp_path: Path) -> None:
    lines = (SAMPLES / "icews.tab").read_text("utf-8").splitlines()
    reading = read_icews(written(tmp_path / "x.tab", "\n".join([lines[0], lines[1], lines[0], lines[2]])), knowledge)
    assert reading.table().num_rows == 2
    assert [reject.reason for reject in reading.rejects] == ["the header once more"]
    doubled = lines[0].replace("Publisher", "Event ID")
    with pytest.raises(UnreadableFile, match="a column stands twice"):
        read_icews(written(tmp_path / "y.tab", doubled), knowledge).table()


def test_long_cells_and_batches(knowledge: Knowledge, tmp_path: Path) -> None:
    with (SAMPLES / "ged161.csv").open(newline="") as stream:
        header, row = list(csv.reader(stream))[:2]
    place = header.index("source_article")
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(header)
    for number in range(4500):
        writer.writerow([str(number), *row[1:place], "x" * (300_000 if number == 0 else 1), *row[place + 1 :]])
    reading = read_ucdp(written(tmp_path / "ged161.csv", out.getvalue()), knowledge)
    assert [batch.num_rows for batch in reading] == [4000, 500]
    assert reading.tally.events == 4500


FOREIGN = {
    "id": 7, "date": "2020-05-01", "enddate": None, "event": ["SUPPORT"], "mode": [], "context": ["diplomatic", "moon", "future"],
    "actor": [{"code": "KEN", "sector": ["GOV"], "entity_text": "Kenya"}],
    "recipient": [{"code": "SOM", "sector": "MIL", "entity_text": "Somali army"}],
    "event_loc": {"resolved_place": "Nairobi", "country_code": "KEN", "lat": -1.28, "lon": 36.8, "resolution": 4},
    "event_text": ["supports"],
}


def test_plover_of_others(knowledge: Knowledge, tmp_path: Path) -> None:
    lines = [json.dumps(FOREIGN), "", "{", "[]", json.dumps({**FOREIGN, "event": ["DANCE"]}), json.dumps({**FOREIGN, "event": []}),
             json.dumps({**FOREIGN, "detente": {"version": 99}})]
    reading = read_plover(written(tmp_path / "x.jsonl", "\n".join(lines)), knowledge)
    (event,) = reading.table().to_pylist()
    assert (event["dataset"], event["original"], event["event"]) == ("plover", "7", "SUPPORT")
    assert (event["lane"], event["context"]) == ("planned", ["diplomatic"])
    assert roots(event) == (["KEN"], ["SOM"])
    assert event["place"]["precision"] == "city"
    assert json.loads(json.loads(event["extra"])["context"]) == FOREIGN["context"]
    assert [reject.line for reject in reading.rejects] == [3, 4, 5, 6, 7]
    assert reading.tally.rows == 6


def test_rows_that_stand_twice_are_taken_once(knowledge: Knowledge, tmp_path: Path) -> None:
    twice = read_plover(written(tmp_path / "x.jsonl", f"{json.dumps(FOREIGN)}\n" * 2), knowledge)
    assert twice.table().num_rows == 1
    assert twice.rejects[0].reason == "the whole row stands twice, first in line 1"
    raw = (SAMPLES / "icews.tab").read_bytes()
    with zipfile.ZipFile(tmp_path / "years.zip", "w") as archive:
        archive.writestr("a.tab", raw)
        archive.writestr("b.tab", raw)
    both = read_icews(tmp_path / "years.zip", knowledge)
    assert both.table().equals(read_icews(SAMPLES / "icews.tab", knowledge).table())
    assert f"the whole row stands twice, first in {tmp_path / 'years.zip'}:a.tab:3" in {reject.reason for reject in both.rejects}
    assert both.tally.rows == 32
    own = read_csv(written(tmp_path / "own.csv", "id,event,date,lane,actor_id,recipient_id\ne_1,AID,,,,\ne_1,AGREE,,,,\n"), knowledge)
    assert own.table()["event"].to_pylist() == ["AID"]
    assert own.rejects[0].reason == "id 'e_1' stands twice, first in line 2"


def test_extra_holds_cells_as_they_stand(knowledge: Knowledge, tmp_path: Path) -> None:
    lines = (SAMPLES / "icews.tab").read_text("utf-8").splitlines()[:2]
    path = written(tmp_path / "x.tab", "\n".join(lines).replace("Citizen (Nigeria)", "'-Citizen"))
    (event,) = read_icews(path, knowledge).table().to_pylist()
    assert event["actor"][0]["name"] == "-Citizen"
    assert json.loads(event["extra"])["Source Name"] == "'-Citizen"
