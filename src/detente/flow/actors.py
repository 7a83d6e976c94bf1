"""Actors: the first look at a parsed sentence, and what the article remembers of it afterwards.

In: a parse, the article's memory. Out: `SentenceActors`, which answers for any head word; the memory brought up to date.
"""

from __future__ import annotations

from ..knowledge import Knowledge
from ..records import Parse
from .memory import Memory
from .mentions import SentenceActors

NAMING_TAGS = frozenset({"NOUN", "PROPN"})


def actors_of(parse: Parse, knowledge: Knowledge, memory: Memory) -> SentenceActors:
    """The resolver of one sentence."""
    return SentenceActors(parse, knowledge, memory)


def remember(parse: Parse, actors: SentenceActors, memory: Memory) -> None:
    """Brings the memory up to date: who was named, and which parties the sentence set side by side."""
    for word in parse.words:
        if word.upos in NAMING_TAGS and word.deprel not in {"flat", "punct"}:
            for mention in actors.resolve(word.index):
                if mention.rule != "thing-of-nation":
                    memory.note(mention, word.lemma.lower())
        if word.deprel in {"nsubj", "nsubj:pass"} and parse.word(word.head).deprel in {"root", "ccomp", "conj"}:
            bodies = [m for m in actors.resolve(word.index) if m.id and not m.person and not m.role and m.rule != "thing-of-nation"]
            memory.last_subject = bodies[0] if len(bodies) == 1 else memory.last_subject
    for word in parse.words:
        if word.deprel in {"nsubj", "nsubj:pass", "nmod", "obl", "obj"}:
            heads = [word.index, *(c for c in parse.children[word.index] if parse.word(c).deprel == "conj")]
            memory.note_pair(tuple(m for h in heads for m in actors.resolve(h)))
