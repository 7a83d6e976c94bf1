"""Where: the place phrase nearest to a trigger, with the place that the article's geography says it means.

In: claims of one sentence, the parse, actors. Out: the claim's `Place` with the rule, or none. Nothing is guessed from the outlet, and a
dateline ("BEIRUT (Reuters) -") says where the reporter sat, not where it happened: it never gives a place. A country has no coordinates
here: a point in its middle would look like a place. A name that no gazetteer knows keeps its words, with precision "unknown", where the
words around it say that it is a place ("in the village of Xyz").
"""

from __future__ import annotations

from dataclasses import replace

from ..knowledge import GazetteerEntry, PlaceWords
from ..knowledge.actors import sits
from ..language.syntax import by_relation, cases
from ..records import Act, Claim, Parse, Place, Reason, Word
from .datelines import dateline_end
from .dating import FAR, Around, cost, may_belong
from .located import find_place, fits_tag
from .mentions import SentenceActors

INSIDE = frozenset("in at near outside inside across throughout off around within along over north south east west".split())
TARGET = frozenset({"on", "against", "of", "to", "into", "from", "for"})
# Clauses with these words tell of the same scene as the one above them.
SAME_SCENE = frozenset({"when", "where", "while"})
TARGET_EVENTS = frozenset({"ASSAULT", "COERCE", "MOBILIZE", "PROTEST", "RETREAT"})
# How much nearer a less exact phrase must be to be taken before a more exact one.
COARSE = {"country": 4, "region": 3, "unknown": 2}
FINE = frozenset({"site", "city", "region"})
# The event network's probability that a name is the place of an act: below the first never, from the second on even where the tree does
# not lead there; what it knows nothing of counts as UNSURE. READ: how many steps of the tree full sureness is worth.
DOUBTED, UNSURE, TRUSTED, READ = 0.25, 0.3, 0.5, 8
BUILDING = 5  # and how much nearer one that only names a building
SLACK = 4  # how much farther an exact place may stand than the country that holds it


def place_of(claim: Claim, parse: Parse, trigger: int, actors: SentenceActors, around: Around, act: Act | None) -> Claim:
    """The claim with its place, if the sentence names one near the trigger; `act`: what the event network reads there."""
    knowledge = actors.knowledge
    found: list[tuple[int, int, Place, str]] = []
    body = dateline_end(parse)
    for word in parse.words:
        if word.upos != "PROPN" or word.start < body:
            continue
        head = phrase_head(parse, word.index)
        kinds = cases(parse, head) | cases(parse, word.index)
        before_event = word.deprel == "compound" and word.head == trigger  # "Cairo protests", "a Kabul car bombing"
        inside = bool(kinds & INSIDE) or (claim.event == "PROTEST" and before_event)
        object_like = before_event or parse.word(head).deprel in {"obj", "nsubj:pass", "compound", "nmod:poss"}
        target = claim.event in TARGET_EVENTS and (bool(kinds & TARGET) or object_like)
        read, trusted = _read(act, {word.index, head, *by_relation(parse, word.index, "flat")})
        if read < DOUBTED:
            continue
        if word.deprel == "compound" and word.head != trigger and parse.word(word.head).upos == "NOUN":
            trusted = False  # "Molotov cocktails"
        if any((m.start, m.end) == (word.start, word.end) for m in (*claim.actor, *claim.recipient)):
            trusted = False  # "reached out to Moscow"
        if not trusted and (not (inside or target) or not is_scene(parse, trigger, head, around)):
            continue
        if not trusted and _describes_another(parse, trigger, word.index, claim.event, actors):
            continue
        far = 2 * cost(parse, trigger, head, around.speech) + (0 if inside else 4) - round(READ * (read - UNSURE))
        if far > 2 * FAR and not trusted:
            continue
        place = _place(parse, word.index, actors, trusted)
        if place is None or (place.precision == "country" and not inside and not trusted):
            continue
        far += BUILDING * _names_building(parse, word.index, knowledge.place_words)
        how = "inside" if inside else "target" if target else "network"
        found.append((far + COARSE.get(place.precision, 0), word.index, place, how))
    if not found:
        return claim
    far, _, place, how = min(found, key=lambda f: f[:2])
    if place.precision == "country":  # "killed in Spain when a bus crashed in Getafe"
        finer = [f for f in found if f[2].country == place.country and f[2].precision in FINE and f[0] <= far + SLACK]
        far, _, place, how = min(finer, key=lambda f: f[:2], default=(far, 0, place, how))
    return replace(claim, place=place, why=(*claim.why, Reason("places", f"{how}-{place.precision}", place.text)))


def _read(act: Act | None, words: set[int]) -> tuple[float, bool]:
    """How likely the event network holds some words for the place of an act, or for whom it is done to, which says where too; and whether
    that is to be trusted beyond the tree."""
    if act is None or not act.seen:
        return UNSURE, False
    there, other = act.likely("place", words), act.likely("recipient", words)
    return max(there, other), TRUSTED <= there > other


def _names_building(parse: Parse, index: int, words: PlaceWords) -> bool:
    """"Waterloo station in London": a building's name is a worse witness than the place it is said to stand in."""
    word = parse.word(index)
    return word.deprel == "compound" and parse.word(word.head).lemma.lower() in words.buildings | words.ends_of_names


def is_scene(parse: Parse, trigger: int, head: int, around: Around) -> bool:
    """Whether a phrase can tell where a trigger happened: one of its own clause, or of a clause below that tells of the same scene."""
    return may_belong(parse, trigger, head, around) or _in_scene(parse, trigger, head, around)


def _in_scene(parse: Parse, trigger: int, head: int, around: Around) -> bool:
    """"killed when a bus crashed in X", "spoke while visiting Y"; "an outpost guarding a hotel in X was attacked"."""
    path = [head, *parse.ancestors(head)]
    if trigger not in path:
        subject = next((n for n in path if parse.word(n).head == trigger and parse.word(n).deprel in {"nsubj", "nsubj:pass", "obj"}), 0)
        if not subject:
            return False
    for node in path[: path.index(trigger)]:
        word = parse.word(node)
        if word.deprel == "advcl":
            marks = {parse.word(c).text.lower() for c in by_relation(parse, node, "mark", "advmod")}
            if not marks & SAME_SCENE or ("while" in marks and by_relation(parse, node, "nsubj", "nsubj:pass")):
                return False
        elif word.deprel == "acl":
            told = by_relation(parse, node, "mark", "nsubj", "nsubj:pass", "aux") or node in around.triggers or node in around.speech
            if word.xpos != "VBG" or told:
                return False
        elif word.deprel in {"ccomp", "acl:relcl", "parataxis", "csubj", "conj"} or (node in around.triggers and word.upos != "VERB"):
            return False
    return True


def _describes_another(parse: Parse, trigger: int, index: int, event: str, actors: SentenceActors) -> bool:
    """Whether a place only says whose somebody is ("the mayor of X", "a Leeds man"), or belongs to what lies behind the event
    ("in the wake of the riots in X", "rebels of X origin", "islands in the X Sea")."""
    node, words = index, actors.knowledge.place_words
    while node and node != trigger:
        word = parse.word(node)
        head = parse.word(word.head) if word.head else None
        if head is None or head.index == trigger:
            return False
        if head.lemma.lower() in words.elsewhere:
            return True
        if word.deprel == "appos" and head.upos == "PROPN" and head.name.endswith("LOC") and word.upos == "NOUN":
            return True
        belongs = word.deprel in {"compound", "nmod:poss"} or (word.deprel == "nmod" and cases(parse, node) <= {"of"})
        if belongs and event != "PROTEST" and _somebody(head, actors):
            return True
        node = head.index
    return False


def _somebody(word: Word, actors: SentenceActors) -> bool:
    """Whether a noun is a person or an office, not a body or a crowd."""
    if word.name.endswith("PER"):
        return True
    roles = actors.knowledge.roles
    found = [m for m in actors.resolve(word.index) if m.role]
    return word.xpos in {"NN", "NNP"} and bool(found) and all(roles.kind_of(m.role) in {"office", "agent"} for m in found)


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


def _place(parse: Parse, index: int, actors: SentenceActors, trusted: bool) -> Place | None:
    knowledge = actors.knowledge
    naming = actors.hit_at(index)
    if naming and naming.actor and naming.actor.kind == "state" and naming.kind == "name":
        beside = (*by_relation(parse, index, "flat"), parse.word(index).head)
        if any(actors.hit_at(c) != naming for c in beside if _in_flat(parse, index, c)):
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
    return _unknown(parse, index, actors, knowledge.place_words, trusted) if not naming else None


def _in_flat(parse: Parse, one: int, two: int) -> bool:
    """Whether two words are parts of one flat name."""
    return two > 0 and "flat" in {parse.word(one).deprel if parse.word(one).head == two else "", parse.word(two).deprel}


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


def _unknown(parse: Parse, index: int, actors: SentenceActors, words: PlaceWords, trusted: bool) -> Place | None:
    """A name that the gazetteer lacks, which a word for a settlement or a region beside it, or the network (`trusted`), says is a place."""
    head = phrase_head(parse, index)
    name = {parse.word(i).lemma.lower() for i in (index, head, *by_relation(parse, index, "flat", "compound"))}
    named = not name & (words.buildings | words.ends_of_names) and not parse.word(index).name.endswith(("PER", "ORG"))
    stands = trusted and named and bool(cases(parse, head) & (INSIDE | TARGET))
    ranked = _ranked(parse, index, words)
    if not stands and not ranked:
        return None
    last = index
    while last < len(parse.words) and parse.word(last + 1).upos == "PROPN" and parse.word(last + 1).text.lower() not in words.regions:
        last += 1
    first = index
    while first > 1 and parse.word(first - 1).upos == "PROPN":
        first -= 1
    if first > 1 and not ranked and parse.word(first - 1).text[:1].isupper():
        return None  # only the end of a name ("… Correctional Facility")
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
    ranks = words.settlements | words.regions | words.ends_of_names
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
