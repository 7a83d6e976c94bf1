"""What changed in all ledgers between two days: what was told by the one and not by the other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from ...reading import Reading
from .. import rows
from ..asking import Asked
from ..format import counted, span
from ..names import Names
from . import ledgers

BACK = 90  # days that are looked back where the address says nothing
WORDS = {"new": "New", "changed": "Changed", "ended": "Ended"}


def view(reading: Reading, asked: Asked) -> Mapping[str, Any]:
    """Values of the page."""
    names, days, sides = Names(reading.knowledge), _days(reading, asked), _sides(reading, asked)
    book = ledgers.Book(reading, asked)
    found = {kind: ledgers.diff(book, kind, ledgers.facts_of(reading, kind, sides)[0], days, sides) for kind in ledgers.KINDS}
    counts = {how: sum(len(own[how]) for own in found.values()) for how in WORDS}
    return {
        "title": "Between two days", "first": days[0], "last": days[1], "span": span(*days), "found": found, "words": WORDS,
        "titles": ledgers.TITLES, "actor": sides[0], "other": sides[1], "who": " and ".join(names.of(side) for side in sides if side),
        "sentence": f"{counts['new']} new, {counts['changed']} changed, {counts['ended']} ended", "any": any(counts.values()),
        "counts": {kind: counted(sum(map(len, own.values())), "change") for kind, own in found.items()},
    }


def records(reading: Reading, asked: Asked) -> dict[str, Any]:
    """The rows of the page, by ledgers."""
    days, sides, book = _days(reading, asked), _sides(reading, asked), ledgers.Book(reading, asked)
    return {kind: list(_plain(book, kind, ledgers.facts_of(reading, kind, sides)[0], (days, sides))) for kind in ledgers.KINDS}


def _plain(book: ledgers.Book, kind: str, facts: Any, how: tuple[tuple[date, date], list[str]]) -> Iterator[dict[str, Any]]:
    for word, own in ledgers.diff(book, kind, facts, *how).items():
        yield from ({"change": word, **ledgers.plain(row)} for row in own)


def _days(reading: Reading, asked: Asked) -> tuple[date, date]:
    newest = rows.newest(reading) or date(1970, 1, 1)
    last = asked.day("to", newest, last=True) or newest
    first = asked.day("from", last) or last - timedelta(days=BACK)
    if first > last:
        asked.wrong("from", "after the end")
        first = last - timedelta(days=BACK)
    return first, last


def _sides(reading: Reading, asked: Asked) -> list[str]:
    return [reading.party(asked.get(key)) if asked.get(key) else "" for key in ("actor", "other")]
