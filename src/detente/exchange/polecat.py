"""POLECAT: tab-separated, a header, 40 columns, "None" for nothing, lists parted by semicolons. One row an event, all its parties in it."""

from __future__ import annotations

from typing import Any

from ..errors import BadRecord, UnknownName
from ..version import VERSION
from .cells import aligned, day, joined, point, real, split, whole
from .forms import Base, Cells, Drafted, Layout, Source, place_of
from .leaves import Event
from .parties import Party

_SIDE = ("{0} Name", "{0} Country", "{0} COW", "Primary {0} Sector", "{0} Sectors", "{0} Title", "{0} Name Raw", "Wikipedia {0} ID")
_ABOUT = ("Event ID", "Event Date", "Event Type", "Event Mode", "Intensity", "Quad Code", "Contexts")
_WHERE = ("Placename", "City", "District", "Province", "Country", "Latitude", "Longitude", "GeoNames ID", "Raw Placename", "Feature Type")
_STORY = ("Source", "Publication Date", "Story People", "Story Organizations", "Story Locations", "Language", "Version")


class Polecat(Base):
    """The form of POLECAT's weekly and yearly files."""

    layout: Layout = Layout(
        "polecat", "polecat",
        (*_ABOUT, *(part.format("Actor") for part in _SIDE), *(part.format("Recipient") for part in _SIDE), *_WHERE, *_STORY),
        wanted=("Event ID", "Event Date", "Event Type", "Actor Name", "Actor Country", "Recipient Name", "Recipient Country"),
        empty="None", renamed=(("Event Intensity", "Intensity"),),
    )

    def rows(self, event: Event, source: Source) -> list[list[Any]] | str:
        """One row. Left out: events without a day, and what did not happen (POLECAT counts deeds)."""
        lane, forms = event["lane"] or "happened", self.codes.forms
        if event["date"] is None:
            return "no day"
        if lane != "happened" and not (lane == "planned" and event["event"] in forms.polecat_planned):
            return f"lane {lane}: who counts rows would take it for a deed"
        place = event["place"] or {}
        contexts = [*(event["context"] or ()), *([forms.lanes[lane]] if lane in forms.lanes else ())]
        city = place.get("name") if place.get("precision") in {"city", "site"} else None
        published = event["first_published"] or source.published
        return [[
            event["id"], event["date"], event["event"], event["mode"], event["score"], (event["quad"] or "").upper() or None,
            joined(contexts),
            *self._side(event["actor"]), *self._side(event["recipient"]),
            place.get("name"), city, None, *(place.get(part) for part in ("admin1", "country", "lat", "lon", "geonames")), None,
            forms.written_features.get(place.get("precision") or ""),
            source.publisher, published, None, None, None, None, f"detente {VERSION}",
        ]]

    def _side(self, parties: list[Party] | None) -> list[str | None]:
        parties = parties or []
        sectors = [[sector.replace("|", "/") for sector in party["sector"] or () if sector] for party in parties]
        columns: list[list[str | None]] = [
            [party["name"] for party in parties], [party["country"] for party in parties],
            [self.codes.countries.code(party["country"], "cow_number") for party in parties],
            [own[0] if own else None for own in sectors], ["|".join(own) for own in sectors],
        ]
        return [*(joined(column, empty=self.layout.empty) for column in columns), None, None, None]

    def read(self, cells: Cells) -> Drafted:
        """One row."""
        when = day(self.needed(cells, "Event Date"), "Event Date")
        published = self.text(cells, "Publication Date")
        told = day(published, "Publication Date") if published else None
        contexts, lane = self._contexts(cells)
        event = self.event(
            self._kind(cells), (self._parties(cells, "Actor", when), self._parties(cells, "Recipient", when)), when,
            context=contexts, lane=lane, place=self._place(cells), articles=1, first_published=told, last_published=told,
        )
        return Drafted(event, f"{self.needed(cells, 'Event ID')}|{self.text(cells, 'Version') or ''}")

    def own_id(self, original: str) -> str | None:
        """Event ID, without the version behind it."""
        return original.rpartition("|")[0]

    def _kind(self, cells: Cells) -> tuple[str, str | None]:
        """Event and mode; older and rival modes are told in today's; a mode that nobody knows is left out."""
        kind, mode = self.needed(cells, "Event Type"), self.text(cells, "Event Mode")
        for name in (f"{kind}-{mode}", kind) if mode else (kind,):
            try:
                meant = self.codes.ontology.meant(name)
            except UnknownName:
                if name == kind:
                    raise
                continue
            if len({event for event, _ in meant}) == 1:
                return meant[0] if len(meant) == 1 else (meant[0][0], None)
        raise BadRecord("row", 0, f"Event Type {kind!r} covers several events", "give today's name of the event")

    def _contexts(self, cells: Cells) -> tuple[list[str], str]:
        """Contexts of the ontology, and the lane that an auxiliary mode among them tells."""
        lanes = {word: lane for lane, word in self.codes.forms.lanes.items()}
        found, lane = [], "happened"
        for part in split(self.text(cells, "Contexts"), self.missing):
            if part and part.casefold() in lanes:
                lane = lanes[part.casefold()]
            elif part:
                try:
                    found.append(self.codes.ontology.context(part))
                except UnknownName:
                    continue  # it stays among the original values
        return list(dict.fromkeys(found)), lane

    def _parties(self, cells: Cells, side: str, when: Any) -> list[Party]:
        lists = [split(self.text(cells, column.format(side)), self.missing) for column in _SIDE]
        if max(len(lists[place]) for place in (0, 1, 2, 6)) == 1:
            lists[4] = ["|".join(part or "" for part in lists[4])]  # all sectors are those of the only party
        found = []
        for name, country, cow, primary, sectors, _, raw, _ in aligned(lists):
            words = [word for cell in (primary, sectors) for word in (cell or "").replace(",", "|").split("|")]
            known = [sector for word in words if (sector := self.codes.sectors.read("polecat", word))]
            first = (country or "").split("|")[0].strip()
            iso = self.parties.country(first, when) if first else None
            if not first and cow and cow.split("|")[0].strip().isdigit():
                iso = self.codes.countries.iso("cow_number", cow.split("|")[0], when)
            if name or raw or iso or first or known:
                found.append(self.parties.party(name or raw, iso or first or None, known, when))
        return found

    def _place(self, cells: Cells) -> Event | None:
        city, province, country = (self.text(cells, column) for column in ("City", "Province", "Country"))
        name = self.text(cells, "Placename") or city or province
        feature = (self.text(cells, "Feature Type") or "").upper()
        told = next((kind.precision for kind in self.codes.forms.features if feature.startswith(kind.begins)), "site" if feature else None)
        guess = "city" if city else "region" if province else "country" if country else "unknown"
        iso = (self.parties.country(country, None) or country) if country else None
        where = point(real(self.text(cells, "Latitude"), "Latitude"), real(self.text(cells, "Longitude"), "Longitude"))
        geonames = whole(self.text(cells, "GeoNames ID"), "GeoNames ID")
        return place_of(name, iso, province, where, geonames=geonames, precision=told or guess)
