"""How a brief says things: phrases of events and stances from data/relations/phrases.yml, days and lists as people write them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ..errors import KnowledgeError
from ..knowledge import DATA
from ..knowledge.files import read_yaml

FILE = DATA / "relations" / "phrases.yml"
_STRAIGHT = re.compile(r'"([^"]*)"')
_LANES = ("planned", "supposed", "denied")


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Phrase(_Strict):
    """An event in words: with a recipient, alone, and among several on one another."""

    pair: str
    alone: str
    mutual: str = ""


class Stands(_Strict):
    """A stance in words: as it lasts, when it is over, when it is denied."""

    now: str
    past: str
    denied: str = Field(alias="not")


class Phrases(_Strict):
    """The whole file."""

    version: str
    happened: dict[str, Phrase]
    ahead: dict[str, Phrase]
    planned: str
    supposed: str
    denied: str
    stances: dict[str, Stands]
    standings: dict[str, str]
    lanes: dict[str, str]
    lines: dict[str, str]
    sectors: dict[str, str]

    def event(self, event: str, mode: str | None, lane: str, actors: Sequence[str], others: Sequence[str]) -> str:
        """An event in words, without full stop."""
        phrase = self.happened.get(f"{event}/{mode}") or self.happened[event]
        ahead = lane == "planned" and event in self.ahead  # words that say themselves that it lies ahead
        if ahead:
            phrase = self.ahead[event]
        a = listed(actors) if actors else "Somebody unnamed"
        words = phrase.pair if others else phrase.mutual if len(actors) > 1 and phrase.mutual else phrase.alone
        told = words.format(a=a, b=listed(others))
        return told if ahead or lane not in _LANES else str(getattr(self, lane)).format(told=told)

    def stance(self, value: str, other: str, past: bool = False) -> str:
        """A stance in words: "supports X", "supported X" of one that is over, "does not support X" of what is denied ("not supports")."""
        told = self.stances[value.removeprefix("not ")]
        return (told.denied if value.startswith("not ") else told.past if past else told.now).format(b=other)


@cache
def phrases(path: Path = FILE) -> Phrases:
    """The phrases of a file. Raises KnowledgeError."""
    try:
        return Phrases.model_validate(read_yaml(path))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise KnowledgeError(path, 1, f"{where}: {first['msg']}", "the fields that its head describes") from error


def listed(words: Sequence[str]) -> str:
    """"A", "A and B", "A, B and C"; an empty text for none."""
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else list(words))


def day_text(day: date) -> str:
    """"29 June 2016"."""
    return f"{day.day} {day:%B} {day.year}"


def span_text(first: date, last: date) -> str:
    """"29 June 2016", "24–28 June 2016", "27 June – 2 July 2016", "30 December 2015 – 4 January 2016"."""
    if first == last:
        return day_text(first)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{day_text(last)}"
    if first.year == last.year:
        return f"{first.day} {first:%B} – {day_text(last)}"
    return f"{day_text(first)} – {day_text(last)}"


def bounds_text(first: date, last: date) -> str:
    """A day that lies between two: "4 July 2016", "March 2015", "2015" where these bound a month or a year, else "between … and …"."""
    after = last + timedelta(days=1)
    if first == last:
        return day_text(first)
    if first.day == after.day == 1 and first.month == after.month == 1 and after.year == first.year + 1:
        return str(first.year)
    if first.day == after.day == 1 and (first.year, first.month) == (last.year, last.month):
        return f"{first:%B} {first.year}"
    return f"between {day_text(first)} and {day_text(last)}"


def in_quotes(text: str) -> str:
    """Words of an article in quotation marks: marks within them become single ones, those without a partner go."""
    inner = " ".join(text.split())
    for opening, closing in ("“”", "«»", "„“"):
        alike = inner.count(opening) == inner.count(closing)
        inner = inner.replace(opening, "‘" if alike else "").replace(closing, "’" if alike else "")
    if inner.count('"') % 2:
        inner = inner.replace('"', "")
    inner = _STRAIGHT.sub(r"‘\1’", inner)
    return f"“{inner.strip()}”"


def signed(value: float) -> str:
    """"+1.8", "−0.4", "0.0": one decimal and a real minus."""
    rounded = round(value, 1)
    return f"{abs(rounded):.1f}" if rounded == 0 else f"{'+' if rounded > 0 else '−'}{abs(rounded):.1f}"


def named(ident: str, names: Mapping[str, str]) -> str:
    """The name of a party: known ones by name, "SYR:REB" as "rebels of Syria" is left to `names`, else the id itself."""
    return names.get(ident) or ident
