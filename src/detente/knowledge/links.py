"""Dated links between groups: renamings, mergers, splits, parts; under which id a group goes on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from .actors import EXPLAIN
from .files import Row, read_table

LINK_COLUMNS = ("from", "to", "kind", "date", "date_to", "source", "note")
# renamed, merged, absorbed: the first goes on as the second; split: the second came out of the first; the others hold for a period.
KINDS = ("renamed", "merged", "absorbed", "split", "joined", "part-of", "front-of", "allied")
GOES_ON = frozenset({"renamed", "merged", "absorbed"})
LINEAGE = GOES_ON | {"split"}


@dataclass(frozen=True, slots=True)
class Link:
    """What became of `before`, or what it belongs to: `after`, since a day (None: not known), for periods until a day."""

    before: str
    after: str
    kind: str
    since: date | None
    until: date | None
    note: str = ""


class Links:
    """All links, by either end."""

    def __init__(self) -> None:
        self.all: list[Link] = []
        self._by_actor: dict[str, list[Link]] = defaultdict(list)
        self._lines: dict[tuple[str, str, str], Row] = {}

    def load(self, path: Path, known: Collection[str]) -> None:
        """Reads links.tsv. Raises KnowledgeError for an unknown id or kind, a link to itself, a reversed period, a doubled row."""
        for row in read_table(path, LINK_COLUMNS):
            before, after, kind = row["from"], row["to"], row["kind"]
            for actor in (before, after):
                if actor not in known:
                    raise row.error(f"actor {actor!r}", "the id of a known actor", "add the actor first or correct the id")
            if kind not in KINDS:
                raise row.error(f"kind {kind!r}", f"one of {', '.join(KINDS)}")
            if before == after:
                raise row.error(f"a link of {before} to itself", "two actors")
            if other := self._lines.get((before, after, kind)):
                raise row.error(f"{before} {kind} {after} twice (line {other.line})", "each link once")
            self._refuse_two_fates(row)
            since, until = row.day("date"), row.day("date_to", last=True)
            if since and until and until < since:
                raise row.error(f"date_to {until} before date {since}", "a period that ends after it begins")
            self._lines[before, after, kind] = row
            link = Link(before, after, kind, since, until, row["note"])
            self.all.append(link)
            self._by_actor[before].append(link)
            self._by_actor[after].append(link)

    def _refuse_two_fates(self, row: Row) -> None:
        """A group goes on as one other, unless a note says why it is two (one wing each)."""
        for (before, after, kind), other in self._lines.items():
            twice = before == row["from"] and kind in GOES_ON and row["kind"] in GOES_ON
            if twice and not (row["note"] or other["note"]):
                raise row.error(f"{before} {row['kind']} {row['to']}, which line {other.line} has {kind} {after}",
                                "one that a group goes on as", EXPLAIN)

    def of(self, actor: str) -> tuple[Link, ...]:
        """All links of an actor, from it and to it."""
        return tuple(self._by_actor.get(actor, ()))

    def lineage(self, actor: str) -> frozenset[str]:
        """The actor and all that it came from or became, through any number of renamings, mergers and splits."""
        seen, open_ends = {actor}, [actor]
        while open_ends:
            for link in self.of(open_ends.pop()):
                if link.kind in LINEAGE:
                    open_ends += [end for end in (link.before, link.after) if end not in seen]
                    seen |= {link.before, link.after}
        return frozenset(seen)

    def now(self, actor: str, day: date) -> str:
        """The id under which a group goes on on a day: what it was renamed to or merged into by then, else itself."""
        seen = {actor}
        while True:
            following = [x for x in self.of(actor) if x.before == actor and x.kind in GOES_ON and x.since and x.since <= day]
            later = [x for x in following if x.after not in seen]
            if not later:
                return actor
            actor = max(later, key=lambda x: x.since or date.min).after
            seen.add(actor)
