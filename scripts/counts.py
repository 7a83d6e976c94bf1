"""Counts what the knowledge files hold and writes the table into README.md, between <!-- counts --> and <!-- /counts -->.

    python scripts/counts.py          writes it
    python scripts/counts.py --check  says whether it is up to date (exit status 1 if not)
"""
# ruff: noqa: T201 - a program that reports

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from detente.knowledge import DATA, Knowledge
from detente.knowledge.atlas import FEATURES, Atlas

README = Path(__file__).parent.parent / "README.md"
BEGIN, END = "<!-- counts -->\n", "<!-- /counts -->"


def table() -> str:
    """The table as Markdown."""
    lines = ["| file | holds |", "|---|---|"]
    lines += [f"| `{name}` | {what} |" for name, what in _rows()]
    return "\n".join(["", *lines, "", ""])


def _rows() -> Iterator[tuple[str, str]]:
    knowledge = Knowledge()
    kinds = [actor.kind for actor in knowledge.registry.actors.values()]
    yield "actors/states.tsv", f"{kinds.count('state'):,} states, former states and partly recognised entities"
    yield "actors/organisations.tsv", f"{kinds.count('organisation'):,} organisations ({_international():,} international)"
    yield "actors/memberships.tsv", f"{len(knowledge.memberships):,} dated memberships"
    yield "actors/armed_groups.tsv", f"{len(_lines('actors/armed_groups.tsv')):,} armed groups, parties with armed wings, security organs"
    yield "actors/parties.tsv", f"{len(_lines('actors/parties.tsv')):,} political parties"
    yield "actors/links.tsv", f"{len(knowledge.links.all):,} renamings, mergers, splits and other links"
    people = {line.split("\t")[0] for line in _lines("actors/persons.tsv")}
    yield "actors/persons.tsv", f"{len(_lines('actors/persons.tsv')):,} terms of office of {len(people):,} people"
    yield "roles/roles.tsv", f"{len(_lines('roles/roles.tsv')):,} roles with PLOVER sectors"
    yield "roles/things.tsv", f"{len(_lines('roles/things.tsv')):,} words for things that are named after a nation"
    yield "roles/outlets.tsv", f"{len(_lines('roles/outlets.tsv')):,} agencies, papers, broadcasters"
    atlas = Atlas(DATA / "places" / "places.npz")
    towns, regions, districts = (sum(atlas.count(f) for f in group) for group in (("town", "capital"), ("region",), ("district",)))
    assert set(FEATURES) == {"town", "capital", "region", "district"}
    yield "places/places.npz", f"{towns:,} towns, {regions:,} admin-1 regions, {districts:,} districts"
    yield "places/regions.tsv", f"{len(_lines('places/regions.tsv')):,} regions, rivers, straits, bases, airports, camps"
    rules = knowledge.lexicon.rules
    sentences = sum(len(rule.row.matches) + len(rule.row.refuses) for rule in rules.values())
    yield "verbs/*.yml", f"{len(rules):,} rows, proved by {sentences:,} sentences of their own"
    beside = [*knowledge.ledger.rules.values(), *knowledge.ledger.openers.values()]
    proofs = sum(len(rule.row.matches) + len(rule.row.refuses) for rule in beside)
    yield "ledger/*.yml", f"{len(beside):,} rows for stances, memberships, agreements and conditions, proved by {proofs:,} sentences"


def _international() -> int:
    header, *rows = [line.split("\t") for line in (DATA / "actors" / "organisations.tsv").read_text(encoding="utf-8").splitlines()]
    place = header.index("kind")
    return sum(row[place] not in {"ngo", "company", "central bank"} for row in rows)


def _lines(name: str) -> list[str]:
    return (DATA / name).read_text(encoding="utf-8").splitlines()[1:]


def main() -> int:
    """Writes or checks; gives the exit status."""
    text = README.read_text(encoding="utf-8")
    before, rest = text.split(BEGIN)
    _, after = rest.split(END)
    new = f"{before}{BEGIN}{table()}{END}{after}"
    if "--check" in sys.argv:
        if new != text:
            print("README.md: the counts of the knowledge files are out of date; run python scripts/counts.py", file=sys.stderr)
        return int(new != text)
    README.write_text(new, encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
