"""Which words of an article are places: the gazetteer's names judged by the tree's name tags, and tagged names that it lacks.

In: the parses of an article, its geography. Out: `Toponym`s in text order. A name of the gazetteer is taken if its points are above
`ENOUGH`: the name tagger's opinion, the part of speech, a preposition of place, a container or a rank beside it speak for it; that it is an
English word or a person's name, or that a longer name goes on beside it ("Paris Hilton", "Jackson said"), against it. A name that
only the tagger takes for a place is one without entry, if the words beside it agree: its words are kept, no coordinates are invented.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ..knowledge import GazetteerEntry, PlaceWords
from ..knowledge.atlas import key
from ..records import Parse, Word
from .geography import Geography
from .place_names import PlaceName

ENOUGH = 0.0
TAGS = {"LOC": 2.0, "ORG": 0.0, "PER": -1.5, "": -0.5}
PROPER, NOT_PROPER, EVERYDAY, PERSONAL = 0.5, -1.5, -2.0, -1.0
PLACED, FOLLOWED, BESIDE, LARGE, KEPT, SEVERAL, STREET = 1.0, 1.5, 3.0, 0.5, 0.5, 1.0, -1.5
CONTINUED = {"LOC": -0.7, "ORG": -0.5, "PER": -1.5, "": -1.0}
# What it is worth that the same name was surely a place elsewhere in the article, and from how many points it is sure.
AGAIN, SURE = 2.0, 2.0
STATE = {"name": 3.0, "adjective": 1.5, "demonym": 1.5}
LARGE_TOWN = 100_000


@dataclass(frozen=True, slots=True)
class Toponym:
    """A place as the text names it: offsets in the article, and the place meant, None where the gazetteer does not know it."""

    start: int
    end: int
    text: str
    entry: GazetteerEntry | None


def toponyms(parses: Sequence[Parse], geography: Geography, words: PlaceWords) -> list[Toponym]:
    """All toponyms of the parsed sentences, none overlapping."""
    all_words = [word for parse in parses for word in parse.words]
    judged: list[tuple[PlaceName, float]] = []
    low = 0
    for name in geography.names():
        while low < len(all_words) and all_words[low].end <= name.start:
            low += 1
        own = _covered(all_words, low, name.end)
        if own:
            judged.append((name, points(name, own)))
    people = {key(name.text) for name, value in judged if name.continued and name.doubtful and value < -SURE}
    sure = {key(name.text) for name, value in judged if value >= SURE} - people
    found = [
        Toponym(name.start, name.end, name.text, geography.place(name.start, name.end))
        for name, value in judged
        if value + AGAIN * (key(name.text) in sure) > ENOUGH
    ]
    taken = {offset for t in found for offset in range(t.start, t.end)}
    for parse in parses:
        for first, last in tagged(parse.words):
            if taken.isdisjoint(range(first.start, last.end)) and clearly_place(parse, first.index, last.index, words):
                base = parse.sentence.start
                text = parse.sentence.text[first.start - base : last.end - base]
                found.append(Toponym(first.start, last.end, text, geography.place(first.start, last.end)))
    return sorted(found, key=lambda t: t.start)


def clearly_place(parse: Parse, first: int, last: int, words: PlaceWords) -> bool:
    """Whether the words around an unknown name say that it is a place: "in Xyz", "the village of Xyz", "Xyz district", "Xyz, Ohio"."""
    word, final = parse.word(first), parse.word(last)
    if word.upos != "PROPN" or final.text.lower().rstrip(".") in words.buildings | words.streets:
        return False
    if first == last and word.text.lower() in words.plain:
        return False
    after = parse.words[last].text.lower() if last < len(parse.words) else ""
    before = [w.text.lower() for w in parse.words[max(0, first - 3) : first - 1]]
    if after in words.regions or (before[-1:] == ["of"] and before[0] in words.settlements | words.regions):
        return True
    return bool(before) and before[-1] in words.within


def points(name: PlaceName, words: Sequence[Word]) -> float:
    """How much speaks for a name's being a place, above 0 more than against it."""
    tags = [word.name[2:] for word in words]
    tag = max(set(tags), key=lambda t: (tags.count(t), t))
    if name.state:
        return STATE[name.state] + min(0.0, TAGS[tag]) / 2
    total = TAGS[tag] + (PROPER if all(word.upos == "PROPN" for word in words) else NOT_PROPER)
    total += (EVERYDAY if name.everyday else PERSONAL) * name.doubtful + PLACED * name.placed + FOLLOWED * name.followed
    total += BESIDE * bool(name.containers or name.rank) + STREET * name.street
    total += CONTINUED[tag] * name.continued + SEVERAL * (len(words) > 1)
    total += KEPT * any(sense.kept for sense in name.senses)
    return total + LARGE * (max(sense.entry.population for sense in name.senses) >= LARGE_TOWN)


def tagged(words: Iterable[Word]) -> list[tuple[Word, Word]]:
    """First and last word of each run that the tagger calls a place."""
    runs: list[tuple[Word, Word]] = []
    for word in words:
        if word.name == "B-LOC" or (word.name == "I-LOC" and (not runs or runs[-1][1].index != word.index - 1)):
            runs.append((word, word))
        elif word.name == "I-LOC":
            runs[-1] = (runs[-1][0], word)
    return runs


def _covered(words: Sequence[Word], low: int, end: int) -> list[Word]:
    own = []
    while low < len(words) and words[low].start < end:
        own.append(words[low])
        low += 1
    return own
