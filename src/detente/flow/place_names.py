"""Place names in running text, without a tree: what the gazetteer knows, and the words beside it that tell which place is meant.

Geography reads whole articles with this, also the sentences that no step parses. In: a text, the knowledge. Out: `PlaceName`s in
text order.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ..knowledge import GazetteerEntry, Knowledge, Sense
from ..knowledge.actors import choose
from ..knowledge.atlas import key

MOST_WORDS = 5
_WORD = re.compile(r"[^\W\d_]+(?:['’ʼ][^\W\d_]+)*")
_POSSESSIVE = re.compile(r"['’]s?\Z")
_JOINT = re.compile(r"[ \-–]|\. ?|\s{1,2}")
_POINTED = frozenset("st ste mt ft".split())
_PARTY = re.compile(r"\b[DR]-\Z")
_COMMA = re.compile(r",\s+|\s*\(")
_SHORT_FORM = re.compile(r"(?:[A-Z]\.\s?){2,4}|[NSW]\. ?[A-Z][a-z]+\.|[A-Z][a-z]{1,5}\.|[A-Z]{2,3}(?![\w.])")


@dataclass(frozen=True, slots=True)
class Container:
    """What a name lies in, as the text says beside it: a country, a region of it (GeoNames' code), or one of several areas."""

    country: str | None
    code: str = ""
    areas: tuple[GazetteerEntry, ...] = ()


@dataclass(frozen=True, slots=True)
class PlaceName:
    """A name that may be a place's. `weight`: how sure it is one at all, 0 to 1; `rank`: "town" or "region" where a word beside it says so.

    `doubtful`: also an English word (`everyday`) or a person's name; `continued`: a part of a longer name; `placed`: after a preposition of
    place; `followed`: by a word for a town's people or offices; `street`: in a street's name; `state`: how a state is named.
    """

    start: int
    end: int
    text: str
    senses: tuple[Sense, ...]
    weight: float
    rank: str = ""
    containers: tuple[Container, ...] = ()
    loose: tuple[Container, ...] = ()
    doubtful: bool = False
    everyday: bool = False
    continued: bool = False
    placed: bool = False
    followed: bool = False
    street: bool = False
    state: str = ""


@dataclass(slots=True)  # not frozen: an article makes thousands, and a frozen one takes three times as long to make
class _Token:
    start: int
    end: int
    text: str
    capital: bool


class Reader:
    """Finds place names in one text."""

    def __init__(self, text: str, knowledge: Knowledge) -> None:
        self.text, self._places = text, knowledge.places
        self._words, self._patterns = knowledge.place_words, knowledge.place_patterns
        self._states: dict[int, tuple[int, str, str]] = {}
        self._closed: dict[int, int] = {}
        for hit in knowledge.registry.names.find(text):
            naming = choose(hit.targets, None)
            if naming.actor and naming.actor.kind == "state" and naming.kind in {"name", "adjective", "demonym"}:
                self._states[hit.start] = (hit.end, naming.actor.country, naming.kind)
            elif naming.kind == "none" and self._places.lookup(text[hit.start : hit.end]).senses:
                continue  # "South China Sea" is kept from being taken for the state, and is a place
            elif naming.kind not in {"capital", "seat"}:
                self._closed[hit.start] = hit.end
        self.tokens = [self._token(m) for m in _WORD.finditer(text)]

    @staticmethod
    def _token(match: re.Match[str]) -> _Token:
        word = match[0]
        tail = None if word.isalnum() else _POSSESSIVE.search(word)
        word = word[: tail.start()] if tail else word
        return _Token(match.start(), match.start() + len(word), word, word[:1].isupper())

    def names(self) -> list[PlaceName]:
        """All names in text order, none overlapping."""
        found = []
        index = 0
        while index < len(self.tokens):
            token = self.tokens[index]
            if not token.capital and token.start not in self._closed and token.start not in self._states:
                index += 1
                continue
            past = self._states[token.start][0] if token.start in self._states else self._closed.get(token.start, 0)
            last, senses = self._longest(index) if token.capital and token.start not in self._closed else (index, ())
            if senses and self.tokens[last].end > past:  # "Niger Delta" is no Niger
                found.append(self._name(index, last, senses))
                index = last + 1
                continue
            if token.start in self._states:
                found += [name for name in (self.state_name(token.start),) if name.senses]
            index += 1
            while past and index < len(self.tokens) and self.tokens[index].start < past:
                index += 1
        return found

    def state_name(self, start: int) -> PlaceName:
        """The state that is named at an offset; its namesakes among the regions are senses too ("Georgia")."""
        end, country, kind = self._states[start]
        entry = self._places.country(country)
        text = self.text[start:end]
        own = (Sense(entry, True, True),) if entry else ()
        namesakes = self._places.lookup(text).senses if kind == "name" else ()
        return PlaceName(start, end, text, (*own, *namesakes), 1.0 if kind == "name" else 0.7, *self.beside(start, end), state=kind)

    def name_at(self, start: int, end: int) -> PlaceName | None:
        """The name that fills a stretch of text, whatever stands beside it; None where the gazetteer has none."""
        if start in self._states and self._states[start][0] == end:
            name = self.state_name(start)
            return name if name.senses else None
        text = self.text[start:end]
        senses = self._senses(start, end)
        return PlaceName(start, end, text, senses, 1.0, *self.beside(start, end)) if senses else None

    def _longest(self, index: int) -> tuple[int, tuple[Sense, ...]]:
        """The longest known name that begins at a token: its last token and senses."""
        last = index
        ends = [index]
        while last + 1 < len(self.tokens) and len(ends) < MOST_WORDS:
            one, two = self.tokens[last], self.tokens[last + 1]
            gap = self.text[one.end : two.start]
            if not _JOINT.fullmatch(gap) or ("." in gap and one.text.lower() not in _POINTED and len(one.text) > 1):
                break
            may_end = two.capital or two.text in self._words.ends_of_names
            if two.start in self._closed or not (may_end or two.text in self._words.inside_names):
                break
            last += 1
            if may_end:
                ends.append(last)
        for end in reversed(ends):
            senses = self._senses(self.tokens[index].start, self.tokens[end].end)
            if senses:
                return end, senses
        return index, ()

    def _senses(self, start: int, end: int) -> tuple[Sense, ...]:
        """What a stretch of text may mean: "Kan." and ", KS" are Kansas, "Kan" a town in Myanmar."""
        text = self.text[start:end]
        if text.lower() in self._words.plain:
            return ()
        pointed = self.text[end : end + 1] == "." or text[-1] == "."
        postal = len(text) == 2 and text.isupper() and self.text[max(0, start - 2) : start] == ", "
        if (pointed and (len(text) < 6 or "." in text)) or postal:
            short = self._places.short_form(text)
            if short:
                return short
        return self._places.lookup(text).senses if len(text) > 2 else ()

    def _name(self, first: int, last: int, senses: tuple[Sense, ...]) -> PlaceName:
        start, end = self.tokens[first].start, self.tokens[last].end
        text, before = self.text[start:end], self.text[max(0, start - 16) : start]
        spelling = self._places.lookup(text)
        placed = bool(self._patterns.placed.search(before))
        rank, containers, loose = self.beside(start, end)
        doubtful = spelling.everyday or spelling.given or spelling.surname
        followed = bool(self._patterns.of_town.match(self.text, end) or _PARTY.search(before))
        street = bool(self._patterns.street.match(self.text, end))
        continued = street or (self._continued(first, last) and not followed)
        weight = 0.3 if continued else 1.0
        if not (containers or rank):
            person = not spelling.everyday and bool(followed or self._patterns.within.search(before))
            weight *= (1.0 if person else 0.15) if doubtful else 1.0 if placed or followed else 0.8
        signs = (doubtful, spelling.everyday, continued, placed, followed, street)
        return PlaceName(start, end, text, senses, weight, rank, containers, loose, *signs)

    def _continued(self, first: int, last: int) -> bool:
        """Whether the name is a part of a longer one that is no place: "Paris Hilton", "Springfield Police"."""
        for one, two in ((first - 1, first), (last, last + 1)):
            if one < 0 or two >= len(self.tokens):
                continue
            other = self.tokens[one if two == first else two]
            touching = self.text[self.tokens[one].end : self.tokens[two].start] in {" ", "-"}
            if touching and other.capital and other.text.lower() not in self._words.plain and key(other.text) not in self._words.regions:
                return True
        return False

    def beside(self, start: int, end: int) -> tuple[str, tuple[Container, ...], tuple[Container, ...]]:
        """Rank word, containers and loose containers of the name between two offsets."""
        before = self.text[max(0, start - 40) : start]
        last_word = key(self.text[start:end]).rsplit(" ", 1)[-1]
        region = self._patterns.region_after.match(self.text, end) or self._patterns.region_before.search(before)
        town = self._patterns.town_before.search(before)
        rank = "region" if region or last_word in self._words.regions else "town" if town else ""
        containers = [c for c in (self._after(end), self._owner(start)) if c]
        inner = self._inside(end)
        return rank, tuple(containers), (inner,) if inner else ()

    def _after(self, end: int) -> Container | None:
        """"Paris, Texas", "Tripoli (Lebanon)", "Athens, Ga."."""
        rank = self._patterns.region_after.match(self.text, end)
        comma = _COMMA.match(self.text, rank.end() if rank else end)
        if not comma:
            return None
        short = _SHORT_FORM.match(self.text, comma.end())
        if short:
            options = self._places.contained(short[0])
            if len(options) == 1 or (options and short[0].isupper()):
                return self._of_codes(options)
        return self._at(comma.end(), self.text[comma.start()] != "(" and "(" not in comma[0])

    def _of_codes(self, options: list[tuple[str, str]]) -> Container:
        country, code = options[0]
        return Container(country, code)

    def _at(self, offset: int, after_comma: bool) -> Container | None:
        """The container named at an offset. After a comma a mere town is the next item of a list rather than a container."""
        if offset in self._states and self._states[offset][2] == "name":
            country = self._states[offset][1]
            regions = [s.entry for s in self._places.lookup(self.text[offset : self._states[offset][0]]).senses if s.entry.kind == "region"]
            return Container(country, "", tuple(regions))
        index = next((i for i in self._tokens_from(offset) if self.tokens[i].start == offset), None)
        if index is None or not self.tokens[index].capital:
            return None
        _, senses = self._longest(index)
        areas = tuple(s.entry for s in senses if s.entry.precision == "region")
        if areas:
            return Container(None, "", areas)
        return None if after_comma or not senses else Container(None, "", tuple(s.entry for s in senses))

    def _tokens_from(self, offset: int) -> range:
        low, high = 0, len(self.tokens)
        while low < high:
            middle = (low + high) // 2
            if self.tokens[middle].start < offset:
                low = middle + 1
            else:
                high = middle
        return range(low, min(low + 1, len(self.tokens)))

    def _owner(self, start: int) -> Container | None:
        """"Syria's Idlib", "the Lebanese city of Tripoli"."""
        for first in range(max(0, start - 48), start):
            state = self._states.get(first)
            if state and state[0] <= start and self._patterns.owner.fullmatch(self.text, state[0], start):
                return Container(state[1])
        return None

    def _inside(self, end: int) -> Container | None:
        """"Tripoli in northern Lebanon"."""
        for last in range(end + 4, min(end + 30, len(self.text))):
            if last in self._states and self._patterns.lying_in.fullmatch(self.text, end, last):
                return Container(self._states[last][1])
        return None
