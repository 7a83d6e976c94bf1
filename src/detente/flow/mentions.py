"""Mentions: which state, organisation, group or official a noun phrase means, with the rule that says so.

Shared by the steps; `actors` drives it. In: a parse, the article's memory. Out: `SentenceActors`, asked by head word. Unknown actors
keep their words, without id.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from ..knowledge import Actor, Knowledge, Naming, Role
from ..knowledge.actors import choose, sits
from ..knowledge.names import Hit
from ..language.syntax import NOMINAL, by_relation, cases, modifiers, noun_phrase, with_conjuncts
from ..records import Mention, Parse, Word
from .bodies import body_before, half_of, one_of_two, pair_of, stands_for_body
from .holders import Holders
from .located import find_place, fits_tag
from .memory import Memory
from .nobodies import covered, is_language, is_thing, person_run
from .offices import ARMED, body_sector, find_role, rebellious, sectors_with
from .owners import Owners
from .people import is_former, name_words, text_of
from .pronouns import PLURAL_PRONOUNS, pronoun

NUMBERS = frozenset("dozen score hundred thousand million ten".split())
COUNTRY_WORDS = frozenset("country kingdom republic emirate sultanate".split())
FORCES = frozenset("army force navy military fleet militaries".split())  # "the two navies" are those of two states
WHOLE_STATES = frozenset({"government", "state", "nation", "country"})  # several of these are not those of one country
OPPOSED = ARMED | {"OPP"}
ARRIVING = frozenset("arrive land fly travel come touch head go return".split())
STATE_NAMES = frozenset({"name", "capital"})
PAIR_NOUNS = frozenset(
    "side country leader party nation president minister government state neighbor neighbour capital rival army diplomat ally power "
    "official".split()
)



class SentenceActors:
    """Resolves head words of one sentence; each answer is computed once."""

    def __init__(self, parse: Parse, knowledge: Knowledge, memory: Memory) -> None:
        self.parse, self.knowledge, self.memory = parse, knowledge, memory
        self.hits: list[Hit[Naming]] = knowledge.registry.names.find(parse.sentence.text)
        self._hit_of = covered(parse, self.hits, knowledge)
        self.owners = Owners(self)
        self._holders = Holders(self)
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

    def named(self, index: int) -> tuple[Mention, ...]:
        """The known actor whose name stands at a word, also where the name only describes another word ("the Iranian-backed group")."""
        naming = self.hit_at(index)
        return (self._known(index, naming.actor, naming.kind),) if naming and naming.actor else ()

    def hit_at(self, index: int) -> Naming | None:
        """What a known name covering this word stands for on the article's day."""
        hit = self._hit_of.get(index)
        if hit is None:
            return None
        seat = next((n for n in hit.targets if sits(n)), None) if len(hit.targets) > 1 else None
        if seat is None:
            return choose(hit.targets, self.memory.published, self.memory.countries)
        if stands_for_body(self.parse, index, seat, self.memory):
            return replace(seat, kind="name")
        return choose(tuple(n for n in hit.targets if not sits(n)), self.memory.published, self.memory.countries)

    def _resolve(self, index: int) -> tuple[Mention, ...]:
        word = self.parse.word(index)
        if index in self._hit_of and word.text.isupper():
            pass  # "WHO", "US" are names
        elif word.upos == "PRON" or (word.upos == "DET" and word.lemma in PLURAL_PRONOUNS):
            return pronoun(self, index)
        elif word.upos not in NOMINAL and word.upos not in {"ADJ", "VERB"}:
            return ()
        phrase = noun_phrase(self.parse, index)
        pair = self._pair(index) or self._side(index)
        if pair:
            return pair
        naming = None if self._part_of_name(index) else self.hit_at(index)
        earlier = self._named_before(index, naming) or body_before(self.parse, index, self.memory)
        if earlier:
            return (Memory.again(earlier, *self.span(phrase), rule=f"{earlier.rule.split('+')[0]}+named-before"),)
        if naming and is_language(self.parse, index, naming):
            return ()
        listed = self._listed(index, naming)
        if listed:
            return listed
        if naming and naming.actor and naming.kind == "name" and not self.owners.hyphenated(index):
            return (self._known(index, naming.actor, naming.kind),)
        if counted := self._counted(index):
            return counted
        named = self._apposed(index) if word.upos == "NOUN" and not naming else ()
        if named:
            return named
        role, role_word = find_role(self, index, phrase)
        if naming and naming.kind == "outlet" and not role:
            return (self._mention(index, phrase, None, naming.label, naming.country, ("JRN",), "outlet"),)
        placed = not role and self.gazetteer_find(index)
        person = None if placed or self._is_registered(index, naming) else self._holders.person(index, phrase, role, role_word)
        if person:
            return (person,)
        if role:
            return self.role_mentions(index, phrase, role, role_word)
        if naming and naming.actor and not self.owners.hyphenated(index):
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
            whole = text_of(self.parse, name_words(self.parse, index, frozenset(), self.foreign)) if not naming else ""
            return self.memory.people.get(whole) if " " in whole else None
        return self.memory.people.get(word.text)

    def foreign(self, index: int) -> bool:
        """Whether a word belongs to a known name that is no person's."""
        naming = self.hit_at(index)
        return naming is not None and naming.kind != "person"

    def _known(self, index: int, actor: Actor, kind: str) -> Mention:
        """The mention of a known actor under its own name."""
        own = [i for i in range(1, len(self.parse.words) + 1) if self._hit_of.get(i) is self._hit_of[index]]
        sector = actor.sector
        if kind == "seat" and actor.kind == "state":  # a seat of power stands for the government or the parliament, not for the country
            house = self.knowledge.roles.ending_at([self.parse.word(i).text.lower() for i in own], self.parse.word(own[-1]).lemma.lower())
            sector = house[0].sectors if house and house[0].sectors == ("LEG",) else ("GOV",)
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
        return not any(self.names_person(c) and self._hit_of.get(c) is not self._hit_of[index] for c in beside)

    def names_person(self, index: int) -> bool:
        """Whether a word is part of a person's name."""
        word = self.parse.word(index)
        return word.upos == "PROPN" and word.name.endswith("PER")

    # -- roles ----------------------------------------------------------------------------------------------------

    def role_mentions(self, index: int, phrase: list[int], role: Role, role_word: int) -> tuple[Mention, ...]:
        """All who may be meant by a role: one for each state or body that it belongs to."""
        nations = self.owners.all(index, phrase)
        if not nations and role_word != index:
            nations = self.owners.all(role_word, noun_phrase(self.parse, role_word))
        nations = nations or self.owners.before(index, role) or self.owners.before(role_word or index, role)
        former = role.kind == "office" and is_former(self.parse, index)
        sector = ("ELI",) if former else rebellious(self.parse, index, role.sectors)
        made = [self._mention(index, phrase, n.actor_id, n.name, n.country, sectors_with(role, sector, n), f"role-of-{n.rule}", role.phrase)
                for n in nations]
        if len(made) == 1:
            return (self._held(index, made[0], role),)
        if made:
            return tuple(made)
        if role.country and role.country in self.knowledge.registry.actors:
            return (self._of_state(index, phrase, role, sector, (role.country, "role-of-one-state")),)
        earlier = self._same_role(index, self.parse.word(role_word or index).lemma.lower(), role)
        counted = {self.parse.word(c).text.lower() for c in by_relation(self.parse, index, "nummod", "det")}
        word = self.parse.word(index)
        several = (word.lemma.lower() in FORCES and (counted >= {"the", "two"} or "both" in counted)) or (
            word.xpos == "NNS" and word.lemma.lower() in WHOLE_STATES)
        official = bool(set(sector) & {"COP", "MIL", "GOV", "JUD", "LEG"}) or (role.of_story and self._definite(index))
        placed = not several and (official or (role.kind != "agent" and not set(sector) & {"IGO", "NGO", "REB"}))
        local = self._local_country(index, official) if placed else None
        if earlier and not (OPPOSED & set(sector) - set(earlier.sector)) and (earlier.id or not local):
            return (Memory.again(earlier, *self.span(phrase), rule="role-named-before"),)
        if local:
            return (self._held(index, self._of_state(index, phrase, role, sector, local), role),)
        alone = self.span(phrase)[0].lower().removeprefix("the ") == role.phrase.lower()
        if role.usual and role.usual in self.knowledge.registry.actors and (alone or role.usual.isupper()):
            return (self._of_state(index, phrase, role, sector, (role.usual, "role-of-one-state")),)
        return (self._mention(index, phrase, None, None, None, sector, "role-without-nation", role.phrase),)

    def _of_state(self, index: int, phrase: list[int], role: Role, sector: tuple[str, ...], found: tuple[str, str]) -> Mention:
        actor = self.knowledge.registry.actors[found[0]]
        return self._mention(index, phrase, actor.id, actor.name, actor.country, sector, found[1], role.phrase)

    def _held(self, index: int, mention: Mention, role: Role) -> Mention:
        """"the president": with the holder whom the article has named."""
        holder = self.memory.holder(mention.id, role) if self._definite(index) else None
        return replace(mention, person=holder.person, sector=holder.sector or mention.sector) if holder else mention

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

    def _local_country(self, index: int, official: bool) -> tuple[str, str] | None:
        """The country of the place that the sentence names, else of the story."""
        for word in self.parse.words:
            if word.upos == "PROPN" and cases(self.parse, word.index) & {"in", "at", "near", "outside", "across"}:
                if self._goal_of(index, word):
                    continue
                naming = self.hit_at(word.index)
                if naming and naming.actor and naming.actor.kind == "state":
                    return naming.actor.country, "role-in-state"
                place = self.gazetteer_find(word.index)
                if place and place in self.knowledge.registry.actors:
                    return place, "role-in-place"
        home = self.memory.home() or (self.memory.scene if official else None)
        return (home, "role-of-story-country") if home and home in self.knowledge.registry.actors else None

    def _goal_of(self, index: int, place: Word) -> bool:
        """Whether somebody comes to a place: "the delegation arrived in Beirut" is not the hosts' own."""
        verb = self.parse.word(place.head) if place.head else None
        return verb is not None and verb.lemma.lower() in ARRIVING and index in by_relation(self.parse, verb.index, "nsubj")

    def gazetteer_find(self, index: int) -> str | None:
        """Country of the place that a proper noun names, or None."""
        word = self.parse.word(index)
        naming = self.hit_at(index)
        if word.name.endswith("ORG") and by_relation(self.parse, index, "nmod:poss"):
            return None  # "Japan's Toyota" is a firm
        if word.deprel == "compound" and len(word.text) > 2 and word.text.isupper() and not self.parse.sentence.text.isupper():
            return None  # "ATAK helicopters": a make or an acronym, not the town of that name
        if naming and naming.kind == "person" and (word.name.endswith("PER") or self._hit_of.get(index - 1) is self._hit_of[index]
                                                   or self._hit_of.get(index + 1) is self._hit_of[index]):
            return None
        if word.upos != "PROPN" or (naming and (naming.kind == "none" or (naming.actor and naming.actor.kind != "state"))):
            return None
        found = find_place(self.parse, index, self.knowledge.places, self.memory)
        if found is None or not fits_tag(found[0], word, found[1] != found[2]):
            return None
        low, high = person_run(self.parse, index, self.knowledge.roles)  # "Vladimir Putin" is not the town
        return found[0].country if found[1] <= low and high <= found[2] else None

    # -- the rest -----------------------------------------------------------------------------------------------------

    def _pair(self, index: int) -> tuple[Mention, ...]:
        """"both sides", "the two leaders", "the two countries"."""
        word = self.parse.word(index)
        below = {self.parse.word(c).text.lower() for c in self.parse.children[index]} if word.lemma.lower() in PAIR_NOUNS else set()
        if below & {"two", "both"} and not any(self.hit_at(c) for c in self.parse.subtree(index)):
            own = self._states_before(index)
            text, start, end = self.span(noun_phrase(self.parse, index))
            pair = pair_of(own if len(own) == 2 else self.memory.last_pair, word.lemma.lower(), self.knowledge.registry)
            return tuple(Memory.again(m, text, start, end, "pair-named-before") for m in pair)
        return ()

    def _states_before(self, index: int) -> tuple[Mention, ...]:
        """States that the sentence names before a word, each once, in order."""
        found: dict[str, Mention] = {}
        for word in self.parse.words[: index - 1]:
            naming = self.hit_at(word.index)
            if naming and naming.actor and naming.actor.kind == "state" and naming.actor.id not in found:
                found[naming.actor.id] = self._known(word.index, naming.actor, naming.kind)
        return tuple(found.values())

    def _side(self, index: int) -> tuple[Mention, ...]:
        """"the latter", "the South": one of two that were named before."""
        found = one_of_two(self.parse, index, self.memory) or half_of(self.parse, index, self.memory, self.knowledge.registry)
        return (Memory.again(found, *self.span([index]), rule="one-of-two"),) if found else ()

    def _counted(self, index: int) -> tuple[Mention, ...]:
        """"hundreds of passengers": those who are counted."""
        word = self.parse.word(index)
        below = modifiers(self.parse, index, frozenset({"of"})) if word.xpos == "NNS" and word.lemma.lower() in NUMBERS else []
        return tuple(Memory.again(m, *self.span(noun_phrase(self.parse, index)), rule=m.rule) for c in below[:1] for m in self.resolve(c))

    def _listed(self, index: int, naming: Naming | None) -> tuple[Mention, ...]:
        """"Seoul, Tokyo agree": two states side by side in a headline."""
        after = [c for c in by_relation(self.parse, index, "appos") if c == index + 2 and self.parse.word(c).upos == "PROPN"]
        other = self.hit_at(after[0]) if after and naming and naming.actor and naming.kind in STATE_NAMES else None
        if not (other and other.actor and other.kind in STATE_NAMES and naming and naming.actor):
            return ()
        if other.actor.country == naming.actor.country:
            return ()
        return (self._known(index, naming.actor, naming.kind), self._known(after[0], other.actor, other.kind))

    def _other(self, index: int, phrase: list[int]) -> tuple[Mention, ...]:
        """Places that stand for their country, unknown organisations, things of a nation."""
        word = self.parse.word(index)
        bare = len(phrase) <= 2 and any(self.parse.word(c).lemma == "the" for c in by_relation(self.parse, index, "det"))
        if bare and word.lemma.lower() in COUNTRY_WORDS:
            own = self._states_before(index)
            state = own[0] if len(own) == 1 else self.memory.state_spoken_of()
            if state:
                return (Memory.again(state, *self.span(phrase), rule="country-named-before"),)
        if is_thing(self.parse, index, self.knowledge.things):
            return ()
        country = self.gazetteer_find(index)
        if country and country in self.knowledge.registry.actors:
            actor = self.knowledge.registry.actors[country]
            return (self._mention(index, phrase, actor.id, actor.name, actor.country, (), "place-of-country"),)
        nation = self.owners.first(index, phrase)
        if word.name.endswith("ORG") and word.upos == "PROPN":
            country = nation.country if nation else None
            return (self._mention(index, phrase, None, None, country, body_sector(self, index), "organisation-unknown"),)
        if nation and word.upos in {"NOUN", "PROPN"}:
            return (self._mention(index, phrase, nation.actor_id, nation.name, nation.country, nation.sector, "thing-of-nation"),)
        return ()

    def _mention(self, index: int, phrase: list[int], actor_id: str | None, name: str | None, country: str | None,
                 sector: Iterable[str], rule: str, role: str | None = None) -> Mention:
        text, start, end = self.span(phrase or [index])
        return Mention(actor_id, name, country, tuple(sector), role, None, text, start, end, rule)

    def span(self, phrase: list[int]) -> tuple[str, int, int]:
        """Words and offsets of a phrase, cut at punctuation on its edges."""
        words = [self.parse.word(i) for i in phrase]
        while len(words) > 1 and words[0].upos in {"PUNCT", "CCONJ"}:
            words.pop(0)
        while len(words) > 1 and words[-1].upos in {"PUNCT", "CCONJ"}:
            words.pop()
        start, end = words[0].start, words[-1].end
        base = self.parse.sentence.start
        return self.parse.sentence.text[start - base : end - base], start, end
