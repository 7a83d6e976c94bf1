"""Who is meant by the names, codes and sectors of foreign data, as parties of our events."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from ..knowledge.actors import Actor, choose
from .codes import Codes

Party = dict[str, Any]
_MOST = 200_000  # parties kept: names of people in millions of rows would fill the memory


class Parties:
    """Makes parties; what a name stands for is looked up once a year of data. A party that comes again is the same object."""

    def __init__(self, codes: Codes) -> None:
        self._codes = codes
        self._rules = codes.rules
        self._known: dict[tuple[str, int | None], Actor | None] = {}
        self._made: dict[tuple[str | None, str | None, tuple[str, ...], int | None], Party] = {}

    def party(self, name: str | None, country: str | None, sectors: Iterable[str], day: date | None = None) -> Party:
        """A party. `name`: a group that the registry knows becomes that group. `country`: ISO code. `sectors`: PLOVER's.

        A country with no sector, or with that of a state's organ, is the state; with others ("rebels") it has no id. The root is that of
        the fold: the state of an organ, the group itself, "ISO:SECTOR" for rebels, so that they are not taken for the state they fight.
        """
        key = (name, country, tuple(sectors), day.year if day else None)
        if (found := self._made.get(key)) is None:
            if len(self._made) >= _MOST:
                self._made.clear()
            found = self._made[key] = self._party(name, country, list(dict.fromkeys(key[2])), day)
        return found

    def _party(self, name: str | None, country: str | None, sectors: list[str], day: date | None) -> Party:
        group = self.group(name, day) if name else None
        if group:
            country, sectors = group.country or country, sectors or list(group.sector)
        states = self._codes.countries.by_iso
        organs = self._codes.forms.state_sectors
        own = country if country in states and (not sectors or any(sector in organs for sector in sectors)) else None
        ident = group.id if group else own
        known = states.get(country or "")
        root = self._rules.party(ident, country, tuple(sectors)).root if ident or known else ""
        return {
            "id": ident, "name": name or (self.label(known.iso) if known and not sectors else None), "country": country, "sector": sectors,
            "root": root, "articles": None, "origins": None, "contested": False,
        }

    def label(self, iso: str) -> str:
        """The English name of a country."""
        actor = self._codes.registry.actors.get(iso)
        return actor.name if actor else self._codes.countries.by_iso[iso].names[0]

    def group(self, name: str, day: date | None) -> Actor | None:
        """The organisation or group of this name on a day, in any case of letters; None for all others, states and persons among them."""
        key = (name, day.year if day else None)
        if key not in self._known:
            self._known[key] = self._look_up(name, day)
        return self._known[key]

    def country(self, name: str, day: date | None) -> str | None:
        """The ISO code of the state of this name or code on a day."""
        found = self._codes.countries.read(name, day)
        if found is None:
            known = [naming for naming in self._codes.registry.names.exact(name) if naming.actor and naming.actor.kind == "state"]
            found = known[0].actor.country if known and known[0].actor else None
        return found

    def _look_up(self, name: str, day: date | None) -> Actor | None:
        names = self._codes.registry.names
        for form in dict.fromkeys((name, name.title(), name.upper())):
            namings = names.exact(form)
            if namings:
                meant = choose(namings, day)
                known = meant.actor if meant.kind == "name" else None
                return known if known and known.id not in self._codes.countries.by_iso else None
        return None
