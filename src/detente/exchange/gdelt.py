"""GDELT 1.0 and 2.0 event files: tab-separated in spite of their ending, no quotes, no header, 58 (once 57) and 61 columns. One row a pair.

Actors' countries are CAMEO's letters, places' are FIPS; codes of types differ from PLOVER's sectors (MED is media there, health here).
"""

from __future__ import annotations

from datetime import date
from typing import Any

from ..errors import BadRecord
from .cells import day, point, real, whole
from .codes import Codes
from .forms import Base, Cells, Drafted, Layout, Source, number, pairs, place_of
from .leaves import Event
from .parties import Party

_WHEN = ("GLOBALEVENTID", "SQLDATE", "MonthYear", "Year", "FractionDate")
_ACTOR = ("Code", "Name", "CountryCode", "KnownGroupCode", "EthnicCode", "Religion1Code", "Religion2Code", "Type1Code", "Type2Code",
          "Type3Code")
_ACT = ("IsRootEvent", "EventCode", "EventBaseCode", "EventRootCode", "QuadClass", "GoldsteinScale", "NumMentions", "NumSources",
        "NumArticles", "AvgTone")
_GEO = ("Type", "FullName", "CountryCode", "ADM1Code", "Lat", "Long", "FeatureID")
_GEO2 = ("Type", "FullName", "CountryCode", "ADM1Code", "ADM2Code", "Lat", "Long", "FeatureID")


def columns_of(geo: tuple[str, ...]) -> tuple[str, ...]:
    """All columns in order. `geo`: those of a place."""
    actors = (f"Actor{number}{part}" for number in (1, 2) for part in _ACTOR)
    places = (f"{whose}Geo_{part}" for whose in ("Actor1", "Actor2", "Action") for part in geo)
    return (*_WHEN, *actors, *_ACT, *places, "DATEADDED", "SOURCEURL")


FIRST, SECOND = columns_of(_GEO), columns_of(_GEO2)


class Gdelt(Base):
    """The form of GDELT's event files; `second`: of version 2.0."""

    def __init__(self, codes: Codes, second: bool) -> None:
        super().__init__(codes)
        name = "gdelt2" if second else "gdelt1"
        self.layout = Layout(name, name, SECOND if second else FIRST, header=False, quoted=False)
        self._geo = _GEO2 if second else _GEO
        self._second = second

    def rows(self, event: Event, source: Source) -> list[list[Any]] | str:
        """One row an ordered pair; GLOBALEVENTID is a number made of event and pair."""
        code, told, when = self.told_in_cameo(event), pairs(event), event["date"]
        if when is None:
            return "no day"
        if code is None:
            return f"CAMEO has no code for it ({event['lane']})"
        if not told:
            return "nobody is named"
        added = event["first_published"] or when
        articles = event["articles"] or 1
        act = [1, code, code[:3] if len(code) > 2 else code, code[:2], self.codes.quads.get(event["quad"]), event["score"],
               articles, event["origins_low"] or 1, articles, None]
        end = [self._place(event["place"] or {}), [f"{added:%Y%m%d}" + ("000000" if self._second else ""), source.url]]
        blank = [None] * (2 * len(self._geo))
        days = [f"{when:%Y%m%d}", f"{when:%Y%m}", f"{when:%Y}", round(when.year + (when.month * 30 + when.day) / 365, 4)]
        return [
            [number(event["id"], place), *days, *self._side(one), *self._side(other), *act, *blank, *end[0], *end[1]]
            for place, (one, other) in enumerate(told)
        ]

    def _side(self, party: Party | None) -> list[str | None]:
        if party is None:
            return [None] * len(_ACTOR)
        country = self.codes.countries.code(party["country"], "cameo")
        types = [word for sector in party["sector"] or () if (word := self.codes.sectors.write("cameo", sector))][:3]
        name = (party["name"] or "").upper() or None
        return ["".join((country or "", *types)) or None, name, country, None, None, None, None, *types, *[None] * (3 - len(types))]

    def _place(self, place: Event) -> list[Any]:
        country = place.get("country")
        known = country in self.codes.countries.by_iso
        home = country == self.codes.forms.gdelt_home
        kind = {"country": "1", "region": "2" if home else "5"}.get(place.get("precision") or "", "3" if home else "4") if place else None
        label = self.parties.label(country) if known and country else None
        parts = [place.get("name"), place.get("admin1") if kind in {"3", "4"} else None, label if kind != "1" else None]
        fips = self.codes.countries.code(country, "fips")
        second = [None] if self._second else []
        return [kind, ", ".join(part.replace(", ", " ") for part in parts if part) or None, fips, fips, *second, place.get("lat"),
                place.get("lon"), None]

    def read(self, cells: Cells) -> Drafted:
        """One row."""
        when = day(self.needed(cells, "SQLDATE"), "SQLDATE")
        added = self._added(self.needed(cells, "DATEADDED"))
        kind, more, swap = self.cameo(self._code(cells))
        first, other = (self._party(cells, side, when) for side in ("Actor1", "Actor2"))
        event = self.event(
            kind, (other, first) if swap else (first, other), when, **more, place=self._where(cells),
            articles=whole(self.text(cells, "NumArticles"), "NumArticles"), first_published=added, last_published=added,
        )
        return Drafted(event, f"{self.needed(cells, 'GLOBALEVENTID')}|{self.text(cells, 'DATEADDED')}")

    def own_id(self, original: str) -> str | None:
        """None: GLOBALEVENTID is a number."""
        return None

    def _added(self, text: str) -> date:
        """The day on which GDELT took the row in: a day in 1.0, a moment (UTC) in 2.0."""
        if not text.isdigit() or len(text) != (14 if self._second else 8):
            form = "YYYYMMDDHHMMSS" if self._second else "YYYYMMDD"
            raise BadRecord("row", 0, f"DATEADDED {text!r} is not {form}", "was the file read as the other version of GDELT?")
        return day(text[:8], "DATEADDED")

    def _code(self, cells: Cells) -> str:
        """The code, with the zero that a reader of numbers took away: its root tells whether there was one."""
        code, root = self.needed(cells, "EventCode"), self.text(cells, "EventRootCode") or ""
        if not code.isdigit():
            raise BadRecord("row", 0, f"EventCode {code!r} is no code", "codes have two to four digits, as 190")
        lost = f"0{code}"
        short = len(root) == 1 or (len(root) == 2 and not code.startswith(root))
        return lost if lost in self.codes.cameo.codes and (short or code not in self.codes.cameo.codes) else code

    def _party(self, cells: Cells, side: str, when: date) -> list[Party]:
        """An actor; a blank one is not known, which is not the same as that there is none."""
        name, country = self.text(cells, f"{side}Name"), self.text(cells, f"{side}CountryCode")
        types = [self.text(cells, f"{side}Type{number}Code") for number in (1, 2, 3)]
        if not (name or country or self.text(cells, f"{side}Code")):
            return []
        iso = self.codes.countries.iso("cameo", country, when) if country else None
        sectors = [sector for word in types if word and (sector := self.codes.sectors.read("cameo", word))]
        return [self.parties.party(name or self.text(cells, f"{side}Code"), iso, sectors, when)]

    def _where(self, cells: Cells) -> Event | None:
        kind, full, fips = (self.text(cells, f"ActionGeo_{part}") for part in ("Type", "FullName", "CountryCode"))
        where = point(*(real(self.text(cells, f"ActionGeo_{part}"), f"ActionGeo_{part}") for part in ("Lat", "Long")))
        if kind in {None, "0"} and full is None and fips is None:
            return None
        parts = [part.strip() or None for part in (full or "").split(", ")]
        precision = self.codes.forms.gdelt_types.get(kind or "", "unknown")
        iso = self.codes.countries.iso("fips", fips) if fips else None
        return place_of(parts[0], iso, parts[1] if precision == "city" and len(parts) > 2 else None, where, precision=precision)
