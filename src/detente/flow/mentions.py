"""Mentions: which state, organisation, group or official a noun phrase means, with the rule that says so.

Shared by the steps; `actors` drives it. In: a parse, the article's memory. Out: `SentenceActors`, asked by head word. Unknown actors
keep their words, without id.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from ..knowledge import Actor, Knowledge, Naming, Role
from ..knowledge.actors import choose, plain, sits, term_on
from ..knowledge.names import Hit
from ..language.syntax import NOMINAL, by_relation, cases, noun_phrase, with_conjuncts
from ..records import Mention, Parse
from .bodies import body_before, pair_of
from .located import find_place, fits_tag
from .memory import Memory
from .owners import Owners
from .people import after_role, is_former, name_words, text_of
from .pronouns import PLURAL_PRONOUNS, pronoun

ARMED = frozenset({"UAF", "REB", "PRM"})
PAIR_NOUNS = frozenset(
    "side country leader party nation president minister government state neighbor neighbour capital rival army diplomat ally power "
    "official".split()
)

_WHERE = frozenset({"in", "at", "near", "outside", "across", "around"})


class SentenceActors:
    """Resolves head words of one sentence; each answer is computed once."""

    def __init__(self, parse: Parse, knowledge: Knowledge, memory: Memory) -> None:
        self.parse, self.knowledge, self.memory = parse, knowledge, memory
        self.hits: list[Hit[Naming]] = knowledge.registry.names.find(parse.sentence.text)
        shift = parse.sentence.start
        self._hit_of: dict[int, Hit[Naming]] = {}
        for hit in self.hits:
            for word in parse.words:
                if word.start >= hit.start + shift and word.end <= hit.end + shift:
                    self._hit_of[word.index] = hit
        self._owners = Owners(self)
        self._answers: dict[int, tuple[Mention, ...]] = {}
        self._open: set[int] = set()
        self._met: set[int] = set()

    def resolve(self, index: int) -> tuple[Mention, ...]:
        """All actors that the phrase headed by this word means; empty where it is none."""
        if index in self._answers:
            return self._answers[index]
        if index in self._open:  # a phrase that leads back to itself resolves to nothing
            self._met.add(index)
            return ()
        self._open.add(index)
        answer = tuple(self._whole(index, mention) for mention in self._resolve(index))
        self._open.discard(index)
        self._met.discard(index)
        if not self._met:  # else the answer hangs on where the question came from, and is not kept
            self._answers[index] = answer
        return answer

    def _whole(self, index: int, mention: Mention) -> Mention:
        """The mention with its article before it and the name set beside it ("the president, X"), for the reader of the words."""
        parse, base = self.parse, self.parse.sentence.start
        start, end = mention.start, mention.end
        if parse.word(index).upos not in {"NOUN", "PROPN"} or not start <= parse.word(index).start < end:
            return mention
        for child in parse.children[index]:
            word = parse.word(child)
            if word.deprel == "det" and word.start < start:
                start = word.start
            elif word.deprel in {"appos", "flat"} and word.upos == "PROPN" and word.start > start:
                end = max(end, parse.word(noun_phrase(parse, child)[-1]).end)
        if (start, end) == (mention.start, mention.end):
            return mention
        return replace(mention, text=parse.sentence.text[start - base : end - base], start=start, end=end)

    def is_actor(self, index: int) -> bool:
        """Whether the phrase is an actor in its own right, not merely a thing of some nation."""
        return any(m.rule != "thing-of-nation" for m in self.resolve(index))

    def hit_at(self, index: int) -> Naming | None:
        """What a known name covering this word stands for on the article's day."""
        hit = self._hit_of.get(index)
        if not hit:
            return None
        targets = hit.targets
        if any(map(sits, targets)) and cases(self.parse, index) & _WHERE:  # after "in" it is the town
            targets = tuple(t for t in targets if not sits(t)) or targets
        return choose(targets, self.memory.published, self.memory.countries)

    def _resolve(self, index: int) -> tuple[Mention, ...]:
        word = self.parse.word(index)
        if word.upos == "PRON" or (word.upos == "DET" and word.lemma in PLURAL_PRONOUNS):
            return pronoun(self, index)
        if word.upos not in NOMINAL and word.upos not in {"ADJ", "VERB"}:
            return ()
        phrase = noun_phrase(self.parse, index)
        pair = self._pair(index)
        if pair:
            return pair
        naming = None if self._part_of_name(index) else self.hit_at(index)
        earlier = self._named_before(index, naming) or body_before(self.parse, index, self.memory)
        if earlier:
            return (Memory.again(earlier, *self._span(phrase), rule=f"{earlier.rule.split('+')[0]}+named-before"),)
        if naming and naming.actor and naming.kind == "name" and not self._owners.hyphenated(index):
            return (self._known(index, naming.actor, naming.kind),)
        named = self._apposed(index) if word.upos == "NOUN" and not naming else ()
        if named:
            return named
        role, role_word = self._role(index, phrase)
        if naming and naming.kind == "outlet" and not role:
            return (self._mention(index, phrase, None, naming.label, naming.country, ("JRN",), "outlet"),)
        placed = not role and self.gazetteer_find(index)
        person = None if placed or self._is_registered(index, naming) else self._person(index, phrase, role, role_word)
        if person:
            return (person,)
        if role:
            return self._role_mentions(index, phrase, role, role_word)
        if naming and naming.actor and not self._owners.hyphenated(index):
            return (self._known(index, naming.actor, naming.kind),)
        return self._other(index, phrase)

    def _named_before(self, index: int, naming: Naming | None) -> Mention | None:
        """A surname or an acronym that the article has introduced, standing alone."""
        word = self.parse.word(index)
        if word.upos not in {"PROPN", "NOUN"} or not word.text[:1].isupper():
            return None
        short = self.memory.short.get(word.text)
        if short:
            return short
        if naming or word.upos != "PROPN" or any(self.parse.word(c).deprel in {"flat", "compound"} for c in self.parse.children[index]):
            whole = text_of(self.parse, name_words(self.parse, index, frozenset(), self._foreign)) if not naming else ""
            return self.memory.people.get(whole) if " " in whole else None
        return self.memory.people.get(word.text)

    def _is_role(self, word: str) -> bool:
        return self.knowledge.roles.ending_at([word], word) is not None

    def _foreign(self, index: int) -> bool:
        """Whether a word belongs to a known name that is no person's."""
        naming = self.hit_at(index)
        return naming is not None and naming.kind != "person"

    def _known(self, index: int, actor: Actor, kind: str) -> Mention:
        """The mention of a known actor under its own name."""
        own = [i for i in range(1, len(self.parse.words) + 1) if self._hit_of.get(i) is self._hit_of[index]]
        government = kind == "seat" and actor.kind == "state"  # a seat of power stands for the government, not for the country
        sector = ("GOV",) if government else actor.sector
        return self._mention(index, own, actor.id, actor.name, actor.country, sector, f"{actor.kind}-{kind}")

    def _part_of_name(self, index: int) -> bool:
        """"Chad Miller": a known name with further name parts after it is another name."""
        hit = self._hit_of.get(index)
        flat = by_relation(self.parse, index, "flat")
        return hit is not None and any(self.parse.word(c).upos == "PROPN" and self._hit_of.get(c) is None for c in flat)

    def _apposed(self, index: int) -> tuple[Mention, ...]:
        """"Serbia's neighbours, Bulgaria and Romania", "its neighbour Kenya"; and "Hezbollah, the movement …" the other way round."""
        below = with_conjuncts(self.parse, by_relation(self.parse, index, "appos", "flat", "nmod:desc"))
        named = [c for c in below if (n := self.hit_at(c)) and n.kind == "name"]
        word = self.parse.word(index)
        if not named and word.deprel == "appos" and (n := self.hit_at(word.head)) and n.kind == "name":
            named = [word.head]
        return tuple(m for c in named for m in self.resolve(c))

    def _is_registered(self, index: int, naming: Naming | None) -> bool:
        """Whether a known actor's name fills the whole proper name here ("Chad" the state, not "Chad Smith" the person)."""
        if naming is None or naming.actor is None or naming.kind == "person":
            return False
        beside = [c for c in (index - 1, index + 1) if 1 <= c <= len(self.parse.words)]
        return not any(self._names_person(c) and self._hit_of.get(c) is not self._hit_of[index] for c in beside)

    def _names_person(self, index: int) -> bool:
        word = self.parse.word(index)
        return word.upos == "PROPN" and word.name.endswith("PER")

    # -- known persons, and persons learned from the article ------------------------------------------------------

    def _person(self, index: int, phrase: list[int], role: Role | None, role_word: int) -> Mention | None:
        candidates = [index, *by_relation(self.parse, index, "appos", "flat", "compound", "nmod:desc", "nmod")]
        for place in candidates:
            naming = self.hit_at(place)
            if naming and naming.kind == "person":
                return self._known_person(index, phrase, naming, role)
        free = [c for c in candidates if c != role_word and not self._foreign(c)]
        free = [c for c in free if c == index or not role or not self._describes(c, role_word)]
        start = next((c for c in free if not self.hit_at(c) and self._names_person(c)), None)
        if start is None and role and not self._is_plural(role_word):
            start = after_role(self.parse, role, role_word)
        if start is None or (start != index and not role):
            return None
        office = frozenset((role.phrase if role else "").lower().replace("-", " ").split())
        name = text_of(self.parse, name_words(self.parse, start, office, self._foreign, self._is_role))
        if not name or (" " not in name and role and self._is_role(name.lower())):
            return None
        titled = self.knowledge.registry.titled(role.phrase, name) if role and " " not in name else ()
        if titled and role:
            nation = self._owners.first(index, phrase)
            told = [n for n in titled if nation is None or any(t.actor == nation.actor_id for t in n.terms)]
            if told:
                return self._known_person(index, phrase, choose(tuple(told), self.memory.published, self.memory.countries), role)
        earlier = self.memory.people.get(name) or self.memory.people.get(name.split()[-1])
        if earlier and not role:
            return Memory.again(earlier, *self._span(phrase), rule=f"{earlier.rule.split('+')[0]}+named-before")
        if role:
            found = self._role_mentions(index, phrase, role, role_word)
            base = found[0] if found else None
            if base:
                return replace(base, role=role.phrase, person=name, rule=f"{base.rule}+person")
        text, start_at, end_at = self._span(phrase)
        nation = self._owners.first(index, phrase)
        return Mention(nation.actor_id if nation else None, nation.name if nation else None, nation.country if nation else None,
                       (), None, name, text, start_at, end_at, "person-unknown")

    def _known_person(self, index: int, phrase: list[int], naming: Naming, role: Role | None) -> Mention | None:
        named = {n.actor_id for n in self._owners.all(index, phrase)} if role else set()
        office = plain(role.phrase) if role else ""
        told = [t for t in naming.terms if role and plain(t.role) in office and (not named or t.actor in named)]
        former = is_former(self.parse, index)
        term = term_on(tuple(told), self.memory.published) if told else term_on(naming.terms, self.memory.published)
        if term is None:
            return None
        actor = self.knowledge.registry.actor(term.actor)
        if former and not told and len(named) == 1:  # "former British prime minister": not the post that he holds today
            actor = self.knowledge.registry.actors.get(min(named), actor)
        text, start, end = self._span(phrase)
        post, sector = role.phrase if role else term.role, term.sector or actor.sector
        if former:
            sector = ("ELI",)
        elif role and role.kind == "office" and not told and not set(role.sectors) & set(sector):
            sector = role.sectors  # "Senator X" was a senator, whatever else we know of him
        return Mention(actor.id, actor.name, actor.country, sector, post, naming.label, text, start, end, "person-office")

    def _describes(self, index: int, role_word: int) -> bool:
        """"Rohingya refugees": a capitalised word before a role that it describes is not its holder."""
        return index < role_word and self.parse.word(index).deprel in {"compound", "amod", "nmod:desc", "nmod"}

    def _is_plural(self, index: int) -> bool:
        return index > 0 and self.parse.word(index).xpos in {"NNS", "NNPS"}

    # -- roles ----------------------------------------------------------------------------------------------------

    def _role(self, index: int, phrase: list[int]) -> tuple[Role | None, int]:
        """The role that a phrase names ("foreign minister") and its head word."""
        places = [index, *by_relation(self.parse, index, "nmod:desc", "appos", "compound", "flat")]
        inner = [c for c in by_relation(self.parse, index, "compound") if self._names_person(c)]
        places += [c for name in inner for c in by_relation(self.parse, name, "nmod:desc")]
        for place in places:
            word = self.parse.word(place)
            if word.upos not in {"NOUN", "PROPN", "ADJ"} or (place != index and place not in phrase and word.deprel != "appos"):
                continue
            hit = self.hit_at(place)
            if hit and hit.kind != "person" and not (hit.actor and hit.kind in {"seat"}):
                continue
            words = [w.text.lower() for w in self.parse.words[max(0, place - 6) : place]]
            found = self.knowledge.roles.ending_at(words, word.lemma.lower()) or self._hyphen_role(place)
            if found and not (place != index and word.deprel == "compound" and self.parse.word(index).name[2:] != "PER"):
                return found[0], place
        return None, 0

    def _hyphen_role(self, place: int) -> tuple[Role, int] | None:
        """"secretary-general": the role's head word comes first, the phrase ends after the hyphen."""
        words = self.parse.words
        if place + 1 < len(words) and words[place].text == "-":
            before = [w.text.lower() for w in words[max(0, place - 4) : place + 2]]
            return self.knowledge.roles.ending_at(before, words[place + 1].lemma.lower())
        return None

    def _role_mentions(self, index: int, phrase: list[int], role: Role, role_word: int) -> tuple[Mention, ...]:
        nations = self._owners.all(index, phrase)
        if not nations and role_word != index:
            nations = self._owners.all(role_word, noun_phrase(self.parse, role_word))
        head = self.parse.word(role_word or index)
        sector = ("ELI",) if role.kind == "office" and is_former(self.parse, index) else role.sectors
        made = []
        for nation in nations:
            theirs = nation.sector if nation.actor_id != nation.country else ()
            armed = bool(theirs) and set(sector) <= ARMED  # a fighter of a group is what the group is
            own = theirs if armed else tuple(dict.fromkeys((*theirs, *sector)))
            rule = f"role-of-{nation.rule}"
            made.append(self._mention(index, phrase, nation.actor_id, nation.name, nation.country, own, rule, role.phrase))
        if len(made) == 1 and self._definite(index):
            holder = self.memory.holder(made[0].id, role)
            return (replace(made[0], person=holder.person, sector=holder.sector or made[0].sector),) if holder else (made[0],)
        if made:
            return tuple(made)
        if role.country and role.country in self.knowledge.registry.actors:
            actor = self.knowledge.registry.actors[role.country]
            return (self._mention(index, phrase, actor.id, actor.name, actor.country, sector, "role-of-one-state", role.phrase),)
        earlier = self._same_role(index, head.lemma.lower(), role)
        if earlier:
            return (Memory.again(earlier, *self._span(phrase), rule="role-named-before"),)
        official = bool(set(sector) & {"COP", "MIL", "GOV", "JUD", "LEG"})
        local = self._local_country(index) if official or (role.kind != "agent" and not set(sector) & {"IGO", "NGO"}) else None
        if local:
            actor = self.knowledge.registry.actors[local[0]]
            return (self._mention(index, phrase, actor.id, actor.name, actor.country, sector, local[1], role.phrase),)
        return (self._mention(index, phrase, None, None, None, sector, "role-without-nation", role.phrase),)

    def _definite(self, index: int) -> bool:
        return any(self.parse.word(c).lemma.lower() in {"the", "this", "that"} for c in by_relation(self.parse, index, "det"))

    def _same_role(self, index: int, lemma: str, role: Role) -> Mention | None:
        """"the minister" after "Foreign Minister X": definite, same head word, named earlier in the article."""
        if not self._definite(index):
            return None
        earlier = self.memory.roles.get(lemma)
        if earlier:
            return earlier
        group = self.memory.last_group
        if role.kind == "agent" and group and set(role.sectors) & ARMED and set(group.sector) & ARMED:
            return group
        return None

    def _local_country(self, index: int) -> tuple[str, str] | None:
        """The country of the place that the sentence names, else of the story."""
        for word in self.parse.words:
            if word.upos == "PROPN" and cases(self.parse, word.index) & {"in", "at", "near", "outside", "across"}:
                naming = self.hit_at(word.index)
                if naming and naming.actor and naming.actor.kind == "state":
                    return naming.actor.country, "role-in-state"
                place = self.gazetteer_find(word.index)
                if place and place in self.knowledge.registry.actors:
                    return place, "role-in-place"
        home = self.memory.home()
        return (home, "role-of-story-country") if home and home in self.knowledge.registry.actors else None

    def gazetteer_find(self, index: int) -> str | None:
        """Country of the place that a proper noun names, or None."""
        word = self.parse.word(index)
        naming = self.hit_at(index)
        if word.upos != "PROPN" or (naming and (naming.kind == "none" or (naming.actor and naming.actor.kind != "state"))):
            return None
        found = find_place(self.parse, index, self.knowledge.places, self.memory)
        return found[0].country if found and fits_tag(found[0], word, found[1] != found[2]) else None

    # -- the rest -----------------------------------------------------------------------------------------------------

    def _pair(self, index: int) -> tuple[Mention, ...]:
        """"both sides", "the two leaders", "the two countries"."""
        word = self.parse.word(index)
        if word.lemma.lower() not in PAIR_NOUNS or not self.memory.last_pair:
            return ()
        below = {self.parse.word(c).text.lower() for c in self.parse.children[index]}
        if below & {"two", "both"} and not any(self.hit_at(c) for c in self.parse.subtree(index)):
            text, start, end = self._span(noun_phrase(self.parse, index))
            pair = pair_of(self.memory.last_pair, word.lemma.lower(), self.knowledge.registry)
            return tuple(Memory.again(m, text, start, end, "pair-named-before") for m in pair)
        return ()

    def _other(self, index: int, phrase: list[int]) -> tuple[Mention, ...]:
        """Places that stand for their country, unknown organisations, things of a nation."""
        word = self.parse.word(index)
        bare = len(phrase) <= 2 and any(self.parse.word(c).lemma == "the" for c in by_relation(self.parse, index, "det"))
        if bare and word.lemma.lower() == "country" and self.memory.last_state:
            return (Memory.again(self.memory.last_state, *self._span(phrase), rule="country-named-before"),)
        country = self.gazetteer_find(index)
        if country and country in self.knowledge.registry.actors:
            actor = self.knowledge.registry.actors[country]
            return (self._mention(index, phrase, actor.id, actor.name, actor.country, (), "place-of-country"),)
        nation = self._owners.first(index, phrase)
        if word.name.endswith("ORG") and word.upos == "PROPN":
            return (self._mention(index, phrase, None, None, nation.country if nation else None, (), "organisation-unknown"),)
        if nation and word.upos in {"NOUN", "PROPN"}:
            return (self._mention(index, phrase, nation.actor_id, nation.name, nation.country, nation.sector, "thing-of-nation"),)
        return ()

    def _mention(self, index: int, phrase: list[int], actor_id: str | None, name: str | None, country: str | None,
                 sector: Iterable[str], rule: str, role: str | None = None) -> Mention:
        text, start, end = self._span(phrase or [index])
        return Mention(actor_id, name, country, tuple(sector), role, None, text, start, end, rule)

    def _span(self, phrase: list[int]) -> tuple[str, int, int]:
        """Words and offsets of a phrase, cut at punctuation on its edges."""
        words = [self.parse.word(i) for i in phrase]
        while len(words) > 1 and words[0].upos in {"PUNCT", "CCONJ"}:
            words.pop(0)
        while len(words) > 1 and words[-1].upos in {"PUNCT", "CCONJ"}:
            words.pop()
        start, end = words[0].start, words[-1].end
        base = self.parse.sentence.start
        return self.parse.sentence.text[start - base : end - base], start, end
