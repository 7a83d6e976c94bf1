"""Words by which place names are told in running text (places/words.yml), and the patterns made of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path

from ..errors import KnowledgeError
from .files import read_yaml


@dataclass(frozen=True, slots=True, eq=False)
class PlaceWords:
    """The file's lists, named as there."""

    inside_names: frozenset[str]
    ends_of_names: frozenset[str]
    plain: frozenset[str]
    regions: frozenset[str]
    settlements: frozenset[str]
    placing: frozenset[str]
    within: frozenset[str]
    of_town: frozenset[str]
    of_town_titled: frozenset[str]
    streets: frozenset[str]
    buildings: frozenset[str]
    elsewhere: frozenset[str]
    acts_again: frozenset[str]
    parties_again: frozenset[str]
    places_again: frozenset[str]
    told: frozenset[str]
    leads_to: Mapping[str, frozenset[str]]

    @property
    def generic(self) -> frozenset[str]:
        """Words that end names of places and buildings."""
        return self.ends_of_names | self.regions | self.settlements | self.streets | self.buildings

    def kinds_of(self, noun: str) -> frozenset[str]:
        """The gazetteer's kinds of places that a common noun may lead back to; none for a noun that leads to nothing."""
        return self.leads_to.get(noun, frozenset())

    def patterns(self) -> PlacePatterns:
        """What stands before and after names, as regular expressions."""
        regions, settlements = _any(self.regions), _any(self.settlements)
        streets = _any(word.capitalize() for word in self.streets)
        sides = "(?:the|north|south|east|west|northern|southern|eastern|western|central)"
        return PlacePatterns(
            region_after=re.compile(rf"\s+{regions}\b", re.I),
            region_before=re.compile(rf"\b{regions} of\s+\Z", re.I),
            town_before=re.compile(rf"\b{settlements} of\s+\Z", re.I),
            placed=re.compile(rf"\b{_any(self.placing)}\s+(?:the\s+)?\Z", re.I),
            within=re.compile(rf"\b{_any(self.within)}\s+\Z", re.I),
            of_town=re.compile(rf"\s{_any((*self.of_town, *self.of_town_titled))}\b|-(?:based|area)\b"),
            street=re.compile(rf"\s{streets}\.?(?!\w)"),
            owner=re.compile(
                rf"['’]s?\s(?:[a-z-]+\s){{0,3}}\Z"
                rf"|\s(?:[a-z-]+\s){{0,2}}{_any(self.settlements | self.regions)}(?:\s(?:of|in|near))?\s\Z"
            ),
            lying_in=re.compile(rf"(?:\s{regions})?\s(?:in|of)\s(?:{sides}\s)*\Z"),
        )


@dataclass(frozen=True, slots=True, eq=False)
class PlacePatterns:
    """Each is matched at the end of a name (`region_after`, `of_town`, `street`), searched before its start (`…_before`, `placed`,
    `within`), or matched against all that stands between a country's name and the name (`owner`) or the other way round (`lying_in`)."""

    region_after: re.Pattern[str]
    region_before: re.Pattern[str]
    town_before: re.Pattern[str]
    placed: re.Pattern[str]
    within: re.Pattern[str]
    of_town: re.Pattern[str]
    street: re.Pattern[str]
    owner: re.Pattern[str]
    lying_in: re.Pattern[str]


def _any(words: Iterable[str]) -> str:
    return "(?:" + "|".join(sorted(map(re.escape, words))) + ")"


def load_place_words(path: Path) -> PlaceWords:
    """Reads words.yml; KnowledgeError for a list that is missing, unknown or holds something else than words."""
    raw = read_yaml(path)
    names = {field.name for field in fields(PlaceWords)}
    if not isinstance(raw, dict) or set(raw) != names:
        raise KnowledgeError(path, 1, f"keys {sorted(raw) if isinstance(raw, dict) else raw!r}", f"keys {sorted(names)}")
    leads = raw.pop("leads_to")
    if not isinstance(leads, dict) or not leads:
        raise KnowledgeError(path, 0, f"leads_to: {leads!r}"[:80], "nouns with lists of kinds of places")
    for name, words in (*raw.items(), *leads.items()):
        if not isinstance(words, list) or not words or not all(isinstance(word, str) and word.strip() for word in words):
            raise KnowledgeError(path, 0, f"{name}: {words!r}"[:80], "a list of words", "quote words such as \"no\" and \"on\"")
    lists = {name: frozenset(words) for name, words in raw.items()}
    return PlaceWords(**lists, leads_to={noun: frozenset(kinds) for noun, kinds in leads.items()})
