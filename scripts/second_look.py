"""Draws a tenth of each knowledge table for a second author to look at, the same tenth for everybody.

    python scripts/second_look.py                              all tables
    python scripts/second_look.py actors/links.tsv --data DIR  one of them, from another data folder (an older checkout)

A row's turn is a hash of the seed, the file and the row's id, so rows added later do not deal the others anew: those with the
lowest numbers are the tenth. What was found stands in docs/quality.
"""
# ruff: noqa: T201 - a program that reports

from __future__ import annotations

import argparse
import hashlib
from collections import Counter
from pathlib import Path

SEED = 20161128
DATA = Path(__file__).parent.parent / "src" / "detente" / "data"
# The columns that say which row it is; dates are left out, since a second look may correct them.
IDS = {
    "actors/states.tsv": ("id",),
    "actors/organisations.tsv": ("id",),
    "actors/memberships.tsv": ("organisation", "member", "kind"),
    "actors/armed_groups.tsv": ("id",),
    "actors/links.tsv": ("from", "to", "kind"),
    "actors/persons.tsv": ("person", "actor", "role"),
    "actors/not_actors.tsv": ("name",),
    "roles/roles.tsv": ("phrase",),
    "roles/outlets.tsv": ("name", "country"),
    "places/regions.tsv": ("name", "kind", "country"),
}


def tenth(path: Path, file: str) -> tuple[int, list[str]]:
    """How many rows a table has, and those of the tenth (rounded up), in the order of the file."""
    header, *rows = path.read_text(encoding="utf-8").splitlines()
    places = [header.split("\t").index(column) for column in IDS[file]]
    seen: Counter[tuple[str, ...]] = Counter()
    turns = []
    for number, row in enumerate(rows):
        cells = row.split("\t")
        name = tuple(cells[place] for place in places)
        seen[name] += 1  # a second term in the same office is the same id's second row
        turns.append((_turn(file, *name, str(seen[name])), number))
    drawn = sorted(number for _, number in sorted(turns)[: -(-len(rows) // 10)])
    return len(rows), [rows[number] for number in drawn]


def _turn(*parts: str) -> bytes:
    return hashlib.sha256("\t".join((str(SEED), *parts)).encode()).digest()


def main() -> int:
    """Prints what was drawn; gives the exit status."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("files", nargs="*", metavar="FILE", help=f"some of {', '.join(IDS)}; all without it")
    parser.add_argument("--data", type=Path, default=DATA, metavar="DIR", help="the data folder to draw from")
    options = parser.parse_args()
    if unknown := sorted(set(options.files) - set(IDS)):
        parser.error(f"no table {unknown[0]}")
    for file in options.files or IDS:
        count, rows = tenth(options.data / file, file)
        print(f"# {file}: {len(rows)} of {count:,} rows")
        print(*rows, "", sep="\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
