"""The query of an address: known keys are read strictly, unknown ones and wrong values are told on the page, never ignored in silence."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from difflib import get_close_matches
from urllib.parse import urlencode

_DAY = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?", re.ASCII)
_BACK = re.compile(r"-(\d{1,5})([dwmy])", re.ASCII)
_LENGTH = {"d": 1, "w": 7, "m": 30, "y": 365}
_PLAIN = re.compile(r"[A-Za-z0-9_.~-]*")  # ids and days: nothing to encode
_MOST = 500  # characters of a value
EVERYWHERE = ("as_of",)
JOINED = frozenset({"with"})  # keys that may stand several times
_UNSHOWN = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")


def encoded(pairs: Sequence[tuple[str, str | int | None]]) -> str:
    """A query from its pairs, as `urlencode` writes it."""
    plain = all(type(value) is str and _PLAIN.fullmatch(value) and _PLAIN.fullmatch(key) for key, value in pairs)
    return "&".join([f"{key}={value}" for key, value in pairs]) if plain else urlencode(pairs)


@dataclass(frozen=True, slots=True)
class Note:
    """Something of an address that is not taken as it stands. `link`: the address without it, or as it was probably meant."""

    text: str
    link: str
    label: str


@dataclass(slots=True)
class Asked:
    """An address: its path and the values of its query, all of known keys. `notes` grow while values are read."""

    path: str
    values: Mapping[str, str]
    notes: list[Note] = field(default_factory=list)

    @classmethod
    def of(cls, path: str, pairs: Sequence[tuple[str, str]], known: Iterable[str]) -> Asked:
        """From the pairs of a query. `known`: keys of the page, beside those that all have."""
        names = (*known, *EVERYWHERE)
        values = {key: _UNSHOWN.sub("�", value.strip())[:_MOST] for key, value in pairs if key in names and value.strip()}
        asked = cls(path, values)
        for key in JOINED & values.keys():
            values[key] = ";".join(_UNSHOWN.sub("�", value.strip()) for own, value in pairs if own == key and value.strip())[:_MOST]
        for key, value in pairs:
            if key in names:
                continue
            near = get_close_matches(key, names, 1, 0.5)
            shown = _UNSHOWN.sub("�", key)[:40]
            if near:
                told, label = f"not understood: {shown}. Did you mean {near[0]}?", f"take {near[0]}"
                asked.notes.append(Note(told, asked.link(**{near[0]: value[:_MOST]}), label))
            else:
                hint = f"known here: {', '.join(names)}"
                asked.notes.append(Note(f"not understood: {shown} ({hint}).", asked.link(), "leave it out"))
        return asked

    @property
    def as_of(self) -> str | None:
        """At which version, day or moment the store is read; None for now."""
        return self.values.get("as_of")

    def get(self, key: str, default: str = "") -> str:
        """A value, or what stands for none."""
        return self.values.get(key, default)

    def link(self, **changes: str | int | None) -> str:
        """This address with some values changed; None takes one out."""
        values: dict[str, str | int | None] = {**self.values, **changes}
        query = urlencode([(key, value) for key, value in values.items() if value not in (None, "")])
        return f"{self.path}?{query}" if query else self.path

    def twin(self, ending: str, part: str | None = None) -> str:
        """The address of the same as data."""
        return Asked(f"{'/overview' if self.path == '/' else self.path}.{ending}", self.values).link(part=part, n=None)

    def to(self, path: str, **values: str | int | None) -> str:
        """Another page's address, at the same moment of the store. A fragment comes last."""
        path, hash_, fragment = path.partition("#")
        pairs = [(key, value) for key, value in {**values, "as_of": self.as_of}.items() if value not in (None, "")]
        return f"{path}?{encoded(pairs)}{hash_}{fragment}" if pairs else f"{path}{hash_}{fragment}"

    def wrong(self, key: str, why: str) -> None:
        """Notes a value that cannot be taken."""
        self.notes.append(Note(f"{key}={self.get(key)[:60]}: {why}; it is left out here.", self.link(**{key: None}), "leave it out"))

    def day(self, key: str, anchor: date | None = None, last: bool = False) -> date | None:
        """A day: 2016, 2016-06, 2016-06-29, or -30d before the anchor. `last`: of a year or month the last day."""
        text = self.get(key)
        if not text:
            return None
        found = parse_day(text, anchor, last)
        if found is None:
            self.wrong(key, "no day (write 2016, 2016-06, 2016-06-29 or -30d)")
        return found

    def choice(self, key: str, known: Iterable[str], default: str = "") -> str:
        """One of some words."""
        value, words = self.get(key, default), tuple(known)
        if value == default or value in words:
            return value
        self.wrong(key, f"not one of {', '.join(words)}")
        return default

    def some(self, key: str, known: Iterable[str]) -> tuple[str, ...]:
        """Several words with commas between them."""
        words = tuple(known)
        found = tuple(word.strip() for word in self.get(key).split(",") if word.strip())
        if any(word not in words for word in found):
            self.wrong(key, f"not some of {', '.join(words)}")
        return tuple(word for word in found if word in words)

    def count(self, key: str, default: int, most: int) -> int:
        """A whole number from 1 on."""
        text = self.get(key)
        if not text:
            return default
        if not (text.isascii() and text.isdecimal()) or not 1 <= int(text[:9]) <= most:
            self.wrong(key, f"not a number from 1 to {most}")
            return default
        return int(text)


def parse_day(text: str, anchor: date | None = None, last: bool = False) -> date | None:
    """A day as an address has it; None for text that is none."""
    back = _BACK.fullmatch(text)
    try:
        if back and anchor:
            return anchor - timedelta(days=int(back[1]) * _LENGTH[back[2]])
        found = _DAY.fullmatch(text)
        if not found:
            return None
        year, month, day = (int(part) if part else None for part in found.groups())
        assert year is not None
        month = month or (12 if last else 1)
        return date(year, month, day or (monthrange(year, month)[1] if last else 1))
    except (ValueError, OverflowError, IndexError):
        return None

