"""UCDP's Georeferenced Event Dataset: CSV with a header of 49 columns. Read only: its rows count deaths, which no other form here holds."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from ..errors import BadRecord
from .cells import day, point, real, whole
from .codes import Codes
from .forms import Base, Cells, Drafted, Layout, Source, place_of
from .leaves import Event
from .parties import Party

_COLUMNS = tuple((
    "id relid year active_year code_status type_of_violence conflict_dset_id conflict_new_id conflict_name "
    "dyad_dset_id dyad_new_id dyad_name side_a_dset_id side_a_new_id side_a side_b_dset_id side_b_new_id side_b "
    "number_of_sources source_article source_office source_date source_headline source_original where_prec "
    "where_coordinates where_description adm_1 adm_2 latitude longitude geom_wkt priogrid_gid country country_id "
    "region event_clarity date_prec date_start date_end deaths_a deaths_b deaths_civilians deaths_unknown best high "
    "low gwnoa gwnob"
).split())
_RELEASE = re.compile(r"(\d{2}(?:[._]\d{1,2}){1,3}|\d{3})")


class Ucdp(Base):
    """The form of GED 17 and later, and of its candidate releases. `release` tells rows of two releases apart, which reuse ids."""

    layout: Layout = Layout("ucdp", "ucdp-ged", _COLUMNS, wanted=_COLUMNS, between=",")

    def __init__(self, codes: Codes, release: str = "") -> None:
        super().__init__(codes)
        self._release = release

    def rows(self, event: Event, source: Source) -> list[list[Any]] | str:
        """None: this form is only read."""
        return "UCDP GED is only read"

    def own_id(self, original: str) -> str | None:
        """None: this form is only read."""
        return None

    def read(self, cells: Cells) -> Drafted:
        """One row. Where the day or the incident is not told apart (date_prec from 4 on, event_clarity 2), it is an interval and vague."""
        start, end = (day(self.needed(cells, column), column) for column in ("date_start", "date_end"))
        if end < start:
            raise BadRecord("row", 0, f"date_end {end} is before date_start {start}", "correct the row")
        kind, exact = self.needed(cells, "type_of_violence"), self.needed(cells, "date_prec")
        if exact not in self.codes.forms.ucdp_dates:
            raise BadRecord("row", 0, f"date_prec {exact!r} is none of 1 to 5", "correct the row")
        several = int(exact) >= self.codes.forms.ucdp_vague_from or self.text(cells, "event_clarity") == "2"
        precision = self.codes.forms.ucdp_dates[exact]
        if end > start and precision == "day":
            precision = "range"
        sources = self._count(cells, "number_of_sources")
        event = self.event(
            ("ASSAULT", None), self._sides(cells, kind), start, date_end=end if end > start else None, date_precision=precision,
            vague=several, place=self._place(cells), quantities=self._deaths(cells), headline=self.text(cells, "dyad_name"),
            articles=sources, origins_high=sources,
        )
        parts = [self._count(cells, f"deaths_{side}") or 0 for side in ("a", "b", "civilians", "unknown")]
        notes = ("best is not the sum of the deaths of the sides",) if sum(parts) != (self._count(cells, "best") or 0) else ()
        return Drafted(event, f"{self._release}|{self.needed(cells, 'id')}", notes)

    def _count(self, cells: Cells, column: str) -> int | None:
        """A count, None for -1, which stands for "not recorded"."""
        found = whole(self.text(cells, column), column)
        return None if found is None or found < 0 else found

    def _sides(self, cells: Cells, kind: str) -> tuple[list[Party], list[Party]]:
        """Fighting: both sides act. One-sided violence: side a acts on civilians of the country."""
        if kind not in {"1", "2", "3"}:
            raise BadRecord("row", 0, f"type_of_violence {kind!r} is none of 1, 2, 3", "correct the row")
        first = self._side(cells, "side_a", "gwnoa")
        if kind != "3":
            return [first, self._side(cells, "side_b", "gwnob")], []
        day_ = day(self.needed(cells, "date_start"), "date_start")
        iso = self.codes.countries.iso("gw", self.text(cells, "country_id") or "", day_)
        return [first], [self.parties.party("civilians", iso, ["CVL"], day_)]

    def _side(self, cells: Cells, side: str, state: str) -> Party:
        when = day(self.needed(cells, "date_start"), "date_start")
        name = self.needed(cells, side)
        of_state = next((name.removeprefix(word) for word in self.codes.forms.ucdp_government if name.startswith(word)), None)
        number = whole(self.text(cells, state), state) if (self.text(cells, state) or "").replace(".", "").isdigit() else None
        iso = self.codes.countries.iso("gw", str(number), when) if number else None
        if of_state is not None:
            return self.parties.party(name, iso or self.parties.country(of_state, when), ["GOV"], when)
        found = self.parties.group(name, when)
        home = self.codes.countries.iso("gw", self.text(cells, "country_id") or "", when)
        sector = "REB" if self.text(cells, "type_of_violence") == "1" else "UAF"
        return self.parties.party(name, home if found is None else None, [] if found else [sector], when)

    def _deaths(self, cells: Cells) -> list[dict[str, Any]]:
        """All deaths with their bounds, then those of each side. In the file the bounds stand in the order best, high, low."""
        best, high, low = (self._count(cells, column) for column in ("best", "high", "low"))
        if None not in {low, best, high} and not (low <= best <= high):  # type: ignore[operator]
            raise BadRecord("row", 0, f"low {low}, best {best}, high {high} are not in order", "are the columns shifted?")
        found = [{"kind": "killed", "low": low, "best": best, "high": high, "of": None}]
        sides = (("deaths_a", self.text(cells, "side_a")), ("deaths_b", self.text(cells, "side_b")), ("deaths_civilians", "civilians"),
                 ("deaths_unknown", "unknown"))
        for column, of in sides:
            count = self._count(cells, column)
            if count:
                found.append({"kind": "killed", "low": count, "best": count, "high": count, "of": of})
        return found

    def _place(self, cells: Cells) -> Event | None:
        """Where. From where_prec 4 on the point is the middle of an area, and is left out."""
        exact = self.needed(cells, "where_prec")
        if exact not in self.codes.forms.ucdp_places:
            raise BadRecord("row", 0, f"where_prec {exact!r} is none of 1 to 7", "correct the row")
        precision = self.codes.forms.ucdp_places[exact]
        where = point(real(self.text(cells, "latitude"), "latitude"), real(self.text(cells, "longitude"), "longitude"))
        area = int(exact) >= self.codes.forms.ucdp_vague_from
        iso = self.codes.countries.iso("gw", self.text(cells, "country_id") or "", day(self.needed(cells, "date_start"), "date_start"))
        admin1 = self.text(cells, "adm_1")
        name = {"country": self.text(cells, "country"), "region": self.text(cells, "adm_2") if exact == "3" else admin1}.get(precision)
        return place_of(name or self.text(cells, "where_coordinates"), iso, admin1, (None, None) if area else where, precision=precision)


def release_of(path: str | Path) -> str:
    """The release that a file's name tells ("GEDEvent_v24_1.csv" → "24.1"), else the name without its endings."""
    name = Path(path).name.split(":")[-1]
    stem = name.split(".csv")[0].split(".zip")[0]
    found = _RELEASE.search(stem)
    return found.group(1).replace("_", ".") if found else stem
