"""Out and back: what is lossless comes back equal, and of what is not the account is exact."""

from __future__ import annotations

import errno
import json
import resource
import tracemalloc
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from detente.errors import RunError
from detente.exchange import FORMS, LOSSLESS, Report, export, read_csv, read_gdelt, read_icews, read_parquet, read_plover, read_polecat
from detente.exchange.codes import Codes
from detente.exchange.forms import number
from detente.exchange.gdelt import FIRST, SECOND
from detente.exchange.icews import Icews
from detente.exchange.leaves import leaves
from detente.exchange.polecat import Polecat
from detente.knowledge import Knowledge
from detente.tables import EVENTS

from .conftest import Stored
from .made import ANY_EVENT, LIKELY_EVENT, numbered

READERS = {"csv": read_csv, "polecat": read_polecat, "icews": read_icews, "gdelt1": read_gdelt, "gdelt2": read_gdelt}
RENEWED = ("revision", "dataset", "original", "extra", "fold")
FEW = settings(
    max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture],
)


def table(events: list[dict[str, Any]]) -> pa.Table:
    return pa.Table.from_pylist(events, schema=EVENTS)


def came_back(form: str, path: Path, sent: list[dict[str, Any]], knowledge: Knowledge) -> dict[str, list[dict[str, Any]]]:
    """Rows read from an exported file, by the id of the event that they come from, worked out from the numbers in the file alone."""
    if not path.read_bytes().strip():
        return {}
    reading = READERS[form](path, knowledge)
    rows = reading.table().to_pylist()
    assert not reading.rejects
    own: dict[str, str] = {}
    for event in sent:
        own |= {str(number(event["id"], place)): event["id"] for place in range(20)} | {event["id"]: event["id"]}
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        found[own[row["id"] if form == "csv" else row["original"].split("|")[0]]].append(row)
    return found


def recomputed(form: str, sent: list[dict[str, Any]], back: dict[str, list[dict[str, Any]]]) -> dict[str, dict[str, int]]:
    """The loss, counted again without any of the code that the export counts it with."""
    lost: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for event in sent:
        rows = back.get(event["id"])
        if not rows:
            continue
        whole = dict(rows[0])
        for side in ("actor", "recipient"):
            parties = [party for row in rows for party in row[side]]
            whole[side] = [party for place, party in enumerate(parties) if party not in parties[:place]] if len(rows) > 1 else parties
        if form != "csv":
            whole |= dict.fromkeys(RENEWED)
            whole["id"] = event["id"] if form == "polecat" else None
        before, after = leaves(event), leaves(whole)
        for path, value in before.items():
            if value != after[path]:
                what = "dropped" if after[path] is None else "added" if value is None else "altered"
                lost[path][what] += 1
    return {path: dict(counts) for path, counts in lost.items()}


@pytest.mark.parametrize("form", sorted(READERS))
def test_loss_of_sample_articles_is_exact(form: str, stored: Stored, knowledge: Knowledge, tmp_path: Path) -> None:
    out = tmp_path / "out"
    report = export(stored.events, out, form, links=stored.links, claims=stored.claims, knowledge=knowledge)
    sent = stored.events.to_pylist()
    back = came_back(form, out, sent, knowledge)
    assert report.lost == recomputed(form, sent, back)
    assert report.rows_in == len(sent) == report.events + sum(report.left_out.values())
    assert report.events == len(back) > 300
    assert report.rows_out == sum(map(len, back.values()))
    assert report.explosion == report.rows_out / report.events


@pytest.mark.parametrize("form", sorted(READERS))
@given(events=st.lists(LIKELY_EVENT, min_size=1, max_size=4))
@FEW
def test_loss_of_any_events_is_exact(form: str, events: list[dict[str, Any]], codes: Codes, tmp_path: Path) -> None:
    sent, out = numbered(events), tmp_path / "out"
    report = export(table(sent), out, form, knowledge=codes.knowledge)
    back = came_back(form, out, sent, codes.knowledge)
    assert report.lost == recomputed(form, sent, back)
    assert report.events + sum(report.left_out.values()) == len(sent)
    assert report.rows_out == sum(map(len, back.values()))


@given(events=st.lists(ANY_EVENT, max_size=4))
@FEW
def test_loss_of_whatever_a_table_can_hold_is_exact(events: list[dict[str, Any]], codes: Codes, tmp_path: Path) -> None:
    sent, out = numbered(events), tmp_path / "out"
    report = export(table(sent), out, "csv", knowledge=codes.knowledge)
    assert report.lost == recomputed("csv", sent, came_back("csv", out, sent, codes.knowledge))


@pytest.mark.parametrize("form", ["parquet", "plover"])
@given(events=st.lists(ANY_EVENT, max_size=4))
@FEW
def test_lossless_forms_bring_back_the_same(form: str, events: list[dict[str, Any]], codes: Codes, tmp_path: Path) -> None:
    sent, out = table(numbered(events)), tmp_path / "out"
    report = export(sent, out, form, knowledge=codes.knowledge)
    found = pa.Table.from_batches(read_parquet(out), EVENTS) if form == "parquet" else read_plover(out, codes.knowledge).table()
    assert found.to_pylist() == sent.to_pylist()
    assert report.lost == {}
    assert report.rows_in == report.rows_out == len(events)


def test_lossless_forms_bring_back_what_was_coded(stored: Stored, knowledge: Knowledge, tmp_path: Path) -> None:
    assert {"parquet", "plover"} == LOSSLESS
    export(stored.events, tmp_path / "p", "parquet", knowledge=knowledge)
    assert pa.Table.from_batches(read_parquet(tmp_path / "p")).equals(stored.events)
    export(stored.events, tmp_path / "j", "plover", links=stored.links, claims=stored.claims, knowledge=knowledge)
    assert read_plover(tmp_path / "j", knowledge).table().equals(stored.events)
    export(stored.events, tmp_path / "c", "csv", claims=stored.claims, knowledge=knowledge)
    assert read_csv(tmp_path / "c", knowledge).table().to_pylist() == stored.events.to_pylist()


def test_numbers_that_are_none_come_back(codes: Codes, tmp_path: Path) -> None:
    event = dict.fromkeys(EVENTS.names) | {"id": "e_1", "score": float("inf"), "confidence": float("-inf")}
    export(table([event]), tmp_path / "j", "plover", knowledge=codes.knowledge)
    assert read_plover(tmp_path / "j", codes.knowledge).table().to_pylist() == table([event]).to_pylist()


def event(**more: Any) -> dict[str, Any]:
    """An air strike by two states on a group."""
    def party(ident: str | None, name: str, country: str | None, *sector: str) -> dict[str, Any]:
        return {"id": ident, "name": name, "country": country, "sector": list(sector), "root": ident or f"{country}:{sector[0]}",
                "articles": 1, "origins": 1, "contested": False}
    return dict.fromkeys(EVENTS.names) | {
        "id": "e_1", "event": "ASSAULT", "mode": "aerial", "context": ["military"], "lane": "happened", "quad": "material conflict",
        "score": -9.5, "actor": [party("TUR", "Turkey", "TUR", "MIL"), party("RUS", "Russia", "RUS")],
        "recipient": [party(None, "Syrian rebels", "SYR", "REB"), party("al-nusra-front", "al-Nusra Front", "SYR", "REB")],
        "mutual": False, "date": date(2016, 6, 29), "date_precision": "day", "articles": 4, "origins_low": 2,
        "place": {"name": "Idlib", "country": "SYR", "admin1": "Idlib Governorate", "lat": 35.93, "lon": 36.63, "geonames": 169389,
                  "precision": "city"}, "dataset": "",
    } | more


def rows_of(path: Path) -> list[list[str]]:
    return [line.split("\t") for line in path.read_text("utf-8").splitlines()]


@pytest.mark.parametrize(("form", "columns", "header"), [
    ("polecat", 40, Polecat.layout.columns), ("icews", 20, Icews.layout.columns), ("gdelt1", 58, None), ("gdelt2", 61, None),
])
def test_columns_are_those_of_the_form(form: str, columns: int, header: tuple[str, ...] | None, codes: Codes, tmp_path: Path) -> None:
    report = export(table([event()]), tmp_path / "out", form, knowledge=codes.knowledge)
    rows = rows_of(tmp_path / "out")
    assert {len(row) for row in rows} == {columns}
    assert (tuple(rows[0]) == header) if header else rows[0][0].isdigit()
    assert report.rows_out == len(rows) - bool(header) == (1 if form == "polecat" else 4)
    assert len(FIRST) == 58
    assert len(SECOND) == 61


def test_cells_of_gdelt(codes: Codes, tmp_path: Path) -> None:
    export(table([event()]), tmp_path / "out", "gdelt2", knowledge=codes.knowledge)
    row = dict(zip(SECOND, rows_of(tmp_path / "out")[0], strict=True))
    wanted = {
        "SQLDATE": "20160629", "MonthYear": "201606", "Year": "2016", "EventCode": "195", "EventRootCode": "19", "QuadClass": "4",
        "Actor1Code": "TURMIL", "Actor1Type1Code": "MIL", "Actor2Code": "SYRREB", "ActionGeo_Type": "4", "ActionGeo_CountryCode": "SY",
        "ActionGeo_FullName": "Idlib, Idlib Governorate, Syria", "NumArticles": "4",
    }
    assert {name: row[name] for name in wanted} == wanted
    assert float(row["FractionDate"]) == pytest.approx(2016 + (6 * 30 + 29) / 365, abs=1e-4)


def test_leading_zeros_and_pairs_of_icews(codes: Codes, tmp_path: Path) -> None:
    meeting = event(event="CONSULT", mode=None, actor=event()["actor"], recipient=[], mutual=True)
    report = export(table([meeting]), tmp_path / "out", "icews", knowledge=codes.knowledge)
    header, *rows = rows_of(tmp_path / "out")
    found = [dict(zip(header, row, strict=True)) for row in rows]
    told = [(row["Source Name"], row["Target Name"], row["CAMEO Code"]) for row in found]
    assert told == [("Turkey", "Russia", "040"), ("Russia", "Turkey", "040")]
    assert report.explosion == 2.0
    assert len({row["Event ID"] for row in found}) == 2
    assert len({row["Story ID"] for row in found}) == 1
    assert all(int(row["Event ID"]) < 2**53 for row in found)


@pytest.mark.parametrize(("more", "form", "reason"), [
    ({"date": None}, "polecat", "no day"),
    ({"date": None}, "icews", "no day"),
    ({"lane": "denied"}, "polecat", "lane denied: who counts rows would take it for a deed"),
    ({"lane": "denied"}, "gdelt1", "CAMEO has no code for it (denied)"),
    ({"actor": [], "recipient": []}, "gdelt2", "nobody is named"),
    ({"lane": "planned"}, "graphml", "lane planned: edges count deeds"),
    ({"event": "DANCE", "mode": None}, "polecat", "this form cannot hold it: 'DANCE' is no event or mode of PLOVER"),
])
def test_what_is_left_out_is_said(more: dict[str, Any], form: str, reason: str, codes: Codes, tmp_path: Path) -> None:
    report = export(table([event(**more), event(id="e_2")]), tmp_path / "out", form, knowledge=codes.knowledge)
    assert dict(report.left_out) == {reason: 1}
    assert (report.rows_in, report.events) == (2, 1)


def test_friendly_plans_are_told_in_both_schemes(codes: Codes, tmp_path: Path) -> None:
    planned = event(event="AGREE", mode=None, lane="planned", quad="verbal cooperation", score=2.5)
    for form, read in (("polecat", read_polecat), ("icews", read_icews)):
        report = export(table([planned]), tmp_path / form, form, knowledge=codes.knowledge)
        assert {row["lane"] for row in read(tmp_path / form, codes.knowledge).table().to_pylist()} == {"planned"}
        assert "lane" not in report.lost


@pytest.mark.parametrize("form", ["csv", "polecat", "icews", "gdelt1"])
@pytest.mark.parametrize("text", ["=HYPERLINK(\"x\")", "+1", "-1+2", "@SUM(A1)", "'=1"])
def test_no_cell_can_be_run(form: str, text: str, codes: Codes, tmp_path: Path) -> None:
    named = event()
    named["actor"] = [{**named["actor"][0], "name": text}]
    report = export(table([named]), tmp_path / "out", form, knowledge=codes.knowledge)
    content = (tmp_path / "out").read_text("utf-8")
    separators = "," if form == "csv" else "\t"
    cells = [cell.strip('"') for line in content.splitlines() for cell in line.split(separators)]
    assert not [cell for cell in cells if cell[:1] in {"=", "+", "@"} or (cell[:1] == "-" and not cell[1:2].isdigit())]
    if form != "gdelt1":  # where names are capitals
        assert READERS[form](tmp_path / "out", codes.knowledge).table().to_pylist()[0]["actor"][0]["name"] == text
        assert "actor.name" not in report.lost


def test_sources_come_from_claims(stored: Stored, knowledge: Knowledge, tmp_path: Path) -> None:
    export(stored.events, tmp_path / "out", "plover", links=stored.links, claims=stored.claims, knowledge=knowledge)
    claims = {row["id"]: row for row in stored.claims.to_pylist()}
    lines = [json.loads(line) for line in (tmp_path / "out").read_text("utf-8").splitlines()]
    linked: dict[str, list[str]] = defaultdict(list)
    for link in stored.links.to_pylist():
        if link["part"] != "contrary":
            linked[link["event"]].append(link["claim"])
    for line in lines:
        claim = claims[line["detente"]["headline_claim"]]
        assert line["cite_info"]["title"] == claim["title"]
        assert line["text"]["text_story"] == [claim["sentence"]]
        assert (line["text"]["start"], line["text"]["end"]) == (claim["start"], claim["end"])
        assert (line["text_info"] or {"claims": []})["claims"] == linked[line["id"]]


def test_a_full_disk_leaves_nothing_behind(codes: Codes, tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    out.write_text("what was there before")

    def batches() -> Iterator[pa.RecordBatch]:
        yield from table([event()]).to_batches()
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(RunError, match="cannot be written: No space left on device") as caught:
        export(batches(), out, "csv", knowledge=codes.knowledge)
    assert "make room" in caught.value.hint
    assert out.read_text() == "what was there before"
    assert [path.name for path in tmp_path.iterdir()] == ["out.csv"]


@pytest.mark.parametrize("form", FORMS)
def test_a_file_that_may_not_grow_is_an_error(form: str, codes: Codes, tmp_path: Path) -> None:
    many = table([event(id=f"e_{place}", headline=f"{place} {place**9}") for place in range(3000)])
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2000, before[1]))
    try:
        with pytest.raises(RunError, match="cannot be written"):
            export(many, tmp_path / "out", form, knowledge=codes.knowledge)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert list(tmp_path.iterdir()) == []


def test_bad_wishes_are_refused(codes: Codes, tmp_path: Path) -> None:
    with pytest.raises(RunError, match="no form 'xlsx'"):
        export(table([]), tmp_path / "out", "xlsx")
    with pytest.raises(RunError, match="no column 'id'"):
        export(pa.table({"x": [1]}), tmp_path / "out", "csv", knowledge=codes.knowledge)
    with pytest.raises(RunError, match="is no folder"):
        export(table([]), tmp_path / "none" / "out", "csv", knowledge=codes.knowledge)
    with pytest.raises(RunError, match="not a file that can be replaced"):
        export(table([]), tmp_path, "csv", knowledge=codes.knowledge)


@pytest.mark.parametrize("form", FORMS)
def test_no_events_make_an_empty_file(form: str, codes: Codes, tmp_path: Path) -> None:
    report = export(table([]), tmp_path / "out", form, knowledge=codes.knowledge)
    assert report == Report(form, str(tmp_path / "out"), size=report.size, sha256=report.sha256)
    assert report.explosion == 0.0


@pytest.mark.parametrize("form", ["csv", "polecat", "gdelt2", "plover", "parquet"])
def test_memory_does_not_grow_with_the_events(form: str, codes: Codes, tmp_path: Path) -> None:
    def peak(count: int) -> int:
        batch = table([event(id=f"e_{place}", headline="x" * 2000) for place in range(60)]).to_batches()[0]
        tracemalloc.start()
        try:
            export((batch for _ in range(count)), tmp_path / "out", form, knowledge=codes.knowledge)
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    peak(1)
    assert peak(6) < 1.3 * peak(2)
