"""Claims of one event made ready for voting: who says it, when, from which origin; and votes in which a text counts once.

However often a text is reprinted, its family has one vote. A family whose copies differ (one paper changed a figure) shares its vote out
among its values. Sums are exact (`fsum`), so that the order of claims changes no result.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from datetime import date, datetime
from math import fsum
from typing import Any, NamedTuple, TypeVar

from .origins import voice_of
from .value_rules import ValueRules

V = TypeVar("V", bound=Hashable)
Claim = Mapping[str, Any]
Root = Callable[[Mapping[str, Any]], str]
# Columns that the values of an event are worked out from: of CLAIMS, then of FAMILIES.
COLUMNS = (
    "id article event mode context status quad score confidence actor recipient date date_end date_precision date_text place quantities "
    "voice published recorded".split()
)
FAMILY_COLUMNS = ("family", "keys", "source")


class Told(NamedTuple):
    """One claim with what its article adds. `family`: the text that it comes from; `speaker`: root of the party that speaks, or ""."""

    row: Claim
    id: str
    family: str
    voice: str
    kind: str
    speaker: str
    said: date | None
    contrary: bool


def root_of(mention: Mapping[str, Any], rules: ValueRules) -> str:
    """The party that answers for a mention: its `root` where the fold has put one, else by id, country and sectors; "" for an open one."""
    given = mention.get("root")
    if given is not None:
        return str(given)
    name, country, sectors = mention["id"], mention["country"], mention["sector"] or ()
    if name is not None and name != country:
        return str(name)
    if not country:
        return ""
    if not sectors or not rules.state.isdisjoint(sectors):
        return str(country) if name or sectors else ""
    return f"{country}:{sectors[0]}"


def told_of(claims: Iterable[Claim], root: Root, known_at: date | None = None, recorded_at: datetime | None = None) -> list[Told]:
    """The claims in order of publication, without those published after `known_at` or stored after `recorded_at`, and each once."""
    kept: dict[str, Told] = {}
    for row in claims:
        said = row["published"]
        if known_at is not None and (said is None or said > known_at):
            continue
        recorded = row.get("recorded")
        if recorded_at is not None and (recorded is None or recorded > recorded_at):
            continue
        kept[row["id"]] = one_told(row, root)
    return sorted(kept.values(), key=_order)


def one_told(row: Claim, root: Root) -> Told:
    """One claim made ready."""
    voice = row["voice"]
    family = row.get("family") or row["article"]
    speaker = voice["speaker"] if voice else None
    kind = voice["kind"] if voice else "outlet"
    part = row.get("part")
    contrary = part == "contrary" if part else row["status"] == "negated" or bool(voice and voice["stance"] == "denies")
    who = root(speaker) if speaker and kind == "speaker" else ""
    return Told(row, row["id"], family, voice_of(voice, family, row.get("source") or family), kind, who, row["published"], contrary)


def _order(told: Told) -> tuple[date, str]:
    return told.said or date.max, told.id


def tally(votes: Iterable[tuple[str, V, float]]) -> dict[V, float]:
    """Weight of each value from votes (family, value, weight): per family the best weight of each value, shared among its values."""
    families: defaultdict[str, dict[V, float]] = defaultdict(dict)
    for family, value, weight in votes:
        own = families[family]
        own[value] = max(weight, own.get(value, 0.0))
    parts: defaultdict[V, list[float]] = defaultdict(list)
    for own in families.values():
        for value, weight in own.items():
            parts[value].append(weight / len(own))
    return {value: fsum(weights) for value, weights in parts.items()}


class Said(NamedTuple):
    """What one claim gives to one field, ready to become a row of VARIANTS; `unit`: of a toll, whom it counts."""

    told: Told
    field: str
    value: str
    low: int | None = None
    high: int | None = None
    unit: str | None = None
    precision: str | None = None
    best: int | None = None


Saying = tuple[Said, str, "str | None"]  # with its standing, and the claim that it replaces


def standing_of(sayings: Iterable[Said], single: frozenset[str]) -> list[Saying]:
    """Each value once per voice and family, by its earliest claim, with its standing (stands, superseded, contrary) and what it replaces.

    In fields of `single`, what a voice said last stands, and whatever else it said before is superseded. Nobody supersedes another voice.
    Sayings come in order of publication; those of unknown days supersede nothing and are not superseded.
    """
    first: dict[tuple[Any, ...], Said] = {}
    for said in sayings:
        told = said.told
        first.setdefault((said.field, said.value, told.voice, told.family, said.unit), said)
    lines: dict[tuple[Any, ...], list[Said]] = {}
    for said in first.values():
        if said.field in single and not said.told.contrary and said.told.said is not None:
            lines.setdefault((said.field, said.unit, said.told.voice), []).append(said)
    superseded: set[int] = set()
    replaces: dict[int, str] = {}
    for line in lines.values():
        if len(line) > 1:
            _supersede(line, superseded, replaces)
    return [
        (said, "contrary" if said.told.contrary else "superseded" if id(said) in superseded else "stands", replaces.get(id(said)))
        for said in first.values()
    ]


def standing_of_one(sayings: Sequence[Said]) -> list[Saying]:
    """The same for the sayings of a single claim, which supersede nothing."""
    if not sayings:
        return []
    standing = "contrary" if sayings[0].told.contrary else "stands"
    first = {(said.field, said.value, said.unit): said for said in reversed(sayings)}
    return [(said, standing, None) for said in (sayings if len(first) == len(sayings) else reversed(first.values()))]


def _supersede(line: list[Said], superseded: set[int], replaces: dict[int, str]) -> None:
    """Notes what one voice superseded in what it said, in order, of one field."""
    last = line[-1].told.said
    final = {said.value for said in line if said.told.said == last}
    before: Said | None = None  # the last one of an earlier day
    previous = line[0]
    for said in line:
        if previous.told.said != said.told.said:
            before = previous
        if before is not None and before.value != said.value:
            replaces[id(said)] = before.told.id
        if said.value not in final:
            superseded.add(id(said))
        previous = said


def rows_of(event: str, sayings: Iterable[Saying]) -> list[tuple[Any, ...]]:
    """Rows of VARIANTS, as tuples in the order of its columns."""
    rows = []
    for (told, name, value, low, high, unit, precision, _), standing, replaced in sayings:
        rows.append((event, name, value, low, high, unit, precision, told.id, told.voice, told.kind, told.family, told.said,
                     told.row.get("recorded"), replaced, standing))
    return rows
