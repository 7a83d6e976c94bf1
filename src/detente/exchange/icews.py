"""ICEWS: tab-separated, no quotes, a header, 20 columns, CAMEO codes, countries by name. One row an ordered pair."""

from __future__ import annotations

from typing import Any

from ..errors import BadRecord
from .cells import day, point, real
from .forms import Base, Cells, Drafted, Layout, Source, number, pairs, place_of
from .leaves import Event
from .parties import Party


class Icews(Base):
    """The form of the yearly files."""

    layout: Layout = Layout("icews", "icews", (
        "Event ID", "Event Date", "Source Name", "Source Sectors", "Source Country", "Event Text", "CAMEO Code", "Intensity",
        "Target Name", "Target Sectors", "Target Country", "Story ID", "Sentence Number", "Publisher",
        "City", "District", "Province", "Country", "Latitude", "Longitude",
    ), wanted=("Event ID", "Event Date", "Source Name", "Source Country", "CAMEO Code", "Target Name", "Target Country"), quoted=False)

    def rows(self, event: Event, source: Source) -> list[list[Any]] | str:
        """One row an ordered pair. Event ID is a number made of event and pair, Story ID one of the event alone."""
        code = self.told_in_cameo(event)
        told = pairs(event)
        if event["date"] is None:
            return "no day"
        if code is None:
            return f"CAMEO has no code for it ({event['lane']})"
        if not told:
            return "nobody is named"
        place = event["place"] or {}
        city = place.get("name") if place.get("precision") in {"city", "site", "unknown"} else None
        province = place.get("name") if place.get("precision") == "region" else place.get("admin1")
        country = self.parties.label(place["country"]) if place.get("country") in self.codes.countries.by_iso else place.get("country")
        sentence = None if source.sentence_index is None else source.sentence_index + 1
        return [[
            number(event["id"], place_in_list), event["date"], *self._side(one), self.codes.cameo.codes[code].label, code, event["score"],
            *self._side(other), number(event["id"]), sentence, source.publisher,
            city, None, province, country, place.get("lat"), place.get("lon"),
        ] for place_in_list, (one, other) in enumerate(told)]

    def _side(self, party: Party | None) -> list[str | None]:
        if party is None:
            return [None, None, None]
        words = [word for sector in party["sector"] or () if (word := self.codes.sectors.write("icews", sector))]
        country = self.parties.label(party["country"]) if party["country"] in self.codes.countries.by_iso else None
        return [party["name"], ",".join(words) or None, country]

    def read(self, cells: Cells) -> Drafted:
        """One row."""
        when = day(self.needed(cells, "Event Date"), "Event Date")
        kind, more, swap = self.cameo(self._code(cells))
        source, target = (self._party(cells, side, when) for side in ("Source", "Target"))
        sides = (target, source) if swap else (source, target)
        event = self.event(
            kind, sides, when, **more, place=self._place(cells), headline=self.text(cells, "Event Text"), articles=1,
            first_published=when, last_published=when,
        )
        return Drafted(event, f"{self.needed(cells, 'Event ID')}|{when}")

    def own_id(self, original: str) -> str | None:
        """None: Event ID is a number here."""
        return None

    def _code(self, cells: Cells) -> str:
        """The code, with the zero that a reader of numbers took away: ICEWS has no codes of two digits."""
        code = self.needed(cells, "CAMEO Code")
        if not code.isdigit():
            raise BadRecord("row", 0, f"CAMEO Code {code!r} is no code", "codes have three or four digits, as 190")
        lost = f"0{code}"
        return lost if lost in self.codes.cameo.codes and (len(code) == 2 or code not in self.codes.cameo.codes) else code

    def _party(self, cells: Cells, side: str, when: Any) -> list[Party]:
        name, listed, country = (self.text(cells, f"{side} {part}") for part in ("Name", "Sectors", "Country"))
        if not (name or country):
            return []
        sectors = [sector for word in (listed or "").split(",") if (sector := self._sector(word))]
        return [self.parties.party(name, self.parties.country(country, when) if country else None, sectors, when)]

    def _sector(self, word: str) -> str | None:
        known = self.codes.sectors.read("icews", word)
        ending = word.strip().rpartition(" ")[2]
        return known or {"IGOs": "IGO", "NGOs": "NGO", "IGO": "IGO"}.get(ending)

    def _place(self, cells: Cells) -> Event | None:
        city, district, province, country = (self.text(cells, column) for column in ("City", "District", "Province", "Country"))
        iso = (self.parties.country(country, None) or country) if country else None
        where = point(real(self.text(cells, "Latitude"), "Latitude"), real(self.text(cells, "Longitude"), "Longitude"))
        precision = "city" if city else "region" if province or district else "country" if iso else "unknown"
        name = city or district or province or (self.parties.label(iso) if iso in self.codes.countries.by_iso else country)
        return place_of(name, iso, province, where, precision=precision)

