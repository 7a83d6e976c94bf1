"""The place that a proper noun of a sentence names, shared by the steps that ask for one."""

from __future__ import annotations

from ..knowledge import Gazetteer, GazetteerEntry
from ..records import Parse, Word
from .memory import Memory
from .toponyms import points

VILLAGE, TOWN, METROPOLIS = 15_000, 100_000, 1_000_000
# A name with fewer points (flow/toponyms) is no place: "Mahan" in "Mahan Air". The tree has spoken for it already, so few suffice.
LEAST = -0.9


def find_place(parse: Parse, index: int, gazetteer: Gazetteer, memory: Memory) -> tuple[GazetteerEntry, int, int] | None:
    """The place that the words around a proper noun name, with the first and last index of these words, or None.

    A name of several words that the article's geography has read ("Strait of Hormuz") goes first, then the longest run of proper nouns. The
    geography chooses among namesakes; without one, countries that the article has named. A part of a longer name that is only a word for a
    building or a region ("Court", "Center") is no place. Each word is looked up once an article.
    """
    start = parse.word(index).start
    if start not in memory.located:
        memory.located[start] = _look(parse, index, gazetteer, memory)
    return memory.located[start]


def _look(parse: Parse, index: int, gazetteer: Gazetteer, memory: Memory) -> tuple[GazetteerEntry, int, int] | None:
    whole = memory.geography.covering(parse.word(index).start) if memory.geography else None
    if whole and memory.geography:
        own = [w for w in parse.words if w.start >= whole.start and w.end <= whole.end]
        organisation = whole.doubtful and whole.continued and all(w.name.endswith("ORG") for w in own)
        if own and (organisation or points(whole, own) < LEAST):
            return None
        entry = memory.geography.place(whole.start, whole.end) if " " in whole.text else None
        if entry and entry.kind != "country" and own:
            return entry, own[0].index, own[-1].index
    low = high = index
    while low > 1 and _may_begin_name(parse.word(low - 1)):
        low -= 1
    while high < len(parse.words) and (parse.word(high + 1).upos == "PROPN" or parse.word(high + 1).text == "-"):
        high += 1
    base = parse.sentence.start
    generic = memory.geography.generic if memory.geography else frozenset[str]()
    for size in range(high - low + 1, 0, -1):
        for first in range(low, high - size + 2):
            last = first + size - 1
            if not first <= index <= last:
                continue
            start, end = parse.word(first).start, parse.word(last).end
            text = parse.sentence.text[start - base : end - base]
            if len(text) < 3 or not text[0].isupper() or (size <= high - low and text.lower() in generic):
                continue
            entry = memory.geography.place(start, end) if memory.geography else gazetteer.find(text, frozenset(memory.countries))
            foreign = entry and memory.countries and entry.country not in memory.countries
            if entry and foreign and entry.population < METROPOLIS and _cut(parse, first, last):
                continue
            if entry and entry.kind != "country" and not (
                size <= high - low and entry.population < METROPOLIS and _bears_name(parse, (first, last, high), gazetteer, generic)
            ):
                return entry, first, last
    return None


def _cut(parse: Parse, first: int, last: int) -> bool:
    """Whether the tagger's name of a place goes on before or behind: "Nakai Danwal" is not the town of Nakai in another country."""
    return parse.word(first).name == "I-LOC" or (last < len(parse.words) and parse.word(last + 1).name == "I-LOC")


def _bears_name(parse: Parse, span: tuple[int, int, int], gazetteer: Gazetteer, generic: frozenset[str]) -> bool:
    """Whether a part of a longer name is a person's or a plain word that the whole bears: "George Mason University", "Bradley Airport"."""
    first, last, end = span
    base = parse.sentence.start
    spelling = gazetteer.lookup(parse.sentence.text[parse.word(first).start - base : parse.word(last).end - base])
    whole = all(parse.word(i).name.endswith("ORG") for i in range(first, last + 1)) or parse.word(end).text.lower() in generic
    return whole and (spelling.everyday or spelling.given or spelling.surname)


def fits_tag(entry: GazetteerEntry, word: Word, several: bool) -> bool:
    """Whether a name may be this place, going by the name tagger: a large city is one even where the tagger takes it for a person
    ("captured Goma"), and so is a place of the hand-made table; a village only where the tagger takes it for a place."""
    if word.name.endswith("PER"):
        by_hand = entry.geonames is None and entry.kind not in {"region", "district"}
        return (entry.population >= TOWN or by_hand) and not several
    small = entry.kind in {"town", "district"} and entry.population < VILLAGE
    return not small or word.name.endswith("LOC")


def _may_begin_name(word: Word) -> bool:
    """Whether a word before a proper noun may belong to its name: "New", "-"."""
    return word.upos == "PROPN" or (word.upos in {"PUNCT", "ADJ"} and (word.text == "-" or word.text[:1].isupper()))
