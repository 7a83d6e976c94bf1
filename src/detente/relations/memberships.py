"""Memberships: what the knowledge holds and what articles tell, dated, side by side. A claim never overwrites the dated table."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from ..store.plain import records

# Columns of FACTS that memberships are worked out from.
COLUMNS = tuple("id ledger holder object value lane source note from_low from_high to_low said".split())
# What a standing is compatible with: the table's word for a dialogue partner covers looser words of the press.
SAME = {"joined": "member", "associate": "partner"}


@dataclass(frozen=True, slots=True)
class Belonging:
    """What `member` is in `body`: `value` from `since` to `until` (None: not known or still so).

    `known`: whether the knowledge says so; `facts`: ids of the facts of articles that say so; `disputed_by`: ids of those that contradict
    it. `lane`: happened, or planned for what is only wished for.
    """

    member: str
    body: str
    value: str
    since: date | None
    until: date | None
    known: bool
    lane: str
    facts: tuple[str, ...]
    disputed_by: tuple[str, ...]
    note: str = ""

    def held(self, day: date) -> bool:
        """Whether it was so on a day, as far as is known."""
        return self.lane == "happened" and (self.since is None or self.since <= day) and (self.until is None or day <= self.until)


def standings(facts: pa.Table, known_at: date | None = None) -> tuple[Belonging, ...]:
    """All standings that FACTS rows of the ledger "member" tell, those of the knowledge included, in order of member, body and time."""
    groups: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for row in records(facts.select(COLUMNS).filter(pc.equal(facts["ledger"], "member"))):
        if known_at is None or row["said"] is None or row["said"] <= known_at:
            groups[row["holder"], row["object"]].append(row)
    result: list[Belonging] = []
    for (member, body), rows in sorted(groups.items()):
        result += _of_pair(member, body, rows)
    return tuple(result)


def _of_pair(member: str, body: str, rows: list[dict[str, Any]]) -> list[Belonging]:
    known = [row for row in rows if row["source"] == "knowledge"]
    told = sorted((row for row in rows if row["source"] != "knowledge"), key=lambda row: (row["said"] or date.max, row["id"]))
    result = []
    for row in sorted(known, key=lambda row: (row["from_high"] or date.min, row["value"])):
        during = [t for t in told if t["lane"] == "happened" and _inside(t, row)]
        agree = tuple(t["id"] for t in during if _same(t["value"], row["value"]))
        against = tuple(t["id"] for t in during if not _same(t["value"], row["value"]))
        result.append(Belonging(member, body, row["value"], row["from_high"], row["to_low"], True, "happened", agree, against, row["note"]))
    agreed = {ident for standing in result for ident in standing.facts}
    loose: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for row in told:
        if row["id"] not in agreed:
            loose[row["value"], row["lane"]].append(row)
    for (value, lane), same in sorted(loose.items()):
        since = [row["from_low"] for row in same if row["from_low"]]
        ids = {row["id"] for row in same}
        against = tuple(f"knowledge: {s.value}" for s in result if s.known and not ids.isdisjoint(s.disputed_by))
        result.append(Belonging(member, body, value, min(since, default=None), None, False, lane, tuple(r["id"] for r in same), against))
    return result


def _inside(told: dict[str, Any], held: dict[str, Any]) -> bool:
    day = told["from_high"] or told["said"]
    if day is None:
        return True
    return (held["from_high"] is None or held["from_high"] <= day) and (held["to_low"] is None or day <= held["to_low"])


def _same(one: str, two: str) -> bool:
    return SAME.get(one, one) == SAME.get(two, two)
