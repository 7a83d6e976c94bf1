"""Claims: triggers of the lexicon in a parse, with who and whom. The first step that says what happened.

In: a parse, its actors, the lexicon. Out: claims without status, voice, date, place. Each carries the row that made it.
"""

from __future__ import annotations

from dataclasses import dataclass

from ..knowledge import Condition, Knowledge, Rule, Slot
from ..knowledge.actors import sits
from ..language.syntax import by_relation, cases, path_up
from ..records import Claim, Mention, Parse, Reason, Word
from .gaps import gapped
from .mentions import SentenceActors
from .owners import HYPHEN_TAILS
from .parties import AIMED, FRIENDLY, fought, mentions_of, own_thing, party_below
from .slots import Slots

# "a Kabul car bombing", "the Cairo protests": a city before these nouns is where, not who.
PLACED = frozenset({"ASSAULT", "PROTEST"})
TOLD_WITHIN = 6  # words from a verb to the noun that its row asks for
DONE_TO = frozenset({"ASSAULT", "COERCE", "SANCTION"})
GIVING = frozenset({"AGREE", "CONCEDE", "RETREAT", "MOBILIZE", "AID"})  # what is the actor's own is what is given, not to whom
BARRIERS = frozenset({"acl:relcl", "parataxis", "appos", "csubj"})
BACKGROUND_MARKS = frozenset({"after", "before", "since", "as", "when", "while", "because", "although", "though", "until", "following"})
NOUN_TAGS = frozenset({"NOUN", "PROPN"})


@dataclass(frozen=True, slots=True)
class Attempt:
    """One row tried on one word: whether it fits, and what stood in the way. `detente explain` shows these."""

    word: int
    rule: Rule
    fits: bool
    obstacle: Condition | None = None

    @property
    def why_not(self) -> str:
        """Why the row does not fit, for people; empty where it does."""
        if self.obstacle is None:
            return ""
        kind = "needs" if self.obstacle in self.rule.needs else "never with"
        return f"{kind} {self.obstacle.label}: {', '.join(sorted(self.obstacle.words)[:6])}"


@dataclass(frozen=True, slots=True)
class Found:
    """A row that fits, with the heads of its actors and recipients.

    `carried`: the noun that the row asks a verb to have, which tells as much of the act as the verb ("reached an agreement").
    """

    word: int
    rule: Rule
    actors: tuple[int, ...]
    recipients: tuple[int, ...]
    words: tuple[int, ...]
    carried: tuple[int, ...] = ()


class ClaimFinder:
    """Finds the claims of one sentence."""

    def __init__(self, parse: Parse, actors: SentenceActors, knowledge: Knowledge) -> None:
        self.parse, self.actors, self.knowledge = parse, actors, knowledge
        self.slots = Slots(parse, actors, knowledge.lexicon, knowledge.status.future["verbs"] | knowledge.status.actual["verbs"])
        self._forms = [(word.lemma.lower(), word.text.lower()) for word in parse.words]
        self.attempts: list[Attempt] = []

    def found(self, told_only: bool = True) -> list[Found]:
        """The best row of each trigger word, without those that are merely the content or the light verb of another.

        `told_only`: only where enough is said for a claim; a given pair of parties (`relation`) needs no such test.
        """
        best: list[Found] = []
        self.attempts = []
        for word in self.parse.words:
            if word.lemma.lower() in self.knowledge.lexicon.heads and not self._in_compound(word):
                rule = self._best_rule(word.index)
                if rule:
                    best.append(self.fill(word.index, rule))
        words = {item.word for item in best}
        # "sanctions relief": the noun before another event noun only says of what.
        plain = [i for i in best if not (self.parse.word(i.word).deprel == "compound" and self.parse.word(i.word).head in words)]
        told = [item for item in plain if not told_only or self._tellable(item, *self.parties(item))]
        return self._without_content(self._without_light(told))

    def claims(self, found: list[Found]) -> list[tuple[Claim, int]]:
        """Records of what was found, each with the head word of its trigger. A row that `adds` a second event yields two."""
        result = []
        for item in found:
            actors, recipients = self.parties(item)
            for event, mode in ((item.rule.event, item.rule.mode), *item.rule.adds):
                result.append((self._claim(item, event, mode, actors, recipients), item.word))
        return result

    def _tellable(self, item: Found, actors: tuple[Mention, ...], recipients: tuple[Mention, ...]) -> bool:
        """Whether enough is said for a claim: two parties to a mutual act or a plural one, somebody in any case."""
        if item.rule.mutual and len(actors) < 2:
            return any(m.id is None and self._plural(m) for m in actors) or (item.rule.part == "verb" and item.rule.event == "ASSAULT")
        # Unknown private persons alone make no event: Détente codes public actors.
        return any(m.id or m.role for m in (*actors, *recipients))

    def _plural(self, mention: Mention) -> bool:
        word = self.parse.at(mention.end - 1)
        return word is not None and word.xpos in {"NNS", "NNPS"} and mention.role is not None and mention.rule != "role-without-nation"

    def parties(self, item: Found) -> tuple[tuple[Mention, ...], tuple[Mention, ...]]:
        """Actors and recipients as mentions; all on the actor's side where the act is mutual. Nobody stands on both."""
        told = (lambda heads: _distinct(mentions_of(self.actors, heads))) if item.rule.row is None else self._mentions
        actors, recipients = told(item.actors), told(item.recipients)
        if item.rule.mutual:
            return _distinct((*actors, *recipients)), ()
        known = {m.who for m in actors if m.id}
        starts = {a.start for a in actors}
        recipients = tuple(m for m in recipients if m.who not in known and m.start not in starts)
        return actors, recipients

    def _mentions(self, heads: tuple[int, ...]) -> tuple[Mention, ...]:
        return _distinct(tuple(m for head in heads for m in self.actors.resolve(head)))

    def _claim(self, item: Found, event: str, mode: str | None, actors: tuple[Mention, ...], recipients: tuple[Mention, ...]) -> Claim:
        sentence, words = self.parse.sentence, [self.parse.word(i) for i in self._told_by(item)]
        start, end = words[0].start, words[-1].end
        trigger = sentence.text[start - sentence.start : end - sentence.start]
        why = [Reason("claims", item.rule.id, trigger)]
        why += [Reason("actors", f"actor-{m.rule}", m.text) for m in actors]
        why += [Reason("actors", f"recipient-{m.rule}", m.text) for m in recipients]
        return Claim(sentence.article, sentence.text, sentence.index, sentence.start, sentence.end, event, mode, trigger, start, end,
                     actors, recipients, item.rule.id, context=item.rule.context, why=tuple(why))

    def _told_by(self, item: Found) -> list[int]:
        """The words that tell the act, with the noun that its row asks for: "made two arrests", "placed under house arrest"."""
        names, others = self.knowledge.lexicon.names, (*item.actors, *item.recipients)
        nouns = [n for n in item.carried if n not in others and names(self.parse.word(n).lemma.lower(), "noun", item.rule.event)]
        return sorted((*item.words, *(n for n in nouns if 0 < min(abs(n - word) for word in item.words) <= TOLD_WITHIN)))

    # -- rows -----------------------------------------------------------------------------------------------------------

    def _in_compound(self, word: Word) -> bool:
        """"Washington-based", "including fighting": no events of their own."""
        before = self.parse.words[word.index - 2] if word.index > 1 else None
        if before is None:
            return False
        if before.text == "-" and word.text.lower() in HYPHEN_TAILS and before.end == word.start:
            return True
        return before.text.lower() == "including" and word.xpos == "VBG"

    def _best_rule(self, index: int) -> Rule | None:
        word = self.parse.word(index)
        lemma = word.lemma.lower()
        candidates: list[Rule] = []
        if word.upos == "VERB" or (word.upos == "ADJ" and word.xpos in {"VBN", "VBG"}):
            # "suspected criminals", "the proposed agreement": a participle before its noun describes, it does not report.
            candidates += self.knowledge.lexicon.at(lemma, "verb") if word.deprel != "amod" else []
        gerund = word.upos == "VERB" and word.xpos == "VBG"
        if word.upos in NOUN_TAGS or (gerund and word.deprel in {"nsubj", "obj", "obl", "nmod", "csubj", "nsubj:pass"}):
            candidates += self.knowledge.lexicon.at(lemma, "noun")
        candidates += self.knowledge.lexicon.at(lemma, "adjective") if word.upos in {"ADJ", "NOUN", "ADV", "VERB"} else []
        best: Rule | None = None
        for rule in candidates:
            if not self._phrase_size(index, rule):
                continue
            obstacle = self._obstacle(index, rule)
            self.attempts.append(Attempt(index, rule, obstacle is None, obstacle))
            if obstacle is None and (best is None or self._rank(index, rule) > self._rank(index, best)):
                best = rule
        return best

    def _rank(self, index: int, rule: Rule) -> int:
        if rule.part == "adjective" and self.parse.word(index).upos == "VERB":
            return rule.rank - 60
        return rule.rank + 40 * (self._phrase_size(index, rule) - 1)

    def _obstacle(self, index: int, rule: Rule) -> Condition | None:
        """The first condition that a word does not meet; None where the row fits."""
        for condition in rule.needs:
            if not self.slots.holds(index, rule.part, condition):
                return condition
        return next((c for c in rule.never if self.slots.holds(index, rule.part, c)), None)

    def _phrase_size(self, index: int, rule: Rule) -> int:
        """Words of the longest of a row's phrases that ends here; 0 where none does."""
        return max((len(p) for p in rule.phrases if self._phrase(index, p)), default=0)

    def _phrase(self, index: int, phrase: tuple[str, ...]) -> bool:
        """Whether the words of a trigger phrase stand before (and at) this word."""
        if phrase[-1] not in self._forms[index - 1]:
            return False
        first = index - len(phrase)
        return len(phrase) == 1 or (first >= 0 and all(p in self._forms[k] for k, p in enumerate(phrase, first)))

    def fill(self, index: int, rule: Rule) -> Found:
        """Heads of a row's actors and recipients at one word, whether or not its conditions hold."""
        actors: list[int] = []
        for slot in rule.actor:
            heads = [h for h in self._candidates(index, rule, slot) if self.actors.resolve(h) and not self._only_where(h, rule, slot)]
            if heads:
                actors = heads
                break
        recipients = self._recipients(index, rule, actors)
        if recipients and rule.event == "ACCUSE" and rule.part == "verb":
            recipients += [h for h in gapped(self.parse, self.actors, index) if h not in recipients]
        if actors and not recipients and self._headline_passive(index, rule):
            actors, recipients = [], actors
        size = self._phrase_size(index, rule)
        words = list(range(index - size + 1, index + 1))
        if rule.part == "verb":
            words += [p for p in self.slots.fill(index, "verb", (("particle", frozenset()),)) if p == words[-1] + 1]
        return Found(index, rule, tuple(actors), tuple(recipients), tuple(words),
                     tuple(head for asked in rule.carries for head in self.slots.fillers(index, rule.part, asked)))

    def _headline_passive(self, index: int, rule: Rule) -> bool:
        """"Engineer killed in fire": headlines tell the past in the present tense, so their participles without an object are passive."""
        word = self.parse.word(index)
        done = rule.part == "verb" and rule.event in DONE_TO and any(slot[0][0] == "object" for slot in rule.recipient)
        if not done or word.head or word.xpos not in {"VBD", "VBN"} or self.parse.words[-1].upos == "PUNCT":
            return False
        return not by_relation(self.parse, index, "obj", "iobj", "ccomp", "xcomp", "aux", "obl:agent")

    def _candidates(self, index: int, rule: Rule, slot: Slot) -> list[int]:
        """Fillers of a slot that can be parties; a modifier must name somebody ("rebel attack", not "drone attack")."""
        heads = self.slots.fill(index, rule.part, slot)
        if slot[-1][0] != "mod":
            return heads
        named = [h for h in heads if self.actors.hit_at(h)]
        others = [h for h in heads if not self.actors.hit_at(h) and self.slots.names_somebody(h)]
        return named or others

    def _only_where(self, head: int, rule: Rule, slot: Slot) -> bool:
        naming = self.actors.hit_at(head) if slot[-1][0] == "mod" and rule.event in PLACED else None
        return naming is not None and (naming.kind == "capital" or sits(naming))

    def _recipients(self, index: int, rule: Rule, actors: list[int]) -> list[int]:
        """The first slot whose phrases are actors; failing that, things of a nation."""
        weak: list[int] = []
        collected: list[int] = []
        for slot in rule.recipient:
            heads = [h for h in self._candidates(index, rule, slot) if h not in actors and h != index]
            if rule.event in FRIENDLY:
                heads = [h for h in heads if not fought(self.parse, h, index)]
            strong = [h for h in heads if self.actors.is_actor(h) and not self._same_party(h, actors)]
            if rule.event in GIVING:
                strong = [h for h in strong if not own_thing(self.actors, h, actors)]
                heads = [h for h in heads if not own_thing(self.actors, h, actors)]
            if weak and strong and all(m.rule == "place-of-country" for h in strong for m in self.actors.resolve(h)):
                break
            if strong and not rule.mutual:
                return strong
            collected += [h for h in strong if h not in collected]
            weak = weak or [h for h in heads if self.actors.resolve(h)]
        if actors and not (collected or weak or rule.mutual) and rule.event in AIMED and rule.recipient:
            return party_below(self.actors, index, actors)
        return collected or weak

    def _same_party(self, head: int, actors: list[int]) -> bool:
        """A pronoun that only repeats the actor ("shut its airspace") is no recipient."""
        if self.parse.word(head).upos != "PRON":
            return False
        known = {m.id for a in actors for m in self.actors.resolve(a)}
        return any(m.id in known for m in self.actors.resolve(head))

    # -- which triggers count -----------------------------------------------------------------------------------------------

    def _without_light(self, found: list[Found]) -> list[Found]:
        """Drops a verb that only carries an event noun which is a trigger itself, and the weaker of two for one phrase."""
        carried = {self.slots.light_verb(item.word): item for item in found if item.rule.part == "noun" and item.rule.light}
        result = []
        nouns = {item.word for item in found if item.rule.part == "noun" and item.rule.event == "ASSAULT"}
        for item in found:
            if item.rule.event == "ASSAULT" and item.rule.part == "verb" and self._done_by(nouns - self._absorbed(item), item):
                continue  # "the attack on the airport that killed 43": one happening, told by the noun
            noun = carried.get(item.word)
            if noun and item.rule.part == "verb" and not self._names_object(item, noun.word) and noun.word not in self._absorbed(item):
                continue
            result.append(item)
        verbs = {item.word for item in result if item.rule.part == "verb"}
        return [item for item in result if not (item.rule.part == "noun" and self.slots.light_verb(item.word) in verbs)]

    def _done_by(self, nouns: set[int], verb: Found) -> bool:
        """Whether a verb's actor stands below one of these nouns."""
        return any(nouns & set(self.parse.ancestors(head)) for head in verb.actors)

    def _names_object(self, verb: Found, noun: int) -> bool:
        """Whether a verb's row names this very noun as its object ("express regret" is more than "regret")."""
        word = self.parse.word(noun)
        return any(c.label in {"object", "obl:for"} and word.lemma.lower() in c.words for c in verb.rule.needs)

    def _absorbed(self, item: Found) -> set[int]:
        """Words that head the slots which a row takes as its own content."""
        return {head for slot in item.rule.absorbs for head in self.slots.fill(item.word, item.rule.part, slot)}

    def _without_content(self, found: list[Found]) -> list[Found]:
        """Drops triggers inside the slots that another trigger absorbs: a demand's content is not an event of its own."""
        inside: set[int] = set()
        for item in found:
            others = {other.word for other in found} - {item.word}
            content = {word for head in self._absorbed(item) for word in others if self._within(word, head)}
            denied = self.knowledge.speech.verbs.get(self.parse.word(item.word).lemma.lower()) == "denies"
            verbal = any(self.parse.word(i).upos == "VERB" for i in content)
            inside |= {item.word} if denied and verbal else content  # a denied act is told as such, with its own parties
        return [item for item in found if item.word not in inside]

    def _within(self, low: int, high: int) -> bool:
        """Whether a word belongs to a phrase, not merely to a clause that comments on it."""
        path = path_up(self.parse, low, high)
        if path is None:
            return False
        for node in path[:-1]:
            relation = self.parse.word(node).deprel
            if relation in BARRIERS or (relation in {"advcl", "acl", "obl"} and cases(self.parse, node) & BACKGROUND_MARKS):
                return False
        return True


def _distinct(mentions: tuple[Mention, ...]) -> tuple[Mention, ...]:
    seen: dict[tuple[object, ...], Mention] = {}
    named = [m for m in mentions if m.person]
    for mention in mentions:
        beside = [m for m in named if m.id == mention.id and abs(m.start - mention.end) <= 2]
        if mention.id and not mention.person and any(set(m.sector) & set(mention.sector) for m in beside):
            continue  # "Turkey's FM Mevlut Cavusoglu" is one person
        key = mention.who if mention.id else (mention.start, mention.end)
        seen.setdefault(key, mention)
    return tuple(seen.values())
