"""Actors: the first look at a parsed sentence, and what the article remembers of it afterwards.

In: a parse, the article's memory. Out: `SentenceActors`, which answers for any head word; the memory brought up to date.
"""

from __future__ import annotations

from dataclasses import replace

from ..knowledge import Knowledge
from ..language.syntax import by_relation, cases, with_conjuncts
from ..records import Parse, Quantity, Word
from .bodies import acronyms
from .memory import Memory
from .mentions import SentenceActors
from .pronouns import tells

# Rules that take an actor from the story, not from the words: too little to say whose the dead are.
LOCAL = frozenset({"role-of-story-country", "role-in-place", "role-in-state"})
MEETING = frozenset({"meet", "receive", "host", "visit", "telephone", "phone", "call"})
PAIRING = frozenset({"with", "against", "to"})
NAMING_TAGS = frozenset({"NOUN", "PROPN"})


def actors_of(parse: Parse, knowledge: Knowledge, memory: Memory) -> SentenceActors:
    """The resolver of one sentence."""
    return SentenceActors(parse, knowledge, memory)


def remember(parse: Parse, actors: SentenceActors, memory: Memory) -> None:
    """Brings the memory up to date: who was named, and which parties the sentence set side by side."""
    memory.plural_age += 1
    memory.subject_age += 1
    for word in sorted(parse.words, key=lambda w: _titles(parse, w)):  # names before their titles
        if _titles(parse, word) and any(m.country for m in actors.resolve(word.head)):
            continue  # the name has told more
        if word.upos in NAMING_TAGS and word.deprel not in {"flat", "punct"}:
            for mention in actors.resolve(word.index):
                if mention.rule != "thing-of-nation":
                    memory.note(mention, word.lemma.lower(), word.xpos in {"NNS", "NNPS"})
        if word.deprel in {"nsubj", "nsubj:pass"} and parse.word(word.head).deprel in {"root", "ccomp", "conj"}:
            persons = [m for m in actors.resolve(word.index) if m.person]
            if len(persons) == 1 and word.upos != "PRON":
                memory.last_subject_person = persons[0]
            bodies = [m for m in actors.resolve(word.index) if m.id and not m.person and not m.role and m.rule != "thing-of-nation"]
            if len(bodies) == 1:
                memory.last_subject, memory.subject_age = bodies[0], 0
                if parse.word(word.head).deprel == "root" and tells(parse, word.head, actors.knowledge):
                    memory.teller, memory.teller_at = bodies[0], parse.sentence.index
            elif any(m.person or m.role for m in actors.resolve(word.index)):
                memory.office_at = parse.sentence.index
            _note_crowd(word, actors, memory)
    memory.scene = _scene(parse, actors) or memory.scene
    for short, mention in acronyms(parse, actors.resolve):
        memory.short[short] = mention
    _opposed(parse, actors, memory)
    _met(parse, actors, memory)
    for word in parse.words:
        if word.deprel in {"nsubj", "nsubj:pass", "nmod", "obl", "obj"}:
            heads = [word.index, *(c for c in parse.children[word.index] if parse.word(c).deprel == "conj")]
            memory.note_pair(tuple(m for h in heads for m in actors.resolve(h)))


def _note_crowd(subject: Word, actors: SentenceActors, memory: Memory) -> None:
    """Remembers a subject in the plural for "they"; any other subject but a pronoun takes its place."""
    speaks = actors.parse.word(subject.head).lemma.lower() in actors.knowledge.speech.verbs
    if subject.upos not in NAMING_TAGS or (speaks and memory.crowd and memory.crowd_at == actors.parse.sentence.index):
        return  # who says the sentence does not take the place of those whom it tells of
    found = tuple(m for m in actors.resolve(subject.index) if not m.person and m.rule != "thing-of-nation")
    force = any("COP" in m.sector for m in found)
    memory.crowd = found if subject.xpos in {"NNS", "NNPS"} or force else ()
    memory.crowd_at = actors.parse.sentence.index


def _met(parse: Parse, actors: SentenceActors, memory: Memory) -> None:
    """Parties who are the subject together, or one of whom is it and the other comes with "with" or as the object of "meet"."""
    for word in parse.words:
        if word.deprel not in {"nsubj", "nsubj:pass"} or word.upos not in NAMING_TAGS:
            continue
        heads = with_conjuncts(parse, [word.index])
        heads += [c for c in by_relation(parse, word.head, "obl") if "with" in cases(parse, c)]
        heads += by_relation(parse, word.head, "obj") if parse.word(word.head).lemma.lower() in MEETING else []
        memory.note_met(tuple(m for h in heads for m in actors.resolve(h) if m.rule != "thing-of-nation"), parse.sentence.index)


def _scene(parse: Parse, actors: SentenceActors) -> str | None:
    """The state in which the sentence says that something happened."""
    for word in parse.words:
        if word.upos == "PROPN" and cases(parse, word.index) & {"in", "across"}:
            naming = actors.hit_at(word.index)
            if naming and naming.actor and naming.actor.kind == "state" and naming.kind == "name":
                return naming.actor.country
    return None


def _titles(parse: Parse, word: Word) -> bool:
    """Whether a word is the title before a name ("Captain X of the Y army")."""
    return word.deprel == "nmod:desc" and parse.word(word.head).upos == "PROPN" and word.head > word.index


def owned(found: list[Quantity], parse: Parse, actors: SentenceActors) -> list[Quantity]:
    """Quantities with the actor to whom the counted belong ("three Turkish soldiers"), where the words tell of one."""
    result = []
    for amount in found:
        at = amount.text.find(amount.of) if amount.of else -1
        if at < 0 or amount.of is None:
            result.append(amount)
            continue
        start = amount.start + at
        inside = [w for w in parse.words if w.start >= start and w.end <= start + len(amount.of)]
        owners = {m.id for w in inside[-1:] for m in actors.resolve(w.index) if m.id and m.rule not in LOCAL}
        result.append(replace(amount, of_id=min(owners)) if len(owners) == 1 else amount)
    return result


def _opposed(parse: Parse, actors: SentenceActors, memory: Memory) -> None:
    """Parties of one act ("Peru fought Ecuador", "X met Y in Z") are a pair for "the two countries", where just one stands on each side."""
    for verb in parse.words:
        if verb.upos != "VERB" or verb.deprel not in {"root", "conj"}:
            continue
        sides, people = [], []
        for relations, needed in ((("nsubj",), frozenset[str]()), (("obj", "iobj", "obl"), PAIRING)):
            heads = [parse.word(c) for c in parse.children[verb.index] if parse.word(c).deprel in relations]
            heads = [w for w in heads if w.deprel != "obl" or cases(parse, w.index) & needed]
            named = [m for w in heads for m in actors.resolve(w.index) if m.id and m.rule != "place-of-country"]
            if not named:
                inner = [c for w in heads for c in by_relation(parse, w.index, "nmod") if cases(parse, c) <= {"of", "with"}]
                named = [m for c in inner for m in actors.resolve(c) if m.id]
            sides.append(named)
            people.append([m for w in heads for m in actors.resolve(w.index) if m.id or m.person])
        if len(people[0]) == 1 and len(people[1]) == 1:
            memory.last_two = (people[0][0], people[1][0])
        if len(sides[0]) == 1 and len(sides[1]) == 1:
            memory.note_pair((sides[0][0], sides[1][0]), joined=False)
