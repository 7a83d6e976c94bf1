"""Where: the place phrase nearest to a trigger, resolved in the gazetteer; a country where only that is known.

In: claims of one sentence, the parse, actors. Out: the claim's `Place` with the rule, or none. Nothing is guessed from the outlet.
"""

from __future__ import annotations

from dataclasses import replace

from ..knowledge import Knowledge
from ..language.syntax import by_relation, cases
from ..records import Claim, Parse, Place, Reason
from .dating import FAR, Around, cost, may_belong
from .mentions import SentenceActors, find_place

INSIDE = frozenset("in at near outside inside across throughout off around within along over north south east west".split())
TARGET = frozenset({"on", "against", "of", "to", "into", "from", "for"})
TARGET_EVENTS = frozenset({"ASSAULT", "COERCE", "MOBILIZE", "PROTEST", "RETREAT"})


def place_of(claim: Claim, parse: Parse, trigger: int, actors: SentenceActors, knowledge: Knowledge, around: Around) -> Claim:
    """The claim with its place, if the sentence names one near the trigger."""
    best: tuple[int, int, Place, str] | None = None
    for word in parse.words:
        if word.upos != "PROPN":
            continue
        head = phrase_head(parse, word.index)
        kinds = cases(parse, head) | cases(parse, word.index)
        inside = bool(kinds & INSIDE)
        object_like = parse.word(head).deprel in {"obj", "nsubj:pass", "compound", "nmod:poss"}
        target = claim.event in TARGET_EVENTS and (bool(kinds & TARGET) or object_like)
        if not inside and not target:
            continue
        place = _place(parse, word.index, actors, knowledge) if may_belong(parse, trigger, head, around) else None
        if place is None:
            continue
        far = cost(parse, trigger, head, around.speech) + (0 if inside else 2)
        coarse = int(place.precision == "country")
        if far <= FAR and (inside or place.precision != "country") and (best is None or (far + coarse, word.index) < best[:2]):
            best = (far + coarse, word.index, place, "inside" if inside else "target")
    if best is None:
        return claim
    return replace(claim, place=best[2], why=(*claim.why, Reason("places", f"{best[3]}-{best[2].precision}", best[2].text)))


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
    base = parse.sentence.start
    if naming and naming.actor and naming.actor.kind == "state" and naming.kind == "name":
        if by_relation(parse, index, "flat") or parse.word(index).deprel == "flat":
            return None
        words = [w for w in parse.words if actors.hit_at(w.index) == naming and abs(w.index - index) < 6]
        start, end = words[0].start, words[-1].end
        text = parse.sentence.text[start - base : end - base]
        return Place(naming.actor.name, naming.actor.country, None, None, None, None, "country", text, start, end)
    if parse.word(index).name.endswith("PER"):
        return None
    if naming and (naming.kind not in {"name", "capital"} or (naming.actor and naming.actor.kind != "state")):
        return None
    found = find_place(parse, index, knowledge.places, frozenset(actors.memory.countries))
    if found is None:
        return None
    entry, first, last = found
    start, end = parse.word(first).start, parse.word(last).end
    text = parse.sentence.text[start - base : end - base]
    return Place(entry.name, entry.country, entry.admin1, entry.lat, entry.lon, entry.geonames, entry.precision, text, start, end)
