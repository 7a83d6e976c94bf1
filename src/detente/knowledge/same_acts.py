"""Words, groups of events and points by which claims of one article are taken for the same act (acts/same.yml)."""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from ..errors import KnowledgeError
from .files import read_yaml
from .ontology import Ontology
from .roles import SECTORS

POINTS = frozenset(
    "same-mode one-mode kin-modes other-mode same-family same-party party-within alike-party sibling-party unlike-party other-role "
    "same-date date-within far-date background same-place place-within country-within near-place other-region other-place same-number "
    "same-exact-number number-in-range other-number definite possessive often indefinite anew "
    "again act-noun relative party-again headline same-word "
    "toll-beside toll-after same-sentence same-content like-content other-content".split()
)

PLAIN = ("definite", "possessive", "indefinite", "anew", "often", "again", "toll", "empty", "relative")


@dataclass(frozen=True, slots=True, eq=False)
class SameActs:
    """The file's lists, named as there; `sides` by sector, `nouns` by event with their plurals, `points` by name."""

    families: tuple[frozenset[str], ...]
    spoken: frozenset[str]
    kin_modes: tuple[frozenset[str], ...]
    sides: dict[str, str]
    nouns: dict[str, frozenset[str]]
    definite: frozenset[str]
    possessive: frozenset[str]
    often: frozenset[str]
    indefinite: frozenset[str]
    anew: frozenset[str]
    again: frozenset[str]
    toll: frozenset[str]
    empty: frozenset[str]
    relative: frozenset[str]
    link: float
    mean: float
    points: dict[str, float]

    def related(self, one: str, other: str) -> bool:
        """Whether two events may be told of one act."""
        return one == other or any(one in family and other in family for family in self.families)

    def kin(self, one: str, other: str) -> bool:
        """Whether two modes do not contradict each other."""
        return any(one in modes and other in modes for modes in self.kin_modes)


def load_same_acts(path: Path, ontology: Ontology) -> SameActs:
    """Reads same.yml; KnowledgeError for an unknown or missing key, event, mode, sector or point."""
    raw = read_yaml(path)
    names = {field.name for field in fields(SameActs)}
    if not isinstance(raw, dict) or set(raw) != names:
        raise KnowledgeError(path, 1, f"keys {sorted(raw) if isinstance(raw, dict) else raw!r}", f"keys {sorted(names)}")
    events = frozenset(ontology.events)
    modes = frozenset(mode for _, mode in ontology.pairs)
    listed_sides = _mapping(path, raw, "sides").items()
    sides = {sector: side for side, sectors in listed_sides for sector in _known(path, f"sides.{side}", sectors, SECTORS)}
    listed = _mapping(path, raw, "nouns")
    _known(path, "nouns", list(listed), events)
    nouns = {event: _words(path, f"nouns.{event}", words) for event, words in listed.items()}
    points = _mapping(path, raw, "points")
    if set(points) != POINTS or not all(isinstance(value, (int, float)) for value in points.values()):
        raise KnowledgeError(path, 0, f"points {sorted(set(points) ^ POINTS)}", "a number for each point, and no other points")
    return SameActs(
        families=tuple(_known(path, "families", family, events) for family in raw["families"]),
        spoken=_known(path, "spoken", raw["spoken"], events),
        kin_modes=tuple(_known(path, "kin_modes", group, modes) for group in raw["kin_modes"]),
        sides=sides,
        nouns={event: frozenset({*words, *map(_plural, words)}) for event, words in nouns.items()},
        **{name: _words(path, name, raw[name]) for name in PLAIN},
        link=_number(path, raw, "link"),
        mean=_number(path, raw, "mean"),
        points={name: float(value) for name, value in points.items()},
    )


def _plural(noun: str) -> str:
    return noun + ("es" if noun.endswith(("s", "sh", "ch")) else "s")


def _number(path: Path, raw: dict[str, Any], key: str) -> float:
    if isinstance(raw[key], bool) or not isinstance(raw[key], (int, float)):
        raise KnowledgeError(path, 0, f"{key}: {raw[key]!r}", "a number")
    return float(raw[key])


def _mapping(path: Path, raw: dict[str, Any], key: str) -> dict[str, Any]:
    if not isinstance(raw[key], dict) or not raw[key]:
        raise KnowledgeError(path, 0, f"{key}: {raw[key]!r}"[:80], "names with their values")
    return dict(raw[key])


def _words(path: Path, key: str, words: object) -> frozenset[str]:
    if not isinstance(words, list) or not words or not all(isinstance(word, str) and word.strip() for word in words):
        raise KnowledgeError(path, 0, f"{key}: {words!r}"[:80], "a list of words", "quote words such as \"no\" and \"on\"")
    return frozenset(words)


def _known(path: Path, key: str, words: object, known: frozenset[str]) -> frozenset[str]:
    given = _words(path, key, words)
    if unknown := sorted(given - known):
        raise KnowledgeError(path, 0, f"{key}: {unknown[0]!r}", f"some of {', '.join(sorted(known))}")
    return given
