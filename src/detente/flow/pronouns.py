"""Pronouns: "he", "its", "their", "whose", "we", resolved by stated rules in the sentence, then in the article's memory.

In: the sentence's resolver, a word. Out: mentions under the pronoun's words, or nothing. Shared by `mentions`.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Protocol

from ..knowledge import Knowledge
from ..language.syntax import by_relation, cases, clause_of, subjects, with_conjuncts
from ..records import Mention, Parse, Word
from .memory import Memory
from .quotations import quoted, same_speaker

PERSON_PRONOUNS = frozenset({"he", "she", "him", "her", "his", "hers", "himself", "herself"})
BODY_PRONOUNS = frozenset({"it", "its", "itself"})
FIRST_PRONOUNS = frozenset({"i", "me", "my", "we", "us", "our", "ours", "myself", "ourselves"})
WOMAN_PRONOUNS = frozenset({"she", "her", "hers", "herself"})
WOMEN = frozenset("queen princess spokeswoman chairwoman congresswoman policewoman businesswoman mother mrs ms lady".split())
MEN = frozenset("king prince duke emperor spokesman chairman congressman policeman businessman actor father mr lord sir".split())
OFFICES = frozenset({"COP", "MIL", "GOV", "JUD", "LEG", "SPY"})
REACH = 2  # sentences
MET_REACH = 5
SUFFERED = frozenset({"ASSAULT", "COERCE", "SANCTION"})
GONE = frozenset("absence death resignation departure removal fall wake".split())
VOICING = frozenset({"express", "voice", "call", "welcome", "approve"})
PLURAL_PRONOUNS = frozenset({"they", "them", "their", "theirs", "themselves", "both", "each"})


class Resolver(Protocol):
    """What pronouns need of the sentence's actors."""

    parse: Parse
    knowledge: Knowledge
    memory: Memory

    def resolve(self, index: int) -> tuple[Mention, ...]:
        """All actors that a phrase means."""


def pronoun(actors: Resolver, index: int) -> tuple[Mention, ...]:
    """Whom a pronoun means, each with the rule; empty where nothing fits."""
    word = actors.parse.word(index)
    lemma = word.text.lower()
    span = (word.text, word.start, word.end)
    if lemma == "whose":
        owner = next((actors.parse.word(i).head for i in actors.parse.ancestors(index) if actors.parse.word(i).deprel == "acl:relcl"), 0)
        return actors.resolve(owner) if owner else ()
    if lemma in FIRST_PRONOUNS:
        speaker = _speaker(actors, index)
        return (Memory.again(speaker, *span, rule="pronoun-speaker"),) if speaker else ()
    if lemma in PERSON_PRONOUNS:
        person = _person(actors, index)
        return (Memory.again(person, *span, rule="pronoun-person"),) if person else ()
    if lemma in BODY_PRONOUNS:
        body = _body(actors, index)
        return (Memory.again(body, *span, rule="pronoun-body"),) if body else ()
    if lemma in PLURAL_PRONOUNS:
        many = _many_before(actors, index) or (_said_before(actors, index, lemma) if _quoted(actors, index) else
                                               _told_before(actors, lemma, _of_meeting(actors, index)))
        return tuple(Memory.again(m, *span, rule="pronoun-plural") for m in many)
    return ()


def _person(actors: Resolver, index: int) -> Mention | None:
    """Whom "he" or "her" means: somebody of the sentence, else the last subject or person of the article that can be."""
    own = _named_before(actors, index, person=True) or _named_behind(actors, index)
    if own and _can_be(actors, index, own):
        return own
    memory = actors.memory
    older = () if _quoted(actors, index) else tuple(reversed(memory.people.values()))
    return next((m for m in (memory.last_subject_person, memory.last_person, *older) if m and _can_be(actors, index, m)), None)


def _can_be(actors: Resolver, index: int, mention: Mention) -> bool:
    """Neither of the other sex, where a title tells, nor, inside a quotation, the one who speaks."""
    before = mention.text.split(mention.person.split()[0])[0] if mention.person else mention.text
    words = set(f"{mention.role or ''} {' '.join(before.split()[-3:])}".lower().replace(".", "").split())
    other = MEN if actors.parse.word(index).text.lower() in WOMAN_PRONOUNS else WOMEN
    if words & other and not words & (WOMEN if other is MEN else MEN):
        return False
    speaker = _speaker(actors, index) if _quoted(actors, index) else None
    return speaker is None or (mention.person, mention.role) != (speaker.person, speaker.role)


def _quoted(actors: Resolver, index: int) -> bool:
    return quoted(actors.parse, index, actors.memory)


def _body(actors: Resolver, index: int) -> Mention | None:
    """What "it" means: the owner of what its noun is coordinated with, a body of the sentence, else the subject of the sentence before."""
    parse, memory = actors.parse, actors.memory
    noun = parse.word(parse.word(index).head) if parse.word(index).deprel == "nmod:poss" else None
    if noun and noun.deprel == "conj":  # "the junta's arrests and its threats"
        for owner in by_relation(parse, noun.head, "nmod:poss"):
            found = actors.resolve(owner)
            if len(found) == 1:
                return found[0]
    own = _named_before(actors, index, person=False)
    if own:
        return own
    if _unknown_subject(actors, index):
        return None
    spokesman = _speaker(actors, index)
    body = _body_behind(actors, spokesman) if spokesman and spokesman.role and "spokes" in spokesman.role else None
    if body:
        return body
    told = memory.teller is not None and parse.sentence.index - memory.teller_at <= 1
    if told and parse.word(index).deprel == "nsubj" and tells(parse, parse.word(index).head, actors.knowledge):
        return memory.teller  # "X said that Y …. It added": X
    if memory.last_subject:
        return memory.last_subject if memory.subject_age == 0 else None
    return None if memory.office_at == actors.parse.sentence.index - 1 else memory.last_body


def tells(parse: Parse, verb: int, knowledge: Knowledge) -> bool:
    """Whether a verb is one of saying, also of calling on somebody or of expressing concern."""
    lemma = parse.word(verb).lemma.lower()
    return lemma in knowledge.speech.verbs or lemma in VOICING


def _unknown_subject(actors: Resolver, index: int) -> bool:
    """Whether the nearest subject before is a proper name that means nobody known: "the Albatross lost her mast in its first storm"."""
    for word in reversed(actors.parse.words[: index - 1]):
        if word.deprel.startswith("nsubj") and word.upos in {"PROPN", "NOUN"} and index not in actors.parse.subtree(word.index):
            return word.upos == "PROPN" and not actors.resolve(word.index)
    return False


def _body_behind(actors: Resolver, mention: Mention) -> Mention | None:
    """The group or organisation that a spokesman speaks for."""
    known = actors.knowledge.registry.actors.get(mention.id) if mention.id else None
    if known is None:
        return None
    return replace(mention, name=known.name, country=known.country, sector=known.sector, role=None, person=None)


def _speaker(actors: Resolver, index: int) -> Mention | None:
    """For "we" and "our": who says the sentence, or who spoke last while a quotation is open."""
    spoken = _quoted(actors, index)
    for word in actors.parse.words:
        speech = word.upos == "VERB" and word.lemma.lower() in actors.knowledge.speech.verbs
        if speech and word.index != clause_of(actors.parse, index) and not (spoken and _quoted(actors, word.index)):
            for subject in subjects(actors.parse, word.index):
                if actors.parse.word(subject).upos in {"NOUN", "PROPN"} and subject not in actors.parse.ancestors(index):
                    found = actors.resolve(subject)
                    if found:
                        return found[0]
    memory = actors.memory
    return memory.speaker if memory.in_quote or same_speaker(actors.parse, index, memory) else None


def _many_before(actors: Resolver, index: int) -> tuple[Mention, ...]:
    """For "they" and "their": the nearest subject before it in the sentence, with all that is coordinated with it."""
    for word in reversed(actors.parse.words[: index - 1]):
        if word.deprel.startswith("nsubj") and word.upos in {"PROPN", "NOUN"} and index not in actors.parse.subtree(word.index):
            heads = with_conjuncts(actors.parse, [word.index])
            found = tuple(m for head in heads for m in actors.resolve(head) if m.rule != "thing-of-nation")
            if len(found) == 1 and _one_person(actors, word, found[0]):
                office = replace(found[0], person=None) if found[0].role and set(found[0].sector) & OFFICES else None
                return (office,) if office and not _quoted(actors, index) else ()
            if found:
                return found
    return ()


def _said_before(actors: Resolver, index: int, lemma: str) -> tuple[Mention, ...]:
    """"They" in a quotation that goes on: those in the plural of whom the sentence before spoke."""
    memory = actors.memory
    near = memory.crowd_at == actors.parse.sentence.index - 1 and lemma in {"they", "their", "them"}
    if not near or not same_speaker(actors.parse, index, memory):
        return ()
    return tuple(m for m in memory.crowd if m is not memory.speaker and (m.id, m.role) != _who(memory.speaker))


def _who(mention: Mention | None) -> tuple[str | None, str | None]:
    return (mention.id, mention.role) if mention else (None, None)


def _one_person(actors: Resolver, word: Word, mention: Mention) -> bool:
    """A single person is never "they"; a sheriff who says "they" means his office."""
    people = not mention.role and bool(by_relation(actors.parse, word.index, "det"))  # "the Cree" are many
    single = word.xpos not in {"NNS", "NNPS"} and not people
    return single and bool(mention.person or (mention.role and actors.knowledge.roles.kind_of(mention.role) == "office"))


def _of_meeting(actors: Resolver, index: int) -> bool:
    """Whether a pronoun owns a noun of something done together ("their first meeting")."""
    word = actors.parse.word(index)
    noun = actors.parse.word(word.head) if word.deprel == "nmod:poss" else word
    return noun is not word and any(rule.mutual for rule in actors.knowledge.lexicon.at(noun.lemma.lower(), "noun"))


def _told_before(actors: Resolver, lemma: str, of_meeting: bool) -> tuple[Mention, ...]:
    """Those in the plural who were the subject of the sentence before ("Police said …"), parties set side by side, an armed group; of
    a meeting only states or officials who stood together as subject."""
    memory = actors.memory
    if of_meeting:
        return memory.met if actors.parse.sentence.index - memory.met_at <= MET_REACH else ()
    near = actors.parse.sentence.index - memory.crowd_at <= REACH and lemma in {"they", "their"}
    return (memory.crowd if near else ()) or _lately(memory) or _armed(memory)


def _named_before(actors: Resolver, index: int, person: bool | None) -> Mention | None:
    """Somebody named earlier in the same sentence: a person or office for "his", a state, organisation or group for "its".

    An object pronoun looks to objects first and never to the subject of its own clause.
    """
    own = actors.parse.word(index)
    clause = own.head if own.deprel in {"obj", "iobj", "obl"} else 0
    places = [w for w in reversed(actors.parse.words[: index - 1]) if w.upos in {"PROPN", "NOUN"} and w.head != clause]
    first = ("obj", "iobj", "obl") if clause else ("nsubj",)
    for wanted in (first, ("nsubj",)):
        for word in places:
            if word.deprel.split(":")[0] in wanted and index not in actors.parse.subtree(word.index):
                found = actors.resolve(word.index)
                if len(found) == 1 and _fits(actors, word, found[0], person):
                    return found[0]
    return _beside(actors, index, places, person)


def _named_behind(actors: Resolver, index: int) -> Mention | None:
    """"In his speech on Monday, President X …": the person who is the subject behind an opening phrase; not of what is done to somebody."""
    parse = actors.parse
    up = parse.ancestors(index)
    for low, verb in pairwise((index, *up)):
        if parse.word(low).deprel.split(":")[0] not in {"obl", "advcl"} or low > verb:
            continue
        owned = parse.word(parse.word(index).head)
        done_to = {rule.event for rule in actors.knowledge.lexicon.at(owned.lemma.lower(), "noun")} & SUFFERED
        subject = next((s for s in by_relation(parse, verb, "nsubj") if low < s and parse.word(s).upos == "PROPN"), None)
        found = actors.resolve(subject) if subject and not done_to and owned.lemma.lower() not in GONE else ()
        return found[0] if len(found) == 1 and found[0].person else None
    return None


def _beside(actors: Resolver, index: int, places: list[Word], person: bool | None) -> Mention | None:
    """Failing those: an owner for "him" ("the mayor's rivals want him to resign"), a doer for "its" ("the raid by X", "X's raid")."""
    for word in places:
        owner = word.deprel == "nmod:poss" and (bool(person) or actors.parse.word(word.head).deprel.startswith("nsubj"))
        owner = owner or (not person and word.deprel in {"nmod", "obl"} and "by" in cases(actors.parse, word.index))
        if owner and index not in actors.parse.subtree(word.index):
            found = actors.resolve(word.index)
            if len(found) == 1 and _fits(actors, word, found[0], person):
                return found[0]
    return None


def _fits(actors: Resolver, word: Word, mention: Mention, person: bool | None) -> bool:
    """Whether a mention can be meant: one person or office for "he", a body that is no role for "it"."""
    if not (mention.id or mention.role or mention.person) or mention.rule == "thing-of-nation":
        return False
    if person is None:
        return True
    kind = actors.knowledge.roles.kind_of(mention.role) if mention.role else None
    somebody = bool(mention.person) if kind is None else kind != "body"  # "the Assad regime" is a body although it names a person
    if person and not mention.person and (word.xpos in {"NNS", "NNPS"} or actors.knowledge.roles.kind_of(mention.role) == "body"):
        return False  # "police said … his arrest" is not the police's
    if not person and mention.role and word.xpos in {"NNS", "NNPS"}:
        return False  # nor are authorities "it"
    return somebody == person


def _lately(memory: Memory) -> tuple[Mention, ...]:
    """Parties set side by side in one of the last sentences; older ones are out of reach of "they", and so are those with
    whom an armed group dealt."""
    if not memory.plural_joined and _armed(memory):
        return ()
    return memory.last_plural if memory.plural_age <= REACH else ()


def _armed(memory: Memory) -> tuple[Mention, ...]:
    """"they" of an armed group that was the subject before."""
    last = memory.last_subject
    return (last,) if last and {"REB", "UAF", "PRM"} & set(last.sector) else ()
