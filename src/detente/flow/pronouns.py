"""Pronouns: "he", "its", "their", "whose", "we", resolved by stated rules in the sentence, then in the article's memory.

In: the sentence's resolver, a word. Out: mentions under the pronoun's words, or nothing. Shared by `mentions`.
"""

from __future__ import annotations

from typing import Protocol

from ..knowledge import Knowledge
from ..language.syntax import clause_of, subjects, with_conjuncts
from ..records import Mention, Parse, Word
from .memory import Memory

PERSON_PRONOUNS = frozenset({"he", "she", "him", "her", "his", "hers", "himself", "herself"})
BODY_PRONOUNS = frozenset({"it", "its", "itself"})
FIRST_PRONOUNS = frozenset({"i", "me", "my", "we", "us", "our", "ours", "myself", "ourselves"})
REACH = 2  # sentences
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
        person = _named_before(actors, index, person=True) or actors.memory.last_subject_person or actors.memory.last_person
        return (Memory.again(person, *span, rule="pronoun-person"),) if person else ()
    if lemma in BODY_PRONOUNS:
        body = _named_before(actors, index, person=False) or actors.memory.last_subject or actors.memory.last_body
        return (Memory.again(body, *span, rule="pronoun-body"),) if body else ()
    if lemma in PLURAL_PRONOUNS:
        many = _many_before(actors, index) or _lately(actors.memory) or _armed(actors.memory)
        return tuple(Memory.again(m, *span, rule="pronoun-plural") for m in many)
    return ()


def _speaker(actors: Resolver, index: int) -> Mention | None:
    """For "we" and "our": who says the sentence, or who spoke last while a quotation is open."""
    for word in actors.parse.words:
        if word.upos == "VERB" and word.lemma.lower() in actors.knowledge.speech.verbs and word.index != clause_of(actors.parse, index):
            for subject in subjects(actors.parse, word.index):
                if actors.parse.word(subject).upos in {"NOUN", "PROPN"} and subject not in actors.parse.ancestors(index):
                    found = actors.resolve(subject)
                    if found:
                        return found[0]
    return actors.memory.speaker if actors.memory.in_quote else None


def _many_before(actors: Resolver, index: int) -> tuple[Mention, ...]:
    """For "they" and "their": the nearest subject before it in the sentence, with all that is coordinated with it."""
    for word in reversed(actors.parse.words[: index - 1]):
        if word.deprel.startswith("nsubj") and word.upos in {"PROPN", "NOUN"} and index not in actors.parse.subtree(word.index):
            heads = with_conjuncts(actors.parse, [word.index])
            found = tuple(m for head in heads for m in actors.resolve(head) if m.rule != "thing-of-nation")
            if found:
                return found
    return ()


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
    return None


def _fits(actors: Resolver, word: Word, mention: Mention, person: bool | None) -> bool:
    """Whether a mention can be meant: one person or office for "he", a body that is no role for "it"."""
    if not (mention.id or mention.role or mention.person) or mention.rule == "thing-of-nation":
        return False
    if person is None:
        return True
    somebody = bool(mention.person or mention.role)
    if person and not mention.person and (word.xpos in {"NNS", "NNPS"} or actors.knowledge.roles.kind_of(mention.role) == "body"):
        return False  # "police said … his arrest" is not the police's
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
