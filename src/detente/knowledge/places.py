"""The gazetteer: cities by name (GeoNames), hand-written regions, and which of several namesakes is meant."""

from __future__ import annotations

import gzip
import zlib
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from ..errors import KnowledgeError
from .files import read_table
from .names import fold

PLACE_COLUMNS = ("geonames", "name", "country", "admin1", "lat", "lon", "population", "aliases")
REGION_COLUMNS = ("name", "kind", "country", "lat", "lon", "note")
EXTRA_COLUMNS = ("alias", "geonames", "note")

# Places that share their name with a month or a weekday are meant far less often than these.
CALENDAR = frozenset("january february march april may june july august september october november december "
                     "monday tuesday wednesday thursday friday saturday sunday".split())


@dataclass(frozen=True, slots=True)
class GazetteerEntry:
    """One place. `population` 0 where unknown."""

    name: str
    country: str | None
    admin1: str | None
    lat: float
    lon: float
    geonames: int | None
    population: int
    precision: Literal["city", "region"]


class Gazetteer:
    """Places by folded name."""

    def __init__(self) -> None:
        self._by_name: dict[str, list[GazetteerEntry]] = defaultdict(list)
        self._by_id: dict[int, GazetteerEntry] = {}

    def load(self, folder: Path) -> None:
        """Reads places.tsv.gz, extra.tsv and regions.tsv of one places/ folder."""
        path = folder / "places.tsv.gz"
        if path.is_file():
            self._load_cities(path)
        path = folder / "extra.tsv"
        for row in read_table(path, EXTRA_COLUMNS) if path.is_file() else ():
            entry = self._by_id.get(int(row["geonames"]) if row["geonames"].isdigit() else -1)
            if entry is None:
                raise row.error(f"geonames {row['geonames']!r}", "the id of a row of places.tsv.gz", "run training/places.py again")
            self._by_name[key(row["alias"])].append(entry)
        path = folder / "regions.tsv"
        for row in read_table(path, REGION_COLUMNS) if path.is_file() else ():
            try:
                entry = GazetteerEntry(row["name"], row["country"] or None, None, float(row["lat"]), float(row["lon"]), None, 0, "region")
            except ValueError as error:
                raise row.error(f"coordinates {row['lat']!r}, {row['lon']!r}", "decimal degrees") from error
            self._by_name[key(row["name"])].append(entry)

    def _load_cities(self, path: Path) -> None:
        # Read without Row objects: 35,000 lines stand between the user and the first claim.
        # Names are folded in one piece for the same reason; "|" and line ends survive folding.
        number = 0
        try:
            header, *lines = gzip.decompress(path.read_bytes()).decode("utf-8").rstrip("\n").split("\n")
            if tuple(header.split("\t")) != PLACE_COLUMNS:
                raise KnowledgeError(path, 1, "other columns", ", ".join(PLACE_COLUMNS), "run training/places.py again")
            rows = [line.split("\t") for line in lines]
            spellings = key("\n".join(f"{row[1]}|{row[7]}" if row[7] else row[1] for row in rows)).split("\n")
            for number, (row, names) in enumerate(zip(rows, spellings, strict=True), 2):  # noqa: B007 - for the error below
                ident, name, country, admin1, lat, lon, population, _ = row
                entry = GazetteerEntry(name, country, admin1 or None, float(lat), float(lon), int(ident), int(population or 0), "city")
                self._by_id[entry.geonames or 0] = entry
                for spelling in set(names.split("|")):
                    self._by_name[spelling].append(entry)
        except (OSError, ValueError, EOFError, IndexError, zlib.error) as error:
            raise KnowledgeError(path, number, str(error), "a table of places", "run training/places.py again") from error

    def find(self, name: str, countries: frozenset[str] = frozenset()) -> GazetteerEntry | None:
        """The likeliest place of this name: in a country that the text names, else a region, else the largest city."""
        options = self._by_name.get(key(name))
        if not options or key(name) in CALENDAR:
            return None
        return max(options, key=lambda e: (e.country in countries, e.precision == "region", e.population))


def key(name: str) -> str:
    """Folded spelling under which a name is looked up."""
    return fold(name).replace("-", " ").replace("'", "").casefold().strip()
