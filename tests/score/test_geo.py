"""The measure of toponyms: reading the LGL form, matching, figures counted by hand, and a run on an own tiny file."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from detente.cli import app
from detente.errors import ScoreError, UnreadableFile
from detente.flow.toponyms import Toponym
from detente.knowledge import GazetteerEntry, Knowledge
from detente.score import SCORES
from detente.score.geo import GoldToponym, figures, matched, read_geo
from detente.settings import Settings

TEXT = "A barn burned down in Paris, Texas, on Friday. Firemen from Bonham came to Paris."
TOWN = "<toponym><start>{}</start><end>{}</end><gaztag><lat>{}</lat><lon>{}</lon><country>United States</country></gaztag></toponym>"


def written(folder: Path, text: str = TEXT, inner: str | None = None, name: str = "own.xml") -> Path:
    """A file of one article with its toponyms."""
    if inner is None:
        inner = TOWN.format(22, 27, 33.66, -95.55) + TOWN.format(29, 34, 31.3, -99.3) + TOWN.format(60, 66, 33.58, -96.18)
        inner += "<toponym><start>75</start><end>80</end></toponym>"
    head = f'<articles><article docid="1"><domain>example.com</domain><text>{text}</text>'
    body = f"{head}<toponyms>{inner}</toponyms></article></articles>"
    path = folder / name
    path.write_bytes(gzip.compress(body.encode()) if name.endswith(".gz") else body.encode())
    return path


def entry(lat: float, lon: float, country: str = "USA") -> GazetteerEntry:
    return GazetteerEntry("X", country, None, lat, lon, 1, 1000, "city", "town")


def test_reading(tmp_path: Path) -> None:
    for name in ("own.xml", "own.xml.gz"):
        [gold] = read_geo(written(tmp_path, name=name))
        assert gold.article.publisher == "example.com"
        assert [TEXT[t.start : t.end] for t in gold.toponyms] == ["Paris", "Texas", "Bonham", "Paris"]
        assert [t.point is None for t in gold.toponyms] == [False, False, False, True]


def test_each_found_place_is_used_once() -> None:
    gold = [GoldToponym(0, 5, None, None), GoldToponym(3, 9, None, None), GoldToponym(20, 25, None, None)]
    ours = [Toponym(0, 9, "one", None), Toponym(24, 30, "two", None), Toponym(40, 45, "three", None)]
    assert [(g.start, e) for g, e in matched(gold, ours)] == [(0, None), (20, None)]


def test_figures_counted_by_hand(knowledge: Knowledge) -> None:
    known = [GoldToponym(0, 5, (10.0, 10.0), "United States"), GoldToponym(10, 15, (20.0, 20.0), "France")]
    gold = [[*known, GoldToponym(30, 35, None, None)]]
    ours = [[Toponym(0, 5, "a", entry(10.0, 11.0)), Toponym(10, 15, "b", entry(20.0, 24.0)), Toponym(50, 55, "c", None)]]
    linked = [(gold[0][0], entry(10.0, 10.0)), (gold[0][1], None)]
    result = figures(gold, ours, linked, knowledge)
    # Two of three are found, two of our three are right; one degree at 10° is 109.5 km, four at 20° are 418 km.
    assert (result["recall"], result["precision"], result["f1"]) == (0.6667, 0.6667, 0.6667)
    assert (result["acc161"], result["country"]) == (0.5, 0.5)
    assert 263 < result["median_km"] < 264
    assert (result["linked_acc161"], result["linked_found"], result["linked_median_km"], result["toponyms"]) == (0.5, 0.5, 0.0, 3)


def test_a_run_with_and_without_context(tmp_path: Path) -> None:
    path = written(tmp_path)
    result, plain = SCORES["geo"](path, Settings()), SCORES["geo-no-context"](path, Settings())
    assert (result["recall"], result["linked_acc161"], result["articles"], result["toponyms"]) == (1.0, 1.0, 1, 4)
    assert plain["linked_acc161"] == pytest.approx(2 / 3, abs=1e-4)


def test_the_command(tmp_path: Path) -> None:
    path = written(tmp_path)
    shown = [CliRunner().invoke(app, ["score", "geo", str(path), "--json", *more]) for more in ([], ["--no-context"])]
    assert [json.loads(result.stdout)["linked_acc161"] for result in shown] == [1.0, 0.6667]


@pytest.mark.parametrize(
    ("text", "inner", "found"),
    [
        (TEXT, "<toponym><start>x</start><end>3</end></toponym>", "article 1"),
        (TEXT, "<toponym><start>3</start><end>300</end></toponym>", "from 3 to 300"),
        ("", None, "without <text>"),
        ("A &lt; B &amp; <b>", None, "broken XML"),
    ],
)
def test_malformed_files(text: str, inner: str | None, found: str, tmp_path: Path) -> None:
    with pytest.raises(ScoreError, match=found):
        read_geo(written(tmp_path, text, inner))


def test_other_files(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile):
        read_geo(tmp_path / "none.xml")
    (tmp_path / "own.xml.gz").write_bytes(b"no gzip")
    with pytest.raises(ScoreError, match="broken compression"):
        read_geo(tmp_path / "own.xml.gz")
    (tmp_path / "empty.xml").write_text("<articles/>")
    with pytest.raises(ScoreError, match="no <article>"):
        read_geo(tmp_path / "empty.xml")
