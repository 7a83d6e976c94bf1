"""Slots of the lexicon ("object.nmod:of", "obl:with") seen from a trigger: which words fill them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..knowledge import Condition, Slot
from ..knowledge.lexicon import Lexicon
from ..language.lemmas import regular
from ..language.syntax import (
    by_relation,
    cases,
    indirect_objects,
    modifiers,
    objects,
    obliques,
    particles,
    subjects,
    surface_subjects,
    with_conjuncts,
)
from ..records import Parse, Word
from .mentions import SentenceActors

QUANTIFIERS = frozenset(
    "hundred thousand dozen score ten million number lot majority most many some several pair couple bulk rest part half third quarter "
    "handful few more member group batch series all any each one two three".split()
)
PEOPLE = frozenset(
    "people person man woman child soldier civilian worker student resident villager officer protester fighter militant migrant refugee "
    "prisoner hostage journalist activist citizen boy girl family member leader official minister president".split()
)
GIVING = frozenset("offer promise pledge give send extend".split())
GIFTS = frozenset("cooperation help support aid assistance condolence talk mediation".split())
TO = frozenset({"to", "for", "with"})
PAPERS = frozenset("decree order law bill ordinance act directive regulation edict executive-order resolution".split())
SIGNING = frozenset("sign issue approve pass publish adopt enact promulgate".split())
MANNERS = frozenset({"guerrilla", "guerilla", "terrorist"})
CLAIMED = frozenset({"responsibility", "credit"})
CAMPAIGNS = frozenset({"series", "round", "number", "wave", "string", "act", "campaign"})


class Slots:
    """Fills slots of one sentence. `planning`: verbs that lend their subject to the event noun they plan or begin."""

    def __init__(self, parse: Parse, actors: SentenceActors, lexicon: Lexicon, planning: frozenset[str]) -> None:
        self.parse, self.actors, self.lexicon = parse, actors, lexicon
        self.planning = planning
        self._filled: dict[tuple[int, str, Slot], list[int]] = {}

    def fill(self, trigger: int, part: str, slot: Slot) -> list[int]:
        """Head words of a slot, coordinations expanded, in text order; empty where nothing fills it. Many rows ask for the same slot."""
        known = self._filled.get((trigger, part, slot))
        if known is None:
            known = self._filled[trigger, part, slot] = self._fill(trigger, part, slot)
        return known

    def _fill(self, trigger: int, part: str, slot: Slot) -> list[int]:
        heads = [trigger]
        if part == "adjective" and slot[0][0] == "subject":
            heads = surface_subjects(self.parse, trigger)
            slot = slot[1:]
        for number, (name, words) in enumerate(slot):
            verbal = part == "verb" if number == 0 else self.parse.word(heads[0]).upos in {"VERB", "AUX"}
            noun = part == "noun" if number == 0 else not verbal
            if number and name == "subject" and by_relation(self.parse, heads[0], "cop"):
                noun = False  # "said that X is a terrorist group"
            heads = list(dict.fromkeys(self._counted(f) for head in heads for f in self._step(head, name, words, noun)))
            if not heads:
                return []
        return heads

    def _counted(self, index: int) -> int:
        """"hundreds of rockets" → rockets."""
        word = self.parse.word(index)
        if word.lemma.lower() in QUANTIFIERS:
            for child in by_relation(self.parse, index, "nmod"):
                if "of" in cases(self.parse, child):
                    return child
        return index

    def holds(self, trigger: int, part: str, condition: Condition) -> bool:
        """Whether some filler of the condition's slot is headed by one of its words."""
        return any(self.fillers(trigger, part, condition))  # words count from 1

    def fillers(self, trigger: int, part: str, condition: Condition) -> Iterator[int]:
        """Those fillers of the condition's slot that are headed by one of its words, found one by one."""
        return (index for slot in condition.slots for index in self.fill(trigger, part, slot) if self._is(index, condition.words))

    def _is(self, index: int, words: frozenset[str]) -> bool:
        if "*" in words:
            return True
        word = self.parse.word(index)
        if word.lemma.lower() in words or word.text.lower() in words or regular(word.text.lower(), "N") in words:
            return True
        if "@actor" in words and self.actors.is_actor(index):
            return True
        if "@place" in words and self._is_place(index):
            return True
        if "@state" in words and self._is_state(index):
            return True
        if "@people" in words and (word.lemma.lower() in PEOPLE or word.name.endswith("PER") or self.actors.is_actor(index)):
            return True
        return any((" " in phrase or "-" in phrase) and self._ends_with(index, phrase) for phrase in words)

    def _is_place(self, index: int) -> bool:
        located = self.actors.gazetteer_find(index) is not None or self.parse.word(index).name.endswith("LOC")
        return located or self.actors.hit_at(index) is not None

    def _is_state(self, index: int) -> bool:
        """A state or an organisation by its name ("Estonia", "the Kremlin"), not its people ("Estonians")."""
        naming = self.actors.hit_at(index)
        if naming is None or naming.actor is None or naming.kind in {"adjective", "demonym"}:
            return False
        return naming.actor.kind != "group"

    def _ends_with(self, index: int, phrase: str) -> bool:
        parts = phrase.replace("-", " - ").split()
        before, after = self.parse.words[max(0, index - len(parts)) : index], self.parse.words[index - 1 : index - 1 + len(parts)]
        named = all(index <= w.head < index + len(parts) for w in after[1:])  # "Su-24": a name that its first word heads
        return self._reads(parts, before) or (named and self._reads(parts, after))

    @staticmethod
    def _reads(parts: list[str], words: Sequence[Word]) -> bool:
        return len(words) == len(parts) and all(p in {w.lemma.lower(), w.text.lower()} for p, w in zip(parts, words, strict=True))

    def _step(self, head: int, name: str, words: frozenset[str], noun: bool) -> list[int]:
        if name == "subject":
            return self._noun_subject(head) if noun else self._authors(head, self._listed(subjects(self.parse, head)))
        if name == "object":
            return objects(self.parse, head)
        if name == "iobj":
            return indirect_objects(self.parse, head) or self._given(head)
        if name == "poss":
            return with_conjuncts(self.parse, by_relation(self.parse, head, "nmod:poss"))
        if name == "mod":
            return self._modifying(head)
        if name == "nmod":
            return modifiers(self.parse, head, words) or (self._light_obliques(head, words) if noun else [])
        if name == "obl":
            return self._obliques(head, words, noun)
        if name == "particle":
            return particles(self.parse, head)
        if name == "case":
            return by_relation(self.parse, head, "case", "mark")
        if name == "aux":
            return by_relation(self.parse, head, "aux", "aux:pass", "cop")
        return self._clauses(head, name, words, noun)

    def _given(self, verb: int) -> list[int]:
        """"offered the Kremlin cooperation": a name that the parse takes for a part of the gift, where nothing else says to whom."""
        gift = next((o for o in by_relation(self.parse, verb, "obj") if self.parse.word(o).lemma.lower() in GIFTS), 0)
        if self.parse.word(verb).lemma.lower() not in GIVING or not gift:
            return []
        if obliques(self.parse, verb, TO) or modifiers(self.parse, gift, TO):
            return []
        return [c for c in by_relation(self.parse, gift, "compound") if c > verb and self.actors.hit_at(c)][:1]

    def _authors(self, verb: int, heads: list[int]) -> list[int]:
        """What a decree does, who signs it does: "signed a decree that ended the ban"."""
        paper = self.parse.word(verb).head
        word = self.parse.word(paper) if heads == [paper] else None
        if word is None or word.deprel != "obj" or word.lemma.lower() not in PAPERS or not word.head:
            return heads
        signing = self.parse.word(word.head)
        return subjects(self.parse, word.head) if signing.lemma.lower() in SIGNING else heads

    def _listed(self, heads: list[int]) -> list[int]:
        """Headlines list their subjects with a bare comma: "Seoul, Tokyo hold talks"."""
        if len(heads) == 1 and heads[0] == 3 and self.parse.word(2).text == "," and self.actors.hit_at(1) and self.actors.hit_at(3):
            return [1, 3]
        return heads

    def _clauses(self, head: int, name: str, words: frozenset[str], noun: bool) -> list[int]:
        relations = {"xcomp": ["xcomp"], "ccomp": ["ccomp"], "advcl": ["advcl"]}[name]
        found = by_relation(self.parse, head, *relations)
        if name == "xcomp":
            found += [c for c in by_relation(self.parse, head, "advcl", "obl") if "as" in cases(self.parse, c)]
            found += [c for c in by_relation(self.parse, head, "ccomp", "advcl", "acl") if self._infinitive(c)]
        if noun:
            found += by_relation(self.parse, head, "acl")
        if words:
            found = [c for c in found if cases(self.parse, c) & words]
        result = list(found)
        for clause in found:
            result += by_relation(self.parse, clause, "conj")
        return result

    def _infinitive(self, index: int) -> bool:
        word = self.parse.word(index)
        return word.xpos == "VB" and any(self.parse.word(c).lemma == "to" for c in by_relation(self.parse, index, "mark"))

    def _obliques(self, head: int, words: frozenset[str], noun: bool) -> list[int]:
        if noun:
            return self._light_obliques(head, words) or modifiers(self.parse, head, words)
        found = obliques(self.parse, head, words)
        if found:
            return found
        clauses = by_relation(self.parse, head, "advcl", "xcomp", "ccomp") if words else []
        gerunds = [c for c in clauses if cases(self.parse, c) & words and self.parse.word(c).xpos == "VBG"]
        if gerunds:
            return gerunds
        # "imposed sanctions on Iran": the phrase may hang on the object instead of the verb.
        return [m for o in objects(self.parse, head) for m in modifiers(self.parse, o, words)] if words else []

    def _modifying(self, head: int) -> list[int]:
        found = []
        for child in by_relation(self.parse, head, "amod", "compound", "nmod:desc", "nmod", "flat"):
            if self.parse.word(child).deprel == "nmod" and cases(self.parse, child):
                continue
            if child < head and self.parse.word(child).upos in {"ADJ", "PROPN", "NOUN", "VERB", "ADV"}:
                found.extend(with_conjuncts(self.parse, [child]))
                if self.parse.word(child).deprel == "compound":  # "American sanctions relief"
                    found.extend(c for c in by_relation(self.parse, child, "amod", "compound") if self.actors.hit_at(c))
        return found

    def names_somebody(self, index: int) -> bool:
        """Whether a modifier can be an actor: a known name, or a role that is no weapon ("rebel attack", not "drone strike")."""
        if self.actors.hit_at(index):
            return True
        word = self.parse.word(index)
        if word.upos == "PROPN":
            return True
        if word.lemma.lower() in MANNERS and self._noun_subject(word.head):
            return False  # "the group carried out guerrilla attacks": how it attacks, not who
        weapon = word.lemma.lower() in self.lexicon.classes.get("@weapon", frozenset())
        return word.upos == "NOUN" and not weapon and self.actors.is_actor(index)

    def light_verb(self, noun: int) -> int | None:
        """The verb that merely carries an event noun ("launched an attack", "talks were held"), or None."""
        word = self.parse.word(noun)
        if word.deprel == "conj" and word.head and self.parse.word(word.head).upos in {"NOUN", "PROPN"}:
            return self.light_verb(word.head)
        if word.deprel == "nmod" and "of" in cases(self.parse, noun) and self.parse.word(word.head).lemma in CAMPAIGNS:
            return self.light_verb(word.head)
        if word.deprel in {"nmod", "obl"} and "for" in cases(self.parse, noun) and (owned := self._claimed(word.head)):
            return owned
        if word.deprel in {"obj", "nsubj:pass", "obl", "xcomp"} and word.head:
            verb = self.parse.word(word.head)
            if verb.upos == "VERB" and self._carries(verb.lemma.lower(), noun):
                return word.head
        if word.deprel.startswith("acl"):
            return None
        for child in self.parse.children[noun]:
            below = self.parse.word(child)
            if below.deprel not in {"acl", "acl:relcl"} or below.xpos not in {"VBN", "VBD"}:
                continue
            if self.lexicon.is_light(below.lemma.lower(), word.lemma.lower()) and noun in objects(self.parse, child):
                return child
        return None

    def _claimed(self, above: int) -> int | None:
        """The verb of "claimed responsibility for the attack", seen from the noun or the verb above the attack."""
        for noun in (above, *by_relation(self.parse, above, "obj")):
            verb = self.light_verb(noun) if self.parse.word(noun).lemma.lower() in CLAIMED else None
            if verb and self.parse.word(verb).lemma.lower() == "claim":
                return verb
        return None

    def _carries(self, verb: str, noun: int) -> bool:
        """Light verbs carry their object; a verb of planning also what it plans ("was preparing for an assault")."""
        word = self.parse.word(noun)
        lemma = word.lemma.lower()
        if word.deprel == "obl":
            kinds = cases(self.parse, noun)
            planned = "for" in kinds and verb in self.planning and not objects(self.parse, word.head)  # not "offered condolences for it"
            return planned or any(self.lexicon.is_light(f"{verb} {kind}", lemma) for kind in kinds)
        return verb in self.planning or self.lexicon.is_light(verb, lemma)

    def _noun_subject(self, noun: int) -> list[int]:
        verb = self.light_verb(noun)
        return subjects(self.parse, verb) if verb else []

    def _light_obliques(self, noun: int, words: frozenset[str]) -> list[int]:
        verb = self.light_verb(noun)
        return obliques(self.parse, verb, words) if verb else []
