"""What every foreign form must be able to do, and what all of them share."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from ..errors import BadRecord
from ..records import Status
from ..tables import EVENTS
from .codes import Codes
from .leaves import Event
from .parties import Parties, Party

Cells = dict[str, str]
Point = tuple[float | None, float | None]
_STATUS: dict[str, Status] = {"happened": "actual", "planned": "future", "supposed": "hypothetical", "denied": "negated"}


@dataclass(frozen=True, slots=True)
class Source:
    """The article and the sentence that an event's headline comes from."""

    claim: str | None = None
    title: str | None = None
    publisher: str | None = None
    url: str | None = None
    published: date | None = None
    sentence: str | None = None
    sentence_index: int | None = None
    start: int | None = None
    end: int | None = None
    claims: tuple[str, ...] = ()


NO_SOURCE = Source()


@dataclass(frozen=True, slots=True)
class Drafted:
    """What one row says. `key`: its own id with what makes it unique. `notes`: what is odd about it, in words that can be counted."""

    event: Event
    key: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Layout:
    """How a form's files look.

    `name`: as users call it; `dataset`: what its events are marked with when they come in, empty for our own form; `columns`: all that are
    written, of which those `wanted` must be there; `header`: the file names them; `quoted`: cells may stand in quotes; `between`: what
    parts cells; `empty`: the word for nothing; `renamed`: other names of columns.
    """

    name: str
    dataset: str
    columns: tuple[str, ...]
    wanted: tuple[str, ...] = ()
    header: bool = True
    quoted: bool = True
    between: str = "\t"
    empty: str = ""
    renamed: tuple[tuple[str, str], ...] = ()


class Form(Protocol):
    """A form of text tables."""

    layout: Layout

    def rows(self, event: Event, source: Source) -> list[list[Any]] | str:
        """The rows that tell an event, values in the order of the columns; or why there are none."""

    def read(self, cells: Cells) -> Drafted:
        """The event of a row, cells by column with apostrophes taken away. Raises BadRecord or UnknownName for a row that tells none."""

    def own_id(self, original: str) -> str | None:
        """The id of our event that a row of our own export still tells, None where the form cannot hold it."""


class Base:
    """What forms share: looking up codes and filling in what a foreign row leaves open."""

    def __init__(self, codes: Codes) -> None:
        self.codes = codes
        self.parties = Parties(codes)
        self.missing = codes.forms.missing

    def text(self, cells: Cells, column: str) -> str | None:
        """A cell's text, None where it says nothing ("NA", "NULL", "None") or is not there."""
        found = cells.get(column)
        return None if found is None or (found := found.strip()) in self.missing else found

    def needed(self, cells: Cells, column: str) -> str:
        """A cell's text. Raises BadRecord where it says nothing."""
        found = self.text(cells, column)
        if found is None:
            raise BadRecord("row", 0, f"{column} is empty", "a row needs it; complete it or leave the row out")
        return found

    def event(self, kind: tuple[str, str | None], sides: tuple[list[Party], list[Party]], day: date | None, **more: Any) -> Event:
        """A whole row of EVENTS: event and mode, actors and recipients, first day; `more`: other columns. Score and quad are PLOVER's own,
        whatever the file had, so that one index may hold all."""
        event, mode = kind
        row: Event = dict.fromkeys(EVENTS.names)
        parties = [party for side in sides for party in side]
        row |= {
            "event": event, "mode": mode, "context": [], "lane": "happened", "standing": "reported",
            "quad": self.codes.ontology.quad(event), "score": self.codes.ontology.score(event, mode),
            "actor": sides[0], "recipient": sides[1], "mutual": len(sides[0]) > 1 and not sides[1],
            "parties": sorted({party["root"] for party in parties if party["root"]}),
            "date": day, "date_precision": "day" if day else None, "date_basis": "dataset", "quantities": [], "vague": False,
        }
        return row | more

    def cameo(self, code: str) -> tuple[tuple[str, str | None], dict[str, Any], bool]:
        """What a CAMEO code tells: event and mode, other columns, whether its source is our recipient. Raises UnknownName; BadRecord for
        a code that is no event in PLOVER."""
        found = self.codes.cameo.to_plover(code)
        if found.event is None:
            raise BadRecord("row", 0, f"CAMEO {found.code} ({found.label}) is no event in PLOVER", "nothing is wrong with the row")
        lane = "planned" if found.status == "future" else "happened"
        return (found.event, found.mode), {"context": list(found.contexts), "lane": lane}, found.swap

    def told_in_cameo(self, event: Event) -> str | None:
        """The code of an event, None where none says it without saying something false."""
        kind, mode, ontology = event["event"], event["mode"] or None, self.codes.ontology
        if kind not in ontology.events or (mode and (kind, mode) not in ontology.pairs):
            return None
        return self.codes.cameo.to_cameo(kind, mode, _STATUS.get(event["lane"] or "happened", "actual")).code


def place_of(name: str | None, country: str | None, admin1: str | None, point: Point, **more: Any) -> Event | None:
    """A place, None where nothing is known of it."""
    spot = {"name": name, "country": country, "admin1": admin1, "lat": point[0], "lon": point[1], "geonames": None, "precision": "unknown"}
    spot |= more
    return spot if any(spot[part] is not None for part in ("name", "country", "admin1", "lat", "geonames")) else None


def number(*parts: object) -> int:
    """A number that stands for a text where a form wants one: below 2 to the 53, so that no reader rounds it."""
    digest = hashlib.blake2b("\x1f".join(map(str, parts)).encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "big") >> 11


def pairs(event: Event) -> list[tuple[Party | None, Party | None]]:
    """An event as ordered pairs, as older data sets have them: each actor with each recipient; of a mutual act all with all, both ways."""
    actors, others = event["actor"] or [], event["recipient"] or []
    if not others and len(actors) > 1:
        return [(one, other) for one in actors for other in actors if one is not other]
    return [(one, other) for one in actors or [None] for other in others or [None] if one or other]
