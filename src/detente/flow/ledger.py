"""Ledger: what a sentence says beside events: stances, memberships, agreements with their conditions.

In: a parse, its actors, the ledger's rows, what the article has agreed before. Out: drafts, each with a claim that carries its evidence
through the steps that also serve claims (dates, voices, status); `drafts.entry_of` makes the record of both.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ..knowledge import Condition, Knowledge, LedgerRule, Slot
from ..language.syntax import by_relation, cases, is_passive
from ..ledger import Sort, Words
from ..records import Claim, Mention, Parse, Reason, Word
from .deals import Deal
from .drafts import AGAIN, Draft, once
from .hanging import Hanging, hangings, holds_for, span_of
from .memory import Memory
from .mentions import SentenceActors
from .slots import Slots

TERMS = "terms-follow"
SUBJECT: Slot = (("subject", frozenset()),)
MOD: Slot = (("mod", frozenset()),)
PARTICLE: Slot = (("particle", frozenset()),)
PROMISING = frozenset({"will", "shall", "must", "'ll", "wo"})
GRANTING = frozenset({"may", "can"})
TERMS_REACH = 4  # sentences: a party of the agreement and what it may do on a condition
DEFINITE = frozenset({"the", "this", "that", "these", "those", "its", "their"})
OWNING = frozenset({"poss", "nmod", "mod"})
PRIVATE = frozenset({"CVL", "EDU", "MED", "AGR", "LAB", "JRN", "BUS", "REF", "REL", "SOC"})
NOT_PARTIES = frozenset({"outlet", "place-of-country"})
PRONOUNS = frozenset({"it", "this", "that", "they", "them", "which", "one"})
SENT = frozenset({"proposed", "transmitted"})
BEARING = frozenset({"appos", "compound", "nmod:desc", "amod", "flat", "nmod"})
ASIDE = frozenset({"acl:relcl", "parataxis", "appos", "discourse"})


@dataclass(frozen=True, slots=True)
class Tried:
    """A row tried on a word, and the condition that it did not meet; `detente explain` shows these."""

    word: int
    rule: LedgerRule
    obstacle: str = ""


class LedgerFinder:
    """Finds the drafts of one sentence."""

    def __init__(self, parse: Parse, actors: SentenceActors, slots: Slots, knowledge: Knowledge, deal: Deal | None) -> None:
        """`slots`: those of the sentence's claims; `deal`: the agreement that the article told of last."""
        self.parse, self.actors, self.slots, self.knowledge, self.deal = parse, actors, slots, knowledge, deal
        self.hanging = hangings(parse, knowledge.ledger.openers.values())
        self._forms = [(word.lemma.lower(), word.text.lower()) for word in parse.words]
        self._strong = [h for h in self.hanging if h.opener.row.strong]
        self.tried: list[Tried] = []

    def drafts(self) -> list[Draft]:
        """All that the rows find, each thing once; and the terms of an agreement that the sentence before told of."""
        found: list[Draft] = []
        heads = self.knowledge.ledger.heads
        for word in self.parse.words:
            if word.lemma.lower() in heads or word.text.lower() in heads or (self._strong and word.upos == "VERB"):
                found += self._at(word)
        found = [d for d in found if not any(self._is_content(d, o) for o in found)]
        if not any(d.sort == "agreement" for d in found):
            terms = self._terms()
            found += [terms] if terms else []
        return once(found)

    def _is_content(self, draft: Draft, other: Draft) -> bool:
        """Whether a draft only repeats what another one's row says of the word ("became a *member*")."""
        if draft.sort != other.sort or draft.word == other.word:
            return False
        word = self.parse.word(draft.word)
        hung = draft.sort != "agreement" and word.head == other.word and word.deprel in {"xcomp", "ccomp", "obl", "obj", "nmod", "acl"}
        return hung or draft.word in other.said

    # -- rows -----------------------------------------------------------------------------------------------------------

    def _at(self, word: Word) -> list[Draft]:
        """For each sort the best row that fits and names parties; rows that stand beside others as well."""
        fitting = sorted((r for r in self._candidates(word) if self._fits(word.index, r)), key=lambda r: -self._rank(word.index, r))
        found: list[Draft] = []
        done: set[Sort] = set()
        for rule in fitting:
            if rule.sort in done and not rule.row.beside:
                continue
            draft = self._draft(word.index, rule)
            if draft:
                found.append(draft)
                done |= set() if rule.row.beside else {rule.sort}
        return found

    def _candidates(self, word: Word) -> list[LedgerRule]:
        ledger, found = self.knowledge.ledger, list[LedgerRule]()
        for form in dict.fromkeys(self._forms[word.index - 1]):
            if (word.upos == "VERB" or (word.upos == "ADJ" and word.xpos in {"VBN", "VBG"})) and word.deprel != "amod":
                found += ledger.at(form, "verb")
            if word.upos in {"NOUN", "PROPN"} or (word.upos == "VERB" and word.xpos == "VBG" and word.deprel != "amod"):
                found += ledger.at(form, "noun")
            if word.upos in {"ADJ", "ADV", "NOUN", "VERB", "ADP"}:
                found += ledger.at(form, "adjective")
        return [rule for rule in {r.id: r for r in found}.values() if self._size(word.index, rule)]

    def _rank(self, index: int, rule: LedgerRule) -> int:
        return rule.rank + 2 * self._size(index, rule)

    def _size(self, index: int, rule: LedgerRule) -> int:
        """Words of the longest of a row's phrases that ends here; 0 where none does, 1 for a row of any verb."""
        return max((len(p) for p in rule.phrases if p == ("*",) or self._stands(index, p, rule.part)), default=0)

    def _stands(self, index: int, phrase: tuple[str, ...], part: str) -> bool:
        """Whether a phrase stands here: a verb with its particles or the words right behind it, other words with those before."""
        if part == "verb":
            particles = {self.parse.word(p).text.lower() for p in self.slots.fill(index, "verb", PARTICLE)}
            behind = len(phrase) > 1 and all(p in f for p, f in zip(phrase[1:], self._forms[index : index + len(phrase) - 1], strict=False))
            return phrase[0] in self._forms[index - 1] and (particles >= set(phrase[1:]) or behind)
        first = index - len(phrase)
        return first >= 0 and all(word in self._forms[at] for at, word in enumerate(phrase, first))

    def _fits(self, index: int, rule: LedgerRule) -> bool:
        missing = next((c for c in rule.needs if not self._holds(index, rule, c)), None)
        excess = next((c for c in rule.never if self._holds(index, rule, c)), None)
        obstacle = f"needs {missing.label}" if missing else f"never with {excess.label}" if excess else ""
        enough = self._strong if rule.row.conditional == "strong" else self.hanging
        if not obstacle and rule.row.conditional and not any(holds_for(self.parse, h, index) for h in enough):
            obstacle = "needs a condition"
        self.tried.append(Tried(index, rule, obstacle))
        return not obstacle

    def _holds(self, index: int, rule: LedgerRule, condition: Condition) -> bool:
        if self.slots.holds(index, rule.part, condition):
            return True
        if "@body" not in condition.words:
            return False
        return any(self._is_body(head) for slot in condition.slots for head in self.slots.fill(index, rule.part, slot))

    def _is_body(self, head: int) -> bool:
        """Whether a phrase is an international body, not a part or a thing of one ("NATO command", "its staff")."""
        return any("IGO" in m.sector and not m.role and m.rule != "thing-of-nation" for m in self.actors.resolve(head))

    # -- a draft ----------------------------------------------------------------------------------------------------------

    def _draft(self, index: int, rule: LedgerRule) -> Draft | None:
        acting, other = self._party_heads(index, rule)
        actor, recipient = self._parties(acting), self._parties(other)
        about = self._about(index, rule, [*acting, *other])
        conditions = self._conditions(index, rule)
        if rule.row.mutual:
            actor, recipient = _distinct((*actor, *recipient)), ()
        if rule.sort == "stance":  # what is said of oneself is no stance
            recipient = tuple(m for m in recipient if not m.id or m.id not in {a.id for a in actor})
        recipient = tuple(m for m in recipient if all((m.start, m.end) != (a.start, a.end) and _key(m) != _key(a) for a in actor))
        reasons = [Reason("ledger", rule.id, self.parse.word(index).text)]
        if rule.sort == "member" and rule.row.open and not recipient:
            recipient = self._body_before(index)
        if rule.sort == "agreement" and not actor and self.deal and self._leads_back(index, rule):
            taken = {m.id for m in recipient}
            sent = rule.kind in SENT
            actor = self._again(self.deal.by if sent and self.deal.by else self.deal.parties, index, taken)
            recipient = recipient or (self._again(self.deal.to, index, {m.id for m in actor}) if sent else ())
            reasons.append(Reason("ledger", AGAIN, ", ".join(m.name or m.text for m in actor)))
        if not self._enough(rule, actor, recipient, about) or (rule.row.joint and not self._joint((*actor, *recipient), about, conditions)):
            return None
        return self._made(index, rule, (actor, recipient), about, conditions, reasons)

    def _made(
        self, index: int, rule: LedgerRule, parties: tuple[tuple[Mention, ...], tuple[Mention, ...]], about: Words | None,
        conditions: tuple[Words, ...], reasons: list[Reason],
    ) -> Draft:
        first = index - self._size(index, rule) + 1 if rule.part != "verb" else index
        words = list(range(first, index + 1))
        if rule.part == "verb":
            words += [p for p in self.slots.fill(index, "verb", PARTICLE) if p == index + 1]
        words = next(([h] for slot in rule.word for h in self.slots.fill(index, rule.part, slot)), words)
        claim = self._claim(words, rule.id, parties, reasons + [Reason("ledger", "condition", c.text) for c in conditions])
        return Draft(rule.sort, rule.kind, index, claim, about, conditions, rule.row, len(rule.needs), frozenset(self._said(index, rule)))

    def _claim(self, words: list[int], rule: str, parties: tuple[tuple[Mention, ...], tuple[Mention, ...]], why: list[Reason]) -> Claim:
        sentence = self.parse.sentence
        start, end = self.parse.word(words[0]).start, self.parse.word(words[-1]).end
        trigger = sentence.text[start - sentence.start : end - sentence.start]
        actor, recipient = parties
        why = [*why, *(Reason("actors", f"actor-{m.rule}", m.text) for m in actor)]
        why += [Reason("actors", f"recipient-{m.rule}", m.text) for m in recipient]
        return Claim(sentence.article, sentence.text, sentence.index, sentence.start, sentence.end, "", None, trigger, start, end,
                     actor, recipient, rule, why=tuple(why))

    def _party_heads(self, index: int, rule: LedgerRule) -> tuple[list[int], list[int]]:
        said = self._said(index, rule)
        acting = next((heads for slot in rule.by if (heads := [h for h in self._heads(index, rule, slot, True) if h not in said])), [])
        for slot in rule.to:
            heads = [h for h in self._heads(index, rule, slot, False) if h not in acting and h not in said and h != index]
            if heads:
                return acting, heads
        return acting, []

    def _said(self, index: int, rule: LedgerRule) -> set[int]:
        """Words that a row itself names in its conditions ("an *enemy*"): no parties, and no triggers of another row of its sort."""
        heads = ((h, c) for c in rule.needs for slot in c.slots for h in self.slots.fill(index, rule.part, slot))
        named = {h for h, c in heads if c.words & {self.parse.word(h).lemma.lower(), self.parse.word(h).text.lower()}}
        return {h for h in named if not self.actors.hit_at(h)}

    def _heads(self, index: int, rule: LedgerRule, slot: Slot, acting: bool) -> list[int]:
        """Fillers of a slot that are parties; before a noun only names ("rebel support", not "air support")."""
        heads = self.slots.fill(index, rule.part, slot)
        if not heads and slot == SUBJECT and rule.part == "adjective":
            heads = self._bearer(index)
        if slot == MOD and index > 2 and self.parse.word(index - 1).text == "-":
            heads = [*heads, *({index - 2} - {*heads})]  # "US-backed", whatever the parse has made of it
        if slot[-1][0] == "mod":
            heads = [h for h in heads if self.actors.hit_at(h) or self.slots.names_somebody(h)]
        elif slot[-1][0] not in OWNING or (acting and slot[-1][0] != "poss"):
            heads = [h for h in heads if self.actors.is_actor(h)]  # "the sale of tanks to X" is not X
        return [h for h in heads if self._parties([h])]

    def _bearer(self, index: int) -> list[int]:
        """Of whom a noun or adjective without a verb is told: "X, an ally of …", "NATO member X", "troops loyal to …", "its ally X"."""
        word = self.parse.word(index)
        if word.deprel in BEARING and word.head and not by_relation(self.parse, index, "case"):
            return [word.head]
        return [c for c in by_relation(self.parse, index, "appos", "flat", "nmod:desc") if self.actors.hit_at(c)]

    def _parties(self, heads: Iterable[int]) -> tuple[Mention, ...]:
        """Known actors and named roles; unknown private persons are never parties."""
        found = ((head, m) for head in heads for m in self.actors.resolve(head) or self.actors.named(head))
        return _distinct(tuple(m for head, m in found if (m.id or (m.role and not m.person)) and not self._private(head, m)))

    def _private(self, head: int, mention: Mention) -> bool:
        """A single person of no office ("a teacher"), an outlet, a mere place: nobody who holds a stance for others."""
        if mention.rule in NOT_PARTIES:
            return True
        single = mention.person is not None or self.parse.word(head).xpos == "NN"
        return bool(mention.role) and single and bool(mention.sector) and set(mention.sector) <= PRIVATE

    def _body_before(self, index: int) -> tuple[Mention, ...]:
        """The international body named last, for "a member since 2017"."""
        here = [m for i in range(index - 1, 0, -1) for m in self.actors.resolve(i) if "IGO" in m.sector and self.actors.hit_at(i)]
        word = self.parse.word(index)
        before = [m for m in reversed(self.actors.memory.bodies) if "IGO" in m.sector]
        return tuple(here[:1]) or tuple(Memory.again(m, word.text, word.start, word.end, "body-named-before") for m in before[:1])

    def _about(self, index: int, rule: LedgerRule, taken: list[int]) -> Words | None:
        """The matter in the text's words: the first slot with a filler that is not already a party itself."""
        for slot in rule.about:
            heads = [index] if slot is None else self.slots.fill(index, rule.part, slot)
            if set(heads) & set(taken):
                continue
            words = span_of(self.parse, (i for head in heads[:1] for i in self._phrase(head, head == index, taken)))
            if words:
                return words
        return None

    def _phrase(self, head: int, own: bool, taken: list[int]) -> list[int]:
        """A phrase without its preposition and what is only told beside; of the trigger itself without its verb's subject."""
        skip = ASIDE | {"cop", "nsubj", "aux", "advcl"} if own else ASIDE
        inside, stack = [head], [c for c in self.parse.children[head] if self._belongs(c, skip, taken)]
        while stack:
            node = stack.pop()
            inside.append(node)
            stack += [c for c in self.parse.children[node] if self.parse.word(c).deprel not in ASIDE]
        return sorted(inside)

    def _belongs(self, child: int, skip: frozenset[str], taken: list[int]) -> bool:
        word = self.parse.word(child)
        if word.deprel == "case" or (word.deprel == "mark" and word.lemma.lower() != "to"):
            return False
        if child in taken and cases(self.parse, child) & {"to", "by", "from"}:
            return False  # "a truce to Israel": to whom, not what
        return word.deprel not in skip and not any(h.top == child for h in self.hanging)

    def _conditions(self, index: int, rule: LedgerRule) -> tuple[Words, ...]:
        """What the row names as terms, and the conditions that hang on the trigger or its content."""
        found = [h.words for h in self.hanging if holds_for(self.parse, h, index)]
        heads = [h for slot in rule.terms for h in self.slots.fill(index, rule.part, slot)]
        terms = span_of(self.parse, {i for h in heads for i in self.parse.subtree(h) if i > index and not self._opens(h, i)})
        if terms and not any(w.start < terms.end and terms.start < w.end for w in found):
            found.append(terms)
        return tuple(sorted(found, key=lambda w: w.start))

    def _opens(self, head: int, index: int) -> bool:
        """The preposition or "that" before a phrase."""
        word = self.parse.word(index)
        return word.head == head and (word.deprel == "case" or (word.deprel == "mark" and word.lemma.lower() != "to"))

    def _leads_back(self, index: int, rule: LedgerRule) -> bool:
        """Whether the agreement spoken of is a definite one: "the plan", "the proposed agreement", "it"."""
        heads = [h for slot in rule.about for h in ([index] if slot is None else self.slots.fill(index, rule.part, slot))]
        return any(self.parse.word(h).upos == "PRON" or self._definite(h) for h in heads)

    def _definite(self, head: int) -> bool:
        known = any(self.parse.word(c).lemma.lower() in DEFINITE for c in by_relation(self.parse, head, "det"))
        agreements = self.knowledge.ledger.classes.get("@agreement", frozenset())
        return known and self.parse.word(head).lemma.lower() in agreements

    def _again(self, parties: tuple[Mention, ...], index: int, without: set[str | None]) -> tuple[Mention, ...]:
        """Parties told of before, at the words that lead back to them."""
        word = self.parse.word(index)
        known = (m for m in parties if m.id not in without)
        return tuple(Memory.again(m, word.text, word.start, word.end, AGAIN) for m in known)

    def _enough(self, rule: LedgerRule, actor: tuple[Mention, ...], recipient: tuple[Mention, ...], about: Words | None) -> bool:
        """Whether enough is said: somebody known, and whom or what it concerns."""
        known = any(m.id for m in (*actor, *recipient))
        if rule.sort == "agreement" and rule.row.open:
            return known or (about is not None and about.text.lower() not in PRONOUNS)
        if rule.sort == "agreement":
            return bool(actor) and known
        if rule.sort == "member":
            return any(m.id for m in actor) and (bool(recipient) or about is not None)
        if rule.row.open:
            return known
        return bool(actor) and known and (bool(recipient) or about is not None)

    def _joint(self, parties: tuple[Mention, ...], about: Words | None, conditions: tuple[Words, ...]) -> bool:
        """Whether more than one side's intention is told: two parties, a condition, or an agreement by name."""
        agreements = self.knowledge.ledger.classes.get("@agreement", frozenset())
        inside = [w for w in self.parse.words if about and about.start <= w.start < about.end]
        return len({_key(m) for m in parties}) > 1 or bool(conditions) or any(w.lemma.lower() in agreements for w in inside)

    # -- terms ------------------------------------------------------------------------------------------------------------

    def _terms(self) -> Draft | None:
        """"If they do not leave, they will be …" right after an agreement: a term of it, on the same parties."""
        deal = self.deal
        root = next((w for w in self.parse.words if w.head == 0), None)
        if deal is None or root is None or root.upos not in {"VERB", "ADJ"}:
            return None
        helped = {self.parse.word(c).text.lower() for c in by_relation(self.parse, root.index, "aux")}
        hung = [h for h in self.hanging if h.host == root.index]
        named = [c for c in by_relation(self.parse, root.index, "nsubj") if self.actors.is_actor(c)]
        known = {m.id for m in deal.parties} & {m.id for c in named for m in self.actors.resolve(c)}
        strong = bool(known) and any(h.opener.row.strong for h in hung)
        if not hung or not helped & (PROMISING | (GRANTING if known else set())):
            return None
        if self.parse.sentence.index - deal.sentence > (TERMS_REACH if strong else 1):
            return None
        actor = self._parties(named) if named and not is_passive(self.parse, root.index) else self._again(deal.parties, root.index, set())
        if not any(m.id for m in actor):
            return None
        outside = set(self.parse.subtree(root.index)) - {i for h in hung for i in self.parse.subtree(h.top)}
        claim = self._claim([root.index], TERMS, (actor, ()), [Reason("ledger", TERMS, root.text), *_why(hung)])
        return Draft("agreement", deal.stage, root.index, claim, span_of(self.parse, outside), tuple(h.words for h in hung), None, 0)


def _why(hung: Iterable[Hanging]) -> list[Reason]:
    return [Reason("ledger", h.opener.id, h.words.text) for h in hung]


def _key(mention: Mention) -> tuple[object, ...]:
    return mention.who if mention.id else (mention.start, mention.end)


def _distinct(mentions: tuple[Mention, ...]) -> tuple[Mention, ...]:
    return tuple({_key(m): m for m in reversed(mentions)}.values())[::-1]
