"""The gazetteer: looking up, the hand-made tables over the atlas, what a user adds, and what broken files are answered with."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from detente.errors import KnowledgeError
from detente.knowledge import DATA, Gazetteer, Knowledge
from detente.knowledge.atlas import FEATURES, Atlas, key, spelling_hash, write_atlas
from detente.knowledge.place_words import load_place_words
from detente.knowledge.places import KINDS

REGIONS = "name\tkind\tcountry\tlat\tlon\tnote\n"
EXTRA = "alias\tgeonames\tnote\n"


def rows(name: str) -> list[dict[str, str]]:
    """Rows of a shipped table."""
    with (DATA / "places" / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


def own(folder: Path, **files: str) -> Path:
    """A places/ folder with these tables."""
    places = folder / "places"
    places.mkdir()
    for name, text in files.items():
        (places / f"{name}.tsv").write_text(text, encoding="utf-8")
    return places


def test_the_atlas_is_large_enough() -> None:
    atlas = Atlas(DATA / "places" / "places.npz")
    assert atlas.count("town") + atlas.count("capital") >= 200_000
    assert atlas.count("region") >= 3_500
    assert atlas.count("district") >= 15_000
    assert (DATA / "places" / "places.npz").stat().st_size < 12_000_000


def test_hand_kept_places_are_many_and_of_known_kinds() -> None:
    kinds = [row["kind"] for row in rows("regions.tsv")]
    assert len(kinds) >= 700
    assert set(kinds) <= set(KINDS)
    assert {"river", "strait", "base", "airport", "camp", "border-crossing", "dam", "nuclear-site", "island"} <= set(kinds)


def test_kept_places_lie_in_or_near_their_country() -> None:
    boxes = {row["country"]: row for row in rows("countries.tsv")}
    # Islands, ships' waters and dependencies far from the towns of the country that holds them.
    afar = {"island", "islands", "sea", "disputed", "region"}
    for row in rows("regions.tsv"):
        if not row["country"] or row["kind"] in afar:
            continue
        box, lat, lon = boxes[row["country"]], float(row["lat"]), float(row["lon"])
        assert float(box["south"]) - 2 <= lat <= float(box["north"]) + 2, row["name"]
        west, east = float(box["west"]) - 2, float(box["east"]) + 2
        assert west <= lon <= east if west < east else lon >= west or lon <= east, row["name"]


def test_every_state_has_a_point(knowledge: Knowledge) -> None:
    today = {a.country for a in knowledge.registry.actors.values() if a.kind == "state" and a.valid_to is None and len(a.country) == 3}
    assert {code for code in today if knowledge.places.country(code) is None} == set()


@pytest.mark.parametrize(
    ("name", "country", "admin1", "kind"),
    [
        ("Kherson", "UKR", "Kherson", "town"), ("Deir ez-Zor", "SYR", "Deir ez-Zor", "town"),
        ("Kiev", "UKR", "Kyiv City", "capital"),
        ("Saint-Petersburg", "RUS", "Saint Petersburg", "town"),
        ("ST. PETERSBURG", "RUS", "Saint Petersburg", "town"),
        ("Sana'a", "YEM", "Amanat Alasimah", "capital"), ("São Paulo", "BRA", "São Paulo", "town"),
        ("Sao Paulo", "BRA", "São Paulo", "town"),
    ],
)  # fmt: skip
def test_spellings(name: str, country: str, admin1: str, kind: str, knowledge: Knowledge) -> None:
    entries = [s.entry for s in knowledge.places.lookup(name).senses if s.entry.kind == kind]
    best = max(entries, key=lambda e: e.population)
    assert (best.country, best.admin1) == (country, admin1)


@pytest.mark.parametrize(
    ("name", "kind", "precision"),
    [
        ("Dadaab", "camp", "site"), ("Strait of Hormuz", "strait", "region"), ("Euphrates", "river", "region"),
        ("Natanz", "nuclear-site", "site"),
        ("Bab al-Hawa", "border-crossing", "site"), ("Ain al-Asad", "base", "site"), ("Doklam", "disputed", "region"),
    ],
)  # fmt: skip
def test_kept_kinds(name: str, kind: str, precision: str, knowledge: Knowledge) -> None:
    assert (kind, precision) in {(s.entry.kind, s.entry.precision) for s in knowledge.places.lookup(name).senses}


NOISE = [("St. James", "VNM"), ("Africa", "TUN"), ("Saint James", "VNM"), ("Of", "TUR"), ("Police", "RUS")]


@pytest.mark.parametrize(("alias", "wrong"), NOISE)
def test_noisy_aliases_are_gone(alias: str, wrong: str, knowledge: Knowledge) -> None:
    assert wrong not in {s.entry.country for s in knowledge.places.lookup(alias).senses if not s.main}


def test_months_and_nothing_are_no_places(knowledge: Knowledge) -> None:
    for name in ("March", "Sunday", "", "Xyzzyplugh"):
        assert knowledge.places.lookup(name).senses == ()


def test_everyday_words_and_people_are_marked(knowledge: Knowledge) -> None:
    assert knowledge.places.lookup("Reading").everyday
    assert knowledge.places.lookup("Jackson").surname
    assert knowledge.places.lookup("Victoria").given
    assert not knowledge.places.lookup("Kharkiv").everyday


def test_short_forms_keep_their_case(knowledge: Knowledge) -> None:
    assert [s.entry.name for s in knowledge.places.short_form("W.Va.")] == ["West Virginia"]
    assert knowledge.places.short_form("MS")
    assert not knowledge.places.short_form("Ms")


def test_without_context_a_named_country_goes_first(knowledge: Knowledge) -> None:
    plain = knowledge.places.find("Tripoli")
    lebanese = knowledge.places.find("Tripoli", frozenset({"LBN"}))
    assert plain is not None
    assert plain.country == "LBY"
    assert lebanese is not None
    assert lebanese.country == "LBN"


def test_a_user_adds_places(tmp_path: Path) -> None:
    own(tmp_path, regions=REGIONS + "Xandaru\tvillage\tMLI\t14.5\t-3.9\t\n", extra=EXTRA + "Halabtown\t170063\tspelling\n")
    places = Knowledge([tmp_path]).places
    [village] = [s.entry for s in places.lookup("Xandaru").senses]
    assert (village.country, village.precision, village.lat) == ("MLI", "city", 14.5)
    assert [s.entry.country for s in places.lookup("Halabtown").senses] == ["SYR"]
    assert places.lookup("Kherson").senses


@pytest.mark.parametrize(
    ("files", "found"),
    [
        ({"regions": REGIONS + "X\tmoon base\tMLI\t1\t1\t\n"}, "moon base"),
        ({"regions": REGIONS + "X\tvillage\tMLI\tnorth\t1\t\n"}, "north"),
        ({"regions": REGIONS + "X\tvillage\tMLI\t91\t1\t\n"}, "91"),
        ({"regions": "name\tkind\n"}, "columns"),
        ({"extra": EXTRA + "X\t1\t\n"}, "geonames"),
    ],
)
def test_broken_rows_are_errors_with_a_line(files: dict[str, str], found: str, tmp_path: Path) -> None:
    with pytest.raises(KnowledgeError, match=found):
        Gazetteer().load(own(tmp_path, **files))


def test_a_broken_atlas_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "places.npz").write_bytes(b"no archive")
    with pytest.raises(KnowledgeError, match="compiled gazetteer"):
        Gazetteer().load(tmp_path)
    np.savez(tmp_path / "places.npz", format=np.array([99], np.uint8))
    with pytest.raises(KnowledgeError, match="form 99"):
        Gazetteer().load(tmp_path)


def test_an_atlas_gives_back_what_was_written(tmp_path: Path) -> None:
    hashes = sorted((spelling_hash(key(name)), row) for name, row in (("Nord", 0), ("Alt Ort", 1), ("Ort", 1)))
    text = b"NordAlt Ort"
    write_atlas(tmp_path / "places.npz", {
        "hashes": np.array([h for h, _ in hashes], np.uint64), "rows": np.array([r for _, r in hashes], np.int32),
        "flags": np.array([8, 8, 8], np.uint8), "names": np.frombuffer(text, np.uint8), "lengths": np.array([4, 7], np.uint8),
        "countries": np.frombuffer(b"AAA BBB", np.uint8), "codes": np.frombuffer(b"BB.01", np.uint8),
        "country": np.array([1, 1], np.uint16), "region": np.array([0, 1], np.uint16), "district": np.array([0, 0], np.uint16),
        "lat": np.array([105000, -5], np.int32), "lon": np.array([-1799999, 1], np.int32), "population": np.array([9, 7], np.uint32),
        "geonames": np.array([0, 42], np.uint32), "feature": np.array([FEATURES.index("region"), FEATURES.index("town")], np.uint8),
    })  # fmt: skip
    atlas = Atlas(tmp_path / "places.npz")
    assert [row for row, _ in atlas.rows("ort")] == [1]
    assert atlas.rows("nowhere") == []
    assert atlas.row_of(42) == 1
    assert atlas.row_of(43) is None
    town = atlas.entry(1)
    assert (town.name, town.country, town.admin1, town.lat, town.lon, town.geonames) == ("Alt Ort", "BBB", "Nord", -0.0005, 0.0001, 42)
    assert atlas.entry(0).code == "BB.01"


def test_word_lists_are_strict(tmp_path: Path) -> None:
    text = (DATA / "places" / "words.yml").read_text(encoding="utf-8")
    path = tmp_path / "words.yml"
    path.write_text(text + "rivers: [nile]\n", encoding="utf-8")
    with pytest.raises(KnowledgeError, match="keys"):
        load_place_words(path)
    path.write_text(text.replace("settlements: [city,", "settlements: [no,"), encoding="utf-8")
    assert "no" in load_place_words(path).settlements
    path.write_text(text.replace("settlements: [city,", "settlements: [3,"), encoding="utf-8")
    with pytest.raises(KnowledgeError, match="settlements"):
        load_place_words(path)
