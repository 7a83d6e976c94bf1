"""Codes of countries in the systems that event data use, read from data/exchange/countries.tsv.

ISO 3166-1 alpha-3 (with PLOVER's own), FIPS 10-4, numbers and letters of Correlates of War, numbers of Gleditsch and Ward, CAMEO's letters.
A code may have stood for one state first and for another later: every look-up takes the day.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from ..errors import KnowledgeError
from ..knowledge.files import Row, read_table

FILE = Path(__file__).parent.parent / "data" / "exchange" / "countries.tsv"
COLUMNS = ("iso", "names", "fips", "cow_number", "cow_letters", "gw", "cameo", "valid_from", "valid_to", "source")
SYSTEMS = ("names", "fips", "cow_number", "cow_letters", "gw", "cameo")


@dataclass(frozen=True, slots=True)
class Country:
    """One country. Each system's codes stand in order: the first is the one that is written, all are read."""

    iso: str
    names: tuple[str, ...]
    fips: tuple[str, ...]
    cow_number: tuple[str, ...]
    cow_letters: tuple[str, ...]
    gw: tuple[str, ...]
    cameo: tuple[str, ...]
    valid_from: date | None
    valid_to: date | None

    def codes(self, system: str) -> tuple[str, ...]:
        """All codes of this country in one of SYSTEMS."""
        found: tuple[str, ...] = getattr(self, system)
        return found

    def holds(self, day: date | None) -> bool:
        """Whether the state was there on a day; without a day, whether it is there now."""
        if day is None:
            return self.valid_to is None
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day < self.valid_to)


class Countries:
    """Look-ups in both directions. `by_iso`: all by their ISO code."""

    def __init__(self, path: Path = FILE) -> None:
        """Raises KnowledgeError where the table breaks its rules: a code that is doubled at one time, not of its system's form."""
        self.by_iso: dict[str, Country] = {}
        self._of: dict[tuple[str, str], list[Country]] = {}
        for row in read_table(path, COLUMNS):
            self._add(row)
        for found in self._of.values():
            # A state that has ended is meant before the one that goes on: its days are fewer.
            found.sort(key=lambda country: country.valid_to or date.max)

    def _add(self, row: Row) -> None:
        codes = {system: row.many(system) for system in SYSTEMS}
        country = Country(row["iso"], **codes, valid_from=row.day("valid_from"), valid_to=row.day("valid_to"))
        if len(country.iso) != 3 or not country.iso.isupper() or country.iso in self.by_iso or not country.names:
            raise row.error(f"iso {country.iso!r}", "three capitals that no other row has, and a name")
        self.by_iso[country.iso] = country
        for system in SYSTEMS:
            for code in country.codes(system):
                self._refuse_form(row, system, code)
                known = self._of.setdefault((system, code.casefold()), [])
                if any(other.valid_to is None and country.valid_to is None for other in known):
                    raise row.error(f"{system} {code!r}, which {known[0].iso} has too", "one country for one code at one time")
                known.append(country)

    def _refuse_form(self, row: Row, system: str, code: str) -> None:
        form = {
            "fips": len(code) == 2 and code.isalnum(), "cow_number": code.isdigit(), "gw": code.isdigit(),
            "cow_letters": len(code) == 3 and code.isupper(), "cameo": len(code) == 3 and code.isupper(),
        }
        if not form.get(system, True):
            raise row.error(f"{system} {code!r}", "two letters (fips), a number (cow_number, gw) or three capitals (cow_letters, cameo)")

    def iso(self, system: str, code: str, day: date | None = None) -> str | None:
        """The ISO code behind another system's code (or an English name) on a day; None for a code that the table lacks."""
        known = self._of.get((system, code.strip().casefold()), ())
        if len(known) == 1:
            return known[0].iso
        found = next((country for country in known if country.holds(day)), None) or (known[-1] if known else None)
        return found.iso if found else None

    def code(self, iso: str | None, system: str) -> str | None:
        """Another system's code of a country; None where that system, or the table, has none."""
        country = self.by_iso.get(iso or "")
        codes = country.codes(system) if country else ()
        return codes[0] if codes else None

    def read(self, text: str, day: date | None = None) -> str | None:
        """The ISO code behind a cell that holds an ISO code or an English name, as users' files mix them."""
        text = text.strip()
        return text if text in self.by_iso else self.iso("names", text, day)


def load_countries(path: Path = FILE) -> Countries:
    """The shipped table, or another of its form. Raises KnowledgeError."""
    if not path.is_file():
        raise KnowledgeError(path, 0, "no file", "the table of country codes", "install Détente again")
    return Countries(path)
