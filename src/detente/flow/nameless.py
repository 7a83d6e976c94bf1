"""Where, told by a common noun alone: "the capital", "the border with X", "a church".

In: a claim without a place, the parse, the actors, what the event network reads. Out: the claim with the place that the noun leads to: the
capital of the country spoken of, the town or region named last, the country itself; else the words alone, of kind `WORDS`, without a point.
Never a pin that the text does not bear out: where the article does not say which capital, the words stay words.
"""

from __future__ import annotations

from dataclasses import replace

from ..knowledge import GazetteerEntry, PlaceWords
from ..language.syntax import by_relation, cases
from ..records import WORDS, Act, Claim, Mention, Parse, Place, Reason
from .dating import FAR, Around, cost
from .mentions import SentenceActors
from .places import INSIDE, TARGET, TARGET_EVENTS, TRUSTED, is_scene

PLACING = INSIDE | {"on"}  # "on the border"; a name behind it is more often a target
OBJECTS = frozenset({"obj", "nsubj:pass"})
# What belongs to the phrase as told: "the frontier with X", "the gate of his office".
LINKS = frozenset({"with", "of", "between"})
DEFINITE = frozenset({"the", "this", "that", "its", "their", "his", "her"})
SHARED = frozenset({"border", "frontier"})  # "the Chadian border" is the other country's as well
LOOK_BACK = 800  # characters: what was named farther up is no longer "the town"
HALF = 0.5  # a country is the article's if more than half of its namings of countries are of it


def place_in_words(claim: Claim, parse: Parse, trigger: int, actors: SentenceActors, around: Around, act: Act | None) -> Claim:
    """The claim with the place that a common noun of its sentence tells; the claim as it is where it has one, or none is told."""
    if claim.place:
        return claim
    words, found = actors.knowledge.place_words, []
    for word in parse.words:
        if word.upos == "NOUN" and word.lemma.lower() in words.told and not _of_name(parse, word.index, actors):
            sure = _sure(claim, parse, trigger, word.index, around, act)
            if sure:
                found.append((-sure, cost(parse, trigger, word.index, around.speech), word.index))
    if not found:
        return claim
    index = min(found)[-1]
    place, how = _meant(parse, index, actors, claim.actor)
    return replace(claim, place=place, why=(*claim.why, Reason("places", f"words-{how}", place.text)))


def _sure(claim: Claim, parse: Parse, trigger: int, index: int, around: Around, act: Act | None) -> float:
    """How sure a noun is the place of an act: what the network says where it sees one, else whether the tree leads there; 0 for no."""
    kinds = cases(parse, index)
    if any((m.start <= parse.word(index).start < m.end) for m in claim.actor):
        return 0.0
    if act is not None and act.seen:
        there, other = act.likely("place", {index}), act.likely("recipient", {index})
        aimed = claim.event in TARGET_EVENTS and (bool(kinds & TARGET) or parse.word(index).deprel in OBJECTS)
        return there if TRUSTED <= there > other and (kinds & PLACING or aimed) else 0.0
    definite = any(parse.word(c).text.lower() in DEFINITE for c in by_relation(parse, index, "det", "nmod:poss"))
    near = cost(parse, trigger, index, around.speech) <= FAR
    return TRUSTED if definite and near and kinds & PLACING and is_scene(parse, trigger, index, around) else 0.0


def _of_name(parse: Parse, index: int, actors: SentenceActors) -> bool:
    """Whether a name says which place it is ("Kabul airport", "the village of Xyz"): that is for the step of names."""
    if parse.word(index).deprel == "compound":
        return True
    owned = parse.word(index).lemma.lower() in SHARED | {"capital"}
    for child in by_relation(parse, index, "compound", "flat", "appos", "nmod", "nmod:desc"):
        word, naming = parse.word(child), actors.hit_at(child)
        if word.upos != "PROPN" or (word.deprel.startswith("nmod") and not cases(parse, child) <= {"of"}):
            continue
        of_state = naming is not None and naming.actor is not None and naming.actor.kind == "state"
        if not (of_state and (owned or (naming is not None and naming.kind == "adjective"))):
            return True
    return False


def _meant(parse: Parse, index: int, actors: SentenceActors, others: tuple[Mention, ...]) -> tuple[Place, str]:
    """The place that a noun leads to, and how; `others`: who acts there, whose own country "the country" hardly is."""
    words, lemma = actors.knowledge.place_words, parse.word(index).lemma.lower()
    text, start, end = _span(parse, index, actors)
    country = _owner(parse, index, actors)
    bare = not by_relation(parse, index, "amod", "compound", "nmod", "nummod") and parse.word(index).xpos == "NN"
    again = bare and any(parse.word(c).text.lower() in {"the", "this"} for c in by_relation(parse, index, "det"))
    if lemma == "capital" and (country or again):
        holder = country or _spoken_of(actors)
        seat = actors.knowledge.registry.capital(holder) if holder else None
        senses = actors.knowledge.places.lookup(seat).senses if seat else ()
        entry = next((s.entry for s in senses if s.entry.kind == "capital" and s.entry.country == holder), None)
        if entry:
            return _known(entry, text, start, end), "capital"
    elif lemma == "country" and (again or _whole(parse, index)):
        state = actors.memory.state_spoken_of()
        holder = _spoken_of(actors) or (state.id if state and not any(m.id == state.id for m in others) else None)
        if holder:
            name = actors.knowledge.registry.actors[holder].name
            return Place(name, holder, None, None, None, None, "country", text, start, end, "country"), "country"
    elif again:
        entry = _named_last(lemma, start, actors, words)
        if entry:
            return _known(entry, text, start, end), "named-before"
    if country is None and actors.memory.geography:
        country = actors.memory.geography.holder(start, end) if parse.word(index).lemma.lower() not in SHARED else None
    return Place(text, country, None, None, None, None, "unknown", text, start, end, WORDS), "alone"


def _whole(parse: Parse, index: int) -> bool:
    return any(parse.word(c).lemma.lower() in {"whole", "entire"} for c in by_relation(parse, index, "amod"))


def _span(parse: Parse, index: int, actors: SentenceActors) -> tuple[str, int, int]:
    """The noun's phrase with article, adjectives and what says which it is ("with X", "of the court"), without clauses."""
    kept = {index}
    for child in parse.children[index]:
        word = parse.word(child)
        own = word.deprel in {"det", "amod", "nmod:poss", "compound", "nummod", "flat"}
        if own or (word.deprel in {"nmod", "nmod:desc"} and cases(parse, child) & LINKS):
            kept |= {i for i in parse.subtree(child) if not _in_clause(parse, i, child)}
    first = last = index
    while first - 1 in kept:
        first -= 1
    while last + 1 in kept:
        last += 1
    return actors.span(list(range(first, last + 1)))


def _in_clause(parse: Parse, index: int, top: int) -> bool:
    path = [index, *parse.ancestors(index)]
    return any(parse.word(n).deprel.startswith(("acl", "advcl", "appos", "conj", "parataxis")) for n in path[: path.index(top)])


def _owner(parse: Parse, index: int, actors: SentenceActors) -> str | None:
    """The country that the phrase itself names: "the Syrian capital", "Chad's border", "its capital", "the capital of Chad"."""
    found = []
    for child in parse.children[index]:
        word = parse.word(child)
        belongs = word.deprel in {"amod", "nmod:poss", "compound"} or (word.deprel == "nmod" and cases(parse, child) <= {"of"})
        if not belongs or (word.deprel != "nmod:poss" and parse.word(index).lemma.lower() in SHARED):
            continue
        naming = actors.hit_at(child)
        if naming and naming.actor and naming.actor.kind == "state":
            found.append(naming.actor.country)
        elif word.upos == "PRON":
            found += [m.country for m in actors.resolve(child) if m.country]
    both = any("-" in parse.word(i).text for i in by_relation(parse, index, "amod", "compound"))  # "the Syrian-Turkish border"
    return found[0] if len(set(found)) == 1 and not both else None


def _spoken_of(actors: SentenceActors) -> str | None:
    """The country that the article speaks of: the only one named so far, this sentence included, or by far the one named most."""
    counts = actors.memory.countries.copy()
    start = actors.parse.sentence.start
    seen: set[int] = set()
    for word in actors.parse.words:
        naming = actors.hit_at(word.index)
        if naming and naming.actor and naming.actor.kind == "state" and id(naming) not in seen:
            seen.add(id(naming))
            counts[naming.actor.country] += 1
    geography = actors.memory.geography
    for name in geography.names() if geography else ():
        if name.end <= actors.parse.sentence.end and name.placed and name.start >= start - LOOK_BACK:
            entry = geography.place(name.start, name.end) if geography else None
            if entry and entry.country and entry.kind != "country":
                counts[entry.country] += 1
    total = sum(counts.values())
    best = counts.most_common(1)
    return best[0][0] if best and best[0][1] > HALF * total and best[0][0] in actors.knowledge.registry.actors else None


def _named_last(lemma: str, start: int, actors: SentenceActors, words: PlaceWords) -> GazetteerEntry | None:
    """The place of a noun's kind that the article named last as a place, not far above; None where nothing of the kind was."""
    geography = actors.memory.geography
    kinds = words.kinds_of(lemma)
    if geography is None or not kinds:
        return None
    for name in reversed(geography.names()):
        if name.start >= start or not (name.placed or name.start < LOOK_BACK // 8):
            continue
        if name.start < start - LOOK_BACK:
            return None
        entry = geography.place(name.start, name.end)
        if entry and entry.kind in kinds:
            return entry
    return None


def _known(entry: GazetteerEntry, text: str, start: int, end: int) -> Place:
    region = entry.name if entry.kind == "region" and entry.code else entry.admin1
    where = (entry.lat, entry.lon, entry.geonames)
    return Place(entry.name, entry.country, region, *where, entry.precision, text, start, end, entry.kind)
