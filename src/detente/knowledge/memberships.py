"""Dated memberships: who belongs to which organisation, as what, from when to when."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from .actors import EXPLAIN, Actor, sure_period, valid
from .files import Row, read_table

MEMBERSHIP_COLUMNS = ("organisation", "member", "kind", "valid_from", "valid_to", "source", "note")
KINDS = ("member", "observer", "candidate", "suspended", "partner", "associate")
# A full member is none of these at the same time; a suspended one stays a member.
LESSER = frozenset({"observer", "candidate", "partner", "associate"})


@dataclass(frozen=True, slots=True)
class Membership:
    """A period in which an actor was what `kind` says in an organisation; `valid_to` is its last day, None while it lasts.

    `valid_from` None: the first day is not known, or not certain enough to be written down.
    """

    organisation: str
    member: str
    kind: str
    valid_from: date | None
    valid_to: date | None
    note: str = ""


class Memberships:
    """All memberships, by organisation and by member."""

    def __init__(self) -> None:
        self._by_member: dict[str, list[Membership]] = defaultdict(list)
        self._by_organisation: dict[str, list[Membership]] = defaultdict(list)
        self._rows: dict[tuple[str, str], list[tuple[Membership, Row]]] = defaultdict(list)

    def __len__(self) -> int:
        return sum(map(len, self._by_member.values()))

    def load(self, path: Path, known: Collection[str], lives: Mapping[str, Actor] | None = None) -> None:
        """Reads memberships.tsv. `lives`: the actors, whose memberships must lie within their own time.

        Raises KnowledgeError for an unknown id or kind, a reversed period, two equal periods that overlap, a member that is an
        observer, candidate, partner or associate at the same time, or, without a note, a membership in what was not there.
        """
        for row in read_table(path, MEMBERSHIP_COLUMNS):
            for column in ("organisation", "member"):
                if row[column] not in known:
                    raise row.error(f"{column} {row[column]!r}", "the id of a known actor", "add the actor first or correct the id")
            if row["kind"] not in KINDS:
                raise row.error(f"kind {row['kind']!r}", f"one of {', '.join(KINDS)}")
            since, until = row.day("valid_from"), row.day("valid_to", last=True)
            if since and until and until < since:
                raise row.error(f"valid_to {until} before valid_from {since}", "a period that ends after it begins")
            new = Membership(row["organisation"], row["member"], row["kind"], since, until, row["note"])
            for life in (lives[new.organisation], lives[new.member]) if lives and not new.note else ():
                _refuse_outside(row, life)
            beside = self._rows[new.organisation, new.member]
            for other, where in beside:
                clash = other.kind == new.kind or ({other.kind, new.kind} & LESSER and "member" in {other.kind, new.kind})
                if clash and _overlap(other, new):
                    raise row.error(f"{new.member} {new.kind} of {new.organisation}, which line {where.line} has as {other.kind} then",
                                    "one standing at a time", "end the one before the other begins")
            beside.append((new, row))
            self._by_member[new.member].append(new)
            self._by_organisation[new.organisation].append(new)

    def of(self, member: str, day: date | None = None) -> tuple[Membership, ...]:
        """All memberships of an actor, or those of a day."""
        return tuple(m for m in self._by_member.get(member, ()) if day is None or valid(m.valid_from, m.valid_to, day))

    def members(self, organisation: str, day: date | None = None, kinds: Collection[str] = ("member",)) -> tuple[str, ...]:
        """Ids of those who are what `kinds` say in an organisation, ever or on a day, in alphabetical order."""
        found = self._by_organisation.get(organisation, ())
        return tuple(sorted({m.member for m in found if m.kind in kinds and (day is None or valid(m.valid_from, m.valid_to, day))}))


def _refuse_outside(row: Row, life: Actor) -> None:
    first, last = sure_period(row)
    early = life.valid_from and row["valid_from"] and first < life.valid_from
    # The last day is often the day of dissolution in one row and the day before in the other; a year is a contradiction.
    if early or (life.valid_to and last.year > life.valid_to.year):
        raise row.error(f"a membership from {row['valid_from'] or 'ever'} to {row['valid_to'] or 'now'}, {life.id} being valid from "
                        f"{life.valid_from or 'ever'} to {life.valid_to or 'now'}", "a membership within the life of both", EXPLAIN)


def _overlap(one: Membership, other: Membership) -> bool:
    return not ((one.valid_to and other.valid_from and one.valid_to < other.valid_from)
                or (other.valid_to and one.valid_from and other.valid_to < one.valid_from))
