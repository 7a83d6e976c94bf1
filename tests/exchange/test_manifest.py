"""Releases and graphs."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import networkx
import pyarrow as pa
import pytest

from detente.errors import BadRecord, RunError, UnreadableFile
from detente.exchange import export, manifest, verify, write_manifest
from detente.knowledge import Knowledge
from detente.version import VERSION

from .conftest import Stored


def test_a_release_can_be_checked(stored: Stored, knowledge: Knowledge, tmp_path: Path) -> None:
    reports = [export(stored.events, tmp_path / f"events.{form}", form, knowledge=knowledge) for form in ("csv", "parquet", "gdelt2")]
    text = manifest(reports, store_version=7, knowledge=knowledge.version, model="m_1", licence="CC BY 4.0", datasets=["icews", "mine"])
    write_manifest(text, tmp_path / "manifest.json")
    content = json.loads(text)
    assert (content["detente"], content["store_version"], content["knowledge"], content["model"]) == (VERSION, 7, knowledge.version, "m_1")
    assert content["licence"] == "CC BY 4.0"
    assert len(content["terms"]) == 2
    assert [file["name"] for file in content["files"]] == ["events.csv", "events.parquet", "events.gdelt2"]
    for file in content["files"]:
        raw = (tmp_path / file["name"]).read_bytes()
        assert (file["size"], file["sha256"]) == (len(raw), hashlib.sha256(raw).hexdigest())
    rows = (tmp_path / "events.gdelt2").read_text("utf-8").count("\n")
    assert content["files"][2]["rows_out"] == rows
    assert content["files"][2]["lost"] == reports[2].lost
    assert str(tmp_path) not in text
    assert verify(tmp_path / "manifest.json") == []


def test_changed_files_are_seen(stored: Stored, knowledge: Knowledge, tmp_path: Path) -> None:
    names = ("a", "b", "c")
    reports = [export(stored.events.slice(0, 5), tmp_path / name, "csv", knowledge=knowledge) for name in names]
    write_manifest(manifest(reports), tmp_path / "manifest.json")
    raw = (tmp_path / "b").read_bytes()
    (tmp_path / "a").unlink()
    (tmp_path / "b").write_bytes(raw.replace(b"e_", b"f_"))
    (tmp_path / "c").write_bytes(raw + b"x")
    assert [fault.split(":")[0] for fault in verify(tmp_path / "manifest.json")] == ["a", "b", "c"]
    with pytest.raises(RunError, match="no longer what was exported"):
        manifest([reports[1]])
    with pytest.raises(RunError, match="two files are called"):
        manifest([reports[0], reports[0]])


def test_other_files_are_no_manifest(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile):
        verify(tmp_path / "none")
    (tmp_path / "x").write_text("{}")
    with pytest.raises(BadRecord, match="not a manifest"):
        verify(tmp_path / "x")


def test_a_graph_counts_what_the_pairs_say(stored: Stored, knowledge: Knowledge, tmp_path: Path) -> None:
    report = export(stored.events, tmp_path / "g.graphml", "graphml", knowledge=knowledge)
    graph = networkx.read_graphml(tmp_path / "g.graphml")
    wanted: dict[tuple[str, str], list[float]] = {}
    for event in stored.events.to_pylist():
        if event["lane"] != "happened":
            continue
        actors, others = ([party["root"] for party in event[side]] for side in ("actor", "recipient"))
        both = [(a, b) for a in actors for b in (others or (actors if len(actors) > 1 else []))]
        for pair in {(a, b) for a, b in both if a and b and a != b}:
            wanted.setdefault(pair, []).append(event["score"])
    assert {edge[:2]: edge[2]["events"] for edge in graph.edges(data=True)} == {pair: len(scores) for pair, scores in wanted.items()}
    for source, target, edge in graph.edges(data=True):
        assert edge["score"] == pytest.approx(sum(wanted[source, target]) / len(wanted[source, target]))
        assert sum(edge[f"quad{code}"] for code in (1, 2, 3, 4)) == edge["events"]
    assert report.rows_out == graph.number_of_edges()
    assert graph.nodes["TUR"]["label"] == "Turkey"
    assert report.events + sum(report.left_out.values()) == report.rows_in
    assert report.lost["headline"] == {"dropped": report.events}


def test_a_graph_holds_no_forbidden_characters(stored: Stored, knowledge: Knowledge, tmp_path: Path) -> None:
    rows = stored.events.to_pylist()
    event = next(row for row in rows if row["actor"] and row["recipient"] and row["lane"] == "happened" and all(
        party["root"] for party in (*row["actor"], *row["recipient"])))
    event["actor"][0]["name"] = event["actor"][0]["id"] = event["actor"][0]["root"] = "a\x00b\x1f<&>"
    export(pa.Table.from_pylist([event], schema=stored.events.schema), tmp_path / "g", "graphml", knowledge=knowledge)
    assert "a b <&>" in networkx.read_graphml(tmp_path / "g").nodes
