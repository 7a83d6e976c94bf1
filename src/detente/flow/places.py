"""Where: the place phrase nearest to a trigger, with the place that the article's geography says it means.

In: claims of one sentence, the parse, actors. Out: the claim's `Place` with the rule, or none. Nothing is guessed from the outlet, and a
dateline ("BEIRUT (Reuters) -") says where the reporter sat, not where it happened: it never gives a place. A country has no coordinates
here: a point in its middle would look like a place. A name that no gazetteer knows keeps its words, with precision "unknown", where the
words around it say that it is a place ("in the village of Xyz").
"""

from __future__ import annotations

import re
from dataclasses import replace

from ..knowledge import GazetteerEntry, Knowledge, PlaceWords
from ..knowledge.actors import sits
from ..language.syntax import by_relation, cases
from ..records import Claim, Parse, Place, Reason
from .dating import FAR, Around, cost, may_belong
from .located import find_place, fits_tag
from .mentions import SentenceActors

INSIDE = frozenset("in at near outside inside across throughout off around within along over north south east west".split())
TARGET = frozenset({"on", "against", "of", "to", "into", "from", "for"})
TARGET_EVENTS = frozenset({"ASSAULT", "COERCE", "MOBILIZE", "PROTEST", "RETREAT"})
# How much nearer a less exact phrase must be to be taken before a more exact one.
COARSE = {"country": 4, "region": 3, "unknown": 2}
_AGENCY = r"\([A-Z][\w .,&/-]{1,30}\)\s*"
_DATELINE = re.compile(
    rf"\s*(?:[A-Z][A-Z.'’ -]+(?:[,/]\s?[A-Z][\w.'’ -]+){{0,2}}\s*(?:{_AGENCY})?|[A-Z][\w.'’, /-]{{1,40}}{_AGENCY})(?:--|[—–-])(?:\s|\Z)"
)


def place_of(claim: Claim, parse: Parse, trigger: int, actors: SentenceActors, knowledge: Knowledge, around: Around) -> Claim:
    """The claim with its place, if the sentence names one near the trigger."""
    best: tuple[int, int, Place, str] | None = None
    body = dateline_end(parse)
    for word in parse.words:
        if word.upos != "PROPN" or word.start < body:
            continue
        head = phrase_head(parse, word.index)
        kinds = cases(parse, head) | cases(parse, word.index)
        inside = bool(kinds & INSIDE)
        object_like = parse.word(head).deprel in {"obj", "nsubj:pass", "compound", "nmod:poss"}
        target = claim.event in TARGET_EVENTS and (bool(kinds & TARGET) or object_like)
        if not (inside or target) or not may_belong(parse, trigger, head, around):
            continue
        far = 2 * cost(parse, trigger, head, around.speech) + (0 if inside else 4)
        if far > 2 * FAR or (best is not None and far > best[0]):
            continue
        place = _place(parse, word.index, actors, knowledge)
        if place is None or (place.precision == "country" and not inside):
            continue
        far += COARSE.get(place.precision, 0)
        if best is None or (far, word.index) < best[:2]:
            best = (far, word.index, place, "inside" if inside else "target")
    if best is None:
        return claim
    return replace(claim, place=best[2], why=(*claim.why, Reason("places", f"{best[3]}-{best[2].precision}", best[2].text)))


def dateline_end(parse: Parse) -> int:
    """Offset behind the dateline that a sentence begins with; the sentence's start where it has none."""
    match = _DATELINE.match(parse.sentence.text)
    return parse.sentence.start + (match.end() if match else 0)


def phrase_head(parse: Parse, index: int) -> int:
    """The noun that carries the preposition: "the city of Sochi", "Istanbul's main airport", "southern Helmand province"."""
    node = index
    for _ in range(4):
        word = parse.word(node)
        top = parse.word(word.head) if word.head else None
        if top is None or top.upos not in {"NOUN", "PROPN"}:
            return node
        inner = word.deprel in {"compound", "flat", "nmod:poss", "nmod:desc", "appos"}
        if inner or (word.deprel == "nmod" and cases(parse, node) <= {"of"}):
            node = word.head
        else:
            return node
    return node


def _place(parse: Parse, index: int, actors: SentenceActors, knowledge: Knowledge) -> Place | None:
    naming = actors.hit_at(index)
    if naming and naming.actor and naming.actor.kind == "state" and naming.kind == "name":
        if by_relation(parse, index, "flat") or parse.word(index).deprel == "flat":
            return None
        words = [w.index for w in parse.words if actors.hit_at(w.index) == naming and abs(w.index - index) < 6]
        meant = _namesake(parse, words[0], words[-1], actors)
        if meant:
            return _known(parse, meant, words[0], words[-1])
        text, start, end = _span(parse, words[0], words[-1])
        return Place(naming.actor.name, naming.actor.country, None, None, None, None, "country", text, start, end, "country")
    word = parse.word(index)
    nowhere = naming and (naming.kind not in {"name", "capital", "none"} or (naming.actor and naming.actor.kind != "state"))
    if naming and nowhere and not sits(naming):
        return None
    found = find_place(parse, index, knowledge.places, actors.memory)
    if found and word.name.endswith("PER") and not fits_tag(found[0], word, found[1] != found[2]):
        found = found if _ranked(parse, index, knowledge.place_words) else None
    if found:
        return _known(parse, *found)
    return _unknown(parse, index, actors, knowledge.place_words) if not naming else None


def _namesake(parse: Parse, first: int, last: int, actors: SentenceActors) -> GazetteerEntry | None:
    """The region that a state's name means in this article ("Georgia" among American states), or None."""
    geography = actors.memory.geography
    entry = geography.place(parse.word(first).start, parse.word(last).end) if geography else None
    return entry if entry and entry.kind != "country" else None


def _known(parse: Parse, entry: GazetteerEntry, first: int, last: int) -> Place:
    text, start, end = _span(parse, first, last)
    region = entry.name if entry.kind == "region" and entry.code else entry.admin1
    where = (entry.lat, entry.lon, entry.geonames)
    return Place(entry.name, entry.country, region, *where, entry.precision, text, start, end, entry.kind)


def _unknown(parse: Parse, index: int, actors: SentenceActors, words: PlaceWords) -> Place | None:
    """A name that the gazetteer lacks, where a word for a settlement or a region beside it says that it is a place."""
    if not _ranked(parse, index, words):
        return None
    last = index
    while last < len(parse.words) and parse.word(last + 1).upos == "PROPN" and parse.word(last + 1).text.lower() not in words.regions:
        last += 1
    first = index
    while first > 1 and parse.word(first - 1).upos == "PROPN":
        first -= 1
    text, start, end = _span(parse, first, last)
    country = actors.memory.geography.holder(start, end) if actors.memory.geography else None
    return Place(text, country, None, None, None, None, "unknown", text, start, end)


def _ranked(parse: Parse, index: int, words: PlaceWords) -> bool:
    """"the village of Xyz", "Xyz district", "Xyz village"; but not "U.S. Treasury department", and no rank alone ("the District")."""
    first, last = index, index
    while first > 1 and parse.word(first - 1).upos == "PROPN":
        first -= 1
    while last < len(parse.words) and parse.word(last + 1).upos == "PROPN":
        last += 1
    ranks = words.settlements | words.regions
    own = parse.words[first - 1 : last]
    if any(word.name.endswith("ORG") for word in own) or all(word.text.lower() in ranks or word.text.isupper() for word in own):
        return False
    after = parse.word(last + 1).text.lower() if last < len(parse.words) else ""
    before = [word.text.lower() for word in parse.words[max(0, first - 3) : first - 1]]
    named = len(before) == 2 and before[1] in {"of", "called"} and before[0] in ranks
    return named or after in ranks or own[-1].text.lower() in words.regions


def _span(parse: Parse, first: int, last: int) -> tuple[str, int, int]:
    start, end = parse.word(first).start, parse.word(last).end
    base = parse.sentence.start
    return parse.sentence.text[start - base : end - base], start, end
