"""Persons whom a phrase names: known office holders on the day, and people whom only the article knows. Not a step.

In: the sentence's resolver, a head word with its role. Out: a mention with the person's full name, or nothing.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Protocol

from ..knowledge import Knowledge, Naming, Role
from ..knowledge.actors import choose, plain, term_on, valid
from ..knowledge.names import Hit
from ..language.syntax import by_relation, cases
from ..records import Mention, Parse
from .memory import Memory
from .owners import Owners
from .people import after_role, is_former, name_words, office_then, text_of

SHIPS = frozenset({"USS", "HMS", "HMAS", "HMCS", "INS", "USNS", "RFA"})
GOVERNMENTS = frozenset({"government", "regime", "administration", "cabinet"})


class Resolver(Protocol):
    """What is asked of the sentence's actors."""

    parse: Parse
    knowledge: Knowledge
    memory: Memory
    hits: list[Hit[Naming]]
    owners: Owners

    def hit_at(self, index: int) -> Naming | None:
        """What a known name covering a word stands for."""

    def names_person(self, index: int) -> bool:
        """Whether a word is part of a person's name."""

    def foreign(self, index: int) -> bool:
        """Whether a word belongs to a known name that is no person's."""

    def role_mentions(self, index: int, phrase: list[int], role: Role, role_word: int) -> tuple[Mention, ...]:
        """All who may be meant by a role."""

    def span(self, phrase: list[int]) -> tuple[str, int, int]:
        """Words and offsets of a phrase."""


class Holders:
    """Finds persons in one sentence."""

    def __init__(self, of: Resolver) -> None:
        self._of = of

    def person(self, index: int, phrase: list[int], role: Role | None, role_word: int) -> Mention | None:
        """The person whom a phrase names or whose office it tells; None where it names nobody."""
        led = self._led(index, phrase, role, role_word) if role else None
        if led and not self._name_follows(index, role_word or index):
            return led
        candidates = self._name_places(index, role)
        if led:  # "Trump lawyer Rudy Giuliani" is not the president
            candidates = [c for c in candidates if c > role_word]
        for place in candidates:
            naming = self._of.hit_at(place)
            if naming and naming.kind == "person":
                return self._known_person(index, phrase, naming, role)
        free = [c for c in candidates if c != role_word and not self._of.foreign(c)]
        free = [c for c in free if c == index or not role or not self._describes(c, role_word)]
        start = next((c for c in free if not self._of.hit_at(c) and self._of.names_person(c)), None)
        if start is None and role and not self._is_plural(role_word):
            start = after_role(self._of.parse, role, role_word)
        if start is None or (start != index and not role) or (start == index and (self._names_unit(index) or self._borrowed(index, role))):
            return None
        office = frozenset((role.phrase if role else "").lower().replace("-", " ").split())
        name = text_of(self._of.parse, name_words(self._of.parse, start, office, self._of.foreign, self._is_role))
        if not name or (" " not in name and role and self._is_role(name.lower())):
            return None
        titled = self._of.knowledge.registry.titled(role.phrase, name) if role and " " not in name else ()
        if titled and role:
            nation = self._of.owners.first(index, phrase)
            told = [n for n in titled if nation is None or any(t.actor == nation.actor_id for t in n.terms)]
            if told:
                return self._known_person(index, phrase, choose(tuple(told), self._of.memory.published, self._of.memory.countries), role)
        earlier = self._of.memory.people.get(name) or self._of.memory.people.get(name.split()[-1])
        if not earlier and " " not in name and (known := self._surname(index, name, role)):
            return self._known_person(index, phrase, known, role)
        if earlier and not role:
            return Memory.again(earlier, *self._of.span(phrase), rule=f"{earlier.rule.split('+')[0]}+named-before")
        if role:
            found = self._of.role_mentions(index, phrase, role, role_word)
            base = led if led and not (found and found[0].id) else found[0] if found else None
            if base:
                return replace(base, role=role.phrase, person=name, rule=f"{base.rule}+person")
        text, start_at, end_at = self._of.span(phrase)
        nation = self._of.owners.first(index, phrase)
        return Mention(nation.actor_id if nation else None, nation.name if nation else None, nation.country if nation else None,
                       (), None, name, text, start_at, end_at, "person-unknown")

    def _led(self, index: int, phrase: list[int], role: Role, role_word: int) -> Mention | None:
        """"Assad regime forces", "the Maduro government", "a Putin aide": whom the holder leads, or who is with or against him."""
        memory, parse, last = self._of.memory, self._of.parse, role_word or index
        governs = "GOV" in role.sectors and any(parse.word(c).lemma.lower() in GOVERNMENTS for c in phrase)
        for child in [c for c in phrase if c < last and parse.word(c).deprel in {"compound", "amod"}]:
            word, known = parse.word(child), self._of.hit_at(child)
            if not word.text[:1].isupper() or (known and known.kind != "person"):
                continue
            if known is None and governs and not by_relation(parse, child, "flat", "compound"):
                registry = self._of.knowledge.registry
                known, homes = registry.surnamed(word.text, memory.published), {t.actor for t in registry.terms_of(word.text)}
                known = known if len(homes) == 1 or not memory.countries or homes & set(memory.countries) else None
            found = self._known_person(index, phrase, known, role) if known else None
            if found:
                return replace(found, sector=role.sectors, person=found.person if role.kind == "body" else None, rule="role-of-holder")
        return None

    def _name_follows(self, index: int, role_word: int) -> bool:
        """"Erdogan spokesman Ibrahim Kalin": the one who is named."""
        after = next(iter(self._of.parse.words[role_word : role_word + 1]), None)
        return after is not None and after.upos == "PROPN" and (after.index == index or after.head in {index, role_word})

    def _names_unit(self, index: int) -> bool:
        """"Golani Brigade": a name before the word for a body is the body's."""
        word = self._of.parse.word(index)
        head = self._of.parse.word(word.head) if word.head else word
        found = self._of.knowledge.roles.ending_at([head.text.lower()], head.lemma.lower()) if word.deprel == "compound" else None
        return found is not None and found[0].kind == "body"

    def _borrowed(self, index: int, role: Role | None) -> bool:
        """"Chad Miller" without an office: somebody who only bears a state's name, too little to be a party."""
        at = self._of.parse.word(index).start - self._of.parse.sentence.start
        return role is None and self._of.hit_at(index) is None and any(hit.start <= at < hit.end for hit in self._of.hits)

    def _surname(self, index: int, name: str, role: Role | None) -> Naming | None:
        """A bare surname that nobody in the article bears: the only holder of a high office who bears it on the day, where the article
        tells of no other country."""
        if not self._of.names_person(index) or (role and "MIL" not in role.sectors):
            return None
        known = self._of.knowledge.registry.surnamed(name, self._of.memory.published, role.sectors if role else ())
        homes = {t.actor for t in known.terms} if known else set()
        return known if not self._of.memory.countries or homes & set(self._of.memory.countries) else None

    def _name_places(self, index: int, role: Role | None) -> list[int]:
        """Where the name of an office's holder may stand: the word itself, names beside it, a name set after the office's body."""
        parse, word = self._of.parse, self._of.parse.word(index)
        if role and role.kind == "body" and word.name.endswith("ORG"):
            return [index]
        below = by_relation(parse, index, "appos", "flat", "compound", "nmod:desc", "nmod")
        below = [c for c in below if not (parse.word(c).deprel == "nmod" and cases(parse, c))]
        bodies = by_relation(parse, index, "nmod", "nmod:poss") if role and role.kind == "office" else []
        return [index, *below, *(c for b in bodies for c in by_relation(parse, b, "appos") if self._of.names_person(c))]

    def _known_person(self, index: int, phrase: list[int], naming: Naming, role: Role | None) -> Mention | None:
        if any(w.text in SHIPS for w in self._of.parse.words[max(0, min(phrase) - 2) : index]):
            return None  # "USS Abraham Lincoln"
        named = {n.actor_id for n in self._of.owners.all(index, phrase)} if role else set()
        office = plain(role.phrase) if role else ""
        told = [t for t in naming.terms if role and plain(t.role) in office and (not named or t.actor in named)]
        former = is_former(self._of.parse, index)
        day = self._of.memory.published
        term = term_on(tuple(told), day) if told else term_on(naming.terms, day)
        if term is None:
            return None
        actor = self._of.knowledge.registry.actor(term.actor)
        out = not told and not valid(term.valid_from, term.valid_to, day)
        if not told and len(named) == 1 and (former or out):  # "former British prime minister": not the post that he holds today
            actor = self._of.knowledge.registry.actors.get(min(named), actor)
        text, start, end = self._of.span(phrase)
        post, sector = role.phrase if role else term.role, term.sector or actor.sector
        if former:
            sector = ("ELI",)
        elif out and actor.id != term.actor:
            sector = actor.sector or (role.sectors if role else ())
        elif out:
            sector = office_then(term, sector, day)
        if not former and not told and (
            role and role.kind == "office" and actor.id == actor.country and not set(role.sectors) & set(sector)
        ):
            sector = role.sectors  # "Senator X" was a senator, whatever else we know of him
        return Mention(actor.id, actor.name, actor.country, sector, post, naming.label, text, start, end, "person-office")

    def _describes(self, index: int, role_word: int) -> bool:
        """"Rohingya refugees": a capitalised word before a role that it describes is not its holder."""
        return index < role_word and self._of.parse.word(index).deprel in {"compound", "amod", "nmod:desc", "nmod"}

    def _is_plural(self, index: int) -> bool:
        return index > 0 and self._of.parse.word(index).xpos in {"NNS", "NNPS"}

    def _is_role(self, word: str) -> bool:
        return self._of.knowledge.roles.ending_at([word], word) is not None
