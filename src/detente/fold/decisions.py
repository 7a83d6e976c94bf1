"""What people have decided: which mentions are one event, which are not, which values hold, what does not count. Undone by a later row.

In: rows of DECISIONS and the mentions there are. Out: `Ruling`. Among decisions that contradict each other the latest holds (by moment,
then id); those that lose, and those whose mentions are gone, are listed, never dropped in silence. What was put together and later lost
a member stays together without it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

import pyarrow as pa

from .mentions import rebound

_FIRST = datetime(1, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Value:
    """A field of an event set by hand; the event is the one that holds the first of the mentions."""

    decision: str
    mentions: tuple[str, ...]
    field: str
    value: str


@dataclass(slots=True)
class Ruling:
    """Decisions in force, bound to the mentions of today. `same`: what of each decision is still together, more than one group where
    later decisions part it; `different`: for each decision its groups (colours).

    `lost`: contradicted by later ones; `orphaned`: some or all of their mentions are gone.
    """

    same: dict[str, tuple[tuple[str, ...], ...]] = field(default_factory=dict)
    different: dict[str, tuple[tuple[str, ...], ...]] = field(default_factory=dict)
    values: list[Value] = field(default_factory=list)
    rejected: set[str] = field(default_factory=set)  # mentions
    rejected_events: dict[str, tuple[str, ...]] = field(default_factory=dict)
    retracted: set[str] = field(default_factory=set)  # articles
    confirmed: dict[str, tuple[str, ...]] = field(default_factory=dict)
    lost: list[str] = field(default_factory=list)
    orphaned: list[str] = field(default_factory=list)

    def tied(self) -> list[tuple[str, ...]]:
        """The groups of mentions that are one event."""
        return [group for groups in self.same.values() for group in groups]

    def named(self) -> dict[str, set[str]]:
        """The ids of decisions that name each mention."""
        found: dict[str, set[str]] = {}
        listed: list[tuple[str, Iterable[str]]] = [*self.rejected_events.items(), *self.confirmed.items()]
        listed += [(name, group) for side in (self.same, self.different) for name, groups in side.items() for group in groups]
        listed += [(value.decision, value.mentions) for value in self.values]
        for name, group in listed:
            for mention in group:
                found.setdefault(mention, set()).add(name)
        return found


def stands(rows: list[dict[str, Any]]) -> list[bool]:
    """For each whether no standing revocation names it. Of decisions that revoke one another in a ring, which only tables made by hand
    can hold, none stands."""
    known = {row["id"] for row in rows}
    waiting = dict.fromkeys(known, 0)  # revocations of each that are not settled yet
    for row in rows:
        if row["revokes"] in known:
            waiting[row["revokes"]] += 1
    target = {row["id"]: row["revokes"] for row in rows if row["revokes"] in known}
    stands = dict.fromkeys(known, True)
    settled = [key for key, count in waiting.items() if not count]
    for key in settled:  # grows while it is gone through
        if key in target:
            stands[target[key]] = stands[target[key]] and not stands[key]
            waiting[target[key]] -= 1
            settled += [target[key]] if not waiting[target[key]] else []
    return [stands[row["id"]] and not waiting[row["id"]] for row in rows]


def in_force(decisions: pa.Table) -> list[dict[str, Any]]:
    """Decisions that no decision in force revokes, the latest first."""
    rows = list({row["id"]: row for row in decisions.to_pylist()}.values())
    kept = [row for row, keep in zip(rows, stands(rows), strict=True) if keep and row["kind"] != "revoke"]
    return sorted(kept, key=lambda row: (row["made_at"] or _FIRST, row["id"]), reverse=True)


def retracted(decisions: pa.Table) -> set[str]:
    """Articles that do not count: the groups of a decision to retract."""
    rows = (row for row in in_force(decisions) if row["kind"] == "retract")
    return {name for row in rows for group in row["groups"] or () for name in group}


def ruling(decisions: pa.Table, mentions: Sequence[str]) -> Ruling:
    """What holds for these mentions. Ids of articles may stand where `retract` and mentions where the other kinds name what they are
    about."""
    result = Ruling(retracted=retracted(decisions))
    rows = [row for row in in_force(decisions) if row["kind"] != "retract"]
    if not rows:
        return result
    bound = rebound({name for row in rows for group in row["groups"] or () for name in group}, mentions)
    ties = _Ties()
    fields: set[tuple[str, str]] = set()
    for row in rows:
        asked = [tuple(dict.fromkeys(group)) for group in row["groups"] or ()]
        groups = [tuple(sorted({bound[name] for name in group if name in bound})) for group in asked]
        if any(name not in bound for group in asked for name in group):
            result.orphaned.append(row["id"])
        groups = [group for group in groups if group]
        if groups and not _take(row, groups, result, ties, fields):
            result.lost.append(row["id"])
    result.lost.sort()
    result.orphaned.sort()
    return result


def _readable(field: str, value: str) -> bool:
    """Whether a value set by hand can be what its field holds: decisions also come by import, where nobody checked them."""
    if field not in {"date", "date_end"} or not value:
        return True
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


def _take(row: dict[str, Any], groups: list[tuple[str, ...]], result: Ruling, ties: _Ties, fields: set[tuple[str, str]]) -> bool:
    """Takes a decision in; False where a later one contradicts it or its value cannot be read."""
    whole = tuple(sorted({name for group in groups for name in group}))
    match row["kind"]:
        case "same":
            if not (together := ties.join(whole)):
                return False
            result.same[row["id"]] = together
        case "different":
            if len(groups) > 1 and not ties.part(groups):
                return False
            result.different[row["id"]] = tuple(groups)
        case "value":
            if (whole[0], row["field"] or "") in fields or not _readable(row["field"] or "", row["value"] or ""):
                return False
            fields.add((whole[0], row["field"] or ""))
            result.values.append(Value(row["id"], groups[0], row["field"] or "", row["value"] or ""))
        case "reject_claim":
            result.rejected |= set(whole)
        case "reject_event":
            result.rejected_events[row["id"]] = whole
        case "confirm":
            result.confirmed[row["id"]] = whole
        case _:
            return False
    return True


class _Ties:
    """Mentions that are one event, and pairs that are not, as taken so far."""

    def __init__(self) -> None:
        self._head: dict[str, str] = {}
        self._apart: list[tuple[str, str]] = []

    def head(self, name: str) -> str:
        """The one that stands for all that a mention is tied to."""
        while (above := self._head.get(name, name)) != name:
            self._head[name] = self._head.get(above, above)
            name = above
        return name

    def join(self, names: Sequence[str]) -> tuple[tuple[str, ...], ...]:
        """Ties mentions together, save those that are apart; the groups that come of it.

        Those that are parted from the same others stay together, so that an event from which one report was taken out keeps its rest. A
        mention alone is no group, unless it was named alone.
        """
        heads = {self.head(name) for name in names}
        against: dict[str, set[str]] = {head: set() for head in heads}
        for pair in self._apart:
            one, other = self.head(pair[0]), self.head(pair[1])
            if one in heads and other in heads:
                against[one].add(other)
                against[other].add(one)
        sides: dict[frozenset[str], list[str]] = {}
        for name in names:
            sides.setdefault(frozenset(against[self.head(name)]), []).append(name)
        groups = tuple(tuple(side) for side in sides.values() if len(side) > 1 or len(names) == 1)
        for group in groups:
            first = min(self.head(name) for name in group)
            for name in group:
                self._head[self.head(name)] = first
        return groups

    def part(self, groups: Sequence[tuple[str, ...]]) -> bool:
        """Keeps groups apart, if no two of them are tied."""
        heads = [{self.head(name) for name in group} for group in groups]
        for number, one in enumerate(heads):
            if any(one & other for other in heads[number + 1 :]):
                return False
        pairs = [(a, b) for n, one in enumerate(groups) for other in groups[n + 1 :] for a in one for b in other]
        self._apart += pairs
        return True
