"""The signed network of a store through its periods: which actors it shows, where they stand, what the ties of one period are.

Places come from all events of all times, so that they stay where they are from period to period; ties, blocs and triads are those of
`relations.signed` and `relations.blocs` at the end of a period. All of it is worked out once for each state of the store.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ...relations.blocs import Balance, Blocs, Move, balance, blocs, moves
from ...relations.constants import load_rules
from ...relations.signed import Network, weighed
from ..reading import Reading
from .draw.layout import Floats, positions, wished
from .format import MONTHS

MOST_ACTORS = 32
GRAINS = ("month", "quarter", "year")
MOST_PERIODS = {"month": 36, "quarter": 40, "year": 60}
_COLUMNS = ["event", "source", "target", "date", "date_end", "score", "confidence", "quad", "lane", "vague", "origins"]
_COUNTED = "lane = 'happened' AND NOT coalesce(vague, false) AND source <> '' AND target <> '' AND source <> target"
_PAIRED = f"""SELECT least(source, target) AS a, greatest(source, target) AS b, count(DISTINCT event) AS n,
count(DISTINCT event) FILTER (quad LIKE '%cooperation') AS coop, count(DISTINCT event) FILTER (quad LIKE '%conflict') AS conf
FROM pairs WHERE {_COUNTED} AND date IS NOT NULL GROUP BY 1, 2 ORDER BY n DESC, a, b"""


@dataclass(frozen=True, slots=True, eq=False)
class Cast:
    """The actors of the network, those with most events first, with their events and places in a unit square. `left`: how many more there
    are; `first` and `last`: days between which events are known."""

    actors: tuple[str, ...]
    events: tuple[int, ...]
    places: Floats
    left: int
    first: date | None
    last: date | None


@dataclass(frozen=True, slots=True)
class Period:
    """A month, quarter or year. `key`: as addresses have it; `end`: its last day, or the last that is known."""

    key: str
    told: str
    begin: date
    end: date


@dataclass(frozen=True, slots=True, eq=False)
class State:
    """The network at the end of a period: pairs of which enough is told, those with a sign, their blocs and triads."""

    all: Network
    sure: Network
    blocs: Blocs
    balance: Balance


def cast(reading: Reading) -> Cast:
    """The actors of a store's network."""
    return reading.common("network cast", lambda: _cast(reading))


def _cast(reading: Reading) -> Cast:
    rows = reading.rows(_PAIRED)
    events: dict[str, int] = {}
    for row in rows:
        for name in (row["a"], row["b"]):
            events[name] = events.get(name, 0) + row["n"]
    order = sorted(events, key=lambda name: (-events[name], name))
    chosen = order[:MOST_ACTORS]
    place = {name: number for number, name in enumerate(chosen)}
    cooperation, conflict = np.zeros((len(chosen), len(chosen))), np.zeros((len(chosen), len(chosen)))
    for row in rows:
        if row["a"] in place and row["b"] in place:
            one, other = place[row["a"]], place[row["b"]]
            cooperation[one, other] = cooperation[other, one] = row["coop"]
            conflict[one, other] = conflict[other, one] = row["conf"]
    span = reading.rows(f"SELECT min(date) AS first, max(date) AS last FROM pairs WHERE {_COUNTED}")[0]
    places = positions(*wished(cooperation, conflict))
    return Cast(tuple(chosen), tuple(events[name] for name in chosen), places, len(order) - len(chosen), span["first"], span["last"])


def periods(found: Cast, grain: str) -> list[Period]:
    """The periods of a store, oldest first; the last MOST_PERIODS of them."""
    if found.first is None or found.last is None:
        return []
    made: list[Period] = []
    day: date | None = found.last
    while day is not None and day >= found.first.replace(day=1) and len(made) < MOST_PERIODS[grain]:
        made.append(_period(day, grain, found.last))
        day = made[-1].begin - timedelta(days=1)
    return made[::-1]


def _period(day: date, grain: str, last: date) -> Period:
    if grain == "year":
        begin, end, key, told = date(day.year, 1, 1), date(day.year, 12, 31), str(day.year), str(day.year)
    else:
        length = 3 if grain == "quarter" else 1
        month = (day.month - 1) // length * length + 1
        begin = date(day.year, month, 1)
        end = date(day.year + (month + length > 12), (month + length - 1) % 12 + 1, 1) - timedelta(days=1)
        number = (month - 1) // 3 + 1
        key = f"{day.year}-Q{number}" if grain == "quarter" else f"{day.year}-{month:02}"
        told = f"{_ORDINALS[number - 1]} quarter of {day.year}" if grain == "quarter" else f"{MONTHS[month - 1]} {day.year}"
    return Period(key, told, begin, min(end, last))


_ORDINALS = ("first", "second", "third", "fourth")


def usual(found: Cast) -> str:
    """The grain that suits how long a store's events reach."""
    days = (found.last - found.first).days if found.first and found.last else 0
    return "month" if days <= 800 else "quarter" if days <= 2600 else "year"


def at(reading: Reading, day: date) -> State:
    """The network on a day among the actors that it shows."""
    return reading.common(f"network {day}", lambda: _state(reading, cast(reading).actors, day))


def around(reading: Reading, actors: Sequence[str], day: date) -> Network:
    """The ties among some actors on a day, unsure ones too."""
    return weighed(_rows(reading, actors), day, load_rules())


def moved(reading: Reading, before: date, day: date) -> list[Move]:
    """Who changed its bloc between two days."""
    older, newer = at(reading, before), at(reading, day)
    if not older.sure.edges or not newer.sure.edges:
        return []
    return moves([(older.sure, older.blocs), (newer.sure, newer.blocs)], load_rules().blocs)


def _state(reading: Reading, actors: Sequence[str], day: date) -> State:
    rules = load_rules()
    found = weighed(_rows(reading, actors), day, rules)
    sure = found.sure()
    return State(found, sure, blocs(sure, rules.blocs), balance(sure, rules.blocs))


def _rows(reading: Reading, actors: Sequence[str]) -> pa.Table:
    """Rows of PAIRS between some actors."""
    rows: Any = reading.common("pairs", lambda: reading.table("pairs", _COLUMNS))
    names = pa.array(sorted(actors), pa.string())
    return rows.filter(pc.and_(pc.is_in(rows["source"], names), pc.is_in(rows["target"], names)))
