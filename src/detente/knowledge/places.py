"""The gazetteer: the compiled atlas of GeoNames, and the hand-made tables over it. Which of several namesakes is meant: `flow/geography`.

`extra.tsv` adds spellings to rows of the atlas, `regions.tsv` adds places that GeoNames' towns lack (regions, rivers, seas, bases, …),
`countries.tsv` gives each country a point and the box around its towns, `containers.tsv` the short forms of regions ("Tex.").
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from pathlib import Path

from .atlas import EVERYDAY, GIVEN, MAIN, SURNAME, Atlas, GazetteerEntry, Precision, key
from .files import Row, read_table

REGION_COLUMNS = ("name", "kind", "country", "lat", "lon", "note")
EXTRA_COLUMNS = ("alias", "geonames", "note")
COUNTRY_COLUMNS = ("country", "name", "lat", "lon", "south", "west", "north", "east", "domain", "source")
CONTAINER_COLUMNS = ("alias", "country", "code", "note")
# How exact a place of each kind is: a site is a point that one can stand on, a region a stretch of land or water.
_SITES = "airport base border-crossing bridge camp dam mine nuclear-site oilfield pass plant port prison site".split()
_STRETCHES = (
    "region disputed sea strait river lake gulf bay canal mountain mountains island islands peninsula desert valley forest plateau shoal "
    "continent".split()
)
KINDS: dict[str, Precision] = {"town": "city", "village": "city"}
KINDS.update((kind, "site") for kind in _SITES)
KINDS.update((kind, "region") for kind in _STRETCHES)
# Places that share their name with a month or a weekday are meant far less often than these.
CALENDAR = frozenset("january february march april may june july august september october november december "
                     "monday tuesday wednesday thursday friday saturday sunday".split())
MOST_KEPT = 20_000
NEAR = 0.01  # degrees by which two readings of one point may differ


@dataclass(frozen=True, slots=True)
class Sense:
    """One place that a spelling may mean; `main` where the spelling is the place's own name, `kept` where a hand-made table gives it."""

    entry: GazetteerEntry
    main: bool
    kept: bool = False


@dataclass(frozen=True, slots=True)
class Spelling:
    """All that a spelling may mean as a place, and whether it is an English word, a given name or a surname too."""

    senses: tuple[Sense, ...]
    everyday: bool = False
    given: bool = False
    surname: bool = False


NOTHING = Spelling(())


class Gazetteer:
    """Places by name. Looking up is cheap; loading reads only the hand-made tables."""

    def __init__(self) -> None:
        self._atlas: Atlas | None = None
        self._rows: dict[str, list[int]] = defaultdict(list)
        self._kept: dict[str, list[GazetteerEntry]] = defaultdict(list)
        self._countries: dict[str, GazetteerEntry] = {}
        self._domains: dict[str, str] = {}
        self._containers: dict[str, list[tuple[str, str]]] = defaultdict(list)
        self._found: dict[str, Spelling] = {}

    def load(self, folder: Path) -> None:
        """Reads one places/ folder: those of its files that are there. Raises KnowledgeError."""
        if (folder / "places.npz").is_file():
            self._atlas = Atlas(folder / "places.npz")
        for name, columns, take in (
            ("extra", EXTRA_COLUMNS, self._add_spelling),
            ("regions", REGION_COLUMNS, self._add_region),
            ("countries", COUNTRY_COLUMNS, self._add_country),
            ("containers", CONTAINER_COLUMNS, self._add_container),
        ):
            path = folder / f"{name}.tsv"
            for row in read_table(path, columns) if path.is_file() else ():
                take(row)
        self._found.clear()

    def _add_spelling(self, row: Row) -> None:
        found = self._atlas.row_of(int(row["geonames"])) if self._atlas and row["geonames"].isdigit() else None
        if found is None:
            raise row.error(f"geonames {row['geonames']!r}", "the GeoNames id of a place of 500 people and more")
        self._rows[key(row["alias"])].append(found)

    def _add_region(self, row: Row) -> None:
        if row["kind"] not in KINDS:
            raise row.error(f"kind {row['kind']!r}", f"one of {' '.join(sorted(KINDS))}")
        lat, lon = _point(row)
        entry = GazetteerEntry(row["name"], row["country"] or None, None, lat, lon, None, 0, KINDS[row["kind"]], row["kind"])
        self._kept[key(row["name"])].append(entry)

    def _add_country(self, row: Row) -> None:
        lat, lon = _point(row)
        self._domains[row["domain"]] = row["country"]
        self._countries[row["country"]] = GazetteerEntry(row["name"], row["country"], None, lat, lon, None, 0, "country", "country")

    def _add_container(self, row: Row) -> None:
        # "MS" is a state, "Ms." is not: short forms keep their letter case.
        self._containers[row["alias"].replace(".", "").replace(" ", "")].append((row["country"], row["code"]))

    def lookup(self, name: str) -> Spelling:
        """All places of this name; `NOTHING` where there is none, or where it is a month or a weekday."""
        folded = key(name)
        found = self._found.get(folded)
        if found is None:
            if len(self._found) > MOST_KEPT:
                self._found.clear()
            self._found[folded] = found = self._look(folded)
        return found

    def _look(self, folded: str) -> Spelling:
        if folded in CALENDAR or not folded:
            return NOTHING
        kept = list(self._kept.get(folded, ()))
        senses = []
        flags = 0
        if self._atlas:
            rows = self._atlas.rows(folded)
            by_hand = set(self._rows.get(folded, ()))
            senses = [Sense(self._atlas.entry(row), bool(flag & MAIN) or row in by_hand, row in by_hand) for row, flag in rows]
            flags = rows[0][1] if rows else 0
            senses += [Sense(self._atlas.entry(row), True, True) for row in sorted(by_hand - {row for row, _ in rows})]
        senses = [_merged(sense, kept) for sense in senses] + [Sense(entry, True, True) for entry in kept]
        return Spelling(tuple(senses), bool(flags & EVERYDAY), bool(flags & GIVEN), bool(flags & SURNAME)) if senses else NOTHING

    def short_form(self, text: str) -> tuple[Sense, ...]:
        """The regions that a short form such as "W.Va." stands for."""
        codes = dict.fromkeys(code for _, code in self.contained(text) if code)
        found = [self._atlas.region(code) for code in codes] if self._atlas else []
        return tuple(Sense(entry, True, True) for entry in found if entry)

    def contained(self, text: str) -> list[tuple[str, str]]:
        """(country, code of the region) of a short form as written, with or without its points."""
        return self._containers.get(text.replace(".", "").replace(" ", ""), [])

    def country(self, code: str) -> GazetteerEntry | None:
        """A country as a place: its name and a point in its middle; None for a code without a row."""
        return self._countries.get(code)

    def of_domain(self, ending: str) -> str | None:
        """The country whose sites end so ("uk"), or None."""
        return self._domains.get(ending.lower())

    def find(self, name: str, countries: frozenset[str] = frozenset()) -> GazetteerEntry | None:
        """The likeliest place of a name out of all context: in one of these countries, else a kept region, else the largest."""
        senses = self.lookup(name).senses
        if not senses:
            return None
        return max(senses, key=lambda s: (s.entry.country in countries, s.kept and s.entry.precision == "region", s.entry.population)).entry

    def extent(self, name: str, country: str | None, lat: float, lon: float) -> tuple[str, float | None]:
        """What kind of place lies at a point under its own name (empty where none does), and how far it reaches in km, where towns tell."""
        for sense in self.lookup(name).senses:
            entry = sense.entry
            if entry.country != country or abs(entry.lat - lat) > NEAR or abs(entry.lon - lon) > NEAR:
                continue
            row = self._atlas.row_of(entry.geonames) if self._atlas and entry.geonames else None
            if row is None and self._atlas:
                row = next((row for row, _ in self._atlas.rows(key(name)) if self._atlas.entry(row).country == country
                            and self._atlas.entry(row).kind == entry.kind), None)
            return entry.kind, self._atlas.reach(row, lat, lon) if self._atlas and row is not None else None
        return "", None

    def __len__(self) -> int:
        return len(self._atlas or ()) + sum(map(len, self._kept.values()))


def _merged(sense: Sense, kept: list[GazetteerEntry]) -> Sense:
    """A region of the atlas with the point that a hand-made row gives it; the row is taken from `kept`."""
    same = next((e for e in kept if sense.entry.kind == "region" and e.country == sense.entry.country and e.precision == "region"), None)
    if same is None:
        return sense
    kept.remove(same)
    return Sense(replace(sense.entry, lat=same.lat, lon=same.lon), True, True)


def _point(row: Row) -> tuple[float, float]:
    try:
        lat, lon = float(row["lat"]), float(row["lon"])
    except ValueError as error:
        raise row.error(f"coordinates {row['lat']!r}, {row['lon']!r}", "decimal degrees") from error
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):
        raise row.error(f"coordinates {lat}, {lon}", "a latitude from -90 to 90 and a longitude from -180 to 180")
    return lat, lon


__all__ = ["NOTHING", "Gazetteer", "GazetteerEntry", "Sense", "Spelling", "key"]
