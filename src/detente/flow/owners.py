"""Owners: to which state, organisation or group a thing or an office belongs ("Turkey's minister", "police in X"). Not a step.

In: the sentence's resolver, a head word with its noun phrase. Out: `Nation`s with the rule that found them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from ..knowledge import Actor, Knowledge, Naming, Role
from ..language.syntax import by_relation, cases, modifiers, with_conjuncts
from ..records import Mention, Parse

HYPHEN_TAILS = frozenset(
    "led backed based born made trained funded sponsored held controlled occupied aligned brokered mediated run linked dominated "
    "supported supplied built style speaking era allied".split()
)


@dataclass(frozen=True, slots=True)
class Nation:
    """Whom a phrase belongs to: a known actor, and the words that said so."""

    actor_id: str
    name: str
    country: str
    sector: tuple[str, ...]
    rule: str


class Sentence(Protocol):
    """What is asked of the sentence's actors."""

    parse: Parse
    knowledge: Knowledge

    def resolve(self, index: int) -> tuple[Mention, ...]:
        """All actors that a phrase means."""

    def hit_at(self, index: int) -> Naming | None:
        """What a known name covering a word stands for."""

    def gazetteer_find(self, index: int) -> str | None:
        """Country of the place that a word names."""


class Owners:
    """Finds owners in one sentence."""

    def __init__(self, of: Sentence) -> None:
        self._of = of

    def first(self, index: int, phrase: list[int]) -> Nation | None:
        """The first of all owners, or None."""
        return next(iter(self.all(index, phrase)), None)

    def all(self, index: int, phrase: list[int]) -> list[Nation]:
        """To whom a thing or role belongs: adjective, name before it, possessor, "of", "from", "in"."""
        parse = self._of.parse
        owners = [c for c in with_conjuncts(parse, by_relation(parse, index, "nmod:poss")) if c != index]
        pronouns = [c for c in owners if parse.word(c).upos == "PRON"]
        found = [n for c in owners if c not in pronouns for n in self._as_nation(c, "possessor")]
        if found:
            return found
        for place in sorted(phrase, reverse=True):
            word = parse.word(place)
            name_part = word.deprel == "flat" and parse.word(index).upos == "PROPN"
            modifier = word.deprel in {"amod", "compound", "nmod:desc", "flat", "nmod", "conj", "appos"} and not name_part
            ethnic = place > 1 and parse.word(place - 1).lemma.lower() == "ethnic"
            if place != index and modifier and not ethnic and self._direct(place, index):
                naming = self._of.hit_at(place)
                if naming and naming.actor and not self.hyphenated(place):
                    nation = self._of_actor(naming.actor, naming.kind)
                    found += [nation] if nation.actor_id not in {f.actor_id for f in found} else []
        if found:
            return found[::-1]
        for preposition in ("of", "from", "for", "in", "at", "near", "with", "to"):
            for child in modifiers(parse, index, frozenset({preposition})):
                found.extend(self._as_nation(child, preposition))
            if found:
                return found
        beside = self._of.hit_at(index - 1) if index > 1 and parse.word(index - 1).upos in {"PROPN", "ADJ"} else None
        if beside and beside.actor and beside.kind in {"name", "adjective"}:
            return [self._of_actor(beside.actor, "word-before")]
        return [n for c in pronouns for n in self._as_nation(c, "possessor")]

    def before(self, index: int, role: Role) -> list[Nation]:
        """"Sydney police", "a BBC reporter", "NATO-led peacekeepers": whose an officeholder is by the place, paper or body before it."""
        parse, registry = self._of.parse, self._of.knowledge.registry
        for child in by_relation(parse, index, "compound", "nmod", "obl:unmarked", "obl", "amod"):
            if cases(parse, child) or child > index:
                continue
            naming = self._of.hit_at(child)
            if naming and naming.kind == "outlet" and "JRN" in role.sectors and naming.country in registry.actors:
                return [self._of_actor(registry.actors[naming.country], "outlet")]
            country = self._of.gazetteer_find(child) if role.kind != "office" or not set(role.sectors) & {"IGO", "NGO"} else None
            if country and country in registry.actors:
                return [self._of_actor(registry.actors[country], "place-before")]
        led = [w.index for w in parse.words[max(0, index - 4) : index] if self.hyphenated(w.index)]
        bodies = [n.actor for c in led if (n := self._of.hit_at(c)) and n.actor and n.actor.kind == "organisation"]
        return [self._of_actor(bodies[0], "leader")] if bodies and "IGO" in role.sectors else []

    def _direct(self, place: int, index: int) -> bool:
        """Whether a modifier reaches its noun without a preposition between them."""
        node = place
        while node and node != index:
            if cases(self._of.parse, node):
                return False
            node = self._of.parse.word(node).head
        return node == index

    def _as_nation(self, index: int, rule: str) -> list[Nation]:
        naming = self._of.hit_at(index)
        if naming and naming.actor:
            return [self._of_actor(naming.actor, rule)]
        if rule in {"of", "in", "at", "near", "from", "possessor"}:
            country = self._of.gazetteer_find(index)
            if country and country in self._of.knowledge.registry.actors:
                return [self._of_actor(self._of.knowledge.registry.actors[country], f"{rule}-place")]
        common = self._of.parse.word(index).upos == "NOUN"
        if rule in {"possessor", "of", "for", "with"} or (rule in {"in", "at", "near", "from"} and common):
            return [Nation(m.id, m.name or m.id, m.country or "", m.sector, rule) for m in self._of.resolve(index) if m.id]
        return []

    @staticmethod
    def _of_actor(actor: Actor, rule: str) -> Nation:
        return Nation(actor.id, actor.name, actor.country, actor.sector, rule)

    def hyphenated(self, index: int) -> bool:
        """"US-led coalition": the nation is not the actor."""
        words = self._of.parse.words
        return index + 1 < len(words) and words[index].text == "-" and words[index + 1].text.lower() in HYPHEN_TAILS
