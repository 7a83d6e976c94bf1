"""Time expressions: ours beside two public libraries, on the list of tests/flow/date_expressions.tsv.

    pip install dateparser parsedatetime        (for this comparison only; Détente does not need them)
    python bench/dates.py

The libraries get just the marked words and the day of publication, and a hint whether to look ahead; ours gets the whole sentence.
Counted over the rows that have an answer: the first day right (for limits without a first day, the last one); and, for ours, the whole
interval. Rows where nothing may be said are counted apart: how often a day is made up.
"""
# ruff: noqa: T201 - a program that reports

from __future__ import annotations

import csv
import time
from datetime import date, datetime
from pathlib import Path

import dateparser
import parsedatetime

from detente.flow.dates import expressions

LIST = Path(__file__).parent.parent / "tests" / "flow" / "date_expressions.tsv"
Row = dict[str, str]


def main() -> int:
    """Prints a table; gives the exit status."""
    with LIST.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    told = [r for r in rows if r["precision"]]
    silent = [r for r in rows if not r["precision"]]
    print(f"{len(told)} expressions with an answer, {len(silent)} without")
    print("| | first day right | made up where nothing may be said | ms each |")
    print("|---|---|---|---|")
    for name, read in (("Détente", ours), ("dateparser", by_dateparser), ("parsedatetime", by_parsedatetime)):
        begin = time.perf_counter()
        right = sum(read(r) == (r["start"] or r["end"]) for r in told)
        made_up = sum(read(r) is not None for r in silent)
        each = (time.perf_counter() - begin) / len(rows) * 1000
        print(f"| {name} | {right / len(told):.3f} | {made_up / len(silent):.3f} | {each:.2f} |")
    return 0


def _words(row: Row) -> tuple[str, int, int]:
    first, last = row["sentence"].index("["), row["sentence"].index("]") - 1
    return row["sentence"].replace("[", "").replace("]", ""), first, last


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def ours(row: Row) -> str | None:
    """The first day that Détente reads, as ISO text."""
    text, first, last = _words(row)
    found = [w for w in expressions(text, _day(row["published"]), _day(row["anchor"])) if w.start or w.end]
    if row["precision"]:
        found = [w for w in found if (w.text_start or 0) < last and (w.text_end or 0) > first]
    return str(found[0].start or found[0].end) if found else None


def by_dateparser(row: Row) -> str | None:
    """The day that dateparser reads in the marked words."""
    text, first, last = _words(row)
    base = row["anchor"] or row["published"]
    settings: dict[str, object] = {"PREFER_DATES_FROM": "future" if row["tense"] == "future" else "past", "PREFER_DAY_OF_MONTH": "first"}
    if base:
        settings["RELATIVE_BASE"] = datetime.fromisoformat(base)
    found = dateparser.parse(text[first:last], languages=["en"], settings=settings)  # type: ignore[arg-type]
    return str(found.date()) if found else None


def by_parsedatetime(row: Row) -> str | None:
    """The day that parsedatetime reads in the marked words."""
    text, first, last = _words(row)
    base = row["anchor"] or row["published"]
    source = datetime.fromisoformat(base) if base else None
    found, status = parsedatetime.Calendar().parseDT(text[first:last], sourceTime=source)
    return str(found.date()) if status else None


if __name__ == "__main__":
    raise SystemExit(main())
